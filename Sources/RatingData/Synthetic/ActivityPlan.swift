import RatingNumerics

/// How many ratings each user has, and which of the last ones are held out for what: the same however much of the set is
/// made, and adding up exactly.
///
/// Users get a random rank. The count at a rank is a difference of two rounded points of one rising curve (the summed
/// quantiles of a log-normal distribution), so the counts of all ranks add up to the number of ratings, and any one is
/// known alone. Held-out rows are numbered along the ranks, and a random order of these numbers deals them out to probe,
/// quiz and test in thirds.
///
/// Memory: 8 bytes for each user. Complexity: O(users) to make.
struct ActivityPlan: Sendable {
  /// Rows held out of each user, the contest's nine: at most half of what a user has.
  static let heldOutPerUser = 9

  private let ranks: IndexPermutation
  private let deal: IndexPermutation
  /// By rank.
  private let counts: [UInt32]
  /// By rank: the number of rows held out at lower ranks.
  private let heldOutBefore: [UInt32]

  let heldOut: Int
  let probe: Int
  let quiz: Int
  var test: Int { heldOut - probe - quiz }

  init(_ parameters: SyntheticPrize.Parameters, seed: Seed) {
    let users = parameters.users
    let fewest = Double(parameters.fewestPerUser)
    let most = Double(parameters.mostPerUser)
    let shape = (0..<users).map { rank in
      exponential(parameters.activitySpread * RandomStream.normalQuantile((Double(rank) + 0.5) / Double(users)))
    }
    func total(_ scale: Double) -> Double {
      shape.reduce(0) { $0 + min(max($1 * scale, fewest), most) }
    }
    // The scale at which the bounded curve adds up to the wanted number, by bisection of its logarithm.
    var (low, high) = (-60.0, 60.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if total(exponential(middle)) < Double(parameters.ratings) { low = middle } else { high = middle }
    }
    let scale = exponential(high)
    // The few ratings that bisection and rounding leave over or lack, spread over the whole curve.
    let correction = Double(parameters.ratings) / total(scale)
    var counts: [UInt32] = []
    var heldOutBefore: [UInt32] = []
    counts.reserveCapacity(users)
    heldOutBefore.reserveCapacity(users)
    var (curve, rounded, heldOut) = (0.0, 0, 0)
    for rank in 0..<users {
      curve += min(max(shape[rank] * scale, fewest), most) * correction
      let next = rank == users - 1 ? parameters.ratings : Int((curve + 0.5).rounded(.down))
      let count = min(max(next - rounded, parameters.fewestPerUser), parameters.mostPerUser)
      rounded += count
      counts.append(UInt32(count))
      heldOutBefore.append(UInt32(heldOut))
      heldOut += min(Self.heldOutPerUser, count / 2)
    }
    // Bounds at the last rank may have left a rest: ranks with room take it, from the most active down.
    var rest = parameters.ratings - rounded
    if rest != 0 {
      for rank in stride(from: users - 1, through: 0, by: -1) where rest != 0 {
        let count = Int(counts[rank])
        let change = min(max(rest, parameters.fewestPerUser - count), parameters.mostPerUser - count)
        counts[rank] = UInt32(count + change)
        rest -= change
      }
      heldOut = 0
      for rank in 0..<users {
        heldOutBefore[rank] = UInt32(heldOut)
        heldOut += min(Self.heldOutPerUser, Int(counts[rank]) / 2)
      }
    }
    self.counts = counts
    self.heldOutBefore = heldOutBefore
    self.heldOut = heldOut
    probe = (heldOut + 1) / 3
    quiz = (heldOut - probe) / 2
    ranks = IndexPermutation(count: users, stream: RandomStream(seed: seed, purpose: "synthetic-prize.rank"))
    deal = IndexPermutation(count: heldOut, stream: RandomStream(seed: seed, purpose: "synthetic-prize.deal"))
  }

  /// The number of ratings of a user, held-out ones included.
  func count(ofUser user: Int) -> Int { Int(counts[ranks[user]]) }

  /// What the user's row number `row` (in order of time) is for.
  func part(ofUser user: Int, row: Int) -> PrizeRow.Part {
    let rank = ranks[user]
    let count = Int(counts[rank])
    let firstHeldOut = count - min(Self.heldOutPerUser, count / 2)
    guard row >= firstHeldOut else { return .training }
    let place = deal[Int(heldOutBefore[rank]) + row - firstHeldOut]
    return place < probe ? .probe : place < probe + quiz ? .quiz : .test
  }
}
