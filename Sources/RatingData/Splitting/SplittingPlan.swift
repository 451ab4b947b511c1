import RatingNumerics

/// Any way of dividing ratings as one value, with a text that it is written as in suites and options.
///
/// | text | what it does |
/// |---|---|
/// | `random 10%` | a random share of the rows is the test half (`RandomSplit`) |
/// | `k-fold 5` | cross-validation (`KFold`) |
/// | `repeated 3x5` | three times 5-fold cross-validation (`RepeatedKFold`) |
/// | `last 9` | the last nine ratings of each user (`LastPerUser`) |
/// | `leave-one-out`, `leave-one-out random` | the last, or any, rating of each user (`LeaveOneOut`) |
/// | `given 10`, `given 10 last` | ten training ratings of each user, the others test (`GivenPerUser`) |
/// | `all-but 2`, `all-but 2 last` | two test ratings of each user, any or the last (`AllButPerUser`) |
/// | `time 10%` | the last tenth of all ratings (`TimeSplit`) |
/// | `time 2005-12-01` | all ratings from that day on (`TimeCut`) |
/// | `rolling 4`, `rolling 4 sliding` | four test halves one after another in time (`RollingWindows`) |
/// | `predefined`, `predefined ua ub` | pairs of files in the data set's folder (`PredefinedFolds`) |
///
/// However many splits a plan yields, `splits(of:seed:)` enumerates them.
public enum SplittingPlan: Sendable, Hashable {
  case random(testFraction: Double)
  case kFold(KFold)
  case repeatedKFold(RepeatedKFold)
  case lastPerUser(count: Int)
  case leaveOneOut(HeldOutRatings)
  case givenPerUser(GivenPerUser)
  case allButPerUser(AllButPerUser)
  case timeFraction(Double)
  case timeCut(TimeCut)
  case rolling(RollingWindows)
  /// Of these names; none means those that belong together by their numbers.
  case predefined(names: [String])

  /// The splits of a data set.
  ///
  /// - Parameters:
  ///   - folder: where the files of predefined splits lie: the folder that the data set's file is in.
  ///   - options: how those files are read.
  /// - Throws: where the plan makes no sense for these ratings (`unusable-split`, `no-times`), or files are missing.
  public func splits(
    of dataset: RatingDataset, seed: Seed, folder: String? = nil, options: ReadingOptions = ReadingOptions()
  ) throws(RatingDataError) -> Splits {
    switch self {
    case .random(let fraction): try single(RandomSplit(testFraction: fraction), dataset, seed)
    case .kFold(let folds): try folds.splits(dataset, seed: seed)
    case .repeatedKFold(let folds): try folds.splits(dataset, seed: seed)
    case .lastPerUser(let count): try single(LastPerUser(count: count), dataset, seed)
    case .leaveOneOut(let heldOut): try single(LeaveOneOut(heldOut: heldOut), dataset, seed)
    case .givenPerUser(let strategy): try single(strategy, dataset, seed)
    case .allButPerUser(let strategy): try single(strategy, dataset, seed)
    case .timeFraction(let fraction): try single(TimeSplit(testFraction: fraction), dataset, seed)
    case .timeCut(let cut): try single(cut, dataset, seed)
    case .rolling(let windows): try windows.splits(dataset, seed: seed)
    case .predefined(let names):
      if let folder {
        try PredefinedFolds(inFolder: folder, names: names).splits(
          vocabularies: dataset.vocabularies, options: options.withScale(of: dataset))
      } else {
        throw unusableSplit("predefined splits are files; say in which folder they are")
      }
    }
  }

  /// Whether the splits depend on the seed at all. (Those along time do where ratings have the same time.)
  public var isRandom: Bool {
    switch self {
    case .timeCut, .predefined: false
    default: true
    }
  }

  /// Made at once, so that a plan that can't be carried out is told before anything is trained.
  private func single(
    _ strategy: some SplittingStrategy, _ dataset: RatingDataset, _ seed: Seed
  ) throws(RatingDataError) -> Splits {
    let split = try strategy.split(dataset, seed: seed)
    return Splits(names: ["split"]) { _ in split }
  }
}

extension ReadingOptions {
  /// With the scale of the whole data set, where none is given.
  fileprivate func withScale(of dataset: RatingDataset) -> ReadingOptions {
    var options = self
    options.scale = scale ?? dataset.scale
    return options
  }
}
