import RatingNumerics

/// What is found by going through the users' rows of both parts side by side.
struct PairLeaks {
  private(set) var overlap: LeakFinding?
  private(set) var duplicatesInTraining: LeakFinding?
  private(set) var duplicatesInTest: LeakFinding?
  private(set) var laterOfUser: LeakFinding?
  private(set) var usersOnlyInTest: LeakFinding?

  /// The users are cut into this many pieces, whatever the number of threads.
  private static let pieces = 64

  /// What one piece of the users holds.
  private struct Found: Sendable {
    var overlap = FirstRows()
    var duplicatesInTraining = FirstRows()
    var duplicatesInTest = FirstRows()
    var laterOfUser = FirstRows()
    var usersOnlyInTest = FirstRows()
    var rowsOfUsersOnlyInTest = 0
    var overlapWithSameRating = 0
    /// For rows above: the row of the other part, or the first row of the pair.
    var partner: [Key: Int] = [:]

    enum Kind { case overlap, training, test, later }
    struct Key: Hashable {
      var kind: Kind
      var row: Int
    }

    mutating func note(_ kind: Kind, _ row: Int, partner: Int) {
      let isKept =
        switch kind {
        case .overlap: overlap.add(row)
        case .training: duplicatesInTraining.add(row)
        case .test: duplicatesInTest.add(row)
        case .later: laterOfUser.add(row)
        }
      if isKept { self.partner[Key(kind: kind, row: row)] = partner }
    }

    mutating func merge(_ other: Found) {
      overlap.merge(other.overlap)
      duplicatesInTraining.merge(other.duplicatesInTraining)
      duplicatesInTest.merge(other.duplicatesInTest)
      laterOfUser.merge(other.laterOfUser)
      usersOnlyInTest.merge(other.usersOnlyInTest)
      rowsOfUsersOnlyInTest += other.rowsOfUsersOnlyInTest
      overlapWithSameRating += other.overlapWithSameRating
      partner.merge(other.partner) { a, _ in a }
    }
  }

  init(training: RatingDataset, test: RatingDataset, common: CommonIndices, threads: Int?) {
    let trained = UserRows(common.training.users, userCount: common.userCount)
    let asked = UserRows(common.test.users, userCount: common.userCount)
    let found = training.withUnsafeColumns { train in
      test.withUnsafeColumns { columns in
        nonisolated(unsafe) let (train, columns) = (train, columns)
        let parts = Parallel.map(Self.pieces, threads: threads) { piece in
          let users = common.userCount * piece / Self.pieces..<common.userCount * (piece + 1) / Self.pieces
          return Self.found(users, common, trained: trained, asked: asked, train: train, test: columns)
        }
        return parts.reduce(into: Found()) { $0.merge($1) }
      }
    }
    describe(found, training: training, test: test)
  }

  private static func found(
    _ users: Range<Int>, _ common: CommonIndices, trained: UserRows, asked: UserRows, train: UnsafeRatingColumns,
    test: UnsafeRatingColumns
  ) -> Found {
    var found = Found()
    // For each item the last user who had it, plus 1, and the row.
    var trainedBy = [UInt32](repeating: 0, count: common.itemCount)
    var trainedIn = trainedBy
    var askedOf = trainedBy
    var askedIn = trainedBy
    for user in users {
      let mark = UInt32(user) + 1
      var latest: (time: UInt32, row: Int)?
      for row in trained[user] {
        let item = Int(common.training.items[Int(row)])
        if trainedBy[item] == mark {
          found.note(.training, Int(row), partner: Int(trainedIn[item]))
        } else {
          trainedBy[item] = mark
          trainedIn[item] = row
        }
        if let times = train.times, latest.map({ times[Int(row)] > $0.time }) ?? true {
          latest = (times[Int(row)], Int(row))
        }
      }
      let rows = asked[user]
      if trained[user].isEmpty, let first = rows.first {
        found.usersOnlyInTest.add(Int(first))
        found.rowsOfUsersOnlyInTest += rows.count
      }
      for row in rows {
        let item = Int(common.test.items[Int(row)])
        if trainedBy[item] == mark {
          found.note(.overlap, Int(row), partner: Int(trainedIn[item]))
          if train.ratings[Int(trainedIn[item])] == test.ratings[Int(row)] { found.overlapWithSameRating += 1 }
        }
        if askedOf[item] == mark {
          found.note(.test, Int(row), partner: Int(askedIn[item]))
        } else {
          askedOf[item] = mark
          askedIn[item] = row
        }
        if let latest, let times = test.times, times[Int(row)] < latest.time {
          found.note(.later, Int(row), partner: latest.row)
        }
      }
    }
    return found
  }

  private mutating func describe(_ found: Found, training: RatingDataset, test: RatingDataset) {
    func example(_ row: Int, of dataset: RatingDataset, training trainingRow: Int?, test testRow: Int?)
      -> LeakFinding
      .Example
    {
      dataset.withUnsafeColumns {
        LeakFinding.Example(
          user: dataset.vocabularies.users[Int($0.users[row])], item: dataset.vocabularies.items[Int($0.items[row])],
          trainingRow: trainingRow, testRow: testRow)
      }
    }
    func pairs(_ rows: FirstRows, _ kind: Found.Kind) -> [LeakFinding.Example] {
      rows.rows.map { example($0, of: test, training: found.partner[Found.Key(kind: kind, row: $0)], test: $0) }
    }
    func some(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }
    if found.overlap.count > 0 {
      overlap = LeakFinding(
        kind: .overlap, severity: .leak, count: found.overlap.count,
        message: "\(some(found.overlap.count, "test rating")) of \(test.count) "
          + "\(found.overlap.count == 1 ? "has its" : "have their") pair of user and item in training, "
          + "\(found.overlapWithSameRating) with the same rating; take those rows out of training"
          + " (train --exclude), or divide the data again after removing repeated pairs",
        examples: pairs(found.overlap, .overlap))
    }
    if found.duplicatesInTraining.count > 0 {
      duplicatesInTraining = LeakFinding(
        kind: .duplicateInTraining, severity: .leak, count: found.duplicatesInTraining.count,
        message: "\(some(found.duplicatesInTraining.count, "training row")) of \(training.count) "
          + "\(found.duplicatesInTraining.count == 1 ? "repeats" : "repeat") a pair of user and item, so that what is held"
          + " out for validation can be trained on; keep one row of each pair (--duplicates last)",
        examples: found.duplicatesInTraining.rows.map { example($0, of: training, training: $0, test: nil) })
    }
    if found.duplicatesInTest.count > 0 {
      duplicatesInTest = LeakFinding(
        kind: .duplicateInTest, severity: .leak, count: found.duplicatesInTest.count,
        message: "\(some(found.duplicatesInTest.count, "test row")) of \(test.count) "
          + "\(found.duplicatesInTest.count == 1 ? "repeats" : "repeat") a pair of user and item, which counts more than"
          + " others and, once quiz and test are told apart, gives answers away; ask each pair once",
        examples: found.duplicatesInTest.rows.map { example($0, of: test, training: nil, test: $0) })
    }
    if found.laterOfUser.count > 0 {
      laterOfUser = LeakFinding(
        kind: .laterOfUser, severity: .warning, count: found.laterOfUser.count,
        message: "\(some(found.laterOfUser.count, "test rating")) of \(test.count) "
          + "\(found.laterOfUser.count == 1 ? "was" : "were") given before a training rating of the same user, as in every"
          + " random split; the last ratings of each user (split --method last) have none of these",
        examples: pairs(found.laterOfUser, .later))
    }
    if found.usersOnlyInTest.count > 0 {
      usersOnlyInTest = LeakFinding(
        kind: .userOnlyInTest, severity: .warning, count: found.usersOnlyInTest.count,
        message:
          "\(found.usersOnlyInTest.count == 1 ? "1 user of the test part has" : "\(found.usersOnlyInTest.count) users of the test part have")"
          + " no training rating (\(some(found.rowsOfUsersOnlyInTest, "test rating"))); models can only guess there: say so"
          + " beside the score, or judge those rows apart",
        examples: found.usersOnlyInTest.rows.map { row in
          var first = example(row, of: test, training: nil, test: row)
          first.item = nil
          return first
        })
    }
  }
}

/// The rows of each user, ascending.
private struct UserRows: Sendable {
  private let rows: [UInt32]
  private let starts: [Int]

  init(_ users: [UInt32], userCount: Int) {
    var starts = [Int](repeating: 0, count: userCount + 1)
    starts.withUnsafeMutableBufferPointer { starts in
      for user in users { starts[Int(user) + 1] += 1 }
      for user in 0..<userCount { starts[user + 1] += starts[user] }
    }
    var next = starts
    rows = [UInt32](unsafeUninitializedCapacity: users.count) { buffer, count in
      next.withUnsafeMutableBufferPointer { next in
        for (row, user) in users.enumerated() {
          buffer[next[Int(user)]] = UInt32(row)
          next[Int(user)] &+= 1
        }
      }
      count = users.count
    }
    self.starts = starts
  }

  subscript(user: Int) -> ArraySlice<UInt32> { rows[starts[user]..<starts[user + 1]] }
}
