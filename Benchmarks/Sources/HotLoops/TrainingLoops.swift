import CPlainLoops
import CRatingKernels
import RatingBench
@_spi(Benchmarks) import RatingNumerics

/// The made-up contest that models are trained on: 4,000 users, 1,000 movies, 300,000 ratings.
enum Contest {
  static let split: PrizeSplit = {
    var parameters = SyntheticPrize.Parameters(users: 4_000, items: 1_000, ratings: 300_000)
    parameters.fewestPerUser = 20
    parameters.factors = 6
    parameters.factorDeviation = 0.7
    return SyntheticPrize(parameters, seed: Seed(Registry.seed)).prizeSplit()
  }()
  static let training = split.training
  static let qualifying = split.qualifying

  /// The error on the qualifying ratings of a model of this recipe.
  static func rmse(_ algorithm: some RatingAlgorithm) -> Double {
    do throws(TrainingError) {
      let model = try algorithm.fit(to: training, seed: Seed(Registry.seed))
      return try! rmse(of: model.predict(qualifying.pairs))
    } catch {
      fatalError("\(error)")
    }
  }

  private static func rmse(of predictions: Predictions) throws(EvaluationError) -> Double {
    try Scores(predictions: predictions, answers: qualifying).rmse
  }

  static let factorizationRMSE = rmse(BiasedMatrixFactorization())
  @Sendable static func factorizationError() -> Double { factorizationRMSE }
  static let alternatingRMSE = rmse(AlternatingLeastSquares())
  @Sendable static func alternatingError() -> Double { alternatingRMSE }
  static let implicitRMSE = rmse(SVDPlusPlus())
  @Sendable static func implicitError() -> Double { implicitRMSE }
  static let biasesRMSE = rmse(DampedBiases())
}

extension HotLoop {
  /// Epochs or sweeps over the contest's ratings as `train` runs them, by the instruction set in use.
  static func training(
    _ name: String, _ recipe: some IterativeAlgorithm, threads: Int? = nil, rmse: (@Sendable () -> Double)? = nil
  ) -> HotLoop {
    HotLoop(name, unitsPerRun: Contest.training.count, rmse: rmse) {
      do throws(TrainingError) {
        var run = try recipe.begin(
          TrainingInput(Contest.training), seed: Seed(Registry.seed), options: RunOptions(threads: threads))
        return {
          do throws(TrainingError) { consume(try run.step()) } catch { fatalError("\(error)") }
        }
      } catch {
        fatalError("\(error)")
      }
    }
  }

  /// Epochs of biased matrix factorization.
  ///
  /// A learning rate so small that the model stays what it is, however often a benchmark runs.
  static func factorizationEpoch(threads: Int) -> HotLoop {
    training(
      "biased-mf-epoch-64" + (threads == 1 ? "" : "-\(threads)-threads"),
      BiasedMatrixFactorization(factors: 64, epochs: 100_000, learningRate: 1e-6, learningRateSchedule: .constant),
      threads: threads, rmse: Contest.factorizationError)
  }

  /// Epochs of SVD++, at 20 factors (the number at which Surprise does 0.07 M ratings/s) or others.
  static func implicitEpoch(_ factors: Int) -> HotLoop {
    training(
      "svd++-epoch-\(factors)",
      SVDPlusPlus(factors: factors, epochs: 100_000) {
        $0.learningRate = 1e-6
        $0.implicitLearningRate = 1e-6
        $0.biasLearningRate = 1e-6
        $0.learningRateSchedule = .constant
      }, rmse: Contest.implicitError)
  }

  /// The steps alone over as many ratings of as many users and items, in random order, by another instruction set.
  static func epochSteps(_ set: InstructionSet) -> HotLoop {
    HotLoop("epoch-64-\(set)", unitsPerRun: Contest.training.count) {
      let (kernels, model) = (KernelSet(set)!, epochModel())
      let ratings = model.single
      return { consume(model.steps(kernels, ratings)) }
    }
  }

  /// The same in C as anybody would write it first.
  static let plainEpochSteps = HotLoop("epoch-64-plain", unitsPerRun: Contest.training.count) {
    let model = epochModel()
    return { consume(model.plainSteps()) }
  }

  private static func epochModel() -> FactorMemory {
    FactorMemory(
      users: Contest.training.userCount, items: Contest.training.itemCount, factors: 64,
      pairs: Contest.training.withUnsafeColumns { columns in
        var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.epoch")
        var pairs = Array(zip(columns.users, columns.items))
        stream.shuffle(&pairs)
        return pairs
      })
  }
}

extension AccuracyComparison {
  /// Errors are the same bytes for every instruction set and number of threads, so the ratio may hardly move.
  static let factorization = AccuracyComparison("rmse of biases / rmse of biased-mf") {
    (Contest.factorizationRMSE, Contest.biasesRMSE)
  }
  static let implicitFactorization = AccuracyComparison("rmse of biases / rmse of svd++") {
    (Contest.implicitRMSE, Contest.biasesRMSE)
  }
}
