import RatingBench
import Testing
import _RatingTestSupport

@testable import prizecheck

/// What suite files may say, and what is said of those that are wrong.
@Suite struct SuiteFileTests {
  private static let good = """
    schema: ratingbench.suite/1
    name: good
    title: A suite
    data:
      - name: one
        path: ratings.csv
        format: csv
        scale: 1...5
        columns: user=1,item=2,rating=3
        duplicates: last
      - catalogue: ml-100k
        file: u.data
    splits:
      - k-fold 5
      - {split: random 10%, repeats: 3, seed: 7}
      - netflix 9
      - pairs probe.txt
    algorithms:
      - biases
      - name: biased-mf
        label: mine
        settings: {factors: 16, learningRate: 0.05}
      - name: als
        search:
          space: {factors: [8, 16], regularization: 0.1...2 log}
          strategy: halving
          trials: 9
          reduction: 3
          inner: k-fold 3
          seed: 4
    metrics: [mae, rmse@users]
    seeds: 1...3
    threads: 2
    clip: no
    curves: no
    """

  private func problems(_ text: String) throws -> [Problem] {
    do {
      _ = try Suite(YAMLDocument.parse(text, file: "suite.yaml"), file: "suite.yaml")
      return []
    } catch .configuration(let problems) { return problems }
  }

  @Test func everyKeyIsRead() throws {
    let suite = try Suite(YAMLDocument.parse(Self.good, file: "suite.yaml"), file: "suite.yaml")
    #expect(suite.name == "good" && suite.title == "A suite" && suite.seeds == [1, 2, 3] && suite.threads == 2)
    #expect(!suite.isClipped && !suite.hasCurves && suite.metrics.map(\.name) == ["mae", "rmse@users"])
    #expect(suite.data[0].format == .csv && suite.data[0].scale == RatingScale(1...5))
    #expect(suite.data[0].duplicates == .last && suite.data[0].columns != nil)
    #expect(suite.data[1].name == "ml-100k" && suite.data[1].path == "u.data")
    #expect(suite.splits[1] == (try SuiteSplit("random 10%", repetitions: 3, seed: 7)))
    #expect(suite.splits[2].kind == .netflixProbe(lastPerUser: 9))
    #expect(suite.splits[3].kind == .pairs(file: "probe.txt"))
    #expect(suite.algorithms.map(\.label) == ["biases", "mine", "als"])
    #expect(suite.algorithms[1].settings.map(\.description) == ["factors=16", "learning-rate=0.05"])
    let search = try #require(suite.algorithms[2].search)
    #expect(search.strategy == .halving(trials: 9, reduction: 3) && search.inner == .kFold(3) && search.seed == 4)
    #expect(search.space.text == "factors=8|16, regularization=0.1...2 log")
  }

  /// A line of the good suite replaced by a bad one: what is said, and for which line.
  @Test(arguments: [
    ("schema: ratingbench.suite/1", "schema: suite/2", "bad-value", "expected ratingbench.suite/1"),
    ("name: good", "name: a/b", "bad-value", "expected letters, digits"),
    ("title: A suite", "titel: A suite", "unknown-key", "did you mean title?"),
    ("    format: csv", "    format: cvs", "bad-value", "did you mean csv?"),
    ("    scale: 1...5", "    scale: 5", "bad-value", "such as 1...5"),
    ("    duplicates: last", "    duplicates: lst", "bad-value", "did you mean last?"),
    ("  - catalogue: ml-100k", "  - catalogue: ml100k", "unknown-name", "did you mean ml-100k?"),
    ("    file: u.data", "    fil: u.data", "unknown-key", "did you mean file?"),
    ("  - k-fold 5", "  - k-fold 1", "bad-split", "number of folds"),
    ("  - {split: random 10%, repeats: 3, seed: 7}", "  - {split: random 10%, repeats: 0}", "bad-value", "1...1000"),
    ("  - biases", "  - biasses", "unknown-name", "did you mean biases?"),
    ("    label: mine", "    label: als", "duplicate-name", "two entries are named als"),
    (
      "    settings: {factors: 16, learningRate: 0.05}", "    settings: {factor: 16}", "unknown-key",
      "did you mean factors?"
    ),
    (
      "    settings: {factors: 16, learningRate: 0.05}", "    settings: {factors: 0}", "bad-value",
      "a whole number in 1...4096"
    ),
    (
      "      space: {factors: [8, 16], regularization: 0.1...2 log}", "      space: {factors: [0]}", "bad-search",
      "1...4096"
    ),
    ("      strategy: halving", "      strategy: halvin", "bad-value", "did you mean halving?"),
    ("      inner: k-fold 3", "      inner: 3", "bad-value", "hold-out 10%"),
    ("metrics: [mae, rmse@users]", "metrics: [mea]", "unknown-metric", "did you mean mae?"),
    ("metrics: [mae, rmse@users]", "metrics: [ndcg@10]", "unknown-metric", "which suites don't make"),
    ("seeds: 1...3", "seeds: [1, 1]", "bad-value", "different whole numbers"),
    ("threads: 2", "threads: many", "bad-value", "found \"many\", expected a whole number in 1...1024"),
    ("clip: no", "clip: maybe", "bad-value", "expected yes or no"),
  ])
  func aFaultIsToldWithItsLine(_ line: String, _ bad: String, _ code: String, _ message: String) throws {
    let lines = Self.good.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let number = try #require(lines.firstIndex(of: line))
    let text = lines.map { $0 == line ? bad : $0 }.joined(separator: "\n")
    let problems = try problems(text)
    let problem = try #require(problems.first { $0.code == code }, "\(problems)")
    #expect(problem.message.contains(message), "\(problem.message)")
    #expect(problem.file == "suite.yaml")
    // Names that are given twice are told at the list.
    if code != "duplicate-name" { #expect(problem.lines == [number + 1]) }
  }

  @Test func allFaultsAreToldAtOnce() throws {
    let text = Self.good.replacing("k-fold 5", with: "k-fold x").replacing("- biases", with: "- biasses")
      .replacing("threads: 2", with: "threads: -1").replacing("clip: no", with: "clip: 3")
    #expect(try problems(text).count == 4)
  }

  @Test func whatIsMissingIsTold() throws {
    let problems = try problems("schema: ratingbench.suite/1\n")
    #expect(problems.map(\.code) == ["missing-key", "missing-key", "missing-key", "missing-key"])
  }

  @Test(arguments: [
    ("", "empty"), ("a: [1", "is no YAML"), ("a: 1\na: 2\n", "twice"), ("- 1\n- 2\n", "expected a mapping"),
    ("just text", "expected a mapping"), ("a: &x 1\nb: *y\n", "is no YAML"),
  ])
  func whatIsNoSuiteIsRefused(_ text: String, _ message: String) throws {
    let problems = try problems(text)
    #expect(problems.contains { $0.message.contains(message) }, "\(problems)")
  }

  @Test func theToolTellsThemAllAndExits78() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(
      "suite.yaml", Self.good.replacing("k-fold 5", with: "x 5").replacing("- biases", with: "- b"))
    let run = try ToolRun(["benchmark", path, "--output", folder.path("out")])
    #expect(run.status == 78)
    #expect(run.errors.split(separator: "\n").count == 2)
    #expect(run.errors.contains("\(path):14: error: splits:") && run.errors.contains("\(path):19: error: algorithms:"))
    #expect(run.output == "")
    #expect(try ToolRun(["benchmark", folder.path("none.yaml")]).status == 66)
    try folder.write("binary.yaml", [0xff, 0xfe, 0x00])
    #expect(try ToolRun(["benchmark", folder.path("binary.yaml")]).status == 65)
  }
}
