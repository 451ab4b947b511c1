/// The metrics that can be named: those of this library, and those that a program adds.
///
/// A new metric is a type in a file of its own, and one line here.
public struct MetricRegistry: Sendable {
  public private(set) var definitions: [MetricDefinition] = []

  /// An empty registry.
  public init() {}

  /// The metrics of this library. Errors are d = prediction - answer over n rows; y are the answers.
  public static let standard: MetricRegistry = {
    var all = MetricRegistry()
    // Predictions.
    all.add(
      .init("rmse", "root mean squared error", "sqrt(sum d^2 / n)", .smaller, .rows { _ in ErrorMetric(.rmse) }))
    all.add(.init("mse", "mean squared error", "sum d^2 / n", .smaller, .rows { _ in ErrorMetric(.mse) }))
    all.add(.init("mae", "mean absolute error", "sum |d| / n", .smaller, .rows { _ in ErrorMetric(.mae) }))
    all.add(
      .init(
        "nmae", "normalized mean absolute error", "MAE / (highest - lowest rating of the scale)", .smaller,
        .rows { scale in scale.map { ErrorMetric(.normalizedMAE(width: $0.upper - $0.lower)) } }))
    all.add(.init("bias", "mean error", "sum d / n", .nearer, .rows { _ in ErrorMetric(.bias) }))
    all.add(.init("max-error", "largest error", "max |d|", .smaller, .rows { _ in LargestError() }))
    all.add(
      .init(
        "r2", "R2, the coefficient of determination", "1 - sum d^2 / sum (y - mean y)^2", .greater,
        .rows { _ in ExplainedVariation(.r2) }))
    all.add(
      .init(
        "explained-variance", "explained variance", "1 - sum (d - mean d)^2 / sum (y - mean y)^2", .greater,
        .rows { _ in ExplainedVariation(.explainedVariance) }))
    all.add(
      .init(
        "fcp", "fraction of concordant pairs",
        "(concordant + tied / 2) / pairs of a user's rows with different answers", .greater,
        .users { ConcordantPairs() }))
    // Distributions.
    all.add(
      .init(
        "nll", "negative log-likelihood of the star, in nats", "- sum ln P(y) / n", .smaller,
        .distributions { LogLoss(.star) }))
    all.add(
      .init(
        "nlpd", "negative log predictive density (normal), in nats",
        "sum (ln(2 pi s^2) / 2 + (y - m)^2 / (2 s^2)) / n", .smaller, .distributions { LogLoss(.normal) }))
    all.add(
      .init(
        "rps", "ranked probability score of the stars, in ratings",
        "sum over rows and stars k of (P(y <= k) - [y <= k])^2 x (next star - k), / n", .smaller,
        .distributions { RankedProbability(.stars) }))
    all.add(
      .init(
        "crps", "continuous ranked probability score (normal), in ratings",
        "sum s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)) / n, z = (y - m) / s", .smaller,
        .distributions { RankedProbability(.normal) }))
    all.add(
      .init(
        "interval-coverage", "fraction of answers inside their interval", "answers in lower...upper / n", .nearer,
        .distributions { IntervalCoverage(.coverage) }))
    all.add(
      .init(
        "interval-width", "mean width of the intervals", "sum (upper - lower) / n", .smaller,
        .distributions { IntervalCoverage(.width) }))
    all.add(
      .init(
        "star-calibration", "expected calibration error of star probabilities",
        "sum over bins of |mean probability - observed frequency| x share", .smaller,
        .distributions { StarReliability() }))
    all.add(
      .init(
        "pit-distance", "largest distance of the probability integral transform from uniform",
        "max over k/20 of |mean PIT distribution(k/20) - k/20|", .smaller, .distributions { PITHistogram() }))
    // Rankings.
    for figure in RankingAccuracy.Figure.allCases {
      all.add(
        .init(
          figure.rawValue, figure.title, figure.formula, .greater,
          .rankings { cutoff, _ in RankingAccuracy(figure, cutoff: cutoff) }))
    }
    for figure in ItemExposure.Figure.allCases {
      all.add(
        .init(
          figure.rawValue, figure.title, figure.formula, figure == .gini ? .smaller : .greater,
          .rankings { cutoff, catalogue in ItemExposure(figure, cutoff: cutoff, catalogue: catalogue) }))
    }
    return all
  }()

  /// Adds a metric.
  ///
  /// - Precondition: its name is in lower case, without `@`, comma or space, and not taken.
  public mutating func add(_ definition: MetricDefinition) {
    let name = definition.name
    precondition(
      !name.isEmpty && name == name.lowercased() && !name.contains { "@, ".contains($0) },
      "a metric's name is in lower case, without @, comma or space, got '\(name)'")
    precondition(self[name] == nil, "a metric named \(name) is already registered")
    definitions.append(definition)
  }

  /// The metric of a name without what follows the `@`.
  public subscript(name: String) -> MetricDefinition? { definitions.first { $0.name == name } }

  public var names: [String] { definitions.map(\.name) }

  /// What can be written of the metrics of predictions, for messages and help.
  public var rowSpellings: String {
    let rows = definitions.filter { $0.needs == .predictions || $0.needs == .users }.map(\.name)
    return rows.isEmpty
      ? "" : "\(rows.joined(separator: ", ")) (with @users or @items for the mean over users or items)"
  }

  /// What can be written, for messages and help.
  public var spellings: String {
    let distributions = definitions.filter { $0.needs == .distributions }.map(\.name)
    let rankings = definitions.filter { $0.needs == .rankings }.map { "\($0.name)@N" }
    return [
      rowSpellings.isEmpty ? nil : rowSpellings,
      distributions.isEmpty ? nil : "of distributions \(distributions.joined(separator: ", "))",
      rankings.isEmpty ? nil : "of rankings \(rankings.joined(separator: ", "))",
    ].compactMap { $0 }.joined(separator: "; ")
  }
}
