import RatingModels

/// All that a search has tried, and what it found.
public struct Study: Sendable, Hashable {
  /// A setting and its error.
  public struct Trial: Sendable, Hashable {
    /// From 1; a setting keeps its number on all rungs.
    public var setting: Int
    /// From 1; 1 for strategies without rungs.
    public var rung: Int
    /// Epochs or sweeps on this rung; nil where all are given.
    public var budget: Int?
    public var settings: [ParameterSetting]
    /// The RMSE over all held-out ratings; nil where training failed.
    public var rmse: Double?
    /// The RMSE on each inner fold.
    public var folds: [Double]
    /// Why there is no error.
    public var failure: String?
    /// Wall time of training. No part of what is chosen.
    public var seconds: Double
  }

  public var algorithm: String
  /// Settings that were not searched for and differ from the defaults.
  public var fixed: [ParameterSetting]
  public var plan: SearchPlan
  public var trainingSeed: UInt64
  /// Whether predictions were moved into the rating scale before they were judged.
  public var isClipped: Bool
  /// Ratings that models learned from and were judged on.
  public var ratings: Int
  /// The SHA-256 of the data.
  public var data: String
  /// In the order in which they were carried out.
  public var trials: [Trial]

  /// The trial with the lowest error among those that had everything: on the last rung, where there are rungs. The first
  /// among equals; nil where all failed.
  public var best: Trial? {
    let last = trials.map(\.rung).max() ?? 1
    return trials.filter { $0.rung == last && $0.rmse != nil }.min { ($0.rmse!, $0.setting) < ($1.rmse!, $1.setting) }
  }

  /// The settings of the best trial, the fixed ones first.
  public var bestSettings: [ParameterSetting]? { best.map { fixed + $0.settings } }
}
