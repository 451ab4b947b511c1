import Foundation
import Testing
import _RatingTestSupport

/// `prizecheck host`, as the worker of a contest host runs it.
struct HostTests {
  let folder: ScratchFolder

  init() throws { folder = try TinyContest.folder() }

  /// Of TinyContest's CSV files d = -0.5, 0.25, -1, 0.75, 0.5: sum d^2 = 2.125, sum |d| = 3; quiz rows are the first,
  /// fourth and fifth.
  private static let all = ["n": 5, "rmse": 0.425.squareRoot(), "mae": 0.6, "rmse_clipped": 0.425.squareRoot()]
  private static let quiz = [
    "n": 3, "rmse": (1.0625 / 3).squareRoot(), "mae": 1.75 / 3, "rmse_clipped": (1.0625 / 3).squareRoot(),
  ]
  private static let test = [
    "n": 2, "rmse": 0.53125.squareRoot(), "mae": 0.625, "rmse_clipped": 0.53125.squareRoot(),
  ]

  private func numbers(_ object: Any?) throws -> [String: Double] {
    try #require(object as? [String: NSNumber]).mapValues(\.doubleValue)
  }

  private func expectNear(_ found: [String: Double], _ wanted: [String: Double]) {
    #expect(Set(found.keys) == Set(wanted.keys))
    for (key, value) in wanted { #expect(abs((found[key] ?? .nan) - value) < 1e-12, "\(key)") }
  }

  // MARK: - Codabench

  /// Lays out INPUT as the host does.
  private func bundle(reference: [String: String], submission: [String: String]) throws {
    for part in ["ref", "res"] {
      try FileManager.default.createDirectory(atPath: folder.path("in/\(part)"), withIntermediateDirectories: true)
    }
    for (name, text) in reference { try folder.write("in/ref/\(name)", text) }
    for (name, text) in submission { try folder.write("in/res/\(name)", text) }
  }

  private func codabench(_ arguments: [String] = []) throws -> (run: ToolRun, scores: [String: Double]?) {
    let run = try ToolRun(["host", "codabench", folder.path("in"), folder.path("out")] + arguments)
    guard let text = try? folder.text("out/scores.json") else { return (run, nil) }
    if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: text, "codabench-scores") == "") }
    return (run, try numbers(JSONSerialization.jsonObject(with: Data(text.utf8))))
  }

  @Test func codabenchGetsItsScores() throws {
    try bundle(
      reference: ["answers.csv": TinyContest.File.answersCSV.text],
      submission: ["my best.csv": TinyContest.File.predictionsCSV.text])
    let (run, scores) = try codabench()
    #expect(run.status == 0 && run.output == "" && run.errors == "")
    expectNear(try #require(scores), Self.all)
    #expect(try folder.text("out/detailed_results.html").contains("RMSE 0.6519"))
  }

  @Test(arguments: [("0.8", 18.51, 1.0), ("0.7", 6.87, 0.0)])
  func codabenchGetsTheVerdictAsANumberAndAlwaysExit0(_ baseline: String, _ improvement: Double, _ won: Double) throws {
    // 0.6519 is 18.5125% below 0.8, whose threshold is 0.72, and 6.871...% below 0.7, whose threshold is 0.63.
    try bundle(
      reference: [
        "judging.txt": TinyContest.File.answers.text, "qualifying.txt": TinyContest.File.questions.text,
        "membership.txt": TinyContest.File.membership.text,
      ], submission: ["p.txt": TinyContest.File.predictions.text, ".DS_Store": "x", "metadata": "x"])
    let (run, found) = try codabench(["--baseline", baseline, "--improvement", "10%"])
    #expect(run.status == 0, "\(run.errors)")
    var scores = try #require(found)
    #expect(scores["improvement"] == improvement && scores["qualifies"] == won)
    let (lower, upper) = (try #require(scores["improvement_lower"]), try #require(scores["improvement_upper"]))
    #expect(lower < improvement && improvement < upper)
    for key in ["improvement", "qualifies", "improvement_lower", "improvement_upper"] { scores[key] = nil }
    var wanted = Self.all
    for (key, value) in Self.quiz { wanted["quiz_\(key)"] = value }
    for (key, value) in Self.test { wanted["test_\(key)"] = value }
    expectNear(scores, wanted)
  }

  @Test func aSecretTestScoreStaysSecret() throws {
    try bundle(
      reference: [
        "answers.csv": TinyContest.File.answersCSV.text, "membership.csv": TinyContest.File.membershipCSV.text,
      ], submission: ["p.csv": TinyContest.File.predictionsCSV.text])
    let (run, scores) = try codabench(["--reveal", "quiz", "--criterion", "netflix-grand-prize"])
    #expect(run.status == 0)
    expectNear(try #require(scores), Self.quiz)
    let page = try folder.text("out/detailed_results.html")
    #expect(page.contains("0.5951") && !page.contains("0.72") && !page.contains("0.65"))
    // Without sets there is nothing that may be told.
    try FileManager.default.removeItem(atPath: folder.path("in/ref/membership.csv"))
    let (refused, none) = try codabench(["--reveal", "quiz"])
    #expect(refused.status == 65 && none == nil && refused.errors.contains("[missing-input]"))
  }

  @Test func aBadSubmissionGetsNoScoresAndAllOfItsProblems() throws {
    try bundle(
      reference: ["answers.csv": TinyContest.File.answersCSV.text],
      submission: ["p.csv": TinyContest.File.predictionsCSV.text])
    #expect(try codabench().scores != nil)
    try folder.write("in/res/p.csv", "user,item,prediction\n10,1,nan\n20,1,3\n20,1,3\n77,2,4\n30,2,2,5\n")
    let (run, scores) = try codabench()
    #expect(run.status == 65 && scores == nil, "the scores of the run before are gone")
    #expect(!FileManager.default.fileExists(atPath: folder.path("out/detailed_results.html")))
    for code in ["not-finite", "duplicate-pair", "unknown-user", "field-count"] {
      #expect(run.errors.contains("[\(code)]"), "\(code): \(run.errors)")
    }
    #expect(run.output == "")
  }

  @Test func whatIsNoSingleFileIsRefused() throws {
    try bundle(reference: ["answers.csv": TinyContest.File.answersCSV.text], submission: [:])
    var (run, scores) = try codabench()
    #expect(run.status == 65 && scores == nil && run.errors.contains("there is no submission"))
    try bundle(reference: [:], submission: ["a.csv": "1", "b.csv": "2"])
    (run, scores) = try codabench()
    #expect(
      run.status == 65 && run.errors.contains("2 files (a.csv, b.csv)") && run.errors.contains("[unclear-folder]"))
    // A link to the answers would have an RMSE of 0.
    for name in ["a.csv", "b.csv"] { try FileManager.default.removeItem(atPath: folder.path("in/res/\(name)")) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("in/res/a.csv"), withDestinationPath: folder.path("in/ref/answers.csv"))
    (run, scores) = try codabench()
    #expect(run.status == 65 && scores == nil && run.errors.contains("is a link"))
    // A folder in the archive is looked into.
    try FileManager.default.removeItem(atPath: folder.path("in/res/a.csv"))
    try folder.write("in/res/team/p.csv", TinyContest.File.predictionsCSV.text)
    (run, scores) = try codabench()
    #expect(run.status == 0)
    expectNear(try #require(scores), Self.all)
  }

  @Test func anIncompleteReferenceIsTheOrganizersFault() throws {
    try bundle(
      reference: ["questions.csv": TinyContest.File.questionsCSV.text],
      submission: ["p.csv": TinyContest.File.predictionsCSV.text])
    #expect(try codabench().run.status == 66)
    try FileManager.default.removeItem(atPath: folder.path("in/ref"))
    let run = try codabench().run
    #expect(run.status == 66 && run.errors.contains("[missing-file]"))
  }

  @Test func whereNothingCanBeWrittenTheExitCodeSaysSo() throws {
    try bundle(
      reference: ["answers.csv": TinyContest.File.answersCSV.text],
      submission: ["p.csv": TinyContest.File.predictionsCSV.text])
    try folder.write("out", "a file")
    let (run, scores) = try codabench()
    #expect(run.status == 73 && scores == nil && run.errors.contains("[cannot-write]"))
    #expect(try folder.text("out") == "a file")
  }

  @Test func hostileNamesAddNoMarkup() throws {
    let name = "<script>alert(1)<|script>&\"'\u{1b}\u{202e}\n.csv"
    try bundle(
      reference: ["answers.csv": TinyContest.File.answersCSV.text],
      submission: [name: TinyContest.File.predictionsCSV.text + ""])
    let (run, scores) = try codabench()
    #expect(run.status == 0, "\(run.errors)")
    expectNear(try #require(scores), Self.all)
    let page = try folder.text("out/detailed_results.html")
    #expect(page.contains("&lt;script&gt;alert(1)&lt;|script&gt;&amp;&quot;&#39;"))
    #expect(!page.contains("<script") && !page.contains("\u{1b}") && !page.contains("\u{202e}"))
    #expect(page.components(separatedBy: "<").count == 13, "the page's own 12 tags")
  }

  // MARK: - EvalAI

  private func evalAI(_ arguments: [String]) throws -> ToolRun {
    let run = try ToolRun(
      ["host", "evalai", folder.path("p.csv"), "--answers", folder.path("answers.csv")] + arguments)
    if run.status == 0, JSONSchema.isAvailable {
      #expect(try JSONSchema.violations(of: run.output, "evalai-result") == "")
    }
    return run
  }

  @Test func evalAIGetsAListOfSplits() throws {
    let run = try evalAI([])
    #expect(run.status == 0 && run.errors == "" && run.output.hasSuffix("}\n"))
    let result = try run.object()
    let splits = try #require(result["result"] as? [[String: Any]])
    #expect(splits.count == 1)
    expectNear(try numbers(splits[0]["all"]), Self.all)
    expectNear(try numbers((result["submission_result"] as? [String: Any])?["all"]), Self.all)
  }

  @Test func evalAISplitsHaveTheirCodenames() throws {
    let run = try evalAI([
      "--membership", folder.path("membership.csv"), "--split", "test=te\"st", "--split", "quiz=dev", "--baseline",
      "0.9",
      "--improvement", "10%", "--set", "test",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let result = try run.object()
    let splits = try #require(result["result"] as? [[String: Any]])
    #expect(splits.map { $0.keys.first } == ["te\"st", "dev"])
    var test = try numbers(splits[0]["te\"st"])
    // 0.7289 is 19.011...% below 0.9, whose threshold is 0.81.
    #expect(test["improvement"] == 19.01 && test["qualifies"] == 1)
    for key in ["improvement", "qualifies", "improvement_lower", "improvement_upper"] { test[key] = nil }
    expectNear(test, Self.test)
    expectNear(try numbers(splits[1]["dev"]), Self.quiz)
    #expect((result["submission_result"] as? [String: Any])?.keys.first == "te\"st")
  }

  @Test func evalAIGetsNothingOfABadSubmissionOrAnUnknownSplit() throws {
    let unknown = try evalAI(["--split", "quiz=dev"])
    #expect(unknown.status == 65 && unknown.output == "" && unknown.errors.contains("quiz"))
    #expect(try evalAI(["--split", "some=dev"]).status == 64)
    #expect(try evalAI(["--split", "all=a", "--split", "all=b"]).status == 64)
    #expect(try evalAI(["--improvement", "10%"]).status == 64)
    try folder.write("p.csv", "user,item,prediction\n10,1,x\n")
    let bad = try evalAI([])
    #expect(bad.status == 65 && bad.output == "" && bad.errors.contains("[not-a-number]"))
  }

  // MARK: - Kaggle

  private func kaggle(_ arguments: [String]) throws -> (run: ToolRun, scores: [String: Any]) {
    let run = try ToolRun(["host", "kaggle"] + arguments)
    if run.status == 0, JSONSchema.isAvailable {
      #expect(try JSONSchema.violations(of: run.output, "kaggle-scores") == "")
    }
    return (run, run.status == 0 ? try run.object() : [:])
  }

  @Test func kagglePartsAreScoredByThemselves() throws {
    let solution = try folder.write(
      "solution.csv", "id,rating,Usage\n\"a,b\",4,Public\n007,3,Private\n7,5,Private\nzoë,2,Public\n=1+1,1,Public\n")
    let submission = try folder.write("s.csv", "id,rating\n7,4\nzoë,2.75\n007,3.25\n=1+1,1.5\n\"a,b\",3.5\n")
    let (run, scores) = try kaggle([submission, "--solution", solution])
    #expect(run.status == 0 && scores.count == 2, "\(run.errors)")
    expectNear(try numbers(scores["public"]), Self.quiz)
    expectNear(try numbers(scores["private"]), Self.test)

    let judged = try kaggle([
      submission, "--solution", solution, "--baseline", "0.9", "--improvement", "10%", "--set", "test",
    ]).scores
    // Of ids nobody knows whose they are: there is no interval.
    expectNear(
      try numbers(judged["private"]), Self.test.merging(["improvement": 19.01, "qualifies": 1]) { $1 })
    // The same as check says.
    let check = try ToolRun([
      "check", submission, "--answers", solution, "--membership", solution, "--baseline", "0.9", "--improvement", "10%",
      "--set", "test", "--format", "json",
    ])
    #expect(check.status == 0)
    let result = try check.object()
    #expect((result["improvement"] as? [String: Double])?["percent"] == 19.01 && result["significance"] == nil)
    #expect(try ToolRun(["validate", submission, "--questions", solution]).status == 0)
  }

  @Test func aSolutionWithoutUsageIsOnePart() throws {
    let solution = try folder.write("solution.csv", "Id,rating\na,4\nb,3\n")
    let submission = try folder.write("s.csv", "Id,Prediction\nb,3\na,3\n")
    let scores = try kaggle([submission, "--solution", solution]).scores
    #expect(scores.count == 1)
    expectNear(
      try numbers(scores["all"]), ["n": 2, "rmse": 0.5.squareRoot(), "mae": 0.5, "rmse_clipped": 0.5.squareRoot()])
    // Ordinary rows of users and items do as well.
    #expect(try kaggle([folder.path("p.csv"), "--solution", folder.path("answers.csv")]).run.status == 0)
  }

  @Test func aBadUsageIsTold() throws {
    let solution = try folder.write("solution.csv", "id,rating,Usage\na,4,Public\nb,3,Ignored\n")
    let run = try kaggle([folder.write("s.csv", "id,rating\na,1\nb,2\n"), "--solution", solution]).run
    #expect(run.status == 65 && run.errors.contains("solution.csv:3") && run.errors.contains("[bad-set]"))
    #expect(!run.errors.contains("Ignored"), "messages about sets never quote them")
  }
}
