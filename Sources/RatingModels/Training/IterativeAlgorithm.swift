import RatingData
import RatingNumerics

/// An algorithm that passes over the ratings several times.
///
/// It writes one pass, `TrainingRun.step()`; the loop here gives all of them progress, validation, early stopping,
/// detection of divergence, cancellation and resuming.
public protocol IterativeAlgorithm: RatingAlgorithm {
  associatedtype Run: TrainingRun where Run.Model == Model

  /// Sets a run up, before its first epoch.
  func begin(_ input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> Run
}

/// A model in the making.
public protocol TrainingRun {
  associatedtype Model: RatingModel

  /// The number of epochs that the recipe asks for.
  var epochs: Int { get }
  /// The number of epochs that are done.
  var completedEpochs: Int { get }

  /// Carries out one epoch. Looks at the cancellation flag at least once a second and throws `cancelled` where it is
  /// raised; the run is then of no further use.
  mutating func step() throws(TrainingError) -> EpochResult

  /// The model as of now.
  func model() -> Model

  /// All that a run of the same recipe, seed and ratings needs to go on from here.
  func checkpoint() -> Checkpoint

  /// Goes back, or forward, to a checkpoint of a run of the same recipe, seed and ratings.
  ///
  /// - Throws: `checkpointMismatch` where the checkpoint can't belong to such a run.
  mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError)
}

/// What a run knows about an epoch of its own; the loop adds time and validation, and makes it an `EpochReport`.
public struct EpochResult: Sendable, Hashable {
  /// As `EpochReport.trainingRMSE`; a value that is not finite means that the run diverged.
  public var trainingRMSE: Double
  /// As `EpochReport.learningRate`.
  public var learningRate: Double?
  /// Training ratings visited.
  public var ratings: Int

  public init(trainingRMSE: Double, learningRate: Double? = nil, ratings: Int) {
    self.trainingRMSE = trainingRMSE
    self.learningRate = learningRate
    self.ratings = ratings
  }
}

extension IterativeAlgorithm {
  public func fit(to input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> Model {
    try fit(to: input, seed: seed, options: options, resuming: nil)
  }

  /// Learns a model, going on from a checkpoint where one is given. A run that is resumed ends with the same bytes as
  /// one that was never interrupted.
  ///
  /// - Throws: `diverged` with epoch, learning rate and remedy; `cancelled`; and what `begin` throws.
  public func fit(
    to input: TrainingInput, seed: Seed, options: RunOptions, resuming checkpoint: Checkpoint?
  ) throws(TrainingError) -> Model {
    var run = try begin(input, seed: seed, options: options)
    if let checkpoint { try run.restore(checkpoint) }
    let questions = input.validation?.pairs
    var lastGood: Model?
    while run.completedEpochs < run.epochs {
      let epoch = run.completedEpochs + 1
      let start = ContinuousClock.now
      do throws(TrainingError) {
        if options.cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
        let result = try run.step()
        var report = EpochReport(
          epoch: epoch, epochs: run.epochs, trainingRMSE: result.trainingRMSE, learningRate: result.learningRate,
          seconds: (ContinuousClock.now - start).seconds, ratings: result.ratings)
        guard result.trainingRMSE.isFinite else {
          throw TrainingError.diverged(epoch: epoch, learningRate: result.learningRate)
        }
        if options.keepsLastGoodModel { lastGood = run.model() }
        if let validation = input.validation, let questions, validation.count > 0 {
          let model = lastGood ?? run.model()
          report.validationRMSE = model.predict(questions, threads: options.threads).rootMeanSquaredError(validation)
        }
        if options.onEpoch?(report) == .stopAndKeep { break }
      } catch {
        var error = error
        error.completedEpochs = epoch - 1
        error.lastGoodModel = lastGood
        throw error
      }
    }
    return lastGood ?? run.model()
  }
}

extension Duration {
  /// The duration as a number of seconds.
  package var seconds: Double {
    let (whole, attoseconds) = components
    return Double(whole) + Double(attoseconds) * 1e-18
  }
}

extension Predictions {
  /// The root mean squared difference to the ratings of `answers`, row by row; for progress reports.
  func rootMeanSquaredError(_ answers: RatingDataset) -> Double {
    let squares = answers.withUnsafeColumns { columns in
      values.indices.reduce(into: 0.0) { sum, row in
        let error = values[row] - Double(columns.ratings[row])
        sum += error * error
      }
    }
    return (squares / Double(values.count)).squareRoot()
  }
}
