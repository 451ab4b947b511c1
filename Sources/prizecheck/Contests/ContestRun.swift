import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The stages of a contest, one after another, each with its time.
final class ContestRun {
  private let command: Contest
  private var stages: [ContestReport.Stage] = []

  init(_ command: Contest) { self.command = command }

  /// What a model predicts.
  private struct Entry {
    var name: String
    var probe: [Double]
    var qualifying: [Double]
  }

  func report() throws -> ContestReport {
    let start = ContinuousClock.now
    let data = try measured("Read the ratings and the questions") { try read() }
    try requireMemory(data)
    var entries: [Entry] = []
    for name in Contest.models { entries.append(try entry(name, data)) }

    let blend = try measured("Blend on the probe, apply, write") { () throws -> RidgeBlend in
      let blend = try RidgeBlend(
        predictions: entries.map(\.probe), answers: data.answers, users: data.probe.pairs.users,
        seed: Seed(command.seed), threads: command.threads)
      let blended = Predictions(blend.blended(entries.map(\.qualifying))).clipped(to: data.training.scale)
      try data.qualifying.write(blended, to: command.submission)
      return blend
    }
    let validation = try command.validation()
    try measured("Validate the blend") {
      _ = try validation.judging.judge(command.submission, answers: nil).judge()
    }
    let check = try command.check(hasMembership: access(command.input("membership.txt"), R_OK) == 0)
    let verdict = try measured("Check it against the answers") { try check.judged() }
    return ContestReport(
      command: command, training: data.training.count, probe: data.probe.count, questions: data.qualifying.count,
      models: try zip(entries, blend.weights).map { entry, weight in
        ContestReport.Model(
          name: entry.name, rmse: try Scores(predictions: entry.probe, answers: data.ratings, scale: nil).rmse,
          weight: weight)
      },
      blend: blend, stages: stages, seconds: (ContinuousClock.now - start).seconds, verdict: verdict)
  }

  // MARK: Reading

  private struct Files {
    /// Without the probe.
    var training: RatingDataset
    /// With it, where the models are trained again.
    var everything: RatingDataset?
    var probe: QuestionSet
    /// The probe's ratings.
    var ratings: [Float]
    var answers: [Double] { ratings.map(Double.init) }
    var qualifying: QuestionSet
  }

  private func read() throws(RatingDataError) -> Files {
    let options = ReadingOptions(threads: command.threads)
    var cached = options
    cached.cache = command.caching.ratingCache
    var read = try RatingDataset.read(command.data, options: cached)
    let vocabularies = read.dataset.vocabularies
    let probe = try QuestionSet.read(command.input("probe.txt"), vocabularies: vocabularies, options: options)
    let qualifying = try QuestionSet.read(command.input("qualifying.txt"), vocabularies: vocabularies, options: options)
    Console.problems(read.warnings + probe.warnings + qualifying.warnings)
    let ratings = read.dataset.ratings(of: probe.pairs, threads: command.threads)
    let known = ratings.compactMap { $0 }
    guard known.count == ratings.count, !known.isEmpty else {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, "missing-rows", file: command.input("probe.txt"), count: ratings.count - known.count,
            message: "\(Decimals.grouped(ratings.count - known.count)) of its \(Decimals.grouped(ratings.count)) pairs "
              + "have no rating in \(command.data), so that no blend can be fitted to it; the probe is a part of the "
              + "training ratings")
        ])
    }
    let everything = command.retrain ? read.dataset : nil
    read.dataset.remove(probe.pairs, threads: command.threads)
    guard read.dataset.count > 0 else {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, TrainingError.Code.emptyTrainingData.rawValue, file: command.data,
            message: "all its ratings are in probe.txt, so that none are left to learn from")
        ])
    }
    return Files(
      training: read.dataset, everything: everything, probe: probe, ratings: known,
      qualifying: qualifying)
  }

  /// Throws where one of the models doesn't fit into memory: before the first is trained.
  private func requireMemory(_ data: Files) throws {
    guard let available = AvailableMemory.now else { return }
    let options = RunOptions(threads: command.threads)
    let shape = TrainingShape(TrainingInput(data.everything ?? data.training), options: options)
    for name in Contest.models {
      try command.recipe(name).memory(for: shape)?.requireFit(available, algorithm: name)
    }
  }

  // MARK: Models

  private func entry(_ name: String, _ data: Files) throws -> Entry {
    let algorithm = try command.recipe(name)
    let model = try measured("Train \(name)") { try fit(algorithm, to: data.training) }
    let probe = try measured("Predict the probe with \(name)") { try predict(data.probe, "probe", name, model) }
    var last = model
    if let everything = data.everything {
      last = try measured("Train \(name) on all ratings") { try fit(algorithm, to: everything) }
    }
    let qualifying = try measured("Predict the qualifying set with \(name)") {
      try predict(data.qualifying, "qualifying", name, last)
    }
    return Entry(name: name, probe: probe, qualifying: qualifying)
  }

  private func fit(_ algorithm: some RegisteredAlgorithm, to ratings: RatingDataset) throws -> any RatingModel {
    let progress = TrainingProgress(command.progress)
    defer { progress.end() }
    let options = RunOptions(
      threads: command.threads, cancellation: Interruption.flag, onEpoch: { progress.show($0) })
    return try Interruption.whileTraining {
      try algorithm.fit(to: TrainingInput(ratings), seed: Seed(command.seed), options: options)
    }
  }

  /// Predictions in the scale, as `predict` makes them, and their file.
  private func predict(
    _ questions: QuestionSet, _ kind: String, _ name: String, _ model: any RatingModel
  ) throws(RatingDataError) -> [Double] {
    let predictions = model.predict(questions.pairs, threads: command.threads).clipped(to: model.scale)
    try questions.write(predictions, to: command.predictions(name, of: kind))
    return predictions.values
  }

  // MARK: Time and memory

  private func measured<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    let start = ContinuousClock.now
    let result = try body()
    stages.append(
      .init(name: name, seconds: (ContinuousClock.now - start).seconds, peakBytes: Self.peakBytes))
    return result
  }

  /// The most memory that the process has had so far.
  private static var peakBytes: Int {
    var usage = rusage()
    // RUSAGE_SELF, which Linux and macOS give different types.
    getrusage(0, &usage)
    #if canImport(Darwin)
      return Int(usage.ru_maxrss)
    #else
      return Int(usage.ru_maxrss) * 1_024
    #endif
  }
}
