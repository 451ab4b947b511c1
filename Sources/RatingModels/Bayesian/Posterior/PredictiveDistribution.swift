/// What a posterior says of one rating: not only what to expect, but how sure that is.
public struct PredictiveDistribution: Sendable, Hashable {
  /// The expected rating: what `predict` gives.
  public let mean: Double
  /// The standard deviation of the rating around it, with the noise of ratings.
  public let deviation: Double
  /// The standard deviation of the expected rating over the samples: what more ratings of this user and this item would
  /// lessen.
  public let expectedDeviation: Double
  /// Bounds between which the rating lies with a probability of `PredictiveDistributions.level`, or a little more where
  /// ratings are levels.
  public let interval: ClosedRange<Double>
  /// The probability of each of `PredictiveDistributions.stars`.
  public let probabilities: [Double]
}

/// The predictive distributions of many pairs: see `PosteriorModel.predictiveDistributions`.
public struct PredictiveDistributions: Sendable, Hashable, RandomAccessCollection {
  /// The probability that intervals are made for.
  public let level: Double
  /// The ratings that have probabilities, ascending: with the ordered probit likelihood its levels; with the Gaussian
  /// likelihood those of the scale, or of the training data where the scale has no step; none where there are more than 64.
  public let stars: [Double]
  /// For each pair mean, deviation, expectedDeviation, lower, upper, and the stars' probabilities.
  private let values: [Double]

  static let scalarCount = 5

  init(level: Double, stars: [Double], values: [Double]) {
    self.level = level
    self.stars = stars
    self.values = values
  }

  private var width: Int { Self.scalarCount + stars.count }

  public var startIndex: Int { 0 }
  /// The number of pairs.
  public var endIndex: Int { values.count / width }

  public subscript(row: Int) -> PredictiveDistribution {
    precondition(row >= 0 && row < count, "row \(row) is none of \(count) pairs")
    let start = row * width
    return PredictiveDistribution(
      mean: values[start], deviation: values[start + 1], expectedDeviation: values[start + 2],
      interval: values[start + 3]...values[start + 4],
      probabilities: Array(values[start + Self.scalarCount..<start + width]))
  }

  /// The expected ratings.
  public var means: [Double] { column(0) }
  /// The standard deviations of the ratings.
  public var deviations: [Double] { column(1) }
  /// The standard deviations of the expected ratings.
  public var expectedDeviations: [Double] { column(2) }
  /// The intervals' lower bounds.
  public var lowerBounds: [Double] { column(3) }
  /// The intervals' upper bounds.
  public var upperBounds: [Double] { column(4) }

  /// The probability of one of the stars, for every pair.
  ///
  /// - Precondition: `star` is one of `stars.indices`.
  public func probabilities(ofStar star: Int) -> [Double] {
    precondition(stars.indices.contains(star), "star \(star) is none of \(stars.count)")
    return column(Self.scalarCount + star)
  }

  private func column(_ offset: Int) -> [Double] { (0..<count).map { values[$0 * width + offset] } }
}
