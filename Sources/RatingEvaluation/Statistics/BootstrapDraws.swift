@_spi(Benchmarks) import RatingNumerics

/// Draws the replicates of a bootstrap over users, some at a time.
struct BootstrapDraws: Sendable {
  /// Replicates of one piece of work: they pass over the same users while those are in the cache.
  static let atOnce = 16

  private let planes: WeightedPlanes
  private let seed: Seed
  private let scheme: UserBootstrap.Scheme
  /// Of the weights that are drawn before what is missing; nil where all users are drawn one by one.
  private let weights: PoissonWeights?

  init(planes: WeightedPlanes, scheme: UserBootstrap.Scheme, seed: Seed) {
    self.planes = planes
    self.scheme = scheme
    self.seed = seed
    switch scheme {
    case .poisson: weights = PoissonWeights(mean: 1)
    case .multinomial:
      // Four standard deviations of the weights' sum below the number of users; with few users that is not worth it.
      let users = Double(planes.count)
      weights = planes.count < 64 ? nil : PoissonWeights(mean: 1 - 4 / users.squareRoot())
    }
  }

  /// The two mean squared errors of each replicate.
  func means(ofReplicates replicates: Range<Int>) -> [(Double, Double)] {
    let planeCount = planes.planeCount
    var sums = [Int64](repeating: 0, count: replicates.count * planeCount)
    return planes.withUnsafeValues { values in
      sums.withUnsafeMutableBufferPointer { sums in
        let sums = sums.baseAddress!
        addWeighted(replicates, attempt: 0, to: sums, values)
        return replicates.enumerated().map { place, replicate in
          let own = sums + place * planeCount
          var attempt = 0
          while !complete(own, replicate: replicate, attempt: attempt, values) {
            attempt += 1
            own.update(repeating: 0, count: planeCount)
            addWeighted(replicate..<replicate + 1, attempt: attempt, to: own, values)
          }
          return planes.means(in: own)
        }
      }
    }
  }

  private func stream(_ purpose: StreamPurpose, _ replicate: Int, _ attempt: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, index: UInt64(replicate) | UInt64(attempt) << 40)
  }

  /// Adds all users with Poisson weights, to the sums of each replicate.
  private func addWeighted(
    _ replicates: Range<Int>, attempt: Int, to sums: UnsafeMutablePointer<Int64>, _ values: UnsafePointer<Int16>
  ) {
    guard let weights else { return }
    var rare = replicates.map { stream("bootstrap.undecided", $0, attempt) }
    let drawn = replicates.map { stream("bootstrap.weights", $0, attempt) }
    let size = Kernels.planeElements
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: size) { undecided in
      for first in stride(from: 0, to: planes.count, by: size) {
        for place in 0..<replicates.count {
          let own = sums + place * planes.planeCount
          let found = Kernels.weightedSums(
            drawn[place], first: first, planes: values + first, stride: planes.stride, planeCount: planes.planeCount,
            count: min(size, planes.count - first), weights: weights, into: own, undecided: undecided.baseAddress!)
          for index in 0..<found {
            let weight = weights.undecidedWeight(rare[place].uniform())
            planes.add(first + Int(undecided[index]), weight: weight, to: own, values)
          }
        }
      }
    }
  }

  /// Draws the users that a multinomial replicate lacks; false where it has too many, or a Poisson one has none.
  private func complete(
    _ sums: UnsafeMutablePointer<Int64>, replicate: Int, attempt: Int, _ values: UnsafePointer<Int16>
  ) -> Bool {
    if scheme == .poisson { return planes.rows(in: sums) > 0 }
    let missing = planes.count - planes.users(in: sums)
    guard missing >= 0 else { return false }
    var stream = stream("bootstrap.rest", replicate, attempt)
    for _ in 0..<missing { planes.add(stream.below(planes.count), weight: 1, to: sums, values) }
    return true
  }
}
