import RatingNumerics

extension GenreCatalogue {
  /// Weights at which items get the numbers of ratings that are expected of them.
  ///
  /// A user who takes n items one after another has taken item i with a probability of about 1 - exp(-T w_i a_ui),
  /// where a_ui is the user's appetite for the item's genre and T such that the probabilities add up to n. The expected
  /// number of each item is summed over 1,024 pilot users, of numbers of ratings from the whole plan, and the weights
  /// are multiplied by what is wanted over what is expected, eight times.
  ///
  /// - Complexity: O(items x pilots x 25): about a second at 17,770 items on two processors.
  func fittedWeights(
    _ parameters: SyntheticPrize.Parameters, _ wanted: SyntheticPrize.Parameters.Genres, plan: ActivityPlan,
    memberships: Memberships, scales: [Float], seed: Seed
  ) -> [Double] {
    let training = Double(parameters.ratings - plan.quiz - plan.test)
    let fewest = Double(wanted.fewestPerItem)
    let targets = expected.map { max($0 * Double(parameters.ratings) / training - fewest, 0.05) }
    let pilots = self.pilots(parameters, wanted, plan: plan, memberships: memberships, scales: scales, seed: seed)
    var paces = [Float](repeating: 0, count: pilots.count)
    let all = targets.reduce(0, +)
    var weights = targets.map { Float($0 / all) }
    let perPiece = 16
    for _ in 0..<8 {
      let pieces = Parallel.map((pilots.count + perPiece - 1) / perPiece) { [weights, paces] piece in
        let range = piece * perPiece..<min((piece + 1) * perPiece, pilots.count)
        var sums = [Float](repeating: 0, count: weights.count)
        let found = range.map { add(pilots[$0], pace: paces[$0], weights: weights, to: &sums) }
        return (sums: sums, paces: found)
      }
      paces = pieces.flatMap(\.paces)
      for place in weights.indices {
        let sum = pieces.reduce(0) { $0 + Double($1.sums[place]) }
        weights[place] *= Float(min(max(targets[place] / max(sum, 1e-9), 0.1), 10))
      }
    }
    return weights.map { Double($0) }
  }

  private struct Pilot {
    /// The number of users that the pilot stands for, and their mean number of ratings.
    var users: Float
    var count: Float
    /// By genre.
    var appetites: [Float]
    var lastDay: Int32
  }

  /// Users from the least to the most active, cut so that each piece has as many users plus ratings, in shares.
  private func pilots(
    _ parameters: SyntheticPrize.Parameters, _ wanted: SyntheticPrize.Parameters.Genres, plan: ActivityPlan,
    memberships: Memberships, scales: [Float], seed: Seed
  ) -> [Pilot] {
    var pilots: [Pilot] = []
    let pieces = min(1_024, parameters.users)
    var (users, ratings, passed) = (0, 0, 0.0)
    for rank in 0..<parameters.users {
      let count = plan.count(atRank: rank)
      users += 1
      ratings += count
      passed += 1 / Double(parameters.users) + Double(count) / Double(parameters.ratings)
      guard passed * Double(pieces) / 2 >= Double(pilots.count + 1) || rank == parameters.users - 1 else { continue }
      var stream = RandomStream(seed: seed, purpose: "synthetic-prize.pilot", index: UInt64(pilots.count))
      let membership = memberships.draw(&stream)
      let taste = (0..<paddedFactors).map { $0 < scales.count ? Double(scales[$0]) * stream.normal() : 0 }
      let appetites = (0..<wanted.count).map { genre in
        let liking = (0..<paddedFactors).reduce(0) { $0 + taste[$1] * Double(centers[genre * paddedFactors + $1]) }
        return Float(exponential(wanted.tasteInChoice * liking + wanted.appetiteDeviation * stream.normal()))
      }
      var lastDay = membership.left
      if available(at: lastDay) < 2 * ratings / users { lastDay = membership.end }
      pilots.append(
        Pilot(
          users: Float(users), count: Float(ratings) / Float(users), appetites: appetites, lastDay: Int32(lastDay)))
      (users, ratings) = (0, 0)
    }
    return pilots
  }

  /// Adds the numbers that are expected of a pilot's users; returns T, by Newton's method from `pace`.
  private func add(_ pilot: Pilot, pace: Float, weights: [Float], to sums: inout [Float]) -> Float {
    let lanes = 8
    // Items that are not out yet have the rate 0, and so have those that fill the last lanes.
    var rates = [SIMD8<Float>](repeating: .zero, count: (weights.count + lanes - 1) / lanes)
    var available = 0
    for place in weights.indices where availableFrom[place] <= pilot.lastDay {
      rates[place / lanes][place % lanes] = weights[place] * pilot.appetites[Int(genres[place])]
      available += 1
    }
    let count = min(pilot.count, Float(available) * 0.999)
    // The sum of probabilities is concave in T, so that steps from below never pass the solution.
    var pace = pace / 2
    for _ in 0..<60 {
      var (missed, slopes) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
      for rate in rates {
        let share = Self.inverseExponential(pace * rate)
        missed += share
        slopes += rate * share
      }
      let sum = Float(rates.count * lanes) - missed.sum()
      pace += (count - sum) / slopes.sum()
      if abs(count - sum) <= 1e-3 * count { break }
    }
    for (position, rate) in rates.enumerated() {
      let taken = pilot.users * (1 - Self.inverseExponential(pace * rate))
      for lane in 0..<min(lanes, sums.count - position * lanes) { sums[position * lanes + lane] += taken[lane] }
    }
    return pace
  }

  /// e^-x to better than 0.003, for x of at least 0: one over the series of e^x to its sixth power.
  private static func inverseExponential(_ x: SIMD8<Float>) -> SIMD8<Float> {
    var series = SIMD8<Float>(repeating: 1)
    for power in stride(from: Float(6), to: 0, by: -1) { series = 1 + series * x * (1 / power) }
    return 1 / series
  }
}
