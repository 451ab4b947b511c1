import RatingNumerics

/// How many ratings each user has, and which of the last ones are held out for what: the same however much of the set
/// is made, and adding up exactly.
///
/// Users get a random rank. The count at a rank is a difference of two rounded points of one rising curve (the summed
/// quantiles of a log-normal distribution, or of a `CountCurve`), so the counts of all ranks add up to the number of
/// ratings, and any one is known alone. Held-out rows are numbered along the ranks, and a random order of these numbers
/// deals them out to probe, quiz and test.
///
/// Memory: 9 bytes for each user. Complexity: O(users) to make.
struct ActivityPlan: Sendable {
  /// Rows held out of each user, the contest's nine: at most half of what a user has.
  static let heldOutPerUser = 9

  private let ranks: IndexPermutation
  private let deal: IndexPermutation
  /// By rank.
  private var counts: [UInt32]
  /// By rank: the number of rows held out.
  private var held: [UInt8]
  /// By rank: the number of rows held out at lower ranks.
  private var heldOutBefore: [UInt32]

  let heldOut: Int
  let probe: Int
  let quiz: Int
  var test: Int { heldOut - probe - quiz }

  init(_ parameters: SyntheticPrize.Parameters, seed: Seed) {
    let users = parameters.users
    counts = Self.counts(parameters)
    held = counts.map { UInt8(min(Self.heldOutPerUser, Int($0) / 2)) }
    if let sizes = parameters.partSizes {
      Self.settle(&held, counts: counts, on: sizes.all)
      (heldOut, probe, quiz) = (sizes.all, sizes.probe, sizes.quiz)
    } else {
      heldOut = held.reduce(0) { $0 + Int($1) }
      probe = (heldOut + 1) / 3
      quiz = (heldOut - probe) / 2
    }
    heldOutBefore = []
    heldOutBefore.reserveCapacity(users)
    var before = 0
    for rank in 0..<users {
      heldOutBefore.append(UInt32(before))
      before += Int(held[rank])
    }
    ranks = IndexPermutation(count: users, stream: RandomStream(seed: seed, purpose: "synthetic-prize.rank"))
    deal = IndexPermutation(count: heldOut, stream: RandomStream(seed: seed, purpose: "synthetic-prize.deal"))
    if let activity = parameters.activity, users > 1 {
      // The largest number is of training rows: what the most active user lacks of it, the next gives.
      let last = users - 1
      let training = (0..<Int(held[last])).count { part(place: deal[Int(heldOutBefore[last]) + $0]) == .probe }
      let wanted = Int(activity.largest) + Int(held[last]) - training
      let change = min(wanted, parameters.mostPerUser) - Int(counts[last])
      let given = min(change, Int(counts[last - 1]) - 2 * Self.heldOutPerUser)
      counts[last] = UInt32(Int(counts[last]) + given)
      counts[last - 1] = UInt32(Int(counts[last - 1]) - given)
    }
  }

  /// The counts by rank, which add up to the number of ratings.
  private static func counts(_ parameters: SyntheticPrize.Parameters) -> [UInt32] {
    let users = parameters.users
    let fewest = Double(parameters.fewestPerUser)
    let most = Double(parameters.mostPerUser)
    let shape: [Double] =
      if let activity = parameters.activity {
        activity.withHeldOut.values(count: users, sum: Double(parameters.ratings), smallest: fewest)
      } else {
        (0..<users).map { rank in
          exponential(parameters.activitySpread * RandomStream.normalQuantile((Double(rank) + 0.5) / Double(users)))
        }
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
    counts.reserveCapacity(users)
    var (curve, rounded) = (0.0, 0)
    for rank in 0..<users {
      curve += min(max(shape[rank] * scale, fewest), most) * correction
      let next = rank == users - 1 ? parameters.ratings : Int((curve + 0.5).rounded(.down))
      let count = min(max(next - rounded, parameters.fewestPerUser), parameters.mostPerUser)
      rounded += count
      counts.append(UInt32(count))
    }
    // Bounds at the last rank may have left a rest: ranks with room take it, from the most active down.
    var rest = parameters.ratings - rounded
    for rank in stride(from: users - 1, through: 0, by: -1) where rest != 0 {
      let count = Int(counts[rank])
      let change = min(max(rest, parameters.fewestPerUser - count), parameters.mostPerUser - count)
      counts[rank] = UInt32(count + change)
      rest -= change
    }
    return counts
  }

  /// Takes held-out rows from the least active users, one each as often as it takes, or gives them more than half of
  /// what they have, until there are `wanted` in all. Each user keeps a row to train on.
  private static func settle(_ held: inout [UInt8], counts: [UInt32], on wanted: Int) {
    var surplus = held.reduce(0) { $0 + Int($1) } - wanted
    while surplus != 0 {
      let before = surplus
      for rank in held.indices where surplus != 0 {
        if surplus > 0 && held[rank] > 1 {
          held[rank] -= 1
          surplus -= 1
        } else if surplus < 0 && Int(held[rank]) < min(heldOutPerUser, Int(counts[rank]) - 1) {
          held[rank] += 1
          surplus += 1
        }
      }
      precondition(surplus != before, "users of these numbers of ratings can't have \(wanted) held-out rows")
    }
  }

  /// The number of ratings of a user, held-out ones included.
  func count(ofUser user: Int) -> Int { Int(counts[ranks[user]]) }

  /// The number of ratings at a rank, from the least active user up.
  func count(atRank rank: Int) -> Int { Int(counts[rank]) }

  /// What a user's rows are for, by their position in order of time.
  func parts(ofUser user: Int) -> Parts {
    let rank = ranks[user]
    let first = Int(counts[rank]) - Int(held[rank])
    return Parts(plan: self, firstHeldOut: first, offset: Int(heldOutBefore[rank]) - first)
  }

  struct Parts {
    fileprivate let plan: ActivityPlan
    let firstHeldOut: Int
    fileprivate let offset: Int

    subscript(position: Int) -> PrizeRow.Part {
      position < firstHeldOut ? .training : plan.part(place: plan.deal[offset + position])
    }
  }

  private func part(place: Int) -> PrizeRow.Part {
    place < probe ? .probe : place < probe + quiz ? .quiz : .test
  }
}

extension CountCurve {
  /// Counts of training ratings as counts of all: of nine that are held out six are not in training.
  fileprivate var withHeldOut: CountCurve {
    var curve = self
    curve.median += 6
    curve.largest += 6
    return curve
  }
}
