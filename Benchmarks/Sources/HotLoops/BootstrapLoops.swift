@_spi(Benchmarks) import RatingNumerics

/// Sums of 32,768 users with random weights: a part of one replicate.
private enum Resampling {
  static let users = 32_768

  /// `count` planes of numbers of 0...32,767.
  static func planes(_ count: Int) -> [Int16] {
    (0..<UInt64(count)).flatMap { plane in
      numbers(users, index: 30 + plane).map { Int16($0 * 32_767) }
    }
  }
}

extension HotLoop {
  /// Poisson weights on the planes of two models.
  static func weightedSums(_ set: InstructionSet) -> HotLoop {
    HotLoop("bootstrap-weights-\(set)", unitsPerRun: Resampling.users) {
      let (kernels, planes, weights) = (KernelSet(set)!, Resampling.planes(6), PoissonWeights(mean: 1))
      let stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.bootstrap")
      var undecided = [UInt32](repeating: 0, count: Resampling.users)
      return {
        var sums = [Int64](repeating: 0, count: 6)
        consume(
          kernels.weightedSums(
            stream, first: 0, planes: planes, stride: Resampling.users, planeCount: 6, count: Resampling.users,
            weights: weights, into: &sums, undecided: &undecided))
        consume(sums)
      }
    }
  }

  /// Random signs on the two planes of a permutation test.
  static func signedSums(_ set: InstructionSet) -> HotLoop {
    HotLoop("sign-flips-\(set)", unitsPerRun: Resampling.users) {
      let (kernels, planes) = (KernelSet(set)!, Resampling.planes(2))
      let stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.signs")
      return {
        var sums = [Int64](repeating: 0, count: 2)
        kernels.signedSums(
          stream, first: 0, planes: planes, stride: Resampling.users, planeCount: 2, count: Resampling.users,
          into: &sums)
        consume(sums)
      }
    }
  }
}
