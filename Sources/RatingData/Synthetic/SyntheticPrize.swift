import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The machine's exponential function and natural logarithm, named so that no other target's overloads are meant.
func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }

/// A rating prize's data, made up: who rates how much, what, when and how, shaped like the Netflix set.
///
/// Planted are biases of users and items, factors, drift over time, moods of a day, and a choice of items that depends
/// on taste (`Parameters` has the formula). The numbers of ratings of users and items have heavy tails; the rating
/// histogram is Netflix's; the last nine ratings of each user, at most half of them, are held out, and dealt at random
/// to probe, quiz and test.
///
/// **Any part alone.** Every row of a user derives from (parameters, seed, user), so users can be made in any order, on
/// any number of threads, or without the others. The same parameters and seed always give the same rows, and put them
/// into the same part. A share of the users is a random one: users of all numbers of ratings and all times are in it,
/// and an item has about that share of its ratings, so that rare items may have none.
///
/// With fewer than about 20 ratings an item, an item may get none, unless `Genres.fewestPerItem` says otherwise.
///
/// Memory: 13 bytes a user and about 500 bytes an item, whatever the number of ratings. Complexity: O(users + items) to
/// make, and of one processor about 0.6 microseconds for each row, with genres 0.25.
public struct SyntheticPrize: Sendable {
  public let parameters: Parameters
  public let seed: Seed
  let plan: ActivityPlan
  let audience: any Audience
  let userIDs: IndexPermutation
  /// The lowest scores of 2, 3, 4 and 5 stars.
  let thresholds: [Double]

  /// In the last 60 days of a set no new item comes out, so that there is a time at which all can be rated.
  static let lastWeeks = 60

  /// - Precondition: `parameters.problem` is nil.
  public init(_ parameters: Parameters, seed: Seed) {
    if let problem = parameters.problem { preconditionFailure(problem) }
    self.parameters = parameters
    self.seed = seed
    plan = ActivityPlan(parameters, seed: seed)
    audience =
      if let genres = parameters.genres {
        GenreAudience(parameters, genres, seed: seed, plan: plan)
      } else {
        PlainAudience(parameters, seed: seed, plan: plan)
      }
    userIDs = IndexPermutation(
      count: parameters.largestUserID, stream: RandomStream(seed: seed, purpose: "synthetic-prize.user-id"))
    thresholds = Self.thresholds(parameters, audience)
  }

  /// The number of rows of the training set, the probe among them.
  public var trainingCount: Int { parameters.ratings - plan.quiz - plan.test }
  public var probeCount: Int { plan.probe }
  public var quizCount: Int { plan.quiz }
  public var testCount: Int { plan.test }

  /// The id of a user of `0..<users`.
  public func userID(_ user: Int) -> UInt32 { UInt32(userIDs[user] + 1) }

  /// The rows of these users: user by user, each user's in order of time.
  ///
  /// - Precondition: `users` lies in `0..<parameters.users`.
  /// - Complexity: O(rows), on the calling thread.
  public func rows(ofUsers users: Range<Int>) -> [PrizeRow] {
    precondition(
      users.lowerBound >= 0 && users.upperBound <= parameters.users,
      "users \(users) are outside a set of \(parameters.users)")
    var made: [PrizeRow] = []
    made.reserveCapacity(parameters.ratings / parameters.users * users.count)
    let (second, third, fourth, fifth) = (thresholds[0], thresholds[1], thresholds[2], thresholds[3])
    audience.forEachUser(users) { user, rows in
      let id = userID(user)
      let parts = plan.parts(ofUser: user)
      for (position, row) in rows.enumerated() {
        let above = (row.score >= second ? 1 : 0) + (row.score >= third ? 1 : 0)
        let stars = 1 + above + (row.score >= fourth ? 1 : 0) + (row.score >= fifth ? 1 : 0)
        made.append(
          PrizeRow(
            user: id, item: UInt32(row.item) + 1, day: UInt16(parameters.firstDay + Int(row.day)), stars: UInt8(stars),
            part: parts[position]))
      }
    }
    return made
  }

  /// Hands over the rows of these users in pieces, in the order of `rows(ofUsers:)`, made by several threads.
  ///
  /// The pieces are cut by the number of users alone; at most `threads` pieces, of about a quarter of a million rows
  /// each, are in memory at one time.
  ///
  /// - Parameters:
  ///   - users: nil means all.
  ///   - threads: nil means the machine's number of processors.
  ///   - body: called on the calling thread.
  public func forEachPiece<Failure: Error>(
    ofUsers users: Range<Int>? = nil, threads: Int? = nil, _ body: ([PrizeRow]) throws(Failure) -> Void
  ) throws(Failure) {
    try forEachPiece(ofUsers: users, threads: threads, rowsPerPiece: 250_000, body)
  }

  func forEachPiece<Failure: Error>(
    ofUsers users: Range<Int>?, threads: Int?, rowsPerPiece: Int, _ body: ([PrizeRow]) throws(Failure) -> Void
  ) throws(Failure) {
    let users = users ?? 0..<parameters.users
    let perPiece = max(1, rowsPerPiece * parameters.users / max(parameters.ratings, 1))
    let width = threads ?? Parallel.availableThreads
    var start = users.lowerBound
    while start < users.upperBound {
      let first = start
      let pieces = min(width, (users.upperBound - first + perPiece - 1) / perPiece)
      let made = Parallel.map(pieces, threads: width) { piece in
        let low = first + piece * perPiece
        return rows(ofUsers: low..<min(low + perPiece, users.upperBound))
      }
      for rows in made { try body(rows) }
      start = min(first + pieces * perPiece, users.upperBound)
    }
  }

  /// Scores at which one number of stars ends and the next begins, so that the stars have their shares among up to
  /// 4,096 users, of a set with genres 16,384.
  private static func thresholds(_ parameters: Parameters, _ audience: any Audience) -> [Double] {
    let pilots = min(parameters.users, parameters.genres == nil ? 4_096 : 16_384)
    let perPiece = 64
    let pieces = Parallel.map((pilots + perPiece - 1) / perPiece) { piece -> [Double] in
      var scores: [Double] = []
      audience.forEachUser(piece * perPiece..<min((piece + 1) * perPiece, pilots)) { _, rows in
        for row in rows { scores.append(row.score) }
      }
      return scores
    }
    var scores = pieces.flatMap { $0 }
    scores.sort()
    let all = parameters.starShares.reduce(0, +)
    var below = 0.0
    return parameters.starShares.dropLast().map { share in
      below += share
      let position = Int((below / all * Double(scores.count)).rounded())
      return scores[min(position, scores.count - 1)]
    }
  }
}
