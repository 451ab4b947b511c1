import RatingData

/// A metric as the registry knows it: its name, what it means, what it needs, and how it is made.
public struct MetricDefinition: Sendable {
  /// Which values are better.
  public enum Direction: String, Sendable, Hashable {
    case greater
    case smaller
    /// The nearer to 0 (bias), or to its nominal value (coverage).
    case nearer
  }

  /// What a metric is computed from.
  public enum Needs: String, Sendable, Hashable {
    /// Predictions and answers.
    case predictions
    /// Predictions and answers, and whose they are.
    case users = "predictions of known users"
    /// Predictive distributions and answers: of models that give them.
    case distributions
    /// Each user's ranking of items that the user has not rated in training.
    case rankings
  }

  enum Source: Sendable {
    /// Rows in any order and any batches.
    case rows(@Sendable (RatingScale?) -> (any RatingMetric)?)
    /// Batches of all rows of one user.
    case users(@Sendable () -> any RatingMetric)
    case distributions(@Sendable () -> any DistributionMetric)
    /// Of the first so many items, in a catalogue of so many.
    case rankings(@Sendable (_ cutoff: Int, _ catalogue: Int) -> any RankingMetric)
  }

  /// `rmse`; in lower case, without `@`.
  public let name: String
  /// `root mean squared error`.
  public let title: String
  /// `sqrt(sum (prediction - answer)^2 / n)`.
  public let formula: String
  public let direction: Direction
  let source: Source

  init(_ name: String, _ title: String, _ formula: String, _ direction: Direction, _ source: Source) {
    self.name = name
    self.title = title
    self.formula = formula
    self.direction = direction
    self.source = source
  }

  /// A metric of rows of predictions and answers.
  ///
  /// - Parameter make: the metric of no rows on a scale, which is nil where none is known; nil where it needs one.
  public init(
    name: String, title: String, formula: String, direction: Direction,
    make: @escaping @Sendable (RatingScale?) -> (any RatingMetric)?
  ) {
    self.init(name, title, formula, direction, .rows(make))
  }

  /// A metric of each user's rows: it is given all rows of a user at once.
  public init(
    name: String, title: String, formula: String, direction: Direction,
    makeOfUsers: @escaping @Sendable () -> any RatingMetric
  ) {
    self.init(name, title, formula, direction, .users(makeOfUsers))
  }

  /// A metric of predictive distributions.
  public init(
    name: String, title: String, formula: String, direction: Direction,
    makeOfDistributions: @escaping @Sendable () -> any DistributionMetric
  ) {
    self.init(name, title, formula, direction, .distributions(makeOfDistributions))
  }

  /// A metric of the first items of each user's ranking; `make` gets their number and that of the items in the catalogue.
  public init(
    name: String, title: String, formula: String, direction: Direction,
    makeOfRankings: @escaping @Sendable (_ cutoff: Int, _ catalogue: Int) -> any RankingMetric
  ) {
    self.init(name, title, formula, direction, .rankings(makeOfRankings))
  }

  public var needs: Needs {
    switch source {
    case .rows: .predictions
    case .users: .users
    case .distributions: .distributions
    case .rankings: .rankings
    }
  }

  /// Whether greater is better; nil where nearer to a value is.
  public var greaterIsBetter: Bool? {
    switch direction {
    case .greater: true
    case .smaller: false
    case .nearer: nil
    }
  }

  /// The ways to write it: `rmse`, `rmse@users`, `ndcg@N`.
  public var spellings: [String] {
    switch source {
    case .rows: [name, "\(name)@users", "\(name)@items"]
    case .users: [name, "\(name)@users"]
    case .distributions: [name]
    case .rankings: ["\(name)@N"]
    }
  }
}
