import Testing
import _RatingTestSupport

@testable import RatingData
@testable import RatingNumerics

/// Planted leaks are found, each with its count and rows; clean splits have none.
@Suite struct LeakCheckTests {
  typealias Rating = (user: Int, item: Int, rating: Float, time: UInt32)

  private static func dataset(_ ratings: [Rating], times: Bool = true) -> RatingDataset {
    RatingDataset(
      users: ratings.map(\.user), items: ratings.map(\.item), ratings: ratings.map(\.rating),
      times: times ? ratings.map(\.time) : nil)
  }

  private func report(
    _ training: [Rating], _ test: [Rating], times: Bool = true, _ check: LeakCheck = LeakCheck()
  ) -> LeakReport {
    check.report(training: Self.dataset(training, times: times), test: Self.dataset(test, times: times))
  }

  private func finding(_ kind: LeakFinding.Kind, _ report: LeakReport) -> LeakFinding? {
    report.findings.first { $0.kind == kind }
  }

  static let training: [Rating] = [
    (1, 1, 5, 10), (1, 2, 4, 11), (2, 1, 3, 12), (2, 3, 2, 13), (3, 2, 1, 14), (3, 4, 5, 15),
  ]

  @Test func aCleanSplitHasNoFinding() {
    let report = report(Self.training, [(1, 3, 4, 20), (2, 4, 3, 21), (3, 1, 2, 22)])
    #expect(report.findings.isEmpty && !report.hasLeaks)
    #expect(report.training == LeakReport.Part(ratings: 6, users: 3, items: 4))
    #expect(report.test == LeakReport.Part(ratings: 3, users: 3, items: 3))
  }

  @Test func overlappingPairsAreCountedWithTheirRows() throws {
    let test: [Rating] = [(1, 3, 4, 20), (2, 3, 2, 21), (3, 2, 5, 22)]
    let report = report(Self.training, test)
    let found = try #require(finding(.overlap, report))
    #expect(report.findings.count == 1 && report.hasLeaks && found.severity == .leak && found.count == 2)
    #expect(
      found.examples == [
        .init(user: Identifier(2), item: Identifier(3), trainingRow: 3, testRow: 1),
        .init(user: Identifier(3), item: Identifier(2), trainingRow: 4, testRow: 2),
      ])
    #expect(
      found.message.contains("2 test ratings of 3 have their pair") && found.message.contains("1 with the same rating"))
  }

  @Test func repeatedPairsAreCountedInEachPart() throws {
    let training = Self.training + [(1, 1, 5, 16), (1, 1, 2, 17), (3, 4, 5, 18)]
    let test: [Rating] = [(1, 3, 4, 20), (2, 4, 2, 21), (1, 3, 4, 22)]
    let report = report(training, test)
    let (first, second) = (finding(.duplicateInTraining, report), finding(.duplicateInTest, report))
    #expect(first?.count == 3 && first?.severity == .leak && second?.count == 1 && second?.severity == .leak)
    #expect(first?.examples.map(\.trainingRow) == [6, 7, 8] && second?.examples.map(\.testRow) == [2])
  }

  @Test func laterRatingsAreWarningsUnlessTheSplitGoesByTime() throws {
    // User 1's test rating lies before one of the user's own, user 3's before others' only.
    let test: [Rating] = [(1, 3, 4, 10), (2, 4, 3, 30), (3, 1, 2, 15)]
    let training = Self.training + [(2, 2, 3, 16)]
    let found = report(training, test)
    #expect(!found.hasLeaks && found.findings.map(\.kind) == [.laterOfUser, .laterOfAnybody])
    #expect(finding(.laterOfUser, found)?.count == 1 && finding(.laterOfAnybody, found)?.count == 2)
    #expect(
      finding(.laterOfUser, found)?.examples == [
        .init(user: Identifier(1), item: Identifier(3), trainingRow: 1, testRow: 0)
      ])
    #expect(finding(.laterOfAnybody, found)?.examples.map(\.testRow) == [0, 2])
    #expect(finding(.laterOfAnybody, found)?.message.contains("6 of 7 training ratings") == true)
    let strict = report(training, test, LeakCheck(isChronological: true))
    #expect(strict.hasLeaks && strict.findings.allSatisfy { $0.severity == .leak })
    // Of one time is not later.
    #expect(report(Self.training, [(1, 3, 4, 15), (3, 1, 4, 15)]).findings.isEmpty)
    #expect(report(training, test, times: false).findings.isEmpty)
  }

  @Test func whatOnlyTheTestPartHasIsAWarning() throws {
    let test: [Rating] = [(1, 9, 4, 20), (7, 1, 3, 21), (7, 8, 3, 22), (8, 9, 2, 23)]
    let found = report(Self.training, test)
    #expect(!found.hasLeaks && found.findings.map(\.kind) == [.userOnlyInTest, .itemOnlyInTest])
    let (users, items) = (finding(.userOnlyInTest, found), finding(.itemOnlyInTest, found))
    #expect(users?.count == 2 && users?.message.contains("3 test ratings") == true)
    #expect(users?.examples.map(\.user) == [Identifier(7), Identifier(8)] && users?.examples[0].item == nil)
    #expect(items?.count == 2 && items?.message.contains("3 test ratings") == true)
    #expect(items?.examples.map(\.item) == [Identifier(9), Identifier(8)])
    #expect(report(Self.training, test, LeakCheck(isStrict: true)).hasLeaks)
  }

  @Test func textIdsAndEmptyPartsAreFine() {
    let training = RatingDataset(users: ["a", "b"], items: ["x", "y"], ratings: [1, 2])
    let test = RatingDataset(users: ["b", "é"], items: ["y", "x"], ratings: [2, 3])
    let found = LeakCheck().report(training: training, test: test)
    #expect(found.findings.map(\.kind) == [.overlap, .userOnlyInTest])
    let empty = training.selecting(rows: [])
    #expect(LeakCheck().report(training: empty, test: test).findings.map(\.kind) == [.userOnlyInTest, .itemOnlyInTest])
    #expect(LeakCheck().report(training: training, test: empty).findings.isEmpty)
  }

  /// Against the obvious way, on random parts with many of everything.
  @Test(arguments: [1, 2, 3]) func countsAreThoseOfTheObviousWay(_ seed: UInt64) {
    var stream = RandomStream(seed: Seed(seed), purpose: "test.leaks")
    func ratings(_ count: Int) -> [Rating] {
      (0..<count).map { _ in
        (stream.below(60), stream.below(40), Float(1 + stream.below(5)), UInt32(1_000 + stream.below(500)))
      }
    }
    let (training, test) = (ratings(900), ratings(400))
    let one = report(training, test, LeakCheck(threads: 1))
    #expect(one == report(training, test, LeakCheck(threads: 3)))
    func pair(_ rating: Rating) -> Int { rating.user * 1_000 + rating.item }
    let trained = Set(training.map(pair))
    #expect(finding(.overlap, one)?.count == test.count { trained.contains(pair($0)) })
    #expect(finding(.duplicateInTraining, one)?.count == training.count - trained.count)
    #expect(finding(.duplicateInTest, one)?.count == test.count - Set(test.map(pair)).count)
    let last = Dictionary(grouping: training, by: \.user).mapValues { $0.map(\.time).max()! }
    #expect(finding(.laterOfUser, one)?.count == test.count { $0.time < last[$0.user] ?? 0 })
    let end = training.map(\.time).max()!
    #expect(finding(.laterOfAnybody, one)?.count == test.count { $0.time < end })
    for finding in one.findings where finding.kind != .order {
      #expect(finding.examples.count == min(10, finding.count))
      let rows = finding.examples.compactMap { $0.testRow ?? $0.trainingRow }
      #expect(rows == rows.sorted())
    }
  }

  @Test(
    .enabled(if: RealData.path("ml-100k/u1.base") != nil, "RATINGBENCH_DATA has no ml-100k"),
    arguments: [
      "u1", "u2", "u3", "u4", "u5", "ua", "ub",
    ])
  func theFoldsOfMovieLensHaveNoLeak(_ name: String) throws {
    let split = try Split.read(
      train: #require(RealData.path("ml-100k/\(name).base")), test: #require(RealData.path("ml-100k/\(name).test")))
    let found = LeakCheck().report(split)
    #expect(!found.hasLeaks, "\(found.findings.filter { $0.severity == .leak })")
    // A random split of a chronological set, sorted by user and item.
    #expect(finding(.laterOfUser, found) != nil && finding(.laterOfAnybody, found) != nil)
    #expect(found.order.isFullyExplained && found.order.keys == [.user, .item])
    let split2 = try Split.read(
      train: #require(RealData.path("ml-100k/u.data")), test: #require(RealData.path("ml-100k/\(name).test")))
    #expect(finding(.overlap, LeakCheck().report(split2))?.count == split2.test.count)
  }

  @Test(
    .enabled(if: RealData.path("ml-100k/u.data") != nil, "RATINGBENCH_DATA has no ml-100k"),
    arguments: [
      "random 10%", "k-fold 5", "last 9", "leave-one-out", "given 10", "all-but 5", "time 10%", "rolling 3",
    ])
  func ourOwnSplitsLeakWhatTheySay(_ text: String) throws {
    let whole = try RatingDataset(contentsOf: #require(RealData.path("ml-100k/u.data")))
    let plan = try SplittingPlan(text)
    for split in try plan.splits(of: whole, seed: 4).all() {
      let found = LeakCheck().report(split)
      #expect(!found.hasLeaks, "\(found.findings)")
      let kinds = Set(found.findings.map(\.kind))
      let byTime = text.hasPrefix("time") || text.hasPrefix("rolling")
      let byUser = byTime || text == "last 9" || text == "leave-one-out"
      #expect(kinds.contains(.laterOfUser) != byUser && kinds.contains(.laterOfAnybody) != byTime, "\(kinds)")
    }
  }
}
