import Testing

@testable import RatingData
@testable import RatingNumerics

/// What the order of rows tells, and what it only seems to.
@Suite struct RowOrderTests {
  typealias Rating = (user: Int, item: Int, rating: Float, time: UInt32)

  /// Ratings with effects of users and items, in random order.
  private static func ratings(_ count: Int = 4_000, seed: UInt64 = 1) -> [Rating] {
    var stream = RandomStream(seed: Seed(seed), purpose: "test.order")
    let users = (0..<100).map { _ in 0.6 * stream.normal() }
    let items = (0..<80).map { _ in 0.6 * stream.normal() }
    return (0..<count).map { _ in
      let (user, item) = (stream.below(100), stream.below(80))
      let score = 3.5 + users[user] + items[item] + 0.8 * stream.normal()
      return (user, item, Float(min(5, max(1, score.rounded()))), UInt32(stream.below(1_000_000)))
    }
  }

  private func evidence(_ ratings: [Rating], times: Bool = false) -> RowOrderEvidence {
    RowOrderCheck.evidence(
      of: RatingDataset(
        users: ratings.map(\.user), items: ratings.map(\.item), ratings: ratings.map(\.rating),
        times: times ? ratings.map(\.time) : nil))
  }

  private func severity(_ ratings: [Rating], times: Bool = false) -> LeakFinding.Severity? {
    RowOrderCheck.finding(evidence(ratings, times: times))?.severity
  }

  @Test func ordersThatTellRatingsAreLeaks() {
    let random = Self.ratings()
    let byRating = random.sorted { $0.rating < $1.rating }
    #expect(severity(byRating) == .leak && severity(byRating.reversed()) == .leak)
    #expect(evidence(byRating).tests[0].effect > 0.9 && evidence(byRating.reversed()).tests[0].effect < -0.9)
    #expect(severity(random.sorted { ($0.user, $0.rating) < ($1.user, $1.rating) }) == .leak)
    #expect(severity(random.sorted { ($0.item, -$0.rating) < ($1.item, -$1.rating) }) == .leak)
    // In no order, but equal ratings together: only runs tell.
    let places: [Float: Int] = [3: 0, 5: 1, 1: 2, 4: 3, 2: 4]
    #expect(severity(random.sorted { places[$0.rating]! < places[$1.rating]! }) == .leak)
    // Users in the order of their mean ratings, rows inside at random.
    let means = Dictionary(grouping: random, by: \.user).mapValues { rows in
      rows.reduce(0) { $0 + $1.rating } / Float(rows.count)
    }
    #expect(severity(random.sorted { means[$0.user]! < means[$1.user]! }) == .leak)
    // Half sorted is enough, and so are thirty rows.
    #expect(severity(Array(byRating.prefix(2_000)) + random.shuffled(9).prefix(2_000)) == .leak)
    #expect(severity(Self.ratings(30).sorted { $0.rating < $1.rating }) == .leak)
  }

  @Test func ordersByWhatIsKnownAreNot() {
    let random = Self.ratings()
    for order: [Rating] in [
      random, random.sorted { $0.user < $1.user }, random.sorted { $0.item > $1.item },
      random.sorted { ($0.user, $0.item) < ($1.user, $1.item) },
      random.sorted { ($0.item, $0.user) < ($1.item, $1.user) },
    ] {
      #expect(severity(order) == nil, "\(evidence(order))")
    }
    // The order of time is known where times are; and ratings may drift with it.
    let drifting = random.map { ($0.user, $0.item, $0.rating + Float($0.time) / 200_000, $0.time) as Rating }
    let byTime = drifting.sorted { $0.time < $1.time }
    #expect(severity(byTime, times: true) == nil && evidence(byTime, times: true).keys.first == .time)
    #expect(severity(byTime) == .leak)
    #expect(evidence(byTime.sorted { $0.user < $1.user }, times: true).keys.first == .user)
    // Users in blocks that stand in no order.
    var stream = RandomStream(seed: 5, purpose: "test.blocks")
    let places = (0..<100).map { _ in stream.next() }
    let blocks = evidence(random.sorted { places[$0.user] < places[$1.user] })
    #expect(blocks.keys == [.user] && !blocks.isFullyExplained && RowOrderCheck.finding(blocks) == nil)
    #expect(blocks.tests.contains { $0.name == .blockCorrelation })
  }

  @Test func theTestsHoldTheirLevel() {
    // Random orders: z is standard normal. 400 draws of each of two: mean within 0.2, variance within 0.75...1.3.
    var found: [RowOrderEvidence.Test.Name: [Double]] = [:]
    for seed in 0..<400 {
      for test in evidence(Self.ratings(300, seed: UInt64(seed)).sorted { $0.user < $1.user }).tests {
        found[test.name, default: []].append(test.z)
      }
    }
    #expect(found.count == 2)
    for (name, values) in found {
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      #expect(abs(mean) < 0.2 && variance > 0.75 && variance < 1.3, "\(name): \(mean), \(variance)")
    }
  }

  @Test func theStatisticsAreThoseOfTheFormulas() throws {
    // Ratings 1, 2, 2, 5: ranks 1, 2.5, 2.5, 4. Correlation with 1...4: 4.5 / sqrt(5 * 4.5).
    var scratch = RankScratch(3)
    let rho = scratch.correlation([0, 1, 1, 2]) ?? 0
    #expect(abs(rho - 4.5 / (5.0 * 4.5).squareRoot()) < 1e-12)
    let reversed = scratch.correlation([2, 1, 1, 0]) ?? 0
    #expect(abs(reversed + rho) < 1e-12)
    let constant = scratch.correlation([1, 1, 1])
    #expect(constant == nil)
    // Over all orders of five ratings with ties: mean 0, variance 1/4.
    let all = permutations([0, 0, 1, 2, 2]).map { scratch.correlation($0[...])! }
    #expect(abs(all.reduce(0, +)) < 1e-9 && abs(all.reduce(0) { $0 + $1 * $1 } / 120 - 0.25) < 1e-9)
    // 24 rows of one user and one item, 12 low, then 12 high: 2 runs of an expected 13, variance 12 * 11 / 23.
    let sorted = (0..<24).map { (1, $0 * 7 % 24, $0 < 12 ? 1 : 5, 0) as Rating }
    let tests = evidence(sorted).tests
    let runs = try #require(tests.first { $0.name == .runs })
    #expect(abs(runs.effect - 11.0 / 12) < 1e-12 && abs(runs.z + 11 / (12.0 * 11 / 23).squareRoot()) < 1e-12)
    #expect(tests.allSatisfy { $0.p > 0 && $0.p < 1e-4 })
    #expect(evidence(Array(sorted.prefix(19))).tests.isEmpty)
  }

  private func permutations(_ values: [UInt32]) -> [[UInt32]] {
    if values.count < 2 { return [values] }
    return values.indices.flatMap { index in
      var rest = values
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }
}

extension Array {
  fileprivate func shuffled(_ seed: UInt64) -> [Element] {
    var copy = self
    var stream = RandomStream(seed: Seed(seed), purpose: "test.shuffle")
    stream.shuffle(&copy)
    return copy
  }
}
