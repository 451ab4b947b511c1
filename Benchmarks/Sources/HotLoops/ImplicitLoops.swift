import CRatingKernels
@_spi(Benchmarks) import RatingNumerics

/// Users, items and ratings for the kernels of SVD++: 100 users with 100 ratings each of 200 items.
///
/// Unchecked: one thread at a time runs on a model.
private final class ImplicitMemory: @unchecked Sendable {
  static let count = users * each
  private static let (users, items, each) = (100, 200, 100)
  private let stride: Int
  private let itemFactors, implicit, own, sums, biases, rates, keeps, weights: UnsafeMutablePointer<Float>
  private let ratings: [rk_item_rating]
  private let rows: [UInt32]

  init(factors: Int) {
    stride = (factors + 15) / 16 * 16
    var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.implicit")
    func floats(_ count: Int, _ value: (Int) -> Float) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
        .bindMemory(to: Float.self, capacity: count)
      for place in 0..<count { (memory + place).initialize(to: value(place)) }
      return memory
    }
    let stride = stride
    func matrix(_ rows: Int) -> UnsafeMutablePointer<Float> {
      floats(rows * stride) { $0 % stride < factors ? Float(0.2 * (stream.uniform() - 0.5)) : 0 }
    }
    (itemFactors, implicit, own) = (matrix(Self.items), matrix(Self.items), matrix(Self.users))
    sums = floats(2 * stride) { _ in 0 }
    biases = floats(Self.items) { _ in 0 }
    rates = floats(Self.items) { _ in 0 }
    keeps = floats(Self.items) { _ in 1 }
    weights = floats(Self.each) { _ in 0.1 }
    rows = (0..<Self.count).map { _ in UInt32(stream.below(Self.items)) }
    ratings = rows.map { rk_item_rating(item: $0, rating: Float(stream.below(5)) - 2) }
  }

  deinit {
    for memory in [itemFactors, implicit, own, sums, biases, rates, keeps, weights] { memory.deallocate() }
  }

  /// One pass over the ratings: gather, steps and scatter for each user, at a rate so small that the model stays.
  func epoch(_ kernels: KernelSet) -> Double {
    var items = rk_implicit_items(
      factors: itemFactors, biases: biases, bias_rates: rates, bias_keeps: keeps, stride: stride, factor_rate: 1e-6,
      factor_keep: 1)
    var squares = 0.0
    rows.withUnsafeBufferPointer { rows in
      ratings.withUnsafeBufferPointer { ratings in
        for user in 0..<Self.users {
          let start = user * Self.each
          let rated = rows.baseAddress! + start
          kernels.sumRows(implicit, stride: stride, rows: rated, weights: weights, count: Self.each, into: sums)
          var row = rk_implicit_user(
            own: own + user * stride, implicit: sums, own_rate: 1e-6, own_keep: 1, implicit_rate: 1e-6,
            implicit_keep: 1, bias: 0, bias_rate: 0, bias_keep: 1)
          squares += kernels.descend(&items, user: &row, ratings: ratings.baseAddress! + start, count: Self.each)
          // The second row is 0: what is added keeps the model as it is.
          kernels.addToRows(
            implicit, stride: stride, rows: rated, weights: weights, count: Self.each, keep: 1, addend: sums + stride)
        }
      }
    }
    return squares
  }
}

extension HotLoop {
  /// The steps of SVD++ with the sums before and after each user, all rows in cache.
  static func implicitDescent(_ factors: Int, _ set: InstructionSet) -> HotLoop {
    HotLoop("svd++-\(factors)-\(set)", unitsPerRun: ImplicitMemory.count) {
      let (kernels, memory) = (KernelSet(set)!, ImplicitMemory(factors: factors))
      return { consume(memory.epoch(kernels)) }
    }
  }
}
