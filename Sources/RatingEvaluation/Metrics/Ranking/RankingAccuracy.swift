#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How well the first N items of rankings hit what users liked: a mean over users with at least one relevant item.
///
/// With hits at the ranks r (from 1, at most N) and R relevant items of a user:
///
///     precision@N = hits / N               also where fewer than N items are ranked
///     recall@N    = hits / R
///     ndcg@N      = sum over hits of 1 / log2(r + 1), divided by the same sum over the ranks 1...min(N, R)
///     map@N       = sum over hits of (hits up to r) / r, divided by min(N, R)
///     mrr@N       = 1 / (rank of the first hit), or 0 where there is none
///     hit-rate@N  = 1 where there is a hit, else 0
///
/// Relevance is yes or no: the DCG's gains are 1 and 0. All lie in 0...1, and greater is better.
///
/// O(hits) time for each user.
///
/// Sources: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002),
/// doi:10.1145/582415.582418; Voorhees, "The TREC-8 question answering track report" (1999), for the reciprocal rank.
public struct RankingAccuracy: RankingMetric {
  public enum Figure: String, Sendable, Hashable, CaseIterable {
    case precision, recall, ndcg, map, mrr
    case hitRate = "hit-rate"

    var title: String {
      switch self {
      case .precision: "precision"
      case .recall: "recall"
      case .ndcg: "normalized discounted cumulative gain"
      case .map: "mean average precision"
      case .mrr: "mean reciprocal rank"
      case .hitRate: "hit rate"
      }
    }

    var formula: String {
      switch self {
      case .precision: "hits / N, mean over users"
      case .recall: "hits / relevant items, mean over users"
      case .ndcg: "sum over hits of 1 / log2(rank + 1), over the same of the best ranking, mean over users"
      case .map: "sum over hits of (hits so far / rank), over min(N, relevant items), mean over users"
      case .mrr: "1 / rank of the first hit, mean over users"
      case .hitRate: "users with a hit / users"
      }
    }
  }

  public let figure: Figure
  /// N.
  public let cutoff: Int
  public private(set) var count = 0
  private var sum = CompensatedSum()
  /// The DCG of hits at the ranks 1...k, for k from 0.
  private let best: [Double]

  /// - Precondition: `cutoff` is at least 1.
  public init(_ figure: Figure, cutoff: Int) {
    precondition(cutoff >= 1, "a ranking is cut off behind at least 1 item, got \(cutoff)")
    self.figure = figure
    self.cutoff = cutoff
    best = figure == .ndcg ? (1...cutoff).reduce(into: [0.0]) { $0.append($0.last! + Self.gain($1)) } : []
  }

  private static func gain(_ rank: Int) -> Double { 1 / log2(Double(rank + 1)) }

  /// The figure of one user.
  func value(of user: RankedUser) -> Double {
    let hits = user.hitRanks.prefix { $0 <= cutoff }
    let reachable = min(cutoff, user.relevantCount)
    switch figure {
    case .precision: return Double(hits.count) / Double(cutoff)
    case .recall: return Double(hits.count) / Double(user.relevantCount)
    case .ndcg: return hits.reduce(0.0) { $0 + Self.gain($1) } / best[reachable]
    case .map:
      return hits.enumerated().reduce(0.0) { $0 + Double($1.offset + 1) / Double($1.element) } / Double(reachable)
    case .mrr: return hits.first.map { 1 / Double($0) } ?? 0
    case .hitRate: return hits.isEmpty ? 0 : 1
    }
  }

  /// - Precondition: the user has a relevant item.
  public mutating func add(_ user: RankedUser) {
    precondition(user.relevantCount > 0, "a user without relevant items has no accuracy; leave the user out")
    sum.add(value(of: user))
    count += 1
  }

  /// - Precondition: both are of the same figure and cut-off.
  public mutating func merge(_ other: RankingAccuracy) {
    precondition(figure == other.figure && cutoff == other.cutoff, "different metrics can't be merged")
    sum.merge(other.sum)
    count += other.count
  }

  public var value: Double? { count == 0 ? nil : sum.value / Double(count) }
}
