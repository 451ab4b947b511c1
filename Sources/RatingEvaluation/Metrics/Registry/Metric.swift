/// A metric as it is asked for: `rmse`, `rmse@users`, `ndcg@10`.
///
///     let metric = try Metric(parsing: "ndcg@10")
///
/// What follows the `@` says over what: `users` and `items` are macro averages (the mean over users, or items, of the
/// figure of each one's rows), a number is how many items of a ranking count.
public struct Metric: Sendable, Hashable, CustomStringConvertible {
  /// Over what a figure of predictions is taken.
  public enum Average: String, Sendable, Hashable {
    /// All rows alike.
    case rows
    /// Each user alike: see `MacroAverage`.
    case users
    /// Each item alike.
    case items
  }

  public let definition: MetricDefinition
  public let average: Average
  /// How many items of a ranking count; nil for what is no metric of rankings.
  public let cutoff: Int?

  /// The most items of a ranking that may count.
  public static let largestCutoff = 10_000

  /// Reads a name; spaces around it and capitals don't count.
  ///
  /// - Throws: `unknown-metric`, naming what there is.
  public init(parsing text: String, in registry: MetricRegistry = .standard) throws(EvaluationError) {
    let trimmed = text.drop { $0 == " " }
    let parts = trimmed.lowercased().split(separator: " ", omittingEmptySubsequences: true).joined()
      .split(separator: "@", omittingEmptySubsequences: false)
    guard let name = parts.first, parts.count <= 2, let definition = registry[String(name)] else {
      throw EvaluationError(.unknownMetric, "there is no metric '\(text)'; there are \(registry.spellings)")
    }
    self.definition = definition
    switch (definition.source, parts.count == 2 ? String(parts[1]) : nil) {
    case (.rankings, let suffix?):
      guard let cutoff = Int(suffix), 1...Self.largestCutoff ~= cutoff else {
        throw EvaluationError(
          .unknownMetric,
          "'\(text)' must say how many items count, from 1 to \(Self.largestCutoff), such as \(definition.name)@10")
      }
      (average, self.cutoff) = (.users, cutoff)
    case (.rankings, nil):
      throw EvaluationError(
        .unknownMetric, "'\(text)' must say how many items of a ranking count, such as \(definition.name)@10")
    case (.rows, "users"), (.users, "users"): (average, cutoff) = (.users, nil)
    case (.rows, "items"): (average, cutoff) = (.items, nil)
    case (_, nil): (average, cutoff) = (.rows, nil)
    default:
      throw EvaluationError(
        .unknownMetric, "'\(text)' is no metric; write \(definition.spellings.joined(separator: " or "))")
    }
  }

  /// Reads names with commas between them: `rmse,mae,rmse@users`. One that is repeated counts once.
  ///
  /// - Throws: `unknown-metric`.
  public static func list(
    parsing text: String, in registry: MetricRegistry = .standard
  ) throws(EvaluationError) -> [Metric] {
    var metrics: [Metric] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      let metric = try Metric(parsing: String(name), in: registry)
      if !metrics.contains(metric) { metrics.append(metric) }
    }
    return metrics
  }

  /// `rmse`, `rmse@users`, `ndcg@10`.
  public var name: String {
    if let cutoff { return "\(definition.name)@\(cutoff)" }
    return average == .rows ? definition.name : "\(definition.name)@\(average.rawValue)"
  }

  /// `root mean squared error, mean over users`.
  public var title: String {
    if let cutoff { return "\(definition.title), first \(cutoff)" }
    return average == .rows ? definition.title : "\(definition.title), mean over \(average.rawValue)"
  }

  public var needs: MetricDefinition.Needs {
    average == .users && definition.needs == .predictions ? .users : definition.needs
  }

  public var description: String { name }

  public static func == (a: Metric, b: Metric) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// What a metric came out as, and over how much.
public struct MetricValue: Sendable, Hashable {
  public let metric: Metric
  /// nil where these rows have no such figure.
  public let value: Double?
  /// The number of rows, or of users for metrics of rankings.
  public let count: Int
  /// For a macro average the number of users or items that it is the mean over.
  public let groups: Int?
  /// The users, items or rows that have no such figure and were left out.
  public let leftOut: Int

  public init(_ metric: Metric, value: Double?, count: Int, groups: Int? = nil, leftOut: Int = 0) {
    self.metric = metric
    self.value = value
    self.count = count
    self.groups = groups
    self.leftOut = leftOut
  }
}
