import Foundation
import RatingBench
import Testing
import _RatingTestSupport

/// `--checkpoint` and `--resume` as users run them: a run that was killed goes on to the same bytes.
@Suite struct CheckpointCommandTests {
  /// Every algorithm with epochs, and what its number of epochs is called.
  static let iterative: [(name: String, epochs: String)] = AlgorithmRegistry.standard.entries.compactMap { entry in
    guard (try? entry.make()) is any IterativeAlgorithm else { return nil }
    return entry.parameters.first { ["epochs", "sweeps"].contains($0.name) }.map { (entry.name, $0.flagName) }
  }

  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    var text = "user,item,rating,timestamp\n"
    for row in 0..<6000 {
      let time = 1_000_000_000 + row * 7919 % 100_000 * 1000
      text += "\(row / 20),\((row * 7 + row / 20 * 3) % 97),\(1 + row * 13 / 7 % 5),\(time)\n"
    }
    var seen: Set<String> = []
    let rows = text.split(separator: "\n").filter {
      seen.insert($0.split(separator: ",").prefix(2).joined(separator: ",")).inserted
    }
    try folder.write("ratings.csv", rows.joined(separator: "\n") + "\n")
  }

  private func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) }

  private func train(_ algorithm: String, _ epochs: (String, Int), _ more: [String]) -> [String] {
    [
      "train", folder.path("ratings.csv"), "--algorithm", algorithm, "--set", "\(epochs.0)=\(epochs.1)", "--threads",
      "2",
    ] + more
  }

  /// Starts a run and kills it as soon as it has written a checkpoint; returns whether it was killed in mid-run.
  private func killAfterACheckpoint(_ arguments: [String]) throws -> Bool {
    let process = Process()
    process.executableURL = ToolRun.tool
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let end = ContinuousClock.now + .seconds(60)
    while !FileManager.default.fileExists(atPath: folder.path("checkpoint")), process.isRunning,
      ContinuousClock.now < end
    {
      usleep(500)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  @Test(arguments: iterative.indices)
  func aKilledRunGoesOnToTheSameBytes(_ index: Int) throws {
    let (name, setting) = Self.iterative[index]
    let validated = ["--validation", "10%", "--early-stop=1000000"]
    var epochs = 60
    let checkpoint = ["--checkpoint", folder.path("checkpoint"), "--checkpoint-every", "1"]
    // Should the run be over before it is killed, it has to be a longer one.
    while true {
      try? FileManager.default.removeItem(atPath: folder.path("checkpoint"))
      let arguments = train(name, (setting, epochs), validated + checkpoint + ["--save", folder.path("killed")])
      if try killAfterACheckpoint(arguments) { break }
      epochs *= 4
      try #require(epochs < 1_000_000, "\(name) is over too soon")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("killed")))
    let straight = try ToolRun(
      train(name, (setting, epochs), validated + ["--save", folder.path("straight")]), seconds: 300)
    #expect(straight.status == 0, "\(straight.errors)")
    let resumed = try ToolRun(
      train(
        name, (setting, epochs),
        validated + ["--resume", folder.path("checkpoint"), "--save", folder.path("resumed"), "--format", "json"]),
      seconds: 300)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let epoch = try #require(try resumed.object()["resumed_after"] as? Int)
    #expect(epoch >= 1 && epoch < epochs)
    #expect(try data("resumed") == data("straight"), "\(name) resumed after epoch \(epoch) of \(epochs)")
  }

  @Test func anInterruptedRunSavesItsStateAndGoesOn() throws {
    let run = train(
      "biased-mf", ("epochs", 100_000),
      ["--factors", "128", "--checkpoint", folder.path("checkpoint"), "--save", folder.path("model")])
    let process = Process()
    process.executableURL = ToolRun.tool
    process.arguments = run
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    Thread.sleep(forTimeInterval: 1)
    process.interrupt()
    let trouble = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130 && process.terminationReason == .exit)
    #expect(trouble.contains("saved the state after epoch") && trouble.contains("--resume"), "\(trouble)")
    #expect(try ScratchFolder.names(in: folder.path) == ["checkpoint", "model", "ratings.csv"])
    let inspected = try ToolRun(["inspect", folder.path("checkpoint"), "--format", "json"]).object()
    #expect(inspected["kind"] as? String == "checkpoint" && (inspected["completed_epochs"] as? Int ?? 0) > 0)
  }

  @Test func whatDiffersIsNamedAndExits78() throws {
    let path = folder.path("checkpoint")
    #expect(try ToolRun(train("biased-mf", ("epochs", 3), ["--checkpoint", path])).status == 0)
    for (arguments, hint) in [
      (train("biased-mf", ("epochs", 4), []), "epochs is 3 in the checkpoint and 4 in this run"),
      (train("biased-mf", ("epochs", 3), ["--seed", "2"]), "the seed is 1 in the checkpoint and 2"),
      (train("biased-mf", ("epochs", 3), ["--factors", "8"]), "factors is 64 in the checkpoint and 8"),
      (train("biases", ("sweeps", 3), []), "the algorithm is biased-mf in the checkpoint and biases"),
      (train("biased-mf", ("epochs", 3), ["--validation", "10%"]), "the number of ratings is"),
    ] {
      let run = try ToolRun(arguments + ["--resume", path])
      #expect(run.status == 78 && run.output.isEmpty && run.errors.contains(hint), "\(run.status): \(run.errors)")
    }
    // The same run, done already: it gives its model at once.
    let done = try ToolRun(train("biased-mf", ("epochs", 3), ["--resume", path, "--format", "json"]))
    #expect(try done.status == 0 && done.object()["resumed_after"] as? Int == 3)
  }

  @Test func badFilesAndWrongUse() throws {
    try folder.write("bad", "not a checkpoint")
    let bad = try ToolRun(train("biases", ("sweeps", 3), ["--resume", folder.path("bad"), "--format", "json"]))
    #expect(try bad.status == 65 && FoundProblem.list("errors", of: bad.object()).map(\.code) == ["bad-checkpoint"])
    let missing = try ToolRun(train("biases", ("sweeps", 3), ["--resume", folder.path("none")]))
    #expect(missing.status == 66)
    let readOnly = try ToolRun(train("biases", ("sweeps", 3), ["--checkpoint", "/nonexistent/folder/c"]))
    #expect(readOnly.status == 73)
    for (algorithm, options, hint) in [
      ("item-mean", ["--checkpoint", "c"], "no epochs"), ("item-mean", ["--resume", "c"], "no epochs"),
      ("biases", ["--checkpoint", "-"], "needs a file"), ("biases", ["--checkpoint-every", "5"], "--checkpoint"),
      ("biases", ["--checkpoint", "c", "--checkpoint-every", "often"], "such as 60s"),
      ("biases", ["--checkpoint", "c", "--checkpoint-every", "0"], "at least 1"),
    ] {
      let run = try ToolRun(["train", folder.path("ratings.csv"), "--algorithm", algorithm] + options)
      #expect(run.status == 64 && run.output.isEmpty && run.errors.contains(hint), "\(run.errors)")
    }
  }
}
