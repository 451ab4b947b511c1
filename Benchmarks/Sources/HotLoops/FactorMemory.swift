import CPlainLoops
import CRatingKernels
@_spi(Benchmarks) import RatingNumerics

/// A factor model and the ratings to learn, in memory as the kernels want it.
///
/// Unchecked: one thread at a time runs on a model.
final class FactorMemory: @unchecked Sendable {
  static let cachedRatings = 10_000

  let records: UnsafeMutablePointer<rk_rating>
  let count: Int
  let c: rk_biased_factors

  /// 100 users, 200 items and 100 ratings of each user, which stand together: small enough for the second-level cache
  /// at 128 factors.
  static func cached(factors: Int) -> FactorMemory {
    var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.sgd")
    let pairs = (0..<cachedRatings).map { (UInt32($0 / 100), UInt32(stream.below(200))) }
    return FactorMemory(users: 100, items: 200, factors: factors, pairs: pairs)
  }

  /// Random whole stars for these pairs, in this order.
  init(users: Int, items: Int, factors: Int, pairs: [(UInt32, UInt32)]) {
    var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.factors")
    count = pairs.count
    records = .allocate(capacity: count)
    for (row, pair) in pairs.enumerated() {
      (records + row).initialize(to: rk_rating(user: pair.0, item: pair.1, rating: Float(stream.below(5) + 1)))
    }
    func floats(_ count: Int, scale: Double) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
        .bindMemory(to: Float.self, capacity: count)
      for index in 0..<count { (memory + index).initialize(to: Float(scale * (stream.uniform() - 0.5))) }
      return memory
    }
    // A learning rate so small that the model stays what it is, however often a benchmark runs.
    c = rk_biased_factors(
      user_factors: floats(users * factors, scale: 0.2), item_factors: floats(items * factors, scale: 0.2),
      user_biases: floats(users, scale: 0), item_biases: floats(items, scale: 0), factors: factors, mean: 3,
      user_bias_rate: 1e-5, item_bias_rate: 1e-5, user_bias_regularizations: UnsafePointer(floats(users, scale: 0)),
      item_bias_regularizations: UnsafePointer(floats(items, scale: 0)), factor_rate: 1e-5,
      factor_regularization: 0.02, user_squares: nil, item_squares: nil, per_factor: 0, nonnegative: 0)
  }

  deinit {
    records.deallocate()
    for memory in [c.user_factors, c.item_factors, c.user_biases, c.item_biases] { memory.deallocate() }
    for memory in [c.user_bias_regularizations, c.item_bias_regularizations] { memory.deallocate() }
  }

  /// The ratings one after the other, as one part of a block.
  lazy var single = RatingParts(Array(UnsafeBufferPointer(start: records, count: count)))
  /// Four quarters of the ratings at once.
  lazy var parts = RatingParts(quarter(0), quarter(1), quarter(2), quarter(3))

  private func quarter(_ number: Int) -> [rk_rating] {
    Array(UnsafeBufferPointer(start: records, count: count)[count * number / 4..<count * (number + 1) / 4])
  }

  /// One pass over the ratings.
  func steps(_ kernels: KernelSet, _ ratings: RatingParts) -> Double {
    withUnsafePointer(to: c) { model in ratings.withBlock { kernels.descend(model, $0) } }
  }

  /// One pass of the plain loop over the ratings, by a copy of them in columns.
  func plainSteps() -> Double {
    plain_sgd(
      c.user_factors, c.item_factors, c.user_biases, c.item_biases, c.factors, c.mean, c.factor_rate,
      c.factor_regularization, columns.users, columns.items, columns.ratings, count)
  }

  private lazy var columns: (users: [UInt32], items: [UInt32], ratings: [Float]) = (
    (0..<count).map { records[$0].user }, (0..<count).map { records[$0].item }, (0..<count).map { records[$0].rating }
  )
}
