import RatingBench

/// What `train` reads: the ratings to learn from, without those that are excluded or held out, and the validation and
/// test ratings.
struct TrainingFiles {
  let training: RatingDataset
  let validation: RatingDataset?
  /// The pairs that are known to be asked about, in the indices of the training ratings.
  let questions: RatingPairs?
  /// What is known of the users and items of the training ratings.
  let userFeatures, itemFeatures: FeatureTable?
  /// In the indices of the training ratings.
  let test: ReindexedRatings?

  init(_ command: Train) throws(RatingDataError) {
    var options = command.reading.options
    options.cache = command.caching.ratingCache
    options.duplicates = command.duplicates
    options.onProgress = ReadingDisplay.callback(command.progress)
    var training = try Self.ratings(command.ratings, options)
    if let exclude = command.exclude {
      let pairs = try QuestionSet.read(
        exclude, vocabularies: training.vocabularies, options: ReadingOptions(threads: options.threads))
      Console.problems(pairs.warnings)
      let removed = training.remove(pairs.pairs, threads: options.threads)
      Console.note(
        "excluded \(Decimals.grouped(removed)) ratings of the \(Decimals.grouped(pairs.count)) pairs in \(exclude)")
    }
    func requireRatings(_ option: String) throws(RatingDataError) {
      guard training.count == 0 else { return }
      throw Self.problem(
        code: TrainingError.Code.emptyTrainingData.rawValue, command.ratings,
        "no ratings are left to learn from; check what \(option) names")
    }
    try requireRatings("--exclude")
    // Ratings that are held out for validation decide about the model too, so no test pair may be among them.
    test = try command.test.map { path throws(RatingDataError) in
      try Self.test(path, command, options, training)
    }
    let vocabularies = training.vocabularies
    questions = try command.questions.map { path throws(RatingDataError) in
      let asked = try QuestionSet.read(
        path, vocabularies: vocabularies, options: ReadingOptions(threads: options.threads))
      Console.problems(asked.warnings)
      return asked.pairs
    }
    userFeatures = try FeatureArguments.read(command.features.userFeatures, vocabularies.users, of: .users)
    itemFeatures = try FeatureArguments.read(command.features.itemFeatures, vocabularies.items, of: .items)
    switch command.validation.validation {
    case nil: validation = nil
    case .fraction(let share):
      let split = try training.split(.random(testFraction: share), seed: Seed(command.seed))
      guard split.test.count > 0 else {
        throw Self.problem(
          code: "unusable-split", command.ratings,
          "\(share) of \(training.count) ratings is less than one, so that nothing is held out for validation; hold out more"
        )
      }
      (training, validation) = (split.train, split.test)
      try requireRatings("--validation")
    case .file(let path): validation = try Self.validation(path, command, options, training)
    }
    self.training = training
  }

  /// The ratings of a file or folder; its warnings are printed.
  private static func ratings(_ path: String, _ options: ReadingOptions) throws(RatingDataError) -> RatingDataset {
    let read = try RatingDataset.read(path, options: options)
    Console.problems(read.warnings)
    return read.dataset
  }

  private static func problem(
    code: String, _ file: String, count: Int = 1, _ message: String
  ) -> RatingDataError {
    RatingDataError(.badData, [Problem(.error, code, file: file, count: count, message: message)])
  }

  /// The ratings of a validation file whose users and items the training ratings have.
  private static func validation(
    _ path: String, _ command: Train, _ options: ReadingOptions, _ training: RatingDataset
  ) throws(RatingDataError) -> RatingDataset {
    let all = try ratings(path, options)
    let known = all.restricted(to: training.vocabularies)
    guard known.count > 0 else {
      throw problem(
        code: "no-rows", path,
        "none of the \(Decimals.grouped(all.count)) validation ratings has a user and an item of the "
          + "training ratings; check that both files name them alike")
    }
    if known.count < all.count {
      Console.note(
        "left out \(Decimals.grouped(all.count - known.count)) of \(Decimals.grouped(all.count)) ratings in "
          + "\(path) whose user or item the training ratings lack")
    }
    let overlap = training.rows(of: known.pairs, threads: options.threads)
    if !overlap.isEmpty && !command.allowOverlap {
      throw problem(
        code: "validation-overlap", path, count: overlap.count,
        "\(Decimals.grouped(overlap.count)) of \(Decimals.grouped(known.count)) validation pairs are among the training "
          + "ratings, so the error would come out too low; leave them out with --exclude \(path), or pass --allow-overlap "
          + "if that is intended")
    }
    return known
  }

  private static func test(
    _ path: String, _ command: Train, _ options: ReadingOptions, _ training: RatingDataset
  ) throws(RatingDataError) -> ReindexedRatings {
    let test = try ratings(path, options).reindexed(to: training.vocabularies)
    let overlap = training.rows(of: test.pairs, threads: options.threads)
    if !overlap.isEmpty && !command.allowOverlap {
      throw problem(
        code: "test-overlap", path, count: overlap.count,
        "\(Decimals.grouped(overlap.count)) of \(Decimals.grouped(test.pairs.count)) test pairs are among "
          + "the training ratings, so the error would come out too low; leave them out with --exclude \(path), "
          + "or pass --allow-overlap if that is intended")
    }
    return test
  }
}
