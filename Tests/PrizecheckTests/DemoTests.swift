import Foundation
import RatingBench
import Testing
import _RatingTestSupport

@testable import prizecheck

/// `demo` as users run it.
struct DemoTests {
  /// In a folder without the committed set, so that the demo makes it.
  private static func run(_ folder: ScratchFolder, _ more: [String] = []) throws -> ToolRun {
    try ToolRun(["demo", "--output", folder.path("kept")] + more, seconds: 120)
  }

  @Test func aContestEndsWithAQualifyingSubmission() throws {
    let folder = try ScratchFolder()
    let data = folder.path("prize")
    #expect(try ToolRun(["generate", "--preset", "demo", "--seed", "1", "--output", data]).status == 0)
    let demo = try Self.run(folder, ["--data", data])
    #expect(demo.status == 0, "\(demo.errors)")
    #expect(demo.output.contains("QUALIFIES"), "\(demo.output)")
    // Every stage is shown as the command that it is, in order.
    let shown = demo.output.split(separator: "\n").filter { $0.hasPrefix("$ ") }.map(String.init)
    let stages = Demo.stages(data: data, folder: folder.path("kept"))
    #expect(shown == stages.map { "$ \(Demo.shellText($0.arguments))" })
    #expect(
      try ScratchFolder.names(in: folder.path("kept")) == [
        "baseline.safetensors", "baseline.txt", "factorization.safetensors", "factorization.txt",
      ])

    // What it did is what its last command does by itself.
    let check = try ToolRun(stages.last!.arguments + ["--format", "json"])
    #expect(check.status == 0, "\(check.errors)")
    let verdict = try #require(try check.object()["verdict"] as? [String: Any])
    #expect(verdict["qualifies"] as? Bool == true)
  }

  @Test func aFailedStageEndsItWithThatStagesCode() throws {
    let folder = try ScratchFolder()
    let demo = try Self.run(folder, ["--data", folder.path("nowhere")])
    #expect(demo.status == 66, "\(demo.errors)")
    #expect(demo.errors.contains("[missing-file]"), "\(demo.errors)")
    #expect(demo.output.contains("1. ") && !demo.output.contains("2. "))
  }

  @Test func withoutAFolderToKeepNothingIsLeftBehind() throws {
    let folder = try ScratchFolder()
    try folder.write("prize/qualifying.txt", "1:\n1,2005-01-01\n")
    let demo = try ToolRun(
      ["demo", "--data", folder.path("prize")], environment: ["TMPDIR": folder.path], seconds: 120)
    #expect(demo.status == 66, "\(demo.errors)")
    #expect(try ScratchFolder.names(in: folder.path) == ["prize"])
  }
}
