import CPlainLoops
import CRatingKernels
@_spi(Benchmarks) import RatingNumerics

func numbers(_ count: Int, index: UInt64) -> [Float] {
  var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks", index: index)
  return (0..<count).map { _ in Float(stream.uniform()) }
}

extension HotLoop {
  // MARK: Sums

  private static let dots = 2000

  static func dot(_ length: Int, _ set: InstructionSet) -> HotLoop {
    HotLoop("dot-\(length)-\(set)", unitsPerRun: dots) {
      let (kernels, a, b) = (KernelSet(set)!, numbers(length, index: 0), numbers(length, index: 1))
      return {
        var sum: Float = 0
        for _ in 0..<dots { sum += kernels.dot(a, b, count: length) }
        consume(sum)
      }
    }
  }

  static func plainDot(_ length: Int) -> HotLoop {
    HotLoop("dot-\(length)-plain", unitsPerRun: dots) {
      let (a, b) = (numbers(length, index: 0), numbers(length, index: 1))
      return {
        var sum: Float = 0
        for _ in 0..<dots { sum += plain_dot(a, b, length) }
        consume(sum)
      }
    }
  }

  private static let rows = 2000

  static func squaredError(_ set: InstructionSet) -> HotLoop {
    HotLoop("squared-error-\(set)", unitsPerRun: rows) {
      let (kernels, ratings) = (KernelSet(set)!, numbers(rows, index: 2))
      let predictions = numbers(rows, index: 3).map { Double($0) }
      return { consume(kernels.squaredError(predictions: predictions, ratings: ratings, count: rows)) }
    }
  }

  static let plainSquaredError = HotLoop("squared-error-plain", unitsPerRun: rows) {
    let (ratings, predictions) = (numbers(rows, index: 2), numbers(rows, index: 3).map { Double($0) })
    return { consume(plain_squared_error(predictions, ratings, rows)) }
  }

  // MARK: Biased SGD, all rows in cache

  static func descent(_ factors: Int, _ set: InstructionSet) -> HotLoop {
    HotLoop("sgd-\(factors)-\(set)", unitsPerRun: CachedModel.ratings) {
      let (kernels, model) = (KernelSet(set)!, CachedModel(factors: factors))
      return {
        withUnsafePointer(to: model.c) { consume(kernels.descend($0, ratings: model.records, count: model.count)) }
      }
    }
  }

  static func pairDescent(_ factors: Int, _ set: InstructionSet) -> HotLoop {
    HotLoop("sgd-pair-\(factors)-\(set)", unitsPerRun: CachedModel.ratings) {
      let (kernels, model) = (KernelSet(set)!, CachedModel(factors: factors))
      let half = model.count / 2
      return {
        withUnsafePointer(to: model.c) {
          consume(
            kernels.descend(
              $0, first: model.records, firstCount: half, second: model.records + half, secondCount: half))
        }
      }
    }
  }

  static func plainDescent(_ factors: Int) -> HotLoop {
    HotLoop("sgd-\(factors)-plain", unitsPerRun: CachedModel.ratings) {
      let model = CachedModel(factors: factors)
      let users = (0..<model.count).map { model.records[$0].user }
      let items = (0..<model.count).map { model.records[$0].item }
      let ratings = (0..<model.count).map { model.records[$0].rating }
      return {
        consume(
          plain_sgd(
            model.c.user_factors, model.c.item_factors, model.c.user_biases, model.c.item_biases, factors, model.c.mean,
            model.c.factor_rate, model.c.factor_regularization, users, items, ratings, model.count))
      }
    }
  }

  /// Two pieces of equal work on up to two threads.
  static func parallelDescent(threads: Int) -> HotLoop {
    HotLoop("parallel-sgd-\(threads)-threads", unitsPerRun: 40 * CachedModel.ratings) {
      let kernels = KernelSet(Kernels.instructionSet)!
      let models = [CachedModel(factors: 64), CachedModel(factors: 64)]
      return {
        Parallel.forEach(2, threads: threads) { piece in
          let model = models[piece]
          withUnsafePointer(to: model.c) {
            for _ in 0..<20 { consume(kernels.descend($0, ratings: model.records, count: model.count)) }
          }
        }
      }
    }
  }
}

/// 100 users, 200 items and 100 ratings of each user: small enough for the second-level cache at 128 factors.
///
/// Unchecked: one thread at a time runs on a model.
private final class CachedModel: @unchecked Sendable {
  static let users = 100, items = 200, ratings = 10_000

  let records: UnsafeMutablePointer<rk_rating>
  let count = ratings
  let c: rk_biased_factors

  init(factors: Int) {
    var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.sgd")
    records = .allocate(capacity: Self.ratings)
    for row in 0..<Self.ratings {
      let (user, item) = (UInt32(row / (Self.ratings / Self.users)), UInt32(stream.below(Self.items)))
      (records + row).initialize(to: rk_rating(user: user, item: item, rating: Float(stream.below(5) + 1)))
    }
    func floats(_ count: Int, scale: Double) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
        .bindMemory(to: Float.self, capacity: count)
      for index in 0..<count { (memory + index).initialize(to: Float(scale * (stream.uniform() - 0.5))) }
      return memory
    }
    // A learning rate so small that the model stays what it is, however often a benchmark runs.
    c = rk_biased_factors(
      user_factors: floats(Self.users * factors, scale: 0.2), item_factors: floats(Self.items * factors, scale: 0.2),
      user_biases: floats(Self.users, scale: 0), item_biases: floats(Self.items, scale: 0), factors: factors, mean: 3,
      user_bias_rate: 1e-5, item_bias_rate: 1e-5, bias_regularization: 0.02, factor_rate: 1e-5,
      factor_regularization: 0.02)
  }

  deinit {
    records.deallocate()
    for memory in [c.user_factors, c.item_factors, c.user_biases, c.item_biases] { memory.deallocate() }
  }
}
