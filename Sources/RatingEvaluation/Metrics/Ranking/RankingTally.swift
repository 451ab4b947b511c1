import RatingNumerics

/// Metrics of rankings, added user by user, and merged.
///
///     var tally = try RankingTally(metrics, catalogue: items)
///     for user in users { tally.add(RankedUser(ranked: ..., relevant: ..., candidateCount: ...)) }
///     tally.values
public struct RankingTally: Sendable {
  public let metrics: [Metric]
  /// The users without a relevant item, who have no accuracy and count in none of the metrics.
  public private(set) var usersLeftOut = 0
  private var made: [any RankingMetric]

  /// The most items of a ranking that any of the metrics looks at.
  public var largestCutoff: Int { metrics.reduce(1) { max($0, $1.cutoff ?? 1) } }

  /// - Parameter catalogue: the number of items, at least 1.
  /// - Throws: `missing-input` where a metric is none of rankings.
  public init(_ metrics: [Metric], catalogue: Int) throws(EvaluationError) {
    var made: [any RankingMetric] = []
    for metric in metrics {
      guard case .rankings(let make) = metric.definition.source, let cutoff = metric.cutoff else {
        throw EvaluationError(
          .missingInput, "\(metric) is computed from \(metric.needs.rawValue), and these are rankings")
      }
      made.append(make(cutoff, catalogue))
    }
    self.metrics = metrics
    self.made = made
  }

  /// Adds a user; one without a relevant item is counted as left out.
  public mutating func add(_ user: RankedUser) {
    guard user.relevantCount > 0 else {
      usersLeftOut += 1
      return
    }
    for index in made.indices { made[index].add(user) }
  }

  /// Adds users without a relevant item, whom nothing was ranked for.
  public mutating func leaveOut(users: Int) { usersLeftOut += users }

  /// Adds what another tally of the same metrics was given.
  public mutating func merge(_ other: RankingTally) {
    precondition(metrics == other.metrics, "tallies of different metrics can't be merged")
    func merged<Base: RankingMetric>(_ metric: Base, _ other: any RankingMetric) -> any RankingMetric {
      guard let other = other as? Base else { preconditionFailure("tallies of different metrics can't be merged") }
      var metric = metric
      metric.merge(other)
      return metric
    }
    for index in made.indices { made[index] = merged(made[index], other.made[index]) }
    usersLeftOut += other.usersLeftOut
  }

  /// The metrics' values, in the order of the metrics; their counts are of users.
  public var values: [MetricValue] {
    zip(metrics, made).map { MetricValue($0, value: $1.value, count: $1.count, leftOut: usersLeftOut) }
  }
}
