/// The ratings that a data set allows: from `lower` to `upper`, in steps or continuous.
public struct RatingScale: Sendable, Hashable, Codable, CustomStringConvertible {
  public let lower: Double
  public let upper: Double
  /// The distance between neighbouring ratings (1 for whole stars, 0.5 for half stars); nil for a continuous scale.
  public let step: Double?

  /// - Precondition: `lower < upper`, both finite; `step`, where given, is positive.
  public init(_ bounds: ClosedRange<Double>, step: Double? = nil) {
    precondition(
      bounds.lowerBound < bounds.upperBound && bounds.lowerBound.isFinite && bounds.upperBound.isFinite,
      "a rating scale needs two different finite bounds, got \(bounds)")
    precondition(step.map { $0 > 0 } ?? true, "a rating scale's step is positive, got \(step ?? 0)")
    lower = bounds.lowerBound
    upper = bounds.upperBound
    self.step = step
  }

  /// Whole stars from 1 to 5: Netflix, MovieLens 100K and 1M.
  public static let wholeStars = RatingScale(1...5, step: 1)
  /// Half stars from 0.5 to 5: MovieLens 10M and later.
  public static let halfStars = RatingScale(0.5...5, step: 0.5)

  public func contains(_ rating: Double) -> Bool {
    guard rating >= lower && rating <= upper else { return false }
    guard let step else { return true }
    let steps = (rating - lower) / step
    return abs(steps - steps.rounded()) < 1e-6
  }

  /// The nearest rating that is not outside the bounds.
  public func clamp(_ rating: Double) -> Double { min(max(rating, lower), upper) }

  /// `1...5`, as `--rating-scale` takes it.
  public var description: String { "\(text(lower))...\(text(upper))" }

  private func text(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }
}
