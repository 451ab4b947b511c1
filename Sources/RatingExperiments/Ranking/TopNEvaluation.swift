import RatingData
import RatingEvaluation
import RatingModels
import RatingNumerics

/// How good a model's rankings are: every user's candidates are ranked by predicted rating, and the first N compared with
/// what the user liked among the held-out ratings.
///
///     let result = try TopNEvaluation().evaluate(model, training: split.train, heldOut: split.test)
///     print(result.protocol)   // candidates: all 1,682 items but the user's training items; relevant: ...
///     for figure in result.values { print(figure.metric, figure.value ?? .nan, figure.count) }
///
/// A secondary view of models of ratings: they learn what rating an item would get, not which item would be chosen, and
/// held-out items are those that happened to be rated.
///
/// All users with a held-out rating are asked about; those without a relevant one are left out, and counted. Users whom
/// the model doesn't know get the ranking of an unknown user.
public struct TopNEvaluation: Sendable {
  /// Metrics of rankings.
  public var metrics: [Metric]
  public var candidates: CandidateRule
  public var relevance: RelevanceRule

  /// The users whose rankings are in memory at a time.
  private static let batchSize = 8192

  /// Precision, recall, NDCG, MAP, MRR, hit rate, catalogue coverage and the Gini coefficient of the first ten.
  public static let defaultMetrics = MetricRegistry.standard.definitions.filter { $0.needs == .rankings }
    .compactMap { try? Metric(parsing: "\($0.name)@10") }

  /// - Parameters:
  ///   - relevance: held-out ratings of at least 4, the usual line on a scale of 1 to 5.
  public init(
    metrics: [Metric] = defaultMetrics, candidates: CandidateRule = .unratedInTraining,
    relevance: RelevanceRule = .ratedAtLeast(4)
  ) {
    self.metrics = metrics
    self.candidates = candidates
    self.relevance = relevance
  }

  /// Ranks the candidates of every user that has held-out ratings.
  ///
  /// - Parameters:
  ///   - model: its items are the catalogue. One that conforms to `ScoresAllItems` scores them by matrix products;
  ///     another one is asked for each.
  ///   - training: what is left out of each user's candidates. Users and items are matched by their identifiers.
  ///   - time: when the users are asked; see `Question.time`.
  /// - Throws: `missing-input` where a metric is none of rankings; `no-rows` where there is no held-out rating, or no item.
  /// - Complexity: O(users x items x factors) time; memory for the training pairs and the rankings of 8192 users. The same
  ///   bytes for any number of threads.
  public func evaluate(
    _ model: any RatingModel, training: RatingDataset, heldOut: RatingDataset, time: UInt32? = nil,
    threads: Int? = nil
  ) throws(EvaluationError) -> TopNResult {
    let catalogue = model.vocabularies.items.count
    guard heldOut.count > 0, catalogue > 0 else {
      throw EvaluationError(
        .noRows, "rankings need a held-out rating and an item, got \(heldOut.count) and \(catalogue)")
    }
    var tally = try RankingTally(metrics, catalogue: catalogue)
    let wanted = RelevantItems(heldOut, relevance, known: model.vocabularies)
    tally.leaveOut(users: wanted.usersWithout)
    let training = candidates == .all ? nil : UserItems(training, known: model.vocabularies)
    for start in stride(from: 0, to: wanted.users.count, by: Self.batchSize) {
      let batch = Array(wanted.users[start..<min(start + Self.batchSize, wanted.users.count)])
      let excluded = training?.excluded(for: batch.map(\.known)) ?? .none
      let rankings = model.topItems(
        min(tally.largestCutoff, catalogue), for: batch.map(\.known), excluding: excluded, time: time,
        threads: threads)
      for (position, user) in batch.enumerated() {
        tally.add(
          RankedUser(
            ranked: rankings[position].map(\.item.value), relevant: user.items,
            candidateCount: catalogue - excluded.count(position)))
      }
    }
    return TopNResult(
      values: tally.values,
      protocol: RankingProtocol(candidates: candidates, relevance: relevance, catalogue: catalogue),
      users: wanted.users.count, usersLeftOut: wanted.usersWithout)
  }
}

/// Metrics of a model's rankings, and what was ranked.
public struct TopNResult: Sendable, Hashable {
  /// In the order of the metrics that were asked for.
  public let values: [MetricValue]
  public let `protocol`: RankingProtocol
  /// The users that the figures are of.
  public let users: Int
  /// The users with held-out ratings of which none is relevant.
  public let usersLeftOut: Int
}
