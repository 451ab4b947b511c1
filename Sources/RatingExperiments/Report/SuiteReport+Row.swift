import RatingEvaluation

extension SuiteReport.Row {
  init(
    _ algorithm: SuiteAlgorithm, settings: String, cells: [SuiteResult.Cell], results: [CellResult], isClipped: Bool,
    parts count: Int, model: Int, _ comparison: SuiteComparison
  ) {
    func rmse(_ result: CellResult) -> Double { isClipped ? result.rmseClipped : result.rmseUnclipped }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func deviation(_ values: [Double]) -> Double? {
      guard values.count > 1 else { return nil }
      let center = mean(values)
      return (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)).squareRoot()
    }
    label = algorithm.label
    self.algorithm = algorithm.algorithm
    self.settings = settings
    search = algorithm.search?.text
    chosen =
      algorithm.search == nil
      ? [] : results.map { $0.chosen.map(\.description).joined(separator: " ") }
    self.rmse = comparison.intervals[model]
    difference = comparison.differences[model]
    letters = comparison.groups.letters[model]
    rank = comparison.groups.ranks[model]
    let paired = Array(zip(cells, results))
    parts = (0..<count).map { part in mean(paired.filter { $0.0.part == part }.map { rmse($0.1) }) }
    meanOfParts = mean(parts)
    deviationOfParts = deviation(parts)
    let seeds = Set(cells.map(\.seed)).sorted()
    deviationOfSeeds = deviation(seeds.map { seed in mean(paired.filter { $0.0.seed == seed }.map { rmse($0.1) }) })
    otherRMSE = mean(results.map { isClipped ? $0.rmseUnclipped : $0.rmseClipped })
    metrics = results[0].metrics.indices.map { place in
      let values = results.compactMap { $0.metrics[place].value }
      return CellResult.MetricFigure(
        name: results[0].metrics[place].name, value: values.count == results.count ? mean(values) : nil)
    }
    timing = SuiteReport.Timing(
      training: mean(cells.map(\.timing.trainingSeconds)), prediction: mean(cells.map(\.timing.predictionSeconds)),
      search: mean(cells.map(\.timing.searchSeconds)))
    curve = Self.curve(results)
    strata = Self.strata(results)
    reliability = Self.reliability(results)
  }

  /// The mean curve, as far as all go.
  private static func curve(_ results: [CellResult]) -> [CellResult.CurvePoint] {
    let length = results.map(\.curve.count).min() ?? 0
    return (0..<length).map { place in
      let points = results.map { $0.curve[place] }
      let tests = points.compactMap(\.testRMSE)
      return CellResult.CurvePoint(
        epoch: points[0].epoch, trainingRMSE: points.reduce(0) { $0 + $1.trainingRMSE } / Double(points.count),
        testRMSE: tests.count == points.count ? tests.reduce(0, +) / Double(tests.count) : nil)
    }
  }

  /// The sums of strata that have the same label, in the order of their numbers.
  private static func strata(_ results: [CellResult]) -> [CellResult.StratumErrors] {
    var merged: [CellResult.StratumErrors] = []
    for stratum in results.flatMap(\.strata) {
      if let place = merged.firstIndex(where: { $0.group == stratum.group && $0.label == stratum.label }) {
        merged[place].count += stratum.count
        merged[place].squares += stratum.squares
        merged[place].errors += stratum.errors
      } else {
        merged.append(stratum)
      }
    }
    var groups: [String] = []
    for stratum in merged where !groups.contains(stratum.group) { groups.append(stratum.group) }
    return groups.flatMap { group in
      merged.enumerated().filter { $0.element.group == group }
        .sorted { (leadingNumber($0.element.label), $0.offset) < (leadingNumber($1.element.label), $1.offset) }
        .map(\.element)
    }
  }

  /// `10-29` is 10; text without a number comes in the order in which it was found.
  private static func leadingNumber(_ label: String) -> Double {
    var digits = ""
    for character in label {
      let isSign = character == "-" && digits.isEmpty
      guard isSign || character.isASCII && character.isNumber || character == "." else { break }
      digits.append(character)
    }
    return Double(digits) ?? 0
  }

  private static func reliability(_ results: [CellResult]) -> [CellResult.ReliabilityBin] {
    var sums: [Double: (count: Int, prediction: Double, answer: Double)] = [:]
    for bin in results.flatMap(\.reliability) {
      let old = sums[bin.lower] ?? (0, 0, 0)
      sums[bin.lower] = (
        old.count + bin.count, old.prediction + bin.meanPrediction * Double(bin.count),
        old.answer + bin.meanAnswer * Double(bin.count)
      )
    }
    return sums.sorted { $0.key < $1.key }.map { lower, sum in
      CellResult.ReliabilityBin(
        lower: lower, count: sum.count, meanPrediction: sum.prediction / Double(sum.count),
        meanAnswer: sum.answer / Double(sum.count))
    }
  }
}
