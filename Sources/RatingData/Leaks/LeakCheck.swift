import RatingNumerics

/// Looks for what a test part gives away, or a training part knows, that it must not.
///
/// Leaks: overlapping pairs, repeated pairs in either part, and an order of test rows that tells their ratings
/// (`RowOrderCheck` has the rule). Warnings: ratings that were given after a test rating and are trained on (of the same
/// user, or of anybody), users and items without a training rating, and an order that tells a little. A split at random has
/// later ratings by its nature, so they are leaks only where the split is said to go by time (`isChronological`).
///
/// The two parts may have vocabularies of their own; users and items are matched by their identifiers.
///
/// - Complexity: O(ratings + users + items), besides sorting ids; in parallel over users.
public struct LeakCheck: Sendable {
  /// Whether no training rating may be later than a test rating. A later rating is then a leak.
  public var isChronological: Bool
  /// Whether every finding is a leak.
  public var isStrict: Bool
  /// At least 1; nil means all processors. The result doesn't depend on it.
  public var threads: Int?

  public init(isChronological: Bool = false, isStrict: Bool = false, threads: Int? = nil) {
    self.isChronological = isChronological
    self.isStrict = isStrict
    self.threads = threads
  }

  /// Checks the halves of a split.
  public func report(_ split: Split) -> LeakReport { report(training: split.train, test: split.test) }

  public func report(training: RatingDataset, test: RatingDataset) -> LeakReport {
    let common = CommonIndices(training, test)
    let pairs = PairLeaks(training: training, test: test, common: common, threads: threads)
    var findings = [pairs.overlap, pairs.duplicatesInTraining, pairs.duplicatesInTest].compactMap { $0 }
    let order = RowOrderCheck.evidence(of: test)
    if let finding = RowOrderCheck.finding(order) { findings.append(finding) }
    findings += [pairs.laterOfUser, laterOfAnybody(training, test), pairs.usersOnlyInTest].compactMap { $0 }
    if let items = Self.itemsOnlyInTest(training, test, common) { findings.append(items) }
    for index in findings.indices {
      let isLater = [.laterOfUser, .laterOfAnybody].contains(findings[index].kind)
      if isStrict || (isChronological && isLater) { findings[index].severity = .leak }
    }
    func part(_ dataset: RatingDataset, _ users: [UInt32], _ items: [UInt32]) -> LeakReport.Part {
      LeakReport.Part(
        ratings: dataset.count, users: Self.distinct(users, common.userCount),
        items: Self.distinct(items, common.itemCount))
    }
    return LeakReport(
      training: part(training, common.training.users, common.training.items),
      test: part(test, common.test.users, common.test.items),
      findings: findings.filter { $0.severity == .leak } + findings.filter { $0.severity == .warning }, order: order)
  }

  /// Test ratings before the last training rating of all.
  private func laterOfAnybody(_ training: RatingDataset, _ test: RatingDataset) -> LeakFinding? {
    training.withUnsafeColumns { train in
      test.withUnsafeColumns { columns in
        guard let trainingTimes = train.times, let testTimes = columns.times, let first = testTimes.min() else {
          return nil
        }
        guard let lastRow = trainingTimes.indices.max(by: { trainingTimes[$0] < trainingTimes[$1] }) else { return nil }
        let last = trainingTimes[lastRow]
        guard last > first else { return nil }
        var rows = FirstRows()
        for (row, time) in testTimes.enumerated() where time < last { rows.add(row) }
        let later = trainingTimes.count { $0 > first }
        return LeakFinding(
          kind: .laterOfAnybody, severity: .warning, count: rows.count,
          message: "\(rows.count) of \(test.count) test ratings were given before the last training rating "
            + "(\(CalendarTime(last))), and \(later) of \(training.count) training ratings after the first test rating "
            + "(\(CalendarTime(first))); a cut through time (split --method time) has none of these",
          examples: rows.rows.map { row in
            LeakFinding.Example(
              user: test.vocabularies.users[Int(columns.users[row])],
              item: test.vocabularies.items[Int(columns.items[row])], trainingRow: lastRow, testRow: row)
          })
      }
    }
  }

  private static func itemsOnlyInTest(
    _ training: RatingDataset, _ test: RatingDataset, _ common: CommonIndices
  ) -> LeakFinding? {
    var isTrained = [Bool](repeating: false, count: common.itemCount)
    for item in common.training.items { isTrained[Int(item)] = true }
    var examples: [LeakFinding.Example] = []
    var isCounted = isTrained
    var (items, rows) = (0, 0)
    for (row, item) in common.test.items.enumerated() where !isTrained[Int(item)] {
      rows += 1
      guard !isCounted[Int(item)] else { continue }
      isCounted[Int(item)] = true
      items += 1
      guard examples.count < LeakFinding.listedExamples else { continue }
      let identifier = test.withUnsafeColumns { test.vocabularies.items[Int($0.items[row])] }
      examples.append(LeakFinding.Example(user: nil, item: identifier, trainingRow: nil, testRow: row))
    }
    guard items > 0 else { return nil }
    return LeakFinding(
      kind: .itemOnlyInTest, severity: .warning, count: items,
      message:
        "\(items == 1 ? "1 item of the test part has" : "\(items) items of the test part have") no training rating"
        + " (\(rows) test ratings); models can only guess there: say so beside the score, or judge those rows apart",
      examples: examples)
  }

  private static func distinct(_ column: [UInt32], _ count: Int) -> Int {
    var seen = [Bool](repeating: false, count: count)
    for value in column { seen[Int(value)] = true }
    return seen.count { $0 }
  }
}

/// The users and items of two data sets in indices that both share.
struct CommonIndices: Sendable {
  var userCount: Int
  var itemCount: Int
  var training: (users: [UInt32], items: [UInt32])
  var test: (users: [UInt32], items: [UInt32])

  init(_ training: RatingDataset, _ test: RatingDataset) {
    let common = training.vocabularies.union(test.vocabularies)
    (userCount, itemCount) = (common.users.count, common.items.count)
    func columns(_ dataset: RatingDataset) -> (users: [UInt32], items: [UInt32]) {
      func moved(_ column: UnsafeBufferPointer<UInt32>, _ own: Vocabulary, _ target: Vocabulary) -> [UInt32] {
        if own == target { return Array(column) }
        let translation = (0..<own.count).map { UInt32(target.index(of: own[$0])!) }
        return translation.withUnsafeBufferPointer { translation in column.map { translation[Int($0)] } }
      }
      return dataset.withUnsafeColumns {
        (
          moved($0.users, dataset.vocabularies.users, common.users),
          moved($0.items, dataset.vocabularies.items, common.items)
        )
      }
    }
    self.training = columns(training)
    self.test = columns(test)
  }
}

/// How many rows there are of a kind, and the first ones of them.
struct FirstRows: Sendable {
  private(set) var count = 0
  /// Ascending.
  private(set) var rows: [Int] = []

  /// Whether the row is among the first ones so far.
  @discardableResult
  mutating func add(_ row: Int) -> Bool {
    count += 1
    return keep(row)
  }

  mutating func merge(_ other: FirstRows) {
    count += other.count
    for row in other.rows { _ = keep(row) }
  }

  private mutating func keep(_ row: Int) -> Bool {
    if rows.count == LeakFinding.listedExamples {
      guard row < rows.last! else { return false }
      rows.removeLast()
    }
    rows.insert(row, at: rows.firstIndex { $0 > row } ?? rows.count)
    return true
  }
}
