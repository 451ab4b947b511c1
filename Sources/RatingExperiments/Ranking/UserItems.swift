import RatingData
import RatingEvaluation
import RatingModels

/// The held-out items that each user should find in a ranking.
struct RelevantItems {
  struct User {
    /// The user in the model's vocabulary; nil where it lacks the user.
    var known: UserIndex?
    /// Indices in the model's vocabulary; an item that it lacks has a number behind the last one, and is never found.
    var items: [UInt32]
  }

  /// Those with a relevant item, in the order of the held-out vocabulary.
  private(set) var users: [User] = []
  /// The number of users with held-out ratings, but no relevant one.
  private(set) var usersWithout = 0

  init(_ heldOut: RatingDataset, _ rule: RelevanceRule, known: Vocabularies) {
    let pairs = heldOut.reindexed(to: known)
    var hasRatings = [Bool](repeating: false, count: heldOut.userCount)
    var items = [[UInt32]](repeating: [], count: heldOut.userCount)
    heldOut.withUnsafeColumns { columns in
      for row in 0..<heldOut.count {
        let user = Int(columns.users[row])
        hasRatings[user] = true
        guard rule.isRelevant(Double(columns.ratings[row])) else { continue }
        let item = pairs.pairs.items[row]
        items[user].append(
          item == RatingPairs.unknown ? UInt32(known.items.count) + columns.items[row] : item)
      }
    }
    for user in 0..<heldOut.userCount where hasRatings[user] {
      if items[user].isEmpty {
        usersWithout += 1
        continue
      }
      let index = known.users.index(of: heldOut.vocabularies.users[user])
      users.append(User(known: index.map { UserIndex(UInt32($0)) }, items: items[user]))
    }
  }
}

/// The items that each user of a model has rated, one user behind the other.
struct UserItems {
  /// The items of user u are `items[starts[u]..<starts[u + 1]]`.
  private let starts: [Int]
  private let items: [UInt32]

  /// - Complexity: O(ratings + users): a counting sort.
  init(_ ratings: RatingDataset, known: Vocabularies) {
    let pairs = ratings.vocabularies == known ? ratings.pairs : ratings.reindexed(to: known).pairs
    let unknown = RatingPairs.unknown
    var starts = [Int](repeating: 0, count: known.users.count + 1)
    for row in 0..<pairs.count where pairs.users[row] != unknown && pairs.items[row] != unknown {
      starts[Int(pairs.users[row]) + 1] += 1
    }
    for user in 1..<starts.count { starts[user] += starts[user - 1] }
    var next = starts
    var items = [UInt32](repeating: 0, count: starts.last!)
    for row in 0..<pairs.count where pairs.users[row] != unknown && pairs.items[row] != unknown {
      let user = Int(pairs.users[row])
      items[next[user]] = pairs.items[row]
      next[user] += 1
    }
    self.starts = starts
    self.items = items
  }

  /// What the users of a list have rated.
  func excluded(for users: [UserIndex?]) -> ExcludedItems {
    var rows = RatingPairs(users: [], items: [])
    for (row, user) in users.enumerated() {
      guard let user = user.map({ Int($0.value) }) else { continue }
      // A pair that is rated twice is one candidate less.
      let own = Set(items[starts[user]..<starts[user + 1]])
      rows.items.append(contentsOf: own)
      rows.users.append(contentsOf: repeatElement(UInt32(row), count: own.count))
    }
    return ExcludedItems(rows: rows, count: users.count)
  }
}
