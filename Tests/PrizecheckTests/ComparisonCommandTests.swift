import Foundation
import RatingBench
import Testing
import _RatingTestSupport

/// `compare`, `blend` and the intervals of `check`, as a user sees them.
struct ComparisonCommandTests {
  let folder: ScratchFolder

  init() throws { folder = try ComparisonContest.folder() }

  private func run(_ arguments: [String]) throws -> ToolRun {
    try ToolRun(arguments, removing: ["GITHUB_STEP_SUMMARY"])
  }

  private func answers(_ format: String = "csv") -> [String] {
    format == "csv"
      ? ["--answers", folder.path("answers.csv")]
      : ["--answers", folder.path("judging.txt"), "--questions", folder.path("qualifying.txt")]
  }

  private func expectSchema(_ run: ToolRun, _ name: String) throws {
    guard JSONSchema.isAvailable else { return }
    #expect(try JSONSchema.violations(of: run.output, name) == "", "\(run.output)")
  }

  // MARK: check

  private func check(_ baseline: String, _ arguments: [String] = [], format: String = "csv") throws -> ToolRun {
    let file = folder.path("a." + (format == "csv" ? "csv" : "txt"))
    return try run(
      ["check", file, "--baseline", baseline, "--improvement", "10%"] + answers(format) + arguments)
  }

  /// The RMSE of a.csv is about 0.29; the interval of its improvement on b.csv's is some percent wide.
  @Test func checkTellsAnIntervalAndNeverChangesTheVerdict() throws {
    for (baseline, status, required) in [("0.5", Int32(0), Int32(0)), ("0.2", 1, 1)] {
      let json = try check(baseline, ["--format", "json"])
      #expect(json.status == status, "\(json.errors)")
      try expectSchema(json, "result")
      let significance = try #require(try json.object()["significance"] as? [String: Any])
      let (lower, upper) = (
        try #require(significance["lower"] as? Double), try #require(significance["upper"] as? Double)
      )
      let percent = try #require(try json.object()["improvement"] as? [String: Double])["percent_unrounded"] ?? 0
      #expect(lower < percent && percent < upper && significance["users"] as? Int == 40)
      let strict = try check(baseline, ["--require-significance", "--format", "json"])
      #expect(strict.status == required && strict.output == json.output)
      let text = try check(baseline)
      let lines = text.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[2].hasPrefix("95% interval of the improvement: ") && lines[2].contains("40 users"))
      #expect(lines[3].isEmpty, "the interval takes one line: \(text.output)")
    }
  }

  @Test func aTargetInsideTheIntervalIsUndecided() throws {
    let scored = try check("0.5", ["--format", "json"]).object()["scores"] as? [String: [String: Any]]
    let rmse = try #require(scored?["all"]?["rmse"] as? Double)
    // A baseline at which the submission is just 10% better, and one at which it just isn't.
    for (factor, verdict) in [(1.001, Int32(0)), (0.999, 1)] {
      let baseline = String(format: "%.6f", rmse / 0.9 * factor)
      let plain = try check(baseline, ["--decimals", "6"])
      let strict = try check(baseline, ["--decimals", "6", "--require-significance"])
      #expect(plain.status == verdict && strict.status == 2)
      #expect(!plain.output.contains("UNDECIDED") && strict.output.contains("UNDECIDED"))
      #expect(strict.output.hasPrefix(String(plain.output.prefix(while: { $0 != "\n" }))))
    }
  }

  @Test func blocksTellTheSameAsCSV() throws {
    let csv = try check("0.5", ["--format", "json"]).object()
    let blocks = try check("0.5", ["--format", "json"], format: "txt").object()
    let (a, b) = (
      try #require(csv["significance"] as? NSDictionary), try #require(blocks["significance"] as? NSDictionary)
    )
    for key in ["lower", "upper", "probability", "target"] {
      let (x, y) = (try #require(a[key] as? Double), try #require(b[key] as? Double))
      #expect(abs(x - y) < 1e-9, "\(key): \(x), \(y)")
    }
  }

  /// Against predictions the interval is paired: narrower than against a number of the same size.
  @Test func aBaselinesPredictionsArePaired() throws {
    let base =
      ["check", folder.path("a.csv"), "--improvement", "10%", "--format", "json"] + answers()
    let paired = try run(base + ["--baseline-predictions", folder.path("a.csv")])
    let significance = try #require(try paired.object()["significance"] as? [String: Any])
    // With itself: no improvement, and no doubt about it.
    #expect(significance["lower"] as? Double == 0 && significance["upper"] as? Double == 0)
    #expect(significance["probability"] as? Double == 0)
    let other = try run(base + ["--baseline-predictions", folder.path("b.csv"), "--require-significance"])
    #expect(other.status == 0)
    try expectSchema(other, "result")
  }

  @Test func withoutUsersThereIsNoInterval() throws {
    let arguments =
      ["check", folder.path("a.txt"), "--answers", folder.path("judging.txt")]
      + ["--baseline", "0.5", "--improvement", "10%", "--format", "json"]
    let plain = try run(arguments)
    #expect(plain.status == 0)
    #expect(try plain.object()["significance"] == nil)
    let strict = try run(arguments + ["--require-significance"])
    #expect(strict.status == 65 && strict.errors.contains("--questions"))
  }

  @Test func quizAloneIsToldOfTheQuizAlone() throws {
    let sets = ComparisonContest.pairs.map { "\($0.user + 1),\($0.item + 1),\($0.item < 3 ? "quiz" : "test")\n" }
    try folder.write("membership.csv", "user,item,set\n" + sets.joined())
    let arguments = ["--membership", folder.path("membership.csv"), "--reveal", "quiz", "--format", "json"]
    let all = try check("0.3", arguments + ["--require-significance"])
    #expect(all.status == 0)
    #expect(try all.object()["significance"] == nil)
    let quiz = try check("0.3", arguments + ["--set", "quiz"])
    #expect(try quiz.object()["significance"] is [String: Any])
  }

  // MARK: compare

  @Test func twoFilesAreComparedInFull() throws {
    let base = ["compare", folder.path("a.csv"), folder.path("b.csv")] + answers()
    let json = try run(base + ["--format", "json"])
    #expect(json.status == 0, "\(json.errors)")
    try expectSchema(json, "compare")
    let pair = try #require(try json.object()["pair"] as? [String: Any])
    let difference = try #require(pair["difference"] as? [String: Any])
    let files = try #require(try json.object()["files"] as? [[String: Any]])
    let errors = files.compactMap { ($0["rmse"] as? [String: Any])?["estimate"] as? Double }
    #expect(abs((difference["estimate"] as? Double ?? 0) - (errors[0] - errors[1])) < 1e-15)
    #expect((difference["upper"] as? Double ?? 0) < 0 && difference["clusters"] as? Int == 40)
    let p = try #require(pair["p_values"] as? [String: Double])
    #expect(p["t"]! < 1e-6 && p["sign_flip"] == 1.0 / 10_001 && p["wilcoxon"]! < 1e-6)
    #expect(files.map { $0["rank"] as? Int } == [1, 2] && files.map { $0["group"] as? String } == ["a", "b"])
    let blend = try #require(pair["blend"] as? [String: Any])
    #expect(blend["rmse_out_of_fold"] as? Double ?? 9 < errors[0])
    #expect(blend["rmse_in_sample"] as? Double ?? 9 < blend["rmse_out_of_fold"] as? Double ?? 0)
    let wins = try #require(pair["wins"] as? [Int])
    #expect(wins[0] >= 5 && wins[1] == 0)
    for format in ["text", "markdown", "csv", "github"] {
      let shown = try run(base + ["--format", format])
      #expect(shown.status == 0 && shown.output.contains("a.csv") && shown.output.contains("b.csv"))
    }
  }

  @Test func theOrderOfRowsAndTheThreadsDoNotMatter() throws {
    var lines = try folder.text("b.csv").split(separator: "\n").map(String.init)
    let header = lines.removeFirst()
    try folder.write("turned.csv", ([header] + lines.reversed()).joined(separator: "\n") + "\n")
    func output(_ second: String, _ threads: String) throws -> String {
      let run = try run(
        ["compare", folder.path("a.csv"), folder.path(second), "--threads", threads] + answers())
      return run.output.replacing(second, with: "b")
    }
    let first = try output("b.csv", "1")
    #expect(try output("b.csv", "2") == first)
    #expect(try output("b.csv", "4") == first)
    // The same but for the width of a column.
    func words(_ text: String) -> [Substring] { text.split { $0 == " " || $0 == "\n" } }
    #expect(try words(output("turned.csv", "2")) == words(first))
  }

  @Test func moreFilesGetRankGroups() throws {
    let arguments = ["compare", "c", "b", "a"].map { $0 == "compare" ? $0 : folder.path($0 + ".csv") } + answers()
    let json = try run(arguments + ["--format", "json"])
    try expectSchema(json, "compare")
    let files = try #require(try json.object()["files"] as? [[String: Any]])
    #expect(try json.object()["pair"] == nil)
    // a and c err alike; b is worse than both.
    #expect(files[1]["rank"] as? Int == 3 && files[1]["group"] as? String == "b")
    #expect(Set(files.map { $0["group"] as? String }) == ["a", "b"])
    let text = try run(arguments)
    #expect(text.status == 0 && text.output.contains("rank"))
  }

  @Test func blocksAreComparedByPosition() throws {
    let csv = try run(["compare", folder.path("a.csv"), folder.path("b.csv"), "--format", "json"] + answers())
    let blocks = try run(
      ["compare", folder.path("a.txt"), folder.path("b.txt"), "--format", "json"] + answers("txt"))
    #expect(blocks.status == 0, "\(blocks.errors)")
    let differences = try [csv, blocks].map {
      let pair = try #require(try $0.object()["pair"] as? [String: Any])
      return try #require((pair["difference"] as? [String: Any])?["standard_error"] as? Double)
    }
    #expect(abs(differences[0] - differences[1]) < 1e-12)
  }

  @Test func theProblemsOfAllFilesAreReportedAtOnce() throws {
    try folder.write("bad.csv", "user,item,prediction\n1,1,x\n")
    for command in ["compare", "blend"] {
      let result = try run(
        [command, folder.path("bad.csv"), folder.path("none.csv"), "--format", "json"] + answers())
      #expect(result.status == 66)
      try expectSchema(result, "result")
      let codes = FoundProblem.list("errors", of: try result.object()).map(\.code)
      #expect(codes.contains("missing-file") && codes.contains("not-a-number"), "\(codes)")
    }
    let one = try run(["compare", folder.path("a.csv")] + answers())
    #expect(one.status == 64)
  }

  // MARK: blend

  @Test func aBlendBeatsTheBestFile() throws {
    let files = ["a", "b", "c"].map { folder.path($0 + ".csv") }
    let result = try run(["blend"] + files + answers() + ["--format", "json"])
    #expect(result.status == 0, "\(result.errors)")
    try expectSchema(result, "blend")
    let object = try result.object()
    let parts = try #require(object["files"] as? [[String: Any]])
    let best = parts.compactMap { $0["rmse"] as? Double }.min() ?? 0
    #expect(object["rmse_out_of_fold"] as? Double ?? 9 < 0.85 * best)
    #expect(object["rmse_in_sample"] as? Double ?? 9 < object["rmse_out_of_fold"] as? Double ?? 0)
    let weights = parts.compactMap { $0["weight"] as? Double }
    // Errors of sizes 0.5, 1 and 0.52: weights like 4, 1 and 3.7 of 8.7.
    #expect(abs(weights[0] - 0.46) < 0.08 && abs(weights[1] - 0.115) < 0.08 && abs(weights[2] - 0.425) < 0.08)
    let threads = try ["1", "4"].map { try run(["blend"] + files + answers() + ["--threads", $0]).output }
    #expect(threads[0] == threads[1] && threads[0].contains("intercept"))
  }

  /// The blended file is intercept + weights . predictions, in the form of what it was made from.
  @Test(arguments: ["csv", "txt"])
  func aBlendIsApplied(format: String) throws {
    let files = ["a", "b"].map { folder.path("\($0).\(format)") }
    let output = folder.path("blended.\(format)")
    let arguments = ["blend"] + files + answers(format) + ["--apply"] + files + ["--output", output, "--no-clip"]
    let result = try run(arguments + ["--format", "json"])
    #expect(result.status == 0, "\(result.errors)")
    try expectSchema(result, "blend")
    let object = try result.object()
    let parts = try #require(object["files"] as? [[String: Any]])
    let weights = parts.compactMap { $0["weight"] as? Double }
    let intercept = try #require(object["intercept"] as? Double)
    let lines = try folder.text("blended.\(format)").split(separator: "\n").map(String.init)
    let (x, y) = (
      ComparisonContest.prediction(0, 0, 0, 0.5), ComparisonContest.prediction(0, 0, 1, 1)
    )
    let expected = intercept + weights[0] * x + weights[1] * y
    let first = format == "csv" ? lines[1].split(separator: ",").last : lines[1][...]
    #expect(abs((first.flatMap { Double($0) } ?? 0) - expected) < 1e-6)
    #expect(lines[0] == (format == "csv" ? "user,item,prediction" : "1:"))
    // The judge takes it, and finds the error that the blend has on these rows.
    let score = try run(["score", output, "--format", "json"] + answers(format)).object()
    let rmse = try #require((score["scores"] as? [String: [String: Any]])?["all"]?["rmse"] as? Double)
    #expect(abs(rmse - (object["rmse_in_sample"] as? Double ?? 0)) < 1e-6)
  }

  @Test func filesToApplyThatDoNotAgreeAreRefused() throws {
    try folder.write("short.csv", "user,item,prediction\n1,1,3\n77,1,4\n1,1,5\n")
    try folder.write("short.txt", "1:\n3\n")
    let files = [folder.path("a.csv"), folder.path("b.csv")]
    for (second, code) in [("short.csv", "unknown-pair"), ("a.txt", "not-joinable"), ("none.csv", "missing-file")] {
      let result = try run(
        ["blend"] + files + answers() + ["--apply", folder.path("a.csv"), folder.path(second)]
          + ["--output", folder.path("out"), "--format", "json"])
      #expect(result.status == (code == "missing-file" ? 66 : 65))
      #expect(FoundProblem.list("errors", of: try result.object()).map(\.code).contains(code), "\(result.output)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
    }
    let blocks = try run(
      ["blend", folder.path("a.txt"), folder.path("b.txt")] + answers("txt")
        + ["--apply", folder.path("a.txt"), folder.path("short.txt"), "--output", folder.path("out")])
    #expect(blocks.status == 65 && blocks.errors.contains("short.txt"))
    #expect(try run(["blend"] + files + answers() + ["--apply"] + files).status == 64)
  }
}
