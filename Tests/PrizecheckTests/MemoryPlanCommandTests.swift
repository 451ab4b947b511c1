import Foundation
import RatingBench
import Testing
import _RatingTestSupport

@testable import prizecheck

struct MemoryPlanCommandTests {
  private static let shape: TrainingShape = {
    var shape = TrainingShape(ratings: 1_000_000, users: 10_000, items: 1000)
    shape.threads = 2
    return shape
  }()

  private func report(available: Int) -> MemoryReport {
    MemoryReport(
      algorithm: "als", shape: Self.shape, plan: AlternatingLeastSquares().memory(for: Self.shape),
      available: AvailableMemory(bytes: available, reason: "the machine"))
  }

  @Test func aTrainingThatDoesNotFitIsRefusedWithWhatToDo() throws {
    let error = #expect(throws: TrainingError.self) { try report(available: 1_000_000).requireFit() }
    #expect(error?.exitStatus == ExitStatus.badConfiguration)
    #expect(error?.description.contains("--allow-swap") == true)
    #expect(error?.description.contains("1.00 MB are available") == true)
    try report(available: 1_000_000_000).requireFit()
    #expect(report(available: 1_000_000).text(.text).hasSuffix("it does not fit"))
    #expect(report(available: 1_000_000_000).text(.text).hasSuffix("it fits"))
  }

  @Test func thePlanIsPrintedAndNothingTrained() throws {
    let folder = try ScratchFolder()
    let (ratings, model) = (folder.path("ratings.csv"), folder.path("model"))
    let rows = (0..<2000).map { "\($0 % 50),\($0 / 50),\($0 % 5 + 1)" }
    try (["user,item,rating"] + rows).joined(separator: "\n").write(toFile: ratings, atomically: true, encoding: .utf8)
    let arguments = ["train", ratings, "--algorithm", "als", "--plan", "--save", model]
    let run = try ToolRun(arguments)
    #expect(run.status == 0)
    #expect(run.output.contains("user factors") && run.output.contains("available: "))
    #expect(!FileManager.default.fileExists(atPath: model))
    let json = try ToolRun(arguments + ["--format", "json"])
    let object = try json.object()
    #expect(object["ratings"] as? Int == 2000 && object["users"] as? Int == 50 && object["fits"] as? Bool == true)
    if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: json.output, "plan") == "") }
  }
}
