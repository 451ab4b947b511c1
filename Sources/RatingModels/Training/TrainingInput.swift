import RatingData

/// What an algorithm may look at while it learns.
public struct TrainingInput: Sendable {
  /// The ratings to learn from.
  public var ratings: RatingDataset
  /// Ratings that are only looked at to report the accuracy after each epoch, and for early stopping; never learned from.
  ///
  /// Must share the vocabularies of `ratings`, as the halves of a `Split` do. A run that stops where these are predicted
  /// best has chosen by them, and needs others to be judged by.
  public var validation: RatingDataset?
  /// Who will be asked about what, without the ratings: algorithms that learn from who rated what (`svd++`,
  /// `asymmetric-svd`, `time-svd++`) count these pairs too, as was allowed in the Netflix Prize. All others ignore
  /// them.
  ///
  /// Nil, the default, is the strict protocol: nothing is known of a pair before it is asked. On MovieLens 100K the
  /// pairs of the test part are worth 0.001 to 0.004 of RMSE, so a result has to say which protocol it was made by.
  public var questions: RatingPairs?
  /// What is known of the users, and of the items, besides ratings, such as ages and genres: row e describes the user, or
  /// the item, with the index e in the vocabularies of `ratings`.
  ///
  /// Algorithms learn from these where `RegisteredAlgorithm.usesSideFeatures` says so; all others ignore them, and the
  /// tool refuses them there.
  public var userFeatures, itemFeatures: FeatureTable?
  /// Ends an iterative run where `validation` is predicted best, and keeps that model; nil runs all epochs. Algorithms
  /// without epochs have nothing to stop and ignore it.
  public var earlyStopping: EarlyStopping?

  /// - Precondition: `validation`, where given, has the vocabularies of `ratings`, and features have a row for each user or
  ///   item of them.
  public init(
    _ ratings: RatingDataset, validation: RatingDataset? = nil, questions: RatingPairs? = nil,
    userFeatures: FeatureTable? = nil, itemFeatures: FeatureTable? = nil, earlyStopping: EarlyStopping? = nil
  ) {
    precondition(
      validation.map { $0.vocabularies == ratings.vocabularies } ?? true,
      "validation ratings share the vocabularies of the training ratings, got "
        + "\(validation.map { "\($0.userCount) users and \($0.itemCount) items" } ?? "") against "
        + "\(ratings.userCount) and \(ratings.itemCount), or other ids; use the halves of a Split")
    precondition(
      (userFeatures?.entityCount ?? ratings.userCount) == ratings.userCount
        && (itemFeatures?.entityCount ?? ratings.itemCount) == ratings.itemCount,
      "features have a row for each of \(ratings.userCount) users or \(ratings.itemCount) items, got "
        + "\(userFeatures.map { "\($0.entityCount)" } ?? "none") and \(itemFeatures.map { "\($0.entityCount)" } ?? "none"); "
        + "read them for the vocabularies of the training ratings")
    self.ratings = ratings
    self.validation = validation
    self.questions = questions
    self.userFeatures = userFeatures
    self.itemFeatures = itemFeatures
    self.earlyStopping = earlyStopping
  }
}
