import Foundation
import RatingNumerics
import Testing

@testable import RatingEvaluation

struct RankingMetricsTests {
  private static func tally(_ names: String, catalogue: Int, _ users: [RankedUser]) throws -> [MetricValue] {
    var tally = try RankingTally(Metric.list(parsing: names), catalogue: catalogue)
    for user in users { tally.add(user) }
    return tally.values
  }

  @Test func accuracyOfARanking() throws {
    // Ranked 7 3 9 1; relevant 3, 1 and 8: hits at the ranks 2 and 4, and 8 is nowhere.
    let user = RankedUser(ranked: [7, 3, 9, 1], relevant: [3, 1, 8, 3], candidateCount: 12)
    #expect(user.hitRanks == [2, 4] && user.relevantCount == 3)
    let at3 = try Self.tally("precision@3,recall@3,ndcg@3,map@3,mrr@3,hit-rate@3", catalogue: 12, [user])
    // DCG 1/log2 3 over 1 + 1/log2 3 + 1/2; average precision (1/2) / 3.
    let third = 1 / log2(3.0)
    let expected = [1.0 / 3, 1.0 / 3, third / (1.5 + third), 0.5 / 3, 0.5, 1]
    #expect(zip(at3, expected).allSatisfy { abs($0.value! - $1) < 1e-15 && $0.count == 1 })
    // Four ranks, of which two hits: (1/2 + 2/4) / 3.
    let at4 = try Self.tally("precision@4,recall@4,map@4,ndcg@4", catalogue: 12, [user])
    let best = 1.5 + third
    let expected4 = [0.5, 2.0 / 3, 1.0 / 3, (third + 1 / log2(5.0)) / best]
    #expect(zip(at4, expected4).allSatisfy { abs($0.value! - $1) < 1e-15 })
  }

  @Test func figuresAreMeansOverUsersWithRelevantItems() throws {
    let users = [
      RankedUser(ranked: [0, 1], relevant: [0], candidateCount: 4),
      RankedUser(ranked: [2, 3], relevant: [1], candidateCount: 4),
      RankedUser(ranked: [0, 3], relevant: [], candidateCount: 4),
    ]
    let found = try Self.tally("hit-rate@2,mrr@1,ndcg@2,precision@2", catalogue: 4, users)
    #expect(found.map(\.value) == [0.5, 0.5, 0.5, 0.25])
    #expect(found.allSatisfy { $0.count == 2 && $0.leftOut == 1 })
  }

  @Test func exposure() throws {
    // First two of two users: 0 1 and 0 2 of four items: exposures 2 1 1 0.
    // Gini: ascending 0 1 1 2 with the weights -3 -1 1 3: (-1 + 1 + 6) / (4 x 4) = 0.375.
    let users = [[0, 1, 3], [0, 2, 3]].map { RankedUser(ranked: $0, relevant: [3], candidateCount: 4) }
    let found = try Self.tally("catalogue-coverage@2,gini@2,catalogue-coverage@3,gini@1", catalogue: 4, users)
    // At 1: exposures 2 0 0 0: 3 x 2 / (4 x 2).
    #expect(found.map(\.value) == [0.75, 0.375, 1, 0.75])
  }

  @Test func aPerfectRankingIsOneEverywhere() throws {
    let users = (0..<5).map { RankedUser(ranked: [$0, 9, 8], relevant: [$0, 9, 8, 7], candidateCount: 10) }
    let found = try Self.tally("precision@3,ndcg@3,map@3,mrr@3,hit-rate@3,recall@3", catalogue: 10, users)
    #expect(found.map(\.value) == [1, 1, 1, 1, 1, 0.75])
  }

  @Test func talliesMergeToTheWhole() throws {
    var random = RandomStream(seed: Seed(8), purpose: "rankings", index: 0)
    let users = (0..<500).map { _ in
      var items = (0..<60).map { UInt32($0) }
      random.shuffle(&items)
      return RankedUser(
        ranked: Array(items.prefix(20)),
        relevant: Array((0..<Int(random.next() % 9)).map { _ in UInt32(random.next() % 60) }),
        candidateCount: 60)
    }
    let metrics = MetricRegistry.standard.definitions.filter { $0.needs == .rankings }.map { "\($0.name)@10" }
    #expect(metrics.count == 8)
    let list = try Metric.list(parsing: metrics.joined(separator: ","))
    var whole = try RankingTally(list, catalogue: 60)
    var merged = whole
    for user in users { whole.add(user) }
    for start in stride(from: 0, to: users.count, by: 77) {
      var part = try RankingTally(list, catalogue: 60)
      for user in users[start..<min(start + 77, users.count)] { part.add(user) }
      merged.merge(part)
    }
    for (a, b) in zip(whole.values, merged.values) {
      #expect(abs(a.value! - b.value!) < 1e-14 && a.count == b.count && a.leftOut == b.leftOut && a.leftOut > 0)
    }
    #expect(whole.largestCutoff == 10)
  }

  @Test func rulesPrintThemselves() {
    let rules = RankingProtocol(candidates: .unratedInTraining, relevance: .ratedAtLeast(4), catalogue: 1682)
    #expect(
      "\(rules)"
        == "candidates: all 1,682 items but the user's training items; relevant: held-out ratings of at least 4")
    let all = RankingProtocol(candidates: .all, relevance: .allHeldOut, catalogue: 17_770)
    #expect("\(all)" == "candidates: all 17,770 items; relevant: all held-out ratings")
    #expect("\(RelevanceRule.ratedAtLeast(3.5))" == "held-out ratings of at least 3.5")
    #expect(RelevanceRule.ratedAtLeast(4).isRelevant(4) && !RelevanceRule.ratedAtLeast(4).isRelevant(3.5))
  }

  @Test func aMetricOfPredictionsIsNoneOfRankings() {
    #expect(code { _ = try RankingTally(Metric.list(parsing: "rmse"), catalogue: 3) } == .missingInput)
  }
}
