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
    [
      "train", ratings, "--algorithm", algorithm, "--set", setting, "--threads", "2", "--no-cache",
      "--save", folder.path(model),
    ]
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

  /// Runs are killed until there were twenty kills. One that comes to its end first must have the right bytes, and the next
  /// begins from nothing: so it takes neither a long run nor a fast machine.
  @Test(arguments: [("biased-mf", "epochs"), ("als", "sweeps"), ("svd++", "epochs"), ("bayesian-mf", "sweeps")])
  func twentyKillsAtRandomMomentsChangeNoByte(_ algorithm: String, _ setting: String) throws {
    let start = ContinuousClock.now
    let straight = try ToolRun(command(algorithm, "\(setting)=100", "straight"), seconds: 300)
    let seconds = Double((ContinuousClock.now - start) / .microseconds(1)) / 1e6
    try #require(straight.status == 0, "\(straight.errors)")
    let checkpoint = folder.path("checkpoint")
    let run =
      command(algorithm, "\(setting)=100", "resumed")
      + ["--checkpoint", checkpoint, "--checkpoint-every", "1", "--resume", checkpoint]
    func expectTheSameBytes() throws {
      #expect(
        FileManager.default.contentsEqual(atPath: folder.path("straight"), andPath: folder.path("resumed")))
      #expect(
        try ScratchFolder.names(in: folder.path) == ["checkpoint", "ratings.csv", "resumed", "straight"],
        "what killed processes left is removed")
    }

    var random = SplitMix(UInt64(algorithm.utf8.reduce(0) { $0 + Int($1) }))
    var kills = 0
    var killsBetweenCheckpoints = 0
    for start in 0..<400 where kills < 20 {
      // The first kills come before there is a checkpoint.
      let after = start < 2 ? 0.002 * Double(start) : Double(random.below(1000)) / 1000 * max(seconds, 0.1)
      if try kill(run, after: after) {
        kills += 1
        if FileManager.default.fileExists(atPath: checkpoint) { killsBetweenCheckpoints += 1 }
      } else {
        try expectTheSameBytes()
        for name in ["checkpoint", "resumed"] { try FileManager.default.removeItem(atPath: folder.path(name)) }
      }
    }
    #expect(kills == 20 && killsBetweenCheckpoints > 0, "\(kills) kills, \(killsBetweenCheckpoints) with a checkpoint")
    let last = try ToolRun(run, seconds: 300)
    #expect(last.status == 0, "\(last.errors)")
    try expectTheSameBytes()
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
