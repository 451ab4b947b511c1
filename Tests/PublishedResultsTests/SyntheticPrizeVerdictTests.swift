import RatingBench
import Testing

/// The verdict of the demonstration is earned: a plain factorization finds what is planted, on any seed of the generator.
@Suite struct SyntheticPrizeVerdictTests {
  /// What `prizecheck demo` trains with.
  private static let factorization = BiasedMatrixFactorization(factors: 16, epochs: 30)

  private func rmse(_ algorithm: some RatingAlgorithm, trained ratings: RatingDataset, on answers: RatingDataset) throws
    -> Scores
  {
    let model = try algorithm.fit(to: TrainingInput(ratings), seed: 1)
    return try Scores(predictions: model.predict(answers.pairs), answers: answers)
  }

  @Test(arguments: [1, 2, 3] as [Seed])
  func factorizationIsTenPercentBetterThanDampedBiases(seed: Seed) throws {
    let split = SyntheticPrize(.demo, seed: seed).prizeSplit()
    let mean = try rmse(GlobalMean(), trained: split.training, on: split.qualifying)
    let biases = try rmse(DampedBiases(), trained: split.training, on: split.qualifying)
    let factors = try rmse(Self.factorization, trained: split.training, on: split.qualifying)
    #expect(biases.rmse < 0.9 * mean.rmse)
    let verdict = try PrizeCriterion(baseline: biases, improvement: "10%").verdict(for: factors)
    #expect(verdict.qualifies, "\(verdict)")
    print("seed \(seed): biases \(biases.rmse), factorization \(factors.rmse): \(verdict)")
    // Noise of 0.65 stars, moods of 0.1 and the rounding to stars (a twelfth) are out of any model's reach.
    #expect(factors.rmse > (0.65 * 0.65 + 1 / 12.0).squareRoot() * 0.9)
    #expect(verdict.percentUnrounded > 12)
  }

  @Test func theProbeTellsBeforehand() throws {
    let split = SyntheticPrize(.demo, seed: 1).prizeSplit()
    let biases = try rmse(DampedBiases(), trained: split.trainingWithoutProbe, on: split.probe)
    let factors = try rmse(Self.factorization, trained: split.trainingWithoutProbe, on: split.probe)
    print("probe: biases \(biases.rmse), factorization \(factors.rmse)")
    #expect(factors.rmse < 0.88 * biases.rmse)
  }
}
