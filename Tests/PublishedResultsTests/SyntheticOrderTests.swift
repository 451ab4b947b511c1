import RatingBench
import Testing

/// Models rank on a set made like the netflix preset as they do on the Netflix Prize.
@Suite struct SyntheticOrderTests {
  /// The preset with fewer and better known movies, so that a small part of it says what the whole would.
  private static let parameters: SyntheticPrize.Parameters = {
    var parameters = SyntheticPrize.Parameters.netflix
    parameters.users = 6_000
    parameters.items = 1_200
    parameters.ratings = 900_000
    parameters.largestUserID = 33_000
    parameters.mostPerUser = 1_150
    parameters.partSizes = nil
    parameters.activity = CountCurve(median: 90, largest: 1_100, spreadBelow: 1)
    parameters.genres!.popularity = CountCurve(median: 330, largest: 4_000, spreadBelow: 1.2)
    parameters.genres!.itemsWithoutYear = []
    parameters.genres!.count = 60
    return parameters
  }()

  private static let split = SyntheticPrize(parameters, seed: 1).prizeSplit()

  private func error(_ algorithm: some RatingAlgorithm) throws -> Double {
    let model = try algorithm.fit(to: TrainingInput(Self.split.trainingWithoutProbe), seed: 1)
    return try Scores(predictions: model.predict(Self.split.probe.pairs), answers: Self.split.probe).rmse
  }

  @Test func eachKindOfModelIsBetterThanTheSimplerOne() throws {
    #expect(Self.parameters.problem == nil)
    var implicit = SVDPlusPlus()
    implicit.factors = 16
    implicit.epochs = 12
    var timed = TimeSVDPlusPlus()
    timed.factors = 16
    timed.epochs = 12
    let errors = [
      ("movie means", try error(ItemMean())), ("biases", try error(DampedBiases())),
      ("factors", try error(BiasedMatrixFactorization(factors: 16, epochs: 15))),
      ("svd++", try error(implicit)), ("timeSVD++", try error(timed)),
    ]
    print("probe: \(errors)")
    // Real: 1.05, 0.98, 0.91, 0.90, 0.885.
    let gains: [Double] = [0.97, 0.97, 0.995, 0.992]
    for (position, gain) in gains.enumerated() {
      #expect(
        errors[position + 1].1 < gain * errors[position].1, "\(errors[position + 1].0) against \(errors[position].0)")
    }
    #expect((0.94...1.0).contains(errors[1].1) && (0.86...0.91).contains(errors[4].1))
  }
}
