import Foundation
import RatingBench
import Testing
import _RatingTestSupport

@testable import prizecheck

/// `prizecheck benchmark` and `tune`, as users run them.
@Suite struct BenchmarkCommandTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardized

  private static var suites: URL { project.appendingPathComponent("Benchmarks/suites") }

  /// A suite of 16 cells over the synthetic prize, and where it is.
  private func writeSuite(epochs: Int = 4) throws -> String {
    try folder.write(
      "suite.yaml",
      """
      schema: ratingbench.suite/1
      name: small
      data:
        - {name: prize, path: \(Self.project.path)/datasets/synthetic-prize/training_set}
      splits: [k-fold 4, pairs probe.txt]
      algorithms:
        - item-mean
        - biases
        - {name: biased-mf, settings: {factors: 8, epochs: \(epochs)}}
      metrics: [mae]
      """)
  }

  private func files(_ output: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in ["report.html", "report.txt", "report.md", "report.tex", "report.csv", "report.json"] {
      files[name] = try Data(contentsOf: URL(fileURLWithPath: "\(output)/\(name)"))
    }
    return files
  }

  @Test(arguments: ["smoke", "ml-100k", "ml-1m", "ml-10m", "ml-latest-small", "jester", "netflix"])
  func everySuiteThatShipsReads(_ name: String) throws {
    let path = Self.suites.appendingPathComponent("\(name).yaml").path
    let suite = try Suite(YAMLDocument.read(path), file: path)
    #expect(suite.name == name)
    #expect(!suite.title.isEmpty && !suite.summary.isEmpty)
  }

  @Test func theSuiteOfAllAlgorithmsHasAll() throws {
    let path = Self.suites.appendingPathComponent("ml-100k.yaml").path
    let suite = try Suite(YAMLDocument.read(path), file: path)
    #expect(Set(suite.algorithms.map(\.algorithm)) == Set(AlgorithmRegistry.standard.names))
  }

  @Test func theSmokeSuiteRunsAndItsReportFitsItsSchema() throws {
    let output = folder.path("smoke")
    let run = try ToolRun(
      ["benchmark", Self.suites.appendingPathComponent("smoke.yaml").path, "--output", output, "--format", "json"],
      seconds: 240)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("[48/48]"))
    let report = try run.object()
    let groups = try #require(report["groups"] as? [[String: Any]])
    #expect(groups.count == 2)
    for group in groups {
      let labels = (group["rows"] as? [[String: Any]] ?? []).compactMap { $0["label"] as? String }
      #expect(labels.count == 6)
      #expect(labels.last == "global-mean")
    }
    if JSONSchema.isAvailable {
      #expect(try JSONSchema.violations(of: run.output, "benchmark") == "")
      let timings = try String(contentsOfFile: "\(output)/timings.json", encoding: .utf8)
      #expect(try JSONSchema.violations(of: timings, "timings") == "")
    }
  }

  /// Killed in the middle, it goes on without making a cell again, and ends with the bytes of a run that wasn't.
  @Test func aKilledRunGoesOnWhereItWas() throws {
    let suite = try writeSuite(epochs: 30)
    let whole = folder.path("whole")
    let arguments = ["benchmark", suite, "--no-times", "--threads", "1"]
    #expect(try ToolRun(arguments + ["--output", whole]).status == 0)

    let broken = folder.path("broken")
    let process = Process()
    process.executableURL = ToolRun.tool
    process.arguments = arguments + ["--output", broken]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    func cells() -> [String] {
      ((try? ScratchFolder.names(in: "\(broken)/cells")) ?? []).filter { $0.hasSuffix(".cell") }
    }
    let deadline = Date().addingTimeInterval(60)
    while cells().count < 4 && process.isRunning && Date() < deadline { usleep(500) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let kept = cells()
    #expect(process.terminationReason == .uncaughtSignal && (4..<15).contains(kept.count), "\(kept.count) cells")
    func dates() throws -> [String: Date] {
      var dates: [String: Date] = [:]
      for name in kept {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(broken)/cells/\(name)")
        dates[name] = attributes[.modificationDate] as? Date
      }
      return dates
    }
    let before = try dates()
    let resumed = try ToolRun(arguments + ["--output", broken])
    #expect(resumed.status == 0, "\(resumed.errors)")
    let expected = "cells: \(15 - kept.count) made, \(kept.count) from the cache"
    #expect(resumed.errors.contains(expected), "\(resumed.errors)")
    #expect(try dates() == before, "cells that were finished are left alone")
    #expect(try files(broken) == files(whole))
  }

  @Test func twoRunsAndAnyNumberOfThreadsGiveTheSameBytes() throws {
    let suite = try writeSuite()
    var all: [[String: Data]] = []
    for threads in [1, 1, 2, 4] {
      let output = folder.path("run-\(all.count)")
      let run = try ToolRun(["benchmark", suite, "--no-times", "--threads", "\(threads)", "--output", output])
      #expect(run.status == 0, "\(run.errors)")
      all.append(try files(output))
    }
    for other in all.dropFirst() { #expect(other == all[0]) }
  }

  @Test func aDamagedCellIsMadeAgainWithAMessage() throws {
    let suite = try writeSuite()
    let output = folder.path("report")
    let arguments = ["benchmark", suite, "--no-times", "--output", output]
    #expect(try ToolRun(arguments).status == 0)
    let before = try files(output)
    let name = try #require(ScratchFolder.names(in: "\(output)/cells").first { $0.hasSuffix(".cell") })
    let url = URL(fileURLWithPath: "\(output)/cells/\(name)")
    let content = try Data(contentsOf: url)
    try content.prefix(content.count / 2).write(to: url)
    let run = try ToolRun(arguments)
    #expect(run.status == 0)
    #expect(run.errors.contains(name) && run.errors.contains("damaged"))
    #expect(run.errors.contains("cells: 1 made, 14 from the cache"), "\(run.errors)")
    #expect(try files(output) == before)
    #expect(try Data(contentsOf: url) == content)
  }

  @Test func missingDataIsToldWithWhatWouldHelp() throws {
    let path = Self.suites.appendingPathComponent("ml-1m.yaml").path
    let run = try ToolRun(
      ["benchmark", path, "--output", folder.path("none")],
      environment: ["RATINGBENCH_DATA": folder.path, "RATINGBENCH_CACHE": folder.path])
    #expect(run.status == 66)
    #expect(run.errors.contains("ml-1m") && run.errors.contains("--data ml-1m=PATH"), "\(run.errors)")
  }

  @Test func tunePrintsTheBestSettingsAndACommandThatWorks() throws {
    let data = "\(Self.project.path)/datasets/synthetic-prize/training_set"
    let arguments = [
      "tune", data, "--algorithm", "biased-mf", "--space", "factors=2|8, regularization=0.05...0.2 log 2", "--strategy",
      "grid", "--set", "epochs=5", "--cache", folder.path("cache"),
    ]
    let run = try ToolRun(arguments + ["--output", folder.path("study.json"), "--progress", "none"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("best: factors=8 regularization="))
    #expect(run.errors == "")
    if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: folder.text("study.json"), "study") == "") }
    let study = try #require(
      try JSONSerialization.jsonObject(with: Data(folder.text("study.json").utf8)) as? [String: Any])
    #expect((study["trials"] as? [Any])?.count == 4)
    // The command trains.
    let command = try #require(study["command"] as? String)
    #expect(run.output.contains(command))
    var words = command.split(separator: " ").map(String.init).dropFirst()
    words = words.dropLast(2)
    #expect(try ToolRun(Array(words)).status == 0)
    // Again, all from the cache and with the same result.
    let again = try ToolRun(arguments)
    #expect(again.errors.components(separatedBy: "from the cache").count == 5, "\(again.errors)")
    #expect(again.output == run.output)
  }

  @Test(arguments: [
    (["--space", "factor=8"], "did you mean factors?"), (["--space", "factors=8", "--strategy", "halve"], "halve"),
    (["--space", "regularization=0.1...1", "--strategy", "grid"], "number of points"),
    (["--space", "factors=8", "--set", "factors=9"], "both fixed and searched for"),
    (["--space", "factors=8", "--validation", "2"], "a share between 0 and 1"),
  ])
  func tuneRefusesWhatMakesNoSense(_ options: [String], _ message: String) throws {
    let run = try ToolRun(["tune", "none.csv", "--algorithm", "biased-mf"] + options)
    #expect(run.status == 64)
    #expect(run.errors.contains(message), "\(run.errors)")
  }
}
