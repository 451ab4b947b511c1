import RatingData
import RatingNumerics

/// How a saved model came about: what is needed to make it again, and to see that it is the same.
public struct ModelProvenance: Sendable, Hashable {
  /// The algorithm's name in the registry.
  public var algorithm: String
  /// All hyper-parameters, as Swift spells them, in the algorithm's order.
  public var parameters: [Parameter]
  public var seed: Seed
  /// The number of training ratings.
  public var ratings: Int
  /// `RatingDataset.contentHash` of the training ratings.
  public var dataHash: String
  /// The version of the library that trained it.
  public var libraryVersion: String
  /// The epoch whose model it is; nil for an algorithm without epochs, and for models of earlier versions.
  public var epoch: Int?
  /// Early stopping, where it had a say in which epoch that is.
  public var earlyStopping: Stopping?
  /// The pairs that were known to be asked about, where there were any: `TrainingInput.questions`.
  public var questions: Questions?
  /// What was known of the users, and of the items, besides ratings: `TrainingInput.userFeatures` and `itemFeatures`.
  public var userFeatures, itemFeatures: Features?
  /// What was folded into the model since, in this order.
  public var foldedIn: [FoldedIn] = []

  public struct Questions: Sendable, Hashable {
    public var pairs: Int
    /// `RatingPairs.contentHash`.
    public var hash: String
  }

  /// Ratings that were folded into a model, and how.
  public struct FoldedIn: Sendable, Hashable {
    public var ratings: Int
    /// `RatingDataset.contentHash` of the ratings.
    public var dataHash: String
    public var side: FoldIn.Side
    public var known: FoldIn.KnownRows

    /// - Complexity: O(ratings), for the hash.
    public init(_ dataset: RatingDataset, side: FoldIn.Side, known: FoldIn.KnownRows) {
      self.init(ratings: dataset.count, dataHash: dataset.contentHash, side: side, known: known)
    }

    init(ratings: Int, dataHash: String, side: FoldIn.Side, known: FoldIn.KnownRows) {
      self.ratings = ratings
      self.dataHash = dataHash
      self.side = side
      self.known = known
    }
  }

  /// A rule of early stopping, and the ratings that it went by.
  public struct Stopping: Sendable, Hashable {
    public var rule: EarlyStopping
    public var validationRatings: Int
    /// `RatingDataset.contentHash` of the validation ratings.
    public var validationHash: String

    public init(_ rule: EarlyStopping, validation: RatingDataset) {
      self.rule = rule
      validationRatings = validation.count
      validationHash = validation.contentHash
    }

    init(_ rule: EarlyStopping, validationRatings: Int, validationHash: String) {
      self.rule = rule
      self.validationRatings = validationRatings
      self.validationHash = validationHash
    }
  }

  public struct Parameter: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// - Complexity: O(ratings), for the hash.
  public init(_ algorithm: some RegisteredAlgorithm, seed: Seed, trainedOn dataset: RatingDataset) {
    self.algorithm = type(of: algorithm).name
    parameters = algorithm.parameterValues.map { Parameter(name: $0.parameter.name, value: $0.value.description) }
    self.seed = seed
    ratings = dataset.count
    dataHash = dataset.contentHash
    libraryVersion = RatingBenchVersion.current
  }

  /// All of the input that the model depends on, and the epoch whose model it is.
  ///
  /// - Complexity: O(ratings), for the hashes.
  public init(
    _ algorithm: some RegisteredAlgorithm, seed: Seed, trainedOn input: TrainingInput, epoch: Int? = nil
  ) {
    self.init(algorithm, seed: seed, trainedOn: input.ratings)
    self.epoch = epoch
    questions = input.questions.map { Questions(pairs: $0.count, hash: $0.contentHash) }
    userFeatures = input.userFeatures.map { Features($0) }
    itemFeatures = input.itemFeatures.map { Features($0) }
    if let rule = input.earlyStopping, let validation = input.validation, algorithm is any IterativeAlgorithm {
      earlyStopping = Stopping(rule, validation: validation)
    }
  }

  init(
    algorithm: String, parameters: [Parameter], seed: Seed, ratings: Int, dataHash: String, libraryVersion: String
  ) {
    self.algorithm = algorithm
    self.parameters = parameters
    self.seed = seed
    self.ratings = ratings
    self.dataHash = dataHash
    self.libraryVersion = libraryVersion
  }
}
