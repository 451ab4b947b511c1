import RatingNumerics

extension HotLoop {
  private static let rows = 5000

  private static func units(index: UInt64) -> [FixedDecimal] {
    numbers(rows, index: index).map { FixedDecimal(units: Int64(Double($0) * 5e15)) }
  }

  /// The judge's exact sums, row by row.
  static let errorSums = HotLoop("error-sums", unitsPerRun: rows) {
    let (predictions, answers) = (units(index: 4), units(index: 5))
    return {
      var sums = ErrorSums()
      for row in 0..<rows { sums.add(prediction: predictions[row], answer: answers[row]) }
      consume(sums)
    }
  }

  /// What they replace: sums in Double of differences, squares and magnitudes.
  static let doubleSums = HotLoop("double-sums", unitsPerRun: rows) {
    let (predictions, answers) = (units(index: 4).map(\.doubleValue), units(index: 5).map(\.doubleValue))
    return {
      var sums = (0.0, 0.0, 0.0)
      for row in 0..<rows {
        let error = predictions[row] - answers[row]
        sums.0 += error * error
        sums.1 += abs(error)
        sums.2 += error
      }
      consume(sums)
    }
  }

  private static let draws = 5000

  static let randomNumbers = HotLoop("random-next", unitsPerRun: draws) {
    {
      var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.next")
      var sum: UInt64 = 0
      for _ in 0..<draws { sum &+= stream.next() }
      consume(sum)
    }
  }

  static let normals = HotLoop("random-normal", unitsPerRun: draws) {
    {
      var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.normal")
      var sum = 0.0
      for _ in 0..<draws { sum += stream.normal() }
      consume(sum)
    }
  }

  /// Draws from 0..<n, as shuffles make them: without the bias of a remainder.
  static let indices = HotLoop("random-below", unitsPerRun: draws) {
    {
      var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.below")
      var sum = 0
      for draw in 1...draws { sum &+= stream.below(draw) }
      consume(sum)
    }
  }

  /// A generator that is as fast as any and has no streams: the yardstick.
  static let xorshift = HotLoop("xorshift", unitsPerRun: draws) {
    {
      var state = Registry.seed
      var sum: UInt64 = 0
      for _ in 0..<draws {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        sum &+= state
      }
      consume(sum)
    }
  }
}
