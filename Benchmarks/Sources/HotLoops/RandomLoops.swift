@_spi(Benchmarks) import RatingNumerics

extension HotLoop {
  private static let draws = 4096
  private static let cuts: [Float] = [-.infinity, -2.17, -1.12, 0.185, 1.695, .infinity]

  /// Means as a model of ratings has them, and a level for each.
  private static let means = numbers(draws, index: 20).map { 3 * $0 - 1.5 }
  private static let levels = numbers(draws, index: 21).map { UInt8($0 * 5) }

  static func normals(_ set: InstructionSet) -> HotLoop {
    HotLoop("normals-\(set)", unitsPerRun: draws) {
      let kernels = KernelSet(set)!
      let stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.normals")
      var numbers = [Float](repeating: 0, count: draws)
      return {
        kernels.normals(stream, first: 0, count: draws, into: &numbers)
        consume(numbers[0])
      }
    }
  }

  static func truncatedNormals(_ set: InstructionSet) -> HotLoop {
    HotLoop("truncated-normals-\(set)", unitsPerRun: draws) {
      let (kernels, means, levels) = (KernelSet(set)!, means, levels)
      let stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.truncated")
      var numbers = [Float](repeating: 0, count: draws)
      return {
        kernels.truncatedNormals(
          stream, first: 0, means: means, levels: levels, cuts: cuts, count: draws, into: &numbers)
        consume(numbers[0])
      }
    }
  }

  static func probitSums(_ set: InstructionSet) -> HotLoop {
    HotLoop("probit-sums-\(set)", unitsPerRun: draws) {
      let (kernels, means) = (KernelSet(set)!, means)
      return { consume(kernels.probitSums(lower: cuts[2], upper: cuts[3], means: means, count: draws)) }
    }
  }

  static func probitExpected(_ set: InstructionSet) -> HotLoop {
    HotLoop("probit-expected-\(set)", unitsPerRun: draws) {
      let (kernels, means) = (KernelSet(set)!, means)
      let (inner, gaps) = (Array(cuts[1...4]), [Float](repeating: 1, count: 4))
      var ratings = [Float](repeating: 0, count: draws)
      return {
        kernels.probitExpected(
          means: means, count: draws, cuts: inner, gaps: gaps, cutCount: 4, base: 1, into: &ratings)
        consume(ratings[0])
      }
    }
  }
}
