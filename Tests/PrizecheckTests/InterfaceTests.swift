import Foundation
import Testing
import _RatingTestSupport

/// The command lines that scripts rely on, as they are written, and the shape of what they print.
@Suite struct InterfaceTests {
  static let prize: String = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.appendingPathComponent("datasets/synthetic-prize").path
  }()

  /// The keys of an object in the order in which they are printed.
  private static func keys(_ json: String, of object: String) -> [String] {
    guard let start = json.range(of: "\"\(object)\":{") else { return [] }
    var depth = 1
    var keys: [String] = []
    var text = json[start.upperBound...]
    while depth > 0, let character = text.popFirst() {
      if character == "\"" {
        let end = text.firstIndex(of: "\"")!
        let word = text[..<end]
        text = text[text.index(after: end)...]
        if depth == 1, text.first == ":" { keys.append(String(word)) }
      } else if "{[".contains(character) {
        depth += 1
      } else if "}]".contains(character) {
        depth -= 1
      }
    }
    return keys
  }

  private func topLevelKeys(_ json: String) -> [String] { Self.keys("\"all\":" + json, of: "all") }

  /// Exactly one JSON object on standard output, without a null and without a NaN.
  private func object(_ run: ToolRun) throws -> [String: Any] {
    #expect(run.output.hasPrefix("{") && run.output.hasSuffix("}\n") && run.output.split(separator: "\n").count == 1)
    #expect(!run.output.contains("null") && !run.output.contains("nan"))
    return try run.object()
  }

  @Test func checkHasExactlyTheDocumentedParts() throws {
    let folder = try TinyContest.folder()
    let p = folder.path("p.txt")
    let a = folder.path("judging.txt")
    let run = try ToolRun(["check", p, "--answers", a, "--criterion", "netflix-grand-prize", "--format", "json"])
    #expect(run.status == 0)
    _ = try object(run)
    #expect(
      topLevelKeys(run.output) == [
        "schema", "tool", "inputs", "scores", "criterion", "improvement", "verdict", "validation",
      ])
    #expect(Self.keys(run.output, of: "tool") == ["version"])
    #expect(Self.keys(run.output, of: "scores") == ["all"])
    #expect(Self.keys(run.output, of: "all") == ["n", "rmse", "rmse_rounded", "rmse_clipped", "mae"])
    #expect(
      Self.keys(run.output, of: "criterion") == [
        "name", "set", "judged_on", "baseline", "improvement", "threshold", "threshold_source", "decimals",
      ])
    #expect(Self.keys(run.output, of: "improvement") == ["percent", "percent_unrounded"])
    #expect(Self.keys(run.output, of: "verdict") == ["qualifies", "reason"])
    #expect(Self.keys(run.output, of: "validation") == ["ok", "errors", "warnings"])
    #expect(
      run.output.contains(#""inputs":[{"role":"predictions","file":"\#(p)","format":"netflix-predictions","bytes":"#))
    #expect(run.output.contains(#""code":"no-membership""#))
    // Errors are 0.5, 0.25, 1, 0.75 and 0.5: their squares sum to 2.125.
    #expect(
      run.output.contains(#""all":{"n":5,"rmse":0.651920240520"#) && run.output.contains(#""rmse_rounded":"0.6519""#))
  }

  @Test func theRulesOfAnOwnCriterionAreShown() throws {
    let folder = try TinyContest.folder()
    let start = ["check", folder.path("p.txt"), "--answers", folder.path("judging.txt"), "--format", "json"]
    func criterion(_ arguments: [String]) throws -> (Int32, [String: Any]) {
      let run = try ToolRun(start + arguments)
      return (run.status, try object(run)["criterion"] as? [String: Any] ?? [:])
    }
    var (status, rule) = try criterion(["--baseline", "1.0334", "--improvement", "10%"])
    #expect(status == 0 && rule["threshold"] as? String == "0.9300" && rule["threshold_source"] as? String == "derived")
    (status, rule) = try criterion(["--baseline", "0.7", "--improvement", "10%", "--decimals", "3"])
    #expect(status == 1 && rule["threshold"] as? String == "0.630" && rule["decimals"] as? Int == 3)
    (status, rule) = try criterion(["--baseline", "1", "--improvement", "10%", "--threshold", "0.6519"])
    #expect(
      status == 0 && rule["threshold"] as? String == "0.6519" && rule["threshold_source"] as? String == "explicit")
    (status, rule) = try criterion(["--baseline", "1", "--improvement", "10%", "--threshold", "0.6518"])
    #expect(status == 1)
    (status, rule) = try criterion(["--baseline-predictions", folder.path("p.txt"), "--improvement", "10%"])
    #expect(status == 1 && (rule["baseline"] as? String)?.hasPrefix("0.6519") == true)
  }

  @Test func scoreAndValidateLeaveOutWhatTheyDoNotKnow() throws {
    let folder = try TinyContest.folder()
    let (p, a, q) = (folder.path("p.txt"), folder.path("judging.txt"), folder.path("qualifying.txt"))
    let score = try ToolRun(["score", p, "--answers", a, "--questions", q, "--format", "json"])
    #expect(score.status == 0 && topLevelKeys(score.output) == ["schema", "tool", "inputs", "scores", "validation"])
    let validate = try ToolRun(["validate", p, "--questions", q, "--format", "json"])
    #expect(validate.status == 0 && topLevelKeys(validate.output) == ["schema", "tool", "inputs", "validation"])
    try folder.write("bad.txt", "1:\nx\n")
    for command in [
      ["validate", folder.path("bad.txt"), "--questions", q],
      ["check", folder.path("bad.txt"), "--answers", a, "--criterion", "netflix-quiz"],
      ["score", folder.path("none"), "--answers", a],
    ] {
      let run = try ToolRun(command + ["--format", "json"])
      #expect([65, 66].contains(run.status))
      _ = try object(run)
      #expect(topLevelKeys(run.output) == ["schema", "tool", "inputs", "validation"], "\(run.output)")
    }
  }

  @Test(arguments: [
    ["--baseline", "1", "--improvement", "10"], ["--baseline", "1", "--improvement", "0.1"],
    ["--baseline", "1", "--improvement", "ten%"], ["--baseline", "1"], ["--improvement", "10%"],
    ["--criterion", "mine"],
    ["--baseline", "x", "--improvement", "10%"], ["--baseline", "1", "--improvement", "10%", "--decimals", "99"],
    ["--criterion", "netflix-quiz", "--improvement", "10%"], ["--criterion", "netflix-quiz", "--threads", "0"],
    ["--criterion", "netflix-quiz", "--nonsense"], ["--criterion", "netflix-quiz", "--rating-scale", "5"],
    ["--criterion", "netflix-quiz", "--columns", "user"], ["--criterion", "netflix-quiz", "--format", "xml"],
    ["--criterion", "netflix-quiz", "--questions", "-", "--membership", "-"],
  ])
  func wrongUseIs64AndOnStandardErrorAlone(arguments: [String]) throws {
    let folder = try TinyContest.folder()
    let start = ["check", folder.path("p.txt"), "--answers", folder.path("judging.txt"), "--format", "json"]
    let run = try ToolRun(start + arguments)
    #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty, "\(run.output)\(run.errors)")
  }

  @Test func aFlagThatAnAlgorithmLacksNamesThoseItHas() throws {
    let folder = try TinyContest.folder()
    for algorithm in ["global-mean", "user-mean", "item-mean", "biases"] {
      let run = try ToolRun(["train", folder.path("ratings.csv"), "--algorithm", algorithm, "--factors", "8"])
      #expect(run.status == 64 && run.output.isEmpty, "\(run.output)\(run.errors)")
      #expect(run.errors.contains("factors") && run.errors.contains(algorithm))
    }
    let run = try ToolRun(["train", folder.path("ratings.csv"), "--algorithm", "biased-mf", "--set", "nonsense=1"])
    #expect(run.status == 64 && run.errors.contains("learning-rate") && run.errors.contains("regularization"))
  }

  /// Two contests that differ in the answers of the test rows alone must look the same to whom only the quiz is told.
  @Test(arguments: ["json", "text", "markdown", "csv", "github"])
  func revealingTheQuizTellsNothingOfTheTest(format: String) throws {
    let folder = try TinyContest.folder()
    // Line 3 is a test row.
    try folder.write(
      "other/judging.txt", TinyContest.File.answers.text.replacingOccurrences(of: "3,2005", with: "1,2005"))
    func outputs(_ answers: String, _ command: [String]) throws -> [String] {
      let run = try ToolRun(
        [
          command[0], folder.path("p.txt"), "--answers", folder.path(answers), "--questions",
          folder.path("qualifying.txt"),
          "--membership", folder.path("membership.txt"), "--reveal", "quiz", "--format", format,
        ] + command.dropFirst(),
        removing: ["GITHUB_STEP_SUMMARY"])
      return ["\(run.status)", run.output, run.errors]
    }
    for command in [
      ["score"], ["score", "--metrics", "rmse,fcp,mae@users,bias@items", "--strata"],
      ["check", "--criterion", "netflix-grand-prize"], ["check", "--criterion", "netflix-quiz"],
      ["check", "--baseline", "0.7", "--improvement", "10%"],
      ["check", "--baseline", "0.7", "--improvement", "10%", "--set", "test"],
      ["check", "--baseline-predictions", folder.path("p.txt"), "--improvement", "10%"],
    ] {
      let first = try outputs("judging.txt", command)
      #expect(first == (try outputs("other/judging.txt", command)), "\(command)")
      #expect(!first[1].contains("\"test\":{") && !first[1].contains("\"all\":{"))
    }
  }

  @Test func predictionsHaveTheFormOfTheQuestions() throws {
    let folder = try TinyContest.folder()
    let model = folder.path("model.safetensors")
    let train = try ToolRun([
      "train", folder.path("ratings.csv"), "--algorithm", "biases", "--save", model, "--format", "json",
    ])
    #expect(train.status == 0)
    func predicted(_ questions: String) throws -> [String] {
      let run = try ToolRun(["predict", model, "--questions", folder.path(questions), "--output", folder.path("out")])
      #expect(run.status == 0 && run.output.isEmpty)
      return try folder.text("out").split(separator: "\n").map(String.init)
    }
    let csv = try predicted("questions.csv")
    #expect(csv.first == "user,item,prediction" && csv.count == 6 && csv[1].hasPrefix("10,1,"))
    let blocks = try predicted("qualifying.txt")
    #expect(blocks.count == 7 && blocks[0] == "1:" && blocks[3] == "2:")
    let values = csv.dropFirst().map { $0.split(separator: ",")[2] }
    #expect(values == blocks.filter { !$0.hasSuffix(":") }.map { $0[...] })
    // Ratings and answers may be the questions: what they say of ratings is ignored.
    #expect(try predicted("answers.csv") == csv && predicted("mv_0000001.txt") == blocks)
    for questions in ["questions.csv", "qualifying.txt"] {
      let piped = try ToolRun(["predict", model, "--questions", "-", "--output", "-"], input: folder.path(questions))
      #expect(piped.status == 0)
      #expect(piped.output.split(separator: "\n").map(String.init) == (questions == "qualifying.txt" ? blocks : csv))
    }
    let unusable = try ToolRun([
      "predict", model, "--questions", folder.path("judging.txt"), "--output", folder.path("none"), "--format", "json",
    ])
    #expect(
      try unusable.status == 65 && FoundProblem.list("errors", of: object(unusable)).map(\.code) == ["wrong-role"])
    #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
  }

  @Test func theSyntheticPrizeIsJudgedAsItsScriptsSay() throws {
    let folder = try ScratchFolder()
    let (set, model, p) = (Self.prize, folder.path("m.safetensors"), folder.path("p.txt"))
    let train = try ToolRun(
      [
        "train", "\(set)/training_set", "--algorithm", "biases", "--exclude", "\(set)/probe.txt", "--save", model,
        "--format", "json",
      ])
    #expect(train.status == 0)
    #expect(
      topLevelKeys(train.output).filter { $0 != "saved" } == [
        "schema", "algorithm", "parameters", "seed", "threads", "training", "seconds", "seconds_reading",
        "seconds_setup",
        "seconds_per_epoch", "ratings_per_second",
      ], "\(train.output)")
    #expect(try ToolRun(["predict", model, "--questions", "\(set)/qualifying.txt", "--output", p]).status == 0)
    #expect(try ToolRun(["validate", p, "--questions", "\(set)/qualifying.txt"]).status == 0)
    let check = try ToolRun([
      "check", p, "--answers", "\(set)/judging.txt", "--questions", "\(set)/qualifying.txt", "--membership",
      "\(set)/membership.txt", "--baseline-model", model, "--improvement", "10%", "--format", "json",
    ])
    #expect(check.status == 1 && Self.keys(check.output, of: "scores") == ["all", "quiz", "test"], "\(check.output)")
    #expect(
      Self.keys(check.output, of: "improvement") == ["percent", "percent_unrounded"]
        && check.output.contains(#""percent":0,"#))
    // The probe as contestants used it: its ratings lie in the training set.
    let probe = folder.path("probe-p.txt")
    #expect(try ToolRun(["predict", model, "--questions", "\(set)/probe.txt", "--output", probe]).status == 0)
    let score = try ToolRun([
      "score", probe, "--questions", "\(set)/probe.txt", "--answers", "\(set)/training_set", "--format", "json",
    ])
    #expect(score.status == 0 && score.output.contains(#""role":"answers""#), "\(score.output)\(score.errors)")
  }

  @Test(.enabled(if: RealData.path("ml-100k/u1.base") != nil, "RATINGBENCH_DATA has no ml-100k"))
  func movieLensIsJudgedAsItsScriptsSay() throws {
    let folder = try ScratchFolder()
    let base = try #require(RealData.path("ml-100k/u1.base"))
    let test = try #require(RealData.path("ml-100k/u1.test"))
    let (model, biases, p) = (folder.path("mf.safetensors"), folder.path("b.safetensors"), folder.path("p.csv"))
    let train = try ToolRun(
      [
        "train", base, "--algorithm", "biased-mf", "--factors", "64", "--epochs", "20", "--seed", "1", "--threads", "2",
        "--test",
        test, "--save", model, "--format", "json",
      ])
    #expect(
      train.status == 0 && Self.keys(train.output, of: "test") == ["n", "rmse", "rmse_clipped", "mae"],
      "\(train.errors)")
    #expect(try ToolRun(["train", base, "--algorithm", "biases", "--save", biases]).status == 0)
    #expect(try ToolRun(["predict", model, "--questions", test, "--output", p]).status == 0)
    #expect(try ToolRun(["validate", p, "--questions", test]).status == 0)
    func check(_ arguments: [String]) throws -> Int32 {
      let run = try ToolRun(["check", p, "--answers", test, "--improvement", "10%", "--format", "json"] + arguments)
      _ = try object(run)
      return run.status
    }
    #expect(try check(["--baseline", "1.0334"]) == 0)
    #expect(try check(["--baseline-model", biases]) == 1)
    #expect(try check(["--baseline-predictions", p]) == 1)
    #expect(try check(["--baseline", "1.0334", "--decimals", "4", "--threshold", "0.9300"]) == 0)
    let overlap = try ToolRun(["train", base, "--algorithm", "biases", "--test", base, "--format", "json"])
    #expect(
      try overlap.status == 65 && FoundProblem.list("errors", of: object(overlap)).map(\.code) == ["test-overlap"])
    let describe = try ToolRun(["describe", base, "--format", "json"])
    #expect(try describe.status == 0 && object(describe)["ratings"] as? Int == 80_000)
  }
}
