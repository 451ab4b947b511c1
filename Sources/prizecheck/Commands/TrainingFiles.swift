import RatingBench

/// What `train` reads: the ratings to learn from, without the excluded ones, and the test ratings.
struct TrainingFiles {
  let training: RatingDataset
  /// In the indices of the training ratings.
  let test: ReindexedRatings?

  init(_ command: Train) throws(RatingDataError) {
    var options = command.reading.options
    options.duplicates = command.duplicates
    let read = try RatingDataset.read(command.ratings, options: options)
    Console.problems(read.warnings)
    var training = read.dataset
    if let exclude = command.exclude {
      let pairs = try QuestionSet.read(
        exclude, vocabularies: training.vocabularies, options: ReadingOptions(threads: options.threads))
      Console.problems(pairs.warnings)
      let rest = training.removing(pairs.pairs)
      let removed = training.count - rest.count
      Console.note(
        "excluded \(Decimals.grouped(removed)) ratings of the \(Decimals.grouped(pairs.count)) pairs in \(exclude)")
      training = rest
    }
    guard training.count > 0 else {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, TrainingError.Code.emptyTrainingData.rawValue, file: command.ratings,
            message: "no ratings are left to learn from; check what --exclude names")
        ])
    }
    self.training = training
    test = try command.test.map { path throws(RatingDataError) in
      try Self.test(path, command, options, training)
    }
  }

  private static func test(
    _ path: String, _ command: Train, _ options: ReadingOptions, _ training: RatingDataset
  ) throws(RatingDataError) -> ReindexedRatings {
    let read = try RatingDataset.read(path, options: options)
    Console.problems(read.warnings)
    let test = read.dataset.reindexed(to: training.vocabularies)
    let overlap = training.rows(of: test.pairs)
    if !overlap.isEmpty && !command.allowOverlap {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, "test-overlap", file: path, count: overlap.count,
            message: "\(Decimals.grouped(overlap.count)) of \(Decimals.grouped(test.pairs.count)) test pairs are among "
              + "the training ratings, so the error would come out too low; leave them out with --exclude \(path), "
              + "or pass --allow-overlap if that is intended")
        ])
    }
    return test
  }
}
