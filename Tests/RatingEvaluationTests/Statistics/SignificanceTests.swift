import RatingNumerics
import Testing

@testable import RatingEvaluation

@Suite struct SignificanceTests {
  // MARK: Sign flips

  /// Of the 16 ways to toss the signs of 1, 2, 3, 10, the sum is at least 12 from 0 in these: 16, 14, 12 and their
  /// negatives; the data's sum is 12 (10 + 3 - 1 or so). 6 of 16.
  @Test func signFlipsOfAFewDifferencesByHand() {
    let test = SignFlipTest([-2, 1, 3, 10], replicates: 20_000, seed: 4)
    #expect(abs(test.pValue - 6.0 / 16) < 0.012, "\(test.pValue)")
    #expect(test.pValue == Double(test.asExtreme + 1) / 20_001)
  }

  @Test func aPValueIsNeverZero() {
    let test = SignFlipTest([Double](repeating: 1, count: 200), replicates: 99, seed: 1)
    #expect(test.asExtreme == 0 && test.pValue == 0.01)
    #expect(SignFlipTest([0, 0, 0], replicates: 99, seed: 1).pValue == 1)
    #expect(SignFlipTest([], replicates: 99, seed: 1).pValue == 1)
  }

  @Test func signFlipsAreTheSameAtAnyNumberOfThreads() throws {
    let inference = ErrorInference(try SimulatedContest(users: 40_000, isNull: true).rows(seed: 8, index: 0))
    let comparison = PairedComparison(inference, 0, over: 1)
    let tests = [1, 2, 4].map { comparison.permutationTest(replicates: 333, seed: 2, threads: $0) }
    #expect(tests[0] == tests[1] && tests[0] == tests[2] && tests[0].asExtreme > 0)
    #expect(comparison.permutationTest(replicates: 333, seed: 3).asExtreme != tests[0].asExtreme)
  }

  /// Under the null every p-value k / 200 is equally likely; Wilcoxon's is below 5% as often as that.
  @Test func pValuesAreUniformUnderTheNull() {
    let contest = SimulatedContest(users: 80, isNull: true)
    let repetitions = 4000
    let values = Parallel.map(repetitions) { repetition -> (Double, Double) in
      let inference = ErrorInference(try! contest.rows(seed: 30, index: UInt64(repetition)))
      let comparison = PairedComparison(inference, 0, over: 1)
      let permuted = comparison.permutationTest(replicates: 199, seed: Seed(UInt64(repetition)), threads: 1)
      return (permuted.pValue, comparison.wilcoxon.pValue)
    }
    for (name, column) in [("permutation", values.map(\.0)), ("Wilcoxon", values.map(\.1))] {
      var cells = [Double](repeating: 0, count: 20)
      for p in column { cells[min(Int((p * 20 - 1e-9).rounded(.down)), 19)] += 1 }
      let expected = Double(repetitions) / 20
      let chiSquare = cells.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
      // The 0.999 quantile for 19 degrees of freedom is 43.8.
      #expect(chiSquare < 43.8, "\(name): chi-square \(chiSquare), \(cells)")
      #expect(kolmogorovSmirnov(column) < 0.0055 + 1.95 / Double(repetitions).squareRoot(), "\(name)")
    }
  }

  // MARK: Wilcoxon, against SciPy 1.17

  @Test func wilcoxonCountedOut() {
    let test = WilcoxonSignedRank([1.5, -0.25, 2.75, 0.5, -1.0, 3.25, 4.0, -0.125, 0.75, 6.0])
    #expect(test.positiveRanks == 47 && test.count == 10)
    #expect(abs(test.pValue - 0.048828125) < 1e-15)
    // One difference: both signs are equally likely.
    #expect(WilcoxonSignedRank([3]).pValue == 1)
    // Five of one sign: 2 / 32.
    #expect(WilcoxonSignedRank([1, 2, 3, 4, 5]).pValue == 0.0625)
  }

  @Test func wilcoxonWithTiesAndZeros() {
    let few = WilcoxonSignedRank([1, -1, 2, 2, -0.5, 3, 0, 4, -2, 5, 5, 1])
    #expect(few.count == 11 && few.positiveRanks == 56)
    #expect(abs(few.pValue - 0.04448951027305878) < 1e-14)
    let many = WilcoxonSignedRank((0..<100).map { Double(($0 * 37) % 101 - 40) / 7 })
    #expect(abs(many.pValue - 0.002364739547429437) < 1e-15)
    #expect(WilcoxonSignedRank([0, 0]).pValue == 1)
    #expect(WilcoxonSignedRank((1...100_000).map { Double($0) }).pValue > 0)
  }

  // MARK: Many tests

  @Test func holmAdjustsByHand() {
    #expect(holm([0.01, 0.04, 0.03]) == [0.03, 0.06, 0.06])
    #expect(holm([0.5, 0.9]) == [1, 1])
    #expect(holm([0.02]) == [0.02])
    #expect(holm([]) == [])
    // A smaller p-value never ends above a larger one.
    #expect(holm([0.02, 0.011]) == [0.022, 0.022])
  }

  /// Models 0 ... 3 in the order 2, 0, 3, 1 of their errors; 2 differs from 3 and 1, 0 from 1.
  @Test func rankGroupsByHand() {
    var pValues = [Double](repeating: 1, count: 16)
    for (a, b) in [(2, 3), (2, 1), (0, 1)] {
      pValues[a * 4 + b] = 0.01
      pValues[b * 4 + a] = 0.01
    }
    let groups = RankGroups(errors: [0.9, 1.1, 0.8, 1.0], pValues: pValues)
    #expect(groups.order == [2, 0, 3, 1])
    #expect(groups.ranks == [1, 3, 1, 2])
    #expect(groups.letters == ["ab", "c", "a", "bc"])
    #expect(groups.pValue(3, 2) == 0.01 && groups.pValue(3, 0) == 1)
  }

  @Test func modelsThatDifferHaveRanksOfTheirOwn() throws {
    let contest = SimulatedContest(users: 2000)
    let rows = try contest.rows(seed: 1, index: 0)
    let errors = [rows.squaredErrors[1], rows.squaredErrors[0], rows.squaredErrors[0]]
    let groups = try RankGroups(ErrorInference(ErrorRows(squaredErrors: errors, users: rows.users)))
    // Models 1 and 2 are the same; whether model 0 is told from them shows in its ranks.
    #expect(groups.pValue(1, 2) == 1 && groups.letters[1] == groups.letters[2])
    #expect(groups.pValue(0, 1) == groups.pValue(0, 2))
  }

  // MARK: Cross-validation

  /// Differences 1, 2, 3, 4, 5: mean 3, variance 2.5; with 20 of 100 rows in the test part the factor is 1/5 + 1/4.
  @Test func correctedResampledTByHand() throws {
    let test = try CorrectedResampledT(differences: [1, 2, 3, 4, 5], testRows: 20, trainingRows: 80)
    #expect(test.mean == 3 && abs(test.standardError - (0.45 * 2.5).squareRoot()) < 1e-15)
    // 4 degrees of freedom: t(0.975) = 2.776445105197794.
    let interval = test.interval()
    #expect(abs(interval.upper - 3 - 2.776445105197794 * test.standardError) < 1e-12)
    #expect(interval.clusters == 5 && interval.rows == 100 && interval.method == .resampledT)
    #expect(abs(test.pValue - interval.pValue()) == 0 && test.pValue < 0.06 && test.pValue > 0.04)
    #expect(throws: EvaluationError.self) {
      _ = try CorrectedResampledT(differences: [1], testRows: 1, trainingRows: 1)
    }
    #expect(throws: EvaluationError.self) {
      _ = try CorrectedResampledT(differences: [1, .nan], testRows: 1, trainingRows: 1)
    }
  }
}
