import ArgumentParser
import RatingBench

/// `prizecheck benchmark`: compares algorithms on data sets, as a suite says.
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare algorithms on data sets, as a suite file says.",
    discussion: """
      A suite is a YAML file that names data sets, splits, algorithms with settings or search spaces, metrics and seeds; \
      suites for the usual data sets are in Benchmarks/suites. The result is a folder with report.html (tables and plots, \
      nothing loaded from elsewhere), report.txt, report.md, report.tex, report.csv, report.json and timings.json.

      Every finished cell (an algorithm with a seed on a split) is kept in OUTPUT/cells: a run that was stopped goes on \
      where it was, and a suite that was changed makes only what is new. All but the times is the same bytes each time, \
      whatever the number of threads.

        prizecheck benchmark Benchmarks/suites/smoke.yaml
        prizecheck benchmark Benchmarks/suites/ml-100k.yaml --only biases --only svd++
        prizecheck benchmark Benchmarks/suites/ml-1m.yaml --data ml-1m=downloads/ratings.dat
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, markdown, csv
    /// The list that the action of this name takes as `customSmallerIsBetter`.
    case githubActionBenchmark = "github-action-benchmark"
  }

  @Argument(help: "The suite file.", completion: .file(extensions: ["yaml", "yml"]))
  var suite: String

  @Option(
    help: ArgumentHelp(
      "The folder of the report and of finished cells. Default: NAME-report in the current folder.", valueName: "folder"
    ),
    completion: .directory)
  var output: String?

  @Option(help: ArgumentHelp("Only this data set or algorithm of the suite; repeatable.", valueName: "name"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp("Read a data set of the suite from elsewhere; repeatable.", valueName: "name=path"),
    completion: .file())
  var data: [String] = []

  @Option(help: ArgumentHelp("The number of threads; no figure but the times depends on it.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Leave seconds and machine out of the report, so that runs can be compared byte by byte.")
  var noTimes = false

  @Option(help: "How to show progress on standard error: lines or none.")
  var progress: SuiteProgress.Style = .lines

  @Option(help: "What to print on standard output: text, json, markdown, csv or github-action-benchmark.")
  var format: Format = .text

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads lies in 1...1024, got \(threads)")
    }
    for text in data where !(text.split(separator: "=", maxSplits: 1).count == 2) {
      throw ValidationError("--data takes name=path, got '\(text)'")
    }
  }

  func run() throws {
    Interruption.install()
    do {
      try benchmark()
    } catch let error as ExperimentError {
      throw error.reported(asJSON: format == .json)
    } catch let error as RatingDataError {
      throw ExperimentError.data(error).reported(asJSON: format == .json)
    }
  }

  private func benchmark() throws {
    var suite = try Suite(YAMLDocument.read(suite), file: self.suite)
    if let threads { suite.threads = threads }
    let pairs = data.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    let names = suite.data.map(\.name)
    if let unknown = pairs.first(where: { !names.contains($0[0]) }) {
      throw ExperimentError.configuration([
        Problem(
          .error, "unknown-name", file: self.suite,
          message: "--data: the suite has no data set \(unknown[0]), expected one of \(names.joined(separator: ", "))")
      ])
    }
    for name in pairs.map({ $0[0] }) {
      // What the suite and the catalogue say of a data set is not said of another file.
      for place in suite.data.indices where suite.data[place].name == name { suite.data[place].catalogue = nil }
      suite.summary += (suite.summary.isEmpty ? "" : " ") + "Here \(name) is another file, given with --data."
    }
    let location = SuiteLocation(
      folder: folder(of: self.suite), given: Dictionary(pairs.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 }))
    let output = output ?? "\(suite.name)-report"
    let cache = try CellCache(folder: "\(output)/cells")
    let runner = SuiteRunner(
      suite, cache: cache, only: Set(only), cancellation: Interruption.flag,
      locate: { data throws(RatingDataError) in try location.path(of: data) })
    let progress = SuiteProgress(progress)
    let result = try Interruption.whileTraining { try runner.run { progress.show($0) } }
    let report = try SuiteReport(result)
    let documents = try write(report, to: output)
    progress.end(folder: output)
    switch format {
    case .text: Console.result(documents.text)
    case .json: Console.result(documents.json)
    case .markdown: Console.result(documents.markdown)
    case .csv: Console.result(documents.csv)
    case .githubActionBenchmark: Console.result(report.trend(isTimed: !noTimes).text)
    }
  }

  private func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  /// Every format of the report, each file complete or not at all.
  private func write(
    _ report: SuiteReport, to folder: String
  ) throws -> (text: String, json: String, markdown: String, csv: String) {
    let isTimed = !noTimes
    let text = report.text(isTimed: isTimed)
    let json = report.json.text
    let markdown = report.markdown(isTimed: isTimed)
    var files = [
      ("report.txt", text), ("report.md", markdown), ("report.tex", report.latex), ("report.csv", report.csv),
      ("report.json", json + "\n"), ("report.html", report.html(isTimed: isTimed)),
    ]
    if isTimed { files.append(("timings.json", report.timingsJSON.text + "\n")) }
    for (name, content) in files { try TextFile.write(content, to: "\(folder)/\(name)") }
    return (text, json, markdown, report.csv)
  }
}
