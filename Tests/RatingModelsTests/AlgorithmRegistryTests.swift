import RatingData
import RatingModels
import Testing

struct AlgorithmRegistryTests {
  @Test func theAlgorithmsAreRegisteredInOrder() {
    #expect(
      AlgorithmRegistry.standard.names == [
        "global-mean", "user-mean", "item-mean", "biases", "biased-mf", "als", "svd++", "asymmetric-svd",
        "time-biases", "time-svd++", "nmf", "bayesian-mf", "bayesian-svd++", "bayesian-time-svd",
        "bayesian-time-svd++", "bayesian-time-svd++-flipped", "bayesian-sessions", "bpmf",
      ])
  }

  @Test func parametersAreSetByAnySpelling() throws {
    for name in ["learningRate", "learning-rate", "learning_rate"] {
      let algorithm = try AlgorithmRegistry.standard.algorithm("biased-mf", [(name, "0.125"), ("factors", "8")])
      let recipe = try #require(algorithm as? BiasedMatrixFactorization)
      #expect(recipe.learningRate == 0.125)
      #expect(recipe.factors == 8)
      #expect(recipe.epochs == BiasedMatrixFactorization().epochs)
    }
  }

  @Test func everyDefaultLiesInItsRangeAndIsDocumented() throws {
    for entry in AlgorithmRegistry.standard.entries {
      #expect(!entry.summary.isEmpty && !entry.paper.isEmpty)
      let made = try entry.make(entry.parameters.map { ($0.name, $0.defaultValue.description) })
      try made.requireValidParameters()
      #expect(made.parameterValues.map(\.value) == entry.parameters.map(\.defaultValue))
      for parameter in entry.parameters { #expect(!parameter.documentation.isEmpty && !parameter.source.isEmpty) }
    }
  }

  @Test func sharedHyperParametersAreSetAndShownAsTheAlgorithmsOwn() throws {
    let algorithm = try AlgorithmRegistry.standard.algorithm(
      "time-svd++", [("factors", "3"), ("regularization", "0.5"), ("bins", "7"), ("factor-drift-regularization", "2")])
    let recipe = try #require(algorithm as? TimeSVDPlusPlus)
    #expect(recipe.factors == 3 && recipe.regularization == 0.5 && recipe.bins == 7)
    #expect(recipe.factorDriftRegularization == 2 && recipe.epochs == SVDPlusPlus().epochs)
    let plain = SVDPlusPlus.parameters.map(\.parameter.name)
    #expect(
      plain == [
        "factors", "epochs", "learningRate", "implicitLearningRate", "biasLearningRate", "learningRateSchedule",
        "regularization", "itemRegularization", "implicitRegularization", "implicitDamping", "biasRegularization",
        "itemBiasRegularization", "initialStandardDeviation",
      ])
    #expect(AsymmetricSVD.parameters.map(\.parameter.name) == plain.filter { $0 != "regularization" })
    #expect(
      TimeSVDPlusPlus.parameters.map(\.parameter.name)
        == plain + ["factorDriftRegularization"] + TimeEffects.parameters.map(\.parameter.name))
    let rate = AsymmetricSVD.parameters.map(\.parameter).first { $0.name == "learningRate" }
    #expect(rate?.documentation.contains("the items' factors") == true)
  }

  @Test(arguments: [
    ("item-mean", "factors", "8", TrainingError.Code.unknownParameter, "no parameters"),
    ("biases", "factors", "8", .unknownParameter, "user-regularization"),
    ("biased-mf", "factors", "0", .invalidParameter, "1...4096"),
    ("biased-mf", "factors", "8.5", .invalidParameter, "whole number"),
    ("biased-mf", "learningRate", "nan", .invalidParameter, "a number in 0..."),
    ("biased-mf", "learningRateSchedule", "often", .invalidParameter, "constant, linear"),
    ("svd", "factors", "8", .unknownAlgorithm, "biased-mf"),
  ])
  func mistakesNameWhatThereIs(
    _ algorithm: String, _ name: String, _ text: String, _ code: TrainingError.Code, _ hint: String
  ) {
    let error = #expect(throws: TrainingError.self) {
      try AlgorithmRegistry.standard.algorithm(algorithm, [(name, text)])
    }
    #expect(error?.code == code)
    #expect(error?.description.contains(hint) == true)
  }

  @Test func aParameterThatIsSetInSwiftIsCheckedToo() {
    let ratings = RatingDataset(users: [1], items: [1], ratings: [1])
    let error = #expect(throws: TrainingError.self) {
      try BiasedMatrixFactorization(factors: 0).fit(to: ratings, seed: 1)
    }
    #expect(error?.code == .invalidParameter)
  }
}
