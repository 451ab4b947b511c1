import Foundation
import Testing
import _RatingTestSupport

/// `contest` as users run it.
struct ContestTests {
  let folder: ScratchFolder
  static let committedSet = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("datasets/synthetic-prize").path
  static let settings = ["--factors", "16", "--epochs", "20", "--progress", "none"]

  init() throws { folder = try ScratchFolder() }

  private func contest(_ more: [String], data: String = Self.committedSet) throws -> ToolRun {
    try ToolRun(["contest", "--data", data, "--output", folder.path("entry")] + Self.settings + more, seconds: 300)
  }

  @Test func theBlendOfThreeModelsWinsTheDemonstration() throws {
    let run = try contest(["--format", "json"])
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: run.output, "contest") == "") }
    let report = try run.object()
    let models = try #require(report["models"] as? [[String: Any]])
    #expect(models.map { $0["name"] as? String } == ["biases", "biased-mf", "svd++"])
    let blend = try #require(report["blend"] as? [String: Any])
    let best = try #require(models.compactMap { $0["rmse_probe"] as? Double }.min())
    #expect(try #require(blend["rmse_out_of_fold"] as? Double) < best)
    let stages = try #require(report["stages"] as? [[String: Any]])
    #expect(stages.count == 1 + 3 * 3 + 3)
    #expect(stages.reduce(0) { $0 + ($1["seconds"] as! Double) } <= report["seconds"] as! Double)

    // What it kept is what the other commands take, and they say the same.
    let kept = folder.path("entry")
    let names = ["biases", "biased-mf", "svd++"].flatMap { ["\($0).probe.txt", "\($0).qualifying.txt"] }
    #expect(try ScratchFolder.names(in: kept) == (names + ["blend.qualifying.txt"]).sorted())
    let questions = ["--questions", "\(Self.committedSet)/qualifying.txt"]
    #expect(try ToolRun(["validate", "\(kept)/blend.qualifying.txt"] + questions).status == 0)
    let check = try ToolRun(
      [
        "check", "\(kept)/blend.qualifying.txt", "--answers", "\(Self.committedSet)/judging.txt", "--membership",
        "\(Self.committedSet)/membership.txt", "--baseline-predictions", "\(kept)/biases.qualifying.txt",
        "--improvement", "10%", "--format", "json",
      ] + questions)
    #expect(check.status == 0)
    let (told, alone) = (try #require(report["result"] as? [String: Any]), try check.object())
    for part in ["scores", "verdict", "improvement"] {
      #expect(told[part] as? NSDictionary == alone[part] as? NSDictionary && told[part] != nil, "\(part)")
    }
    let again = try ToolRun(
      ["blend"] + ["biases", "biased-mf", "svd++"].map { "\(kept)/\($0).probe.txt" }
        + ["--answers", Self.committedSet, "--questions", "\(Self.committedSet)/probe.txt", "--format", "json"])
    #expect(again.status == 0, "\(again.errors)")
    let outOfFold = try #require(try again.object()["rmse_out_of_fold"] as? Double)
    #expect(abs(outOfFold - (blend["rmse_out_of_fold"] as! Double)) < 1e-6)
  }

  @Test func aGoalOutOfReachExitsWithOneAndTellsTheTimes() throws {
    let run = try contest(["--improvement", "50%", "--retrain"])
    #expect(run.status == 1 && run.errors == "", "\(run.errors)")
    #expect(run.output.contains("DOES NOT QUALIFY"), "\(run.output)")
    for part in ["Read the ratings", "Train svd++ on all ratings", "Check it against the answers", "peak MiB"] {
      #expect(run.output.contains(part), "\(part)")
    }
  }

  @Test func theSameBytesOnAnyNumberOfThreads() throws {
    var blends: [Data?] = []
    for threads in ["1", "3"] {
      #expect(try contest(["--threads", threads]).status < 2)
      blends.append(FileManager.default.contents(atPath: folder.path("entry/blend.qualifying.txt")))
    }
    #expect(blends[0] != nil && blends[0] == blends[1])
  }

  @Test func missingFilesAreNamedBeforeAnythingIsRead() throws {
    try folder.write("prize/training_set/mv_0000001.txt", "1:\n7,3,2005-01-01\n")
    try folder.write("prize/probe.txt", "1:\n7\n")
    let run = try contest([], data: folder.path("prize"))
    #expect(run.status == 66 && run.output == "")
    #expect(run.errors.contains("qualifying.txt") && run.errors.contains("judging.txt"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("entry")))
  }

  @Test func aProbeThatIsNoPartOfTheRatingsIsRefused() throws {
    try folder.write("prize/training_set/mv_0000001.txt", "1:\n7,3,2005-01-01\n800,4,2005-01-02\n")
    try folder.write("prize/probe.txt", "1:\n7\n9\n")
    for name in ["qualifying.txt", "judging.txt"] { try folder.write("prize/\(name)", "1:\n800,2005-01-01\n") }
    let run = try contest([], data: folder.path("prize"))
    #expect(run.status == 65 && run.errors.contains("[missing-rows]"), "\(run.errors)")
    #expect(run.errors.contains("1 of its 2 pairs"), "\(run.errors)")
  }

  @Test(arguments: [
    (["--threads", "0"], "--threads needs at least 1"), (["--improvement", "much"], "improvement"),
    (["--criterion", "netflix-grand-prize", "--improvement", "5%"], "brings its own"),
    (["--factors", "0"], "factors"),
  ])
  func usageMistakesExit64(_ arguments: [String], _ hint: String) throws {
    let run = try ToolRun(
      ["contest", "--data", Self.committedSet, "--output", folder.path("entry")] + arguments)
    #expect(run.status == 64 && run.errors.contains(hint), "\(run.errors)")
  }
}
