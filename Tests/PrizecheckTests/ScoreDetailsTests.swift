import Foundation
import RatingBench
import Testing
import _RatingTestSupport

@testable import prizecheck

/// `score --metrics` and `score --strata`, as a user sees them.
struct ScoreDetailsTests {
  /// TinyContest's CSV files: d = -0.5, 0.25, -1, 0.75, 0.5 on the answers 4, 3, 5, 2, 1.
  private static func score(_ folder: ScratchFolder, _ arguments: [String]) throws -> ToolRun {
    try ToolRun(
      ["score", folder.path("p.csv"), "--answers", folder.path("answers.csv")] + arguments,
      removing: ["GITHUB_STEP_SUMMARY"])
  }

  @Test func metricsStandBesideTheScores() throws {
    let folder = try TinyContest.folder()
    let run = try Self.score(folder, ["--metrics", "mse,mae,bias,max-error,fcp,mae@users", "--format", "json"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let metrics = try #require(try run.object()["metrics"] as? [String: [String: [String: Any]]])
    let all = try #require(metrics["all"])
    // sum d^2 = 0.25 + 0.0625 + 1 + 0.5625 + 0.25 = 2.125; sum |d| = 3; sum d = 0.
    #expect(all["mse"]?["value"] as? Double == 0.425 && all["mae"]?["value"] as? Double == 0.6)
    #expect(all["bias"]?["value"] as? Double == 0 && all["max-error"]?["value"] as? Double == 1)
    // User 10: 4 and 5, predicted 3.5 and 4; user 20: 3 and 1, predicted 3.25 and 1.5; user 30 has one row.
    #expect(all["fcp"]?["value"] as? Double == 1 && all["fcp"]?["groups"] == nil)
    // User 10: 0.75; 20: 0.375; 30: 0.75.
    #expect(all["mae@users"]?["value"] as? Double == 0.625 && all["mae@users"]?["groups"] as? Int == 3)
    #expect(all["mse"]?["n"] as? Int == 5)
  }

  @Test func withoutTheOptionsNothingChanges() throws {
    let folder = try TinyContest.folder()
    for format in ["text", "json", "markdown", "csv", "github"] {
      let plain = try Self.score(folder, ["--format", format])
      let more = try Self.score(folder, ["--format", format, "--metrics", "rmse", "--strata"])
      #expect(plain.status == 0 && more.status == 0)
      #expect(!plain.output.lowercased().contains("metric") && !plain.output.contains("strata"))
      #expect(more.output.contains("rmse") && more.output.count > plain.output.count)
    }
  }

  @Test func strataTellWhatTrainingHad() throws {
    let folder = try TinyContest.folder()
    try folder.write("train.csv", "user,item,rating\n10,1,3\n10,3,3\n10,4,4\n20,1,5\n")
    let run = try Self.score(folder, ["--strata", "--training", folder.path("train.csv"), "--format", "json"])
    #expect(run.status == 0, "\(run.errors)")
    let result = try run.object()
    let strata = try #require(result["strata"] as? [String: Any])
    let groups = try #require(strata["groups"] as? [[String: Any]])
    #expect(groups.map { $0["property"] as? String } == ["user-activity", "item-activity", "cold-start", "rating"])
    func counts(_ group: Int) -> [String: Int] {
      let list = groups[group]["strata"] as? [[String: Any]] ?? []
      return Dictionary(uniqueKeysWithValues: list.map { ($0["label"] as? String ?? "", $0["n"] as? Int ?? -1) })
    }
    #expect(counts(0) == ["0": 1, "1-2": 2, "3-9": 2] && counts(1) == ["0": 3, "1-2": 2])
    #expect(counts(2) == ["user and item": 2, "user only (new item)": 2, "neither": 1])
    let inputs = result["inputs"] as? [[String: Any]] ?? []
    #expect(inputs.map { $0["role"] as? String } == ["predictions", "answers", "training"])
    let text = try Self.score(folder, ["--strata", "--training", folder.path("train.csv")])
    #expect(text.output.contains("Error by ratings of the user in training"))
    #expect(text.output.contains("Reliability") && text.output.contains("Clipping to 1...5"))
  }

  @Test func rowsOfBlocksAreJoinedWithTheirQuestions() throws {
    let folder = try TinyContest.folder()
    func run(_ more: [String]) throws -> ToolRun {
      try ToolRun(
        [
          "score", folder.path("p.txt"), "--answers", folder.path("judging.txt"), "--metrics", "mae@users", "--strata",
          "--format", "json",
        ] + more)
    }
    let joined = try run(["--questions", folder.path("qualifying.txt"), "--membership", folder.path("membership.txt")])
    #expect(joined.status == 0, "\(joined.output)")
    let result = try joined.object()
    let metrics = try #require(result["metrics"] as? [String: [String: [String: Any]]])
    #expect(metrics["all"]?["mae@users"]?["value"] as? Double == 0.625)
    // Quiz: users 10, 30, 20 with 0.5, 0.75, 0.5; test: users 20 and 10 with 0.25 and 1.
    #expect(metrics["test"]?["mae@users"]?["value"] as? Double == 0.625)
    let quiz = try #require(metrics["quiz"]?["mae@users"]?["value"] as? Double)
    #expect(abs(quiz - 1.75 / 3) < 1e-15)
    // Without the questions nobody knows whose the rows are.
    let anonymous = try run([])
    #expect(anonymous.status == 65)
    #expect(FoundProblem.list("errors", of: try anonymous.object()).map(\.code) == ["not-joinable"])
  }

  @Test(arguments: [
    (["--metrics", "rsme"], "there is no metric 'rsme'"), (["--metrics", "ndcg@10"], "computed from rankings"),
    (["--metrics", "nll"], "computed from distributions"), (["--training", "x.csv"], "add --strata"),
  ])
  func wrongOptionsAreUsageErrors(_ arguments: [String], _ message: String) throws {
    let folder = try TinyContest.folder()
    let run = try Self.score(folder, arguments)
    #expect(run.status == 64 && run.output.isEmpty && run.errors.contains(message), "\(run.errors)")
  }

  @Test func aMissingTrainingFileIsMissing() throws {
    let folder = try TinyContest.folder()
    let run = try Self.score(folder, ["--strata", "--training", folder.path("nowhere.csv")])
    #expect(run.status == 66 && run.errors.contains("nowhere.csv"))
  }
}
