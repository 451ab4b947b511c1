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
/// histogram is Netflix's; the last nine ratings of each user, at most half of them, are held out, and dealt at random to
/// probe, quiz and test.
///
/// **Any part alone.** Every row of a user derives from (parameters, seed, user), so users can be made in any order, on
/// any number of threads, or without the others. The same parameters and seed always give the same rows.
///
/// With fewer than about 20 ratings an item, an item may get none.
///
/// Memory: 8 bytes a user and about 500 bytes an item, whatever the number of ratings. Complexity: O(users + items) to
/// make, and about 0.3 microseconds of one processor for each row.
public struct SyntheticPrize: Sendable {
  public let parameters: Parameters
  public let seed: Seed
  let plan: ActivityPlan
  let items: PlantedItems
  let userIDs: IndexPermutation
  /// The lowest scores of 2, 3, 4 and 5 stars.
  let thresholds: [Double]
  let tables: DriftTables

  /// In the last 60 days of a set no new item comes out, so that there is a time at which all can be rated.
  static let lastWeeks = 60

  /// - Precondition: `parameters.problem` is nil.
  public init(_ parameters: Parameters, seed: Seed) {
    if let problem = parameters.problem { preconditionFailure(problem) }
    self.parameters = parameters
    self.seed = seed
    plan = ActivityPlan(parameters, seed: seed)
    items = PlantedItems(parameters, seed: seed)
    userIDs = IndexPermutation(
      count: parameters.largestUserID, stream: RandomStream(seed: seed, purpose: "synthetic-prize.user-id"))
    tables = DriftTables(parameters)
    thresholds = Self.thresholds(parameters, seed: seed, plan: plan, items: items, tables: tables)
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
    var workspace = UserWorkspace(parameters)
    var rows: [PrizeRow] = []
    for user in users {
      draw(user, into: &workspace)
      let id = userID(user)
      for (position, row) in workspace.rows.enumerated() {
        let stars = 1 + thresholds.count(where: { $0 <= row.score })
        rows.append(
          PrizeRow(
            user: id, item: UInt32(row.item) + 1, day: UInt16(parameters.firstDay + Int(row.day)), stars: UInt8(stars),
            part: plan.part(ofUser: user, row: position)))
      }
    }
    return rows
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

  /// Scores at which one number of stars ends and the next begins, so that the stars have their shares among up to 4,096
  /// users.
  private static func thresholds(
    _ parameters: Parameters, seed: Seed, plan: ActivityPlan, items: PlantedItems, tables: DriftTables
  ) -> [Double] {
    let makers = SyntheticPrize(
      parameters: parameters, seed: seed, plan: plan, items: items,
      userIDs: IndexPermutation(
        count: 0, stream: RandomStream(seed: seed, purpose: "synthetic-prize.user-id")), thresholds: [], tables: tables)
    let pilots = min(parameters.users, 4_096)
    let perPiece = 64
    let pieces = Parallel.map((pilots + perPiece - 1) / perPiece) { piece -> [Double] in
      var workspace = UserWorkspace(parameters)
      var scores: [Double] = []
      for user in piece * perPiece..<min((piece + 1) * perPiece, pilots) {
        makers.draw(user, into: &workspace)
        for row in workspace.rows { scores.append(row.score) }
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

  private init(
    parameters: Parameters, seed: Seed, plan: ActivityPlan, items: PlantedItems, userIDs: IndexPermutation,
    thresholds: [Double], tables: DriftTables
  ) {
    self.parameters = parameters
    self.seed = seed
    self.plan = plan
    self.items = items
    self.userIDs = userIDs
    self.thresholds = thresholds
    self.tables = tables
  }
}
