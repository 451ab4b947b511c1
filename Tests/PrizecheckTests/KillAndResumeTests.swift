import Foundation
import Testing
import _RatingTestSupport

/// One command, killed at random moments and started again: it ends with the bytes of a run that nothing disturbed.
struct KillAndResumeTests {
  let folder: ScratchFolder
  let ratings: String

  init() throws {
    folder = try ScratchFolder()
    var random = SplitMix(5)
    var text = "user,item,rating\n"
    for user in 0..<400 {
      for item in 0..<60 where random.below(3) > 0 { text += "\(user),\(item),\(1 + random.below(5))\n" }
    }
    ratings = try folder.write("ratings.csv", text)
  }

  private func command(_ algorithm: String, _ setting: String, _ model: String) -> [String] {
    ["train", ratings, "--algorithm", algorithm, "--set", setting, "--threads", "2", "--save", folder.path(model)]
  }

  /// Starts a run and kills it after so many seconds; returns whether it was still running.
  private func kill(_ arguments: [String], after seconds: Double) throws -> Bool {
    let process = Process()
    process.executableURL = ToolRun.tool
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let identifier = process.processIdentifier
    // 0 would mean the tests themselves.
    try #require(identifier > 0)
    usleep(UInt32(seconds * 1e6))
    if process.isRunning { Foundation.kill(identifier, SIGKILL) }
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  @Test(arguments: [("biased-mf", "epochs"), ("als", "sweeps"), ("svd++", "epochs"), ("bayesian-mf", "sweeps")])
  func twentyKillsAtRandomMomentsChangeNoByte(_ algorithm: String, _ setting: String) throws {
    // Long enough that twenty starts don't bring it to its end.
    var epochs = 50
    var seconds = 0.0
    while true {
      let start = ContinuousClock.now
      let straight = try ToolRun(command(algorithm, "\(setting)=\(epochs)", "straight"), seconds: 300)
      try #require(straight.status == 0, "\(straight.errors)")
      seconds = Double((ContinuousClock.now - start) / .microseconds(1)) / 1e6
      if seconds > 2 { break }
      epochs = min(epochs * 4, Int(Double(epochs) * 3 / seconds))
    }
    let checkpoint = folder.path("checkpoint")
    let run =
      command(algorithm, "\(setting)=\(epochs)", "resumed")
      + ["--checkpoint", checkpoint, "--checkpoint-every", "1", "--resume", checkpoint]
    var random = SplitMix(UInt64(algorithm.utf8.reduce(0) { $0 + Int($1) }))
    var kills = 0
    var firstWithCheckpoint: Int?
    while kills < 20 {
      // The first ones come before there is a checkpoint.
      let after = kills < 2 ? 0.002 * Double(kills) : Double(random.below(1000)) / 1000 * min(seconds / 16, 0.4)
      guard try kill(run, after: after) else { break }
      kills += 1
      if firstWithCheckpoint == nil && FileManager.default.fileExists(atPath: checkpoint) {
        firstWithCheckpoint = kills
      }
    }
    #expect(kills == 20 && firstWithCheckpoint ?? 0 > 1, "\(kills) kills, checkpoint after \(firstWithCheckpoint ?? 0)")
    let last = try ToolRun(run + ["--format", "json"], seconds: 300)
    #expect(last.status == 0, "\(last.errors)")
    #expect((try last.object()["resumed_after"] as? Int ?? 0) > 0)
    #expect(
      FileManager.default.contentsEqual(atPath: folder.path("straight"), andPath: folder.path("resumed")),
      "\(algorithm), \(epochs) \(setting)")
    #expect(
      try ScratchFolder.names(in: folder.path) == ["checkpoint", "ratings.csv", "resumed", "straight"],
      "what killed processes left is removed")
  }

  @Test func aCheckpointThatIsNotThereYetIsNoMistakeOnlyWhereTheRunWritesIt() throws {
    let base = command("biases", "sweeps=3", "model")
    let own = base + ["--checkpoint", folder.path("c"), "--resume", folder.path("c")]
    let first = try ToolRun(own)
    #expect(first.status == 0 && first.errors.contains("there is no checkpoint yet; the run starts from the beginning"))
    let second = try ToolRun(own + ["--format", "json"])
    #expect(try second.status == 0 && second.object()["resumed_after"] as? Int == 3)
    #expect(!second.errors.contains("no checkpoint yet"))
    let other = try ToolRun(base + ["--checkpoint", folder.path("c"), "--resume", folder.path("typo")])
    #expect(other.status == 66)
    try folder.write("bad", "no checkpoint")
    let bad = try ToolRun(base + ["--checkpoint", folder.path("bad"), "--resume", folder.path("bad")])
    #expect(try bad.status == 65 && folder.text("bad") == "no checkpoint")
  }
}
