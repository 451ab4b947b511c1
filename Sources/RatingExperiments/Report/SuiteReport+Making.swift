import RatingData
import RatingEvaluation
import RatingNumerics

extension SuiteReport {
  /// The report of the cells of a suite.
  ///
  /// - Throws: `evaluation` where intervals can't be had, such as of one user.
  public init(_ result: SuiteResult) throws(ExperimentError) {
    let suite = result.suite
    name = suite.name
    title = suite.title
    summary = suite.summary
    isClipped = suite.isClipped
    let cells = result.groups.flatMap { $0.cells.joined() }
    var machines: [String] = []
    for cell in cells {
      let text =
        "\(cell.timing.machine.protocolText); \(FixedText.count(cell.timing.threads, "thread"))"
      if !machines.contains(text) { machines.append(text) }
    }
    self.machines = machines.sorted()
    protocolLines = Self.protocolLines(suite)
    var groups: [Group] = []
    for group in result.groups { groups.append(try Group(group, result)) }
    self.groups = groups
  }

  private static func protocolLines(_ suite: Suite) -> [ProtocolLine] {
    let seeds = suite.seeds.map(String.init).joined(separator: ", ")
    return [
      ("figure", "RMSE = sqrt(mean of squared errors over the test ratings of all splits and seeds)"),
      ("intervals", "95%, delta method, clustered by user over all splits"),
      (
        "rank groups",
        "paired tests by user between all algorithms, Holm's correction at 5%; those of one group can't be told apart"
      ),
      (
        "clipping",
        suite.isClipped
          ? "predictions are moved into the rating scale before they are judged"
          : "predictions are judged as the models make them"
      ),
      (
        "cold start",
        "all test ratings count; users and items without training ratings get what the model falls back to"
      ),
      ("seeds of training", seeds),
      (
        "hyper-parameters",
        suite.algorithms.contains { $0.search != nil }
          ? "as listed; searched for inside each training half where that is said"
          : "as listed; none was chosen on these test ratings by this suite"
      ),
      ("seconds", "wall time of training, without measuring learning curves; the mean over splits and seeds"),
      ("version", "RatingBench \(RatingBenchVersion.current)"),
    ].map { ProtocolLine(label: $0, text: $1) }
  }
}

extension SuiteReport.Group {
  init(_ group: SuiteResult.Group, _ result: SuiteResult) throws(ExperimentError) {
    data = group.data
    split = group.split
    parts = group.parts
    failures = []
    rows = []
    // Everything about the test halves is the same for all algorithms.
    let first = group.cells.first { cells in cells.allSatisfy { $0.outcome.result != nil } } ?? []
    let ofOneSeed = first.filter { $0.seed == first.first?.seed }.compactMap(\.outcome.result)
    let sizes = ofOneSeed.map(\.trainingRatings)
    trainingRatings = (sizes.min() ?? 0)...(sizes.max() ?? 0)
    testRatings = ofOneSeed.reduce(0) { $0 + $1.testRatings }
    coldUserRatings = ofOneSeed.reduce(0) { $0 + $1.coldUserRatings }
    coldItemRatings = ofOneSeed.reduce(0) { $0 + $1.coldItemRatings }
    testUsers = Set(ofOneSeed.flatMap { $0.users.map(\.user) }).count
    var measured: [(place: Int, cells: [SuiteResult.Cell], results: [CellResult])] = []
    for (place, cells) in group.cells.enumerated() {
      let results = cells.compactMap(\.outcome.result)
      if results.count == cells.count {
        measured.append((place, cells, results))
      } else {
        let messages = cells.compactMap { cell -> String? in
          if case .failed(_, let message) = cell.outcome { return message }
          return nil
        }
        let share = messages.count < cells.count ? " (\(messages.count) of \(cells.count) trainings)" : ""
        failures.append(
          SuiteReport.Failure(label: result.algorithms[place].label, message: (messages.first ?? "") + share))
      }
    }
    guard !measured.isEmpty else { return }
    let comparison = try SuiteComparison(
      measured.map(\.results), users: data.users, seeds: result.suite.seeds.count)
    for (model, item) in measured.enumerated() {
      rows.append(
        SuiteReport.Row(
          result.algorithms[item.place], settings: result.recipes[item.place], cells: item.cells, results: item.results,
          isClipped: result.suite.isClipped, parts: group.parts.count, model: model, comparison))
    }
    rows.sort { ($0.rmse.estimate, $0.label) < ($1.rmse.estimate, $1.label) }
  }

  /// `5-fold cross-validation; 100,000 test ratings ...`: what a figure's caption says of where it comes from.
  public var protocolText: String {
    let training =
      trainingRatings.lowerBound == trainingRatings.upperBound
      ? FixedText.grouped(trainingRatings.lowerBound)
      : "\(FixedText.grouped(trainingRatings.lowerBound)) to \(FixedText.grouped(trainingRatings.upperBound))"
    return "\(data.name), \(split); \(FixedText.count(parts.count, "split")), \(training) training ratings each, "
      + "\(FixedText.grouped(testRatings)) test ratings of \(FixedText.count(testUsers, "user")); cold start: "
      + "\(FixedText.grouped(coldUserRatings)) by user, \(FixedText.grouped(coldItemRatings)) by item"
  }
}
