import Testing

@testable import RatingEvaluation

@Suite struct ErrorInferenceTests {
  private func expectClose(_ value: Double, _ expected: Double, _ tolerance: Double = 1e-14) {
    #expect(abs(value - expected) <= tolerance * max(1, abs(expected)), "\(value), expected \(expected)")
  }

  /// Three rows: users 7, 7, 2; items 0, 1, 0; squared errors 1, 3, 5 of model a and 4, 4, 1 of model b.
  private func rows() throws -> ErrorRows {
    try ErrorRows(squaredErrors: [[1, 3, 5], [4, 4, 1]], users: [7, 7, 2], items: [0, 1, 0])
  }

  /// mean a = 3, d sqrt(m)/dm = 1 / (2 sqrt 3). Deviations -2, 0, 2; by user -2, 2; by item 0, 0.
  @Test func standardErrorsOfAnRMSEByHand() throws {
    let inference = ErrorInference(try rows())
    expectClose(inference.rmse(0), 3.0.squareRoot())
    let slope = 1.0 / 12
    // n / (n - 1) x 8 / n^2 = 8 / 6.
    let byRow = try inference.interval(for: .rmse(0), clustering: .none)
    expectClose(byRow.standardError, (slope * 8 / 6).squareRoot())
    #expect(byRow.clusters == 3)
    // G / (G - 1) x 8 / n^2 = 2 x 8 / 9.
    let byUser = try inference.interval(for: .rmse(0))
    expectClose(byUser.standardError, (slope * 16 / 9).squareRoot())
    #expect(byUser.clusters == 2 && byUser.rows == 3 && byUser.method == .delta(.users) && !byUser.isGuarded)
    // One degree of freedom: the t quantile is tan(pi x 0.475).
    expectClose(byUser.upper - byUser.estimate, 12.706204736174705 * byUser.standardError, 1e-13)
    expectClose(byUser.estimate - byUser.lower, 12.706204736174705 * byUser.standardError, 1e-13)
    expectClose(try inference.interval(for: .rmse(0), clustering: .items).standardError, 0)
    // 16/9 + 0 - 8/6 = 4/9.
    let both = try inference.interval(for: .rmse(0), clustering: .usersAndItems)
    expectClose(both.standardError, (slope * 4 / 9).squareRoot())
    #expect(!both.isGuarded && both.clusters == 2)
  }

  /// mean b = 3 too: d = a - b deviates by -3, -1, 4; by user -4, 4; by item 1, -1.
  @Test func standardErrorsOfADifferenceByHand() throws {
    let inference = ErrorInference(try rows())
    let slope = 1.0 / 12
    let byUser = try inference.interval(for: .difference(0, 1))
    expectClose(byUser.estimate, 0)
    expectClose(byUser.standardError, (slope * 2 * 32 / 9).squareRoot())
    expectClose(
      try inference.interval(for: .difference(0, 1), clustering: .none).standardError, (slope * 26 / 6).squareRoot())
    expectClose(
      try inference.interval(for: .difference(0, 1), clustering: .items).standardError, (slope * 2 * 2 / 9).squareRoot()
    )
    // 100 (1 - RMSE a / RMSE b) has the slopes of the difference, over RMSE b = sqrt 3.
    let improvement = try inference.interval(for: .improvement(0, over: 1))
    expectClose(improvement.standardError, 100 * byUser.standardError / 3.0.squareRoot(), 1e-13)
    let below = try inference.interval(for: .improvementBelow(0, baseline: 2))
    expectClose(below.estimate, 100 * (1 - 3.0.squareRoot() / 2))
    expectClose(
      below.standardError, 50 * (try inference.interval(for: .rmse(0))).standardError, 1e-13)
    // Products of deviations: (-2)(1) + 0 + 2 (-2) = -6, of squares 8 and 6.
    expectClose(try #require(inference.correlation(0, 1)), -6 / 48.0.squareRoot())
    #expect(ErrorInference(try ErrorRows(squaredErrors: [[1, 1], [2, 3]], users: [0, 1])).correlation(0, 1) == nil)
  }

  /// Users and items whose sums cancel, so that V(users) + V(items) - V(rows) is below 0.
  @Test func aNegativeVarianceIsReplacedAndReported() throws {
    let rows = try ErrorRows(
      squaredErrors: [[1, 5, 5, 1.5]], users: [0, 0, 1, 1], items: [0, 1, 0, 1])
    let inference = ErrorInference(rows)
    let both = try inference.interval(for: .rmse(0), clustering: .usersAndItems)
    #expect(both.isGuarded)
    let byUser = try inference.interval(for: .rmse(0), clustering: .users)
    let byItem = try inference.interval(for: .rmse(0), clustering: .items)
    #expect(both.standardError == max(byUser.standardError, byItem.standardError) && both.standardError > 0)
  }

  @Test func derivativesAreThoseOfTheValues() {
    let statistics: [ErrorStatistic] = [
      .rmse(0), .difference(0, 1), .improvement(0, over: 1), .improvementBelow(0, baseline: 0.95),
    ]
    for statistic in statistics {
      let (a, b, h) = (0.8, 0.9, 1e-6)
      let slopes = statistic.slopes(a, b)
      expectClose(slopes.first, (statistic.value(a + h, b) - statistic.value(a - h, b)) / (2 * h), 1e-7)
      expectClose(slopes.second, (statistic.value(a, b + h) - statistic.value(a, b - h)) / (2 * h), 1e-7)
    }
  }

  /// The order of rows and the numbers of users do not matter but for rounding; users without rows are none.
  @Test func usersAreTheirRowsWhateverTheirNumbers() throws {
    let a = try ErrorInference(ErrorRows(squaredErrors: [[1, 2, 4, 9, 3]], users: [0, 1, 1, 2, 0]))
    let b = try ErrorInference(ErrorRows(squaredErrors: [[9, 3, 1, 2, 4]], users: [900, 5, 5, 77, 77]))
    let (x, y) = (try a.interval(for: .rmse(0)), try b.interval(for: .rmse(0)))
    #expect(x.clusters == 3 && y.clusters == 3)
    expectClose(x.standardError, y.standardError)
    #expect(a.users.rows(ofCluster: 1) == 2 && a.users.sum(ofModel: 0, inCluster: 1) == 6)
  }

  @Test func threeModelsAreReducedAsTwoAre() throws {
    let (a, b, c) = ([1.0, 2, 3, 4], [2.0, 2, 1, 0], [5.0, 1, 1, 2])
    let users: [UInt32] = [0, 1, 0, 2]
    let three = ErrorInference(try ErrorRows(squaredErrors: [a, b, c], users: users))
    let two = ErrorInference(try ErrorRows(squaredErrors: [b, c], users: users))
    for clustering in [Clustering.none, .users] {
      #expect(
        try three.interval(for: .difference(1, 2), clustering: clustering)
          == two.interval(for: .difference(0, 1), clustering: clustering))
    }
    #expect(three.correlation(1, 2) == two.correlation(0, 1))
  }

  @Test func whatHasNoIntervalIsRefused() throws {
    func code(_ body: () throws -> Void) -> EvaluationError.Code? {
      do { try body() } catch let error as EvaluationError { return error.code } catch {}
      return nil
    }
    #expect(code { _ = try ErrorRows(squaredErrors: [[]], users: []) } == .noRows)
    #expect(code { _ = try ErrorRows(squaredErrors: [[1]], users: [0, 1]) } == .lengthsDiffer)
    #expect(code { _ = try ErrorRows(squaredErrors: [[1]], users: [0], items: []) } == .lengthsDiffer)
    #expect(code { _ = try ErrorRows(predictions: [[1]], answers: [1, 2], users: [0, 0]) } == .lengthsDiffer)
    for wrong in [-1, Double.nan, .infinity, -.infinity] {
      #expect(code { _ = try ErrorRows(squaredErrors: [[1, wrong, 2]], users: [0, 0, 1]) } == .notANumber)
    }
    let alone = ErrorInference(try ErrorRows(squaredErrors: [[1, 2]], users: [3, 3], items: [1, 1]))
    #expect(code { _ = try alone.interval(for: .rmse(0)) } == .tooFewClusters)
    #expect(code { _ = try alone.interval(for: .rmse(0), clustering: .items) } == .tooFewClusters)
    #expect(code { _ = try alone.interval(for: .rmse(0), clustering: .none) } == nil)
    let noItems = ErrorInference(try ErrorRows(squaredErrors: [[1, 2]], users: [3, 4]))
    #expect(code { _ = try noItems.interval(for: .rmse(0), clustering: .usersAndItems) } == .tooFewClusters)
    let perfect = ErrorInference(try ErrorRows(squaredErrors: [[1, 2], [0, 0]], users: [3, 4]))
    #expect(code { _ = try perfect.interval(for: .improvement(0, over: 1)) } == .notANumber)
    #expect(try perfect.interval(for: .rmse(1)).standardError == 0)
  }

  @Test func probabilitiesAndPValuesOfAnInterval() throws {
    var interval = ConfidenceInterval(
      estimate: 10.4, standardError: 0.2, lower: 10, upper: 10.8, level: 0.95, method: .delta(.users), clusters: 3,
      rows: 9)
    // With 2 degrees of freedom P(T <= t) = 1/2 + t / (2 sqrt(2 + t^2)); here t = 2.
    expectClose(interval.probability(atLeast: 10), 0.5 + 2 / (2 * 6.0.squareRoot()), 1e-12)
    expectClose(interval.pValue(of: 10), 1 - 2 / 6.0.squareRoot(), 1e-12)
    #expect(interval.straddles(10.5) && !interval.straddles(10) && !interval.straddles(9))
    interval.standardError = 0
    #expect(interval.probability(atLeast: 10.4) == 1 && interval.probability(atLeast: 10.5) == 0)
    #expect(interval.pValue(of: 10.4) == 1 && interval.pValue() > 0)
    interval.standardError = 1e-300
    #expect(interval.pValue() > 0)
  }

  /// (t(0.975) + t(0.8)) x SE with 2 degrees of freedom: 4.30265 + 1.06066.
  @Test func smallestDetectableDifference() throws {
    let inference = ErrorInference(
      try ErrorRows(squaredErrors: [[1, 2, 4], [3, 2, 2]], users: [0, 1, 2]))
    let error = try inference.interval(for: .difference(0, 1)).standardError
    expectClose(
      try inference.smallestDetectable(.difference(0, 1)), (4.302652729749464 + 1.0606601717798212) * error, 1e-12)
  }
}
