import CRatingKernels
@_spi(Benchmarks) import RatingNumerics

/// Users, items and ratings for the kernels of SVD++: 100 users with 100 ratings each of 200 items.
///
/// Unchecked: one thread at a time runs on a model.
private final class ImplicitMemory: @unchecked Sendable {
  private static let (users, items, each) = (100, 200, 100)
  private let factors: Int
  private var itemFactors: Matrix
  private var implicit: Matrix
  private var own: Matrix
  private var sums: Matrix
  private var itemBiases = [Float](repeating: 0, count: items)
  /// The items' bias rates, which are 0, and what the steps leave, which is all.
  private let steps = [Float](repeating: 0, count: items) + [Float](repeating: 1, count: items)
  private let ratings: [rk_item_rating]
  private let rows: [UInt32]

  static let count = users * each

  init(factors: Int) {
    self.factors = factors
    var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.implicit")
    func matrix(_ rows: Int) -> Matrix {
      Matrix(rows: rows, columns: factors) { _, _ in Float(0.2 * (stream.uniform() - 0.5)) }
    }
    (itemFactors, implicit, own) = (matrix(Self.items), matrix(Self.items), matrix(Self.users))
    sums = Matrix(rows: 2, columns: factors)
    rows = (0..<Self.count).map { _ in UInt32(stream.below(Self.items)) }
    ratings = rows.map { rk_item_rating(item: $0, rating: Float(stream.below(5)) - 2) }
  }

  /// One pass over the ratings: gather, steps and scatter for each user, at a rate so small that the model stays.
  func epoch(_ kernels: KernelSet) -> Double {
    let stride = itemFactors.stride
    var squares = 0.0
    itemFactors.withUnsafeMutableElements { q in
      implicit.withUnsafeMutableElements { y in
        own.withUnsafeMutableElements { p in
          sums.withUnsafeMutableElements { sum in
            itemBiases.withUnsafeMutableBufferPointer { biases in
              steps.withUnsafeBufferPointer { steps in
                rows.withUnsafeBufferPointer { rows in
                  var items = rk_implicit_items(
                    factors: q, biases: biases.baseAddress!, bias_rates: steps.baseAddress!,
                    bias_keeps: steps.baseAddress! + Self.items, stride: stride, factor_rate: 1e-6, factor_keep: 1)
                  for user in 0..<Self.users {
                    let own = rows.baseAddress! + user * Self.each
                    kernels.sumRows(y, stride: stride, rows: own, weights: nil, count: Self.each, into: sum)
                    var row = rk_implicit_user(
                      own: p + user * stride, implicit: sum, own_rate: 1e-6, own_keep: 1, implicit_rate: 1e-6,
                      implicit_keep: 1, bias: 0, bias_rate: 0, bias_keep: 1)
                    squares += ratings.withUnsafeBufferPointer {
                      kernels.descend(
                        &items, user: &row, ratings: $0.baseAddress! + user * Self.each, count: Self.each)
                    }
                    kernels.addToRows(
                      y, stride: stride, rows: own, weights: nil, count: Self.each, keep: 1, addend: sum + stride)
                  }
                }
              }
            }
          }
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
