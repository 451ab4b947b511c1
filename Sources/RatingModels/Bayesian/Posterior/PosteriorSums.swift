import RatingData
import RatingNumerics

/// Sums over samples of what is predicted of some pairs.
struct PosteriorSums: Sendable {
  /// The row of each pair on each side.
  private let rows: [[UInt32]]
  private(set) var values: [Double]
  private(set) var sampleCount = 0

  /// Pairs that are worked on together: as many as keep their rows in the first-level cache.
  private static let pairsInPiece = 512

  /// - Complexity: O(pairs x log (days x sessions of a user)).
  init(_ axes: SideAxes, _ pairs: RatingPairs) {
    var rows = [[UInt32]](repeating: [UInt32](repeating: 0, count: pairs.count), count: axes.sides.count)
    for pair in 0..<pairs.count {
      let own = axes.rows(pairs.users[pair], pairs.items[pair], pairs.times?[pair])
      for side in rows.indices { rows[side][pair] = own[side] }
    }
    self.rows = rows
    values = [Double](repeating: 0, count: pairs.count)
  }

  /// - Complexity: O(pairs x factors + users + items).
  mutating func add(_ sample: PosteriorSample, of model: PosteriorModel, threads: Int?) {
    let factors = sample.sides.map { $0.decoded(factors: model.factors, threads: threads) }
    let probit = model.levels.map { (OrderedProbit(cutPoints: sample.cutPoints), $0) }
    let (count, size, constant, rows) = (values.count, Self.pairsInPiece, sample.constant, rows)
    values.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let values = values
      Self.withSides(sample, factors, rows, 0, BayesianKernels.Companions(stride: factors[0].stride)) { sides in
        nonisolated(unsafe) let sides = sides
        Parallel.forEach((count + 8 * size - 1) / (8 * size), threads: threads) { piece in
          let scratch = FloatRows(count: size, columns: sides.stride)
          let numbers = FloatRows(count: 1, columns: size)
          let end = min((piece + 1) * 8 * size, count)
          for start in stride(from: piece * 8 * size, to: end, by: size) {
            let number = min(size, end - start)
            Kernels.bayesian.companionRows(
              sides, from: start, count: number, rows: scratch.elements, biases: numbers.elements)
            for index in 0..<number { numbers.elements[index] = constant + numbers.elements[index] }
            if let (probit, levels) = probit {
              probit.expected(means: numbers.elements, count: number, levels: levels, into: numbers.elements)
            }
            for index in 0..<number { values[start + index] += Double(numbers.elements[index]) }
          }
        }
      }
    }
    sampleCount += 1
  }

  /// Calls `body` with the sides from `number` on beside those that are there.
  private static func withSides(
    _ sample: PosteriorSample, _ factors: [FloatRows], _ rows: [[UInt32]], _ number: Int,
    _ sides: BayesianKernels.Companions,
    _ body: (BayesianKernels.Companions) -> Void
  ) {
    guard number < factors.count else { return withExtendedLifetime(factors) { body(sides) } }
    rows[number].withUnsafeBufferPointer { places in
      sample.sides[number].biases.withUnsafeBufferPointer { biases in
        var sides = sides
        if let places = places.baseAddress {
          sides.add(factors[number].elements, biases: biases.baseAddress!, rows: places)
        }
        withSides(sample, factors, rows, number + 1, sides, body)
      }
    }
  }
}
