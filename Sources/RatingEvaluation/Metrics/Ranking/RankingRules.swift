/// Which held-out items a user's ranking should have on top.
public enum RelevanceRule: Sendable, Hashable, CustomStringConvertible {
  /// Those that the user rated at least this high in the held-out ratings.
  case ratedAtLeast(Double)
  /// All that the user rated in the held-out ratings, however low.
  case allHeldOut

  public func isRelevant(_ rating: Double) -> Bool {
    switch self {
    case .ratedAtLeast(let least): rating >= least
    case .allHeldOut: true
    }
  }

  /// `held-out ratings of at least 4`.
  public var description: String {
    switch self {
    case .ratedAtLeast(let least):
      "held-out ratings of at least \(least == least.rounded() && abs(least) < 1e15 ? "\(Int(least))" : "\(least)")"
    case .allHeldOut: "all held-out ratings"
    }
  }
}

/// Which items are ranked for a user.
///
/// All of a catalogue are: ranking a sample of them instead gives figures that may order models differently.
///
/// Source: Krichene and Rendle, "On sampled metrics for item recommendation" (KDD 2020), doi:10.1145/3394486.3403226.
public enum CandidateRule: String, Sendable, Hashable, CustomStringConvertible {
  /// All items that the user has not rated in training.
  case unratedInTraining = "unrated-in-training"
  /// All items, also those that the user has rated in training.
  case all

  public var description: String { description(catalogue: nil) }

  /// `all 1,682 items but the user's training items`.
  public func description(catalogue: Int?) -> String {
    let items = catalogue.map { "all \(StratumCut.grouped($0)) items" } ?? "all items"
    return self == .all ? items : "\(items) but the user's training items"
  }
}

/// What was ranked for whom, and what counted as a hit: without it a figure of rankings means nothing.
public struct RankingProtocol: Sendable, Hashable, CustomStringConvertible {
  public var candidates: CandidateRule
  public var relevance: RelevanceRule
  /// The number of items in the catalogue.
  public var catalogue: Int

  public init(candidates: CandidateRule, relevance: RelevanceRule, catalogue: Int) {
    self.candidates = candidates
    self.relevance = relevance
    self.catalogue = catalogue
  }

  /// `candidates: all 1,682 items but the user's training items; relevant: held-out ratings of at least 4`.
  public var description: String {
    "candidates: \(candidates.description(catalogue: catalogue)); relevant: \(relevance)"
  }
}
