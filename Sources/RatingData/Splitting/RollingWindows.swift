import RatingNumerics

/// Rolling-origin evaluation: the ratings are cut along time into `windows` + 1 parts of equal size (to one rating); split
/// w has part w + 1 as its test half, and trains on what came before it.
///
/// So a model is judged again and again on the ratings that came next. Ratings of the time at which a cut falls are divided
/// at random, as `TimeSplit` does.
///
/// What leaks: nothing later than the test half, but for ratings of the very time of a cut.
///
/// Source: Tashman, "Out-of-sample tests of forecasting accuracy: an analysis and review", International Journal of
/// Forecasting 16 (2000), doi:10.1016/S0169-2070(00)00065-0.
public struct RollingWindows: Sendable, Hashable {
  /// What each split trains on.
  public enum Training: String, Sendable, Hashable, CaseIterable {
    /// All that came before.
    case expanding
    /// The part just before, so that every split trains on equally much.
    case sliding
  }

  /// In 1...1000, and below the number of ratings.
  public var windows: Int
  public var training: Training

  public init(windows: Int, training: Training = .expanding) {
    self.windows = windows
    self.training = training
  }

  /// - Throws: where the ratings have no times.
  public func splits(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Splits {
    try dataset.requireTimes(for: "a cut through time")
    guard windows >= 1 && windows <= 1_000 && windows < dataset.count else {
      throw unusableSplit(
        "the number of windows lies in 1...\(max(1, min(1_000, dataset.count - 1))) for \(dataset.count) ratings, "
          + "got \(windows)")
    }
    let count = windows + 1
    let sizes = (0..<count).map { dataset.count * ($0 + 1) / count - dataset.count * $0 / count }
    let parts = dataset.withUnsafeColumns { columns in
      RowOrder.parts(count: dataset.count, sizes: sizes) { row in
        let tie = RowOrder.randomKey(
          seed: seed, purpose: "split.rolling", user: columns.users[row], item: columns.items[row])
        return UInt64(columns.times![row]) << 32 | tie >> 32
      }
    }
    let training = training
    return Splits(names: (1...windows).map { "window-\($0)" }) { index in
      dataset.dividing(
        parts, train: { training == .expanding ? $0 <= index : $0 == index }, test: { $0 == index + 1 })
    }
  }
}
