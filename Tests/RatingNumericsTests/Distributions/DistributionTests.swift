import Testing

@testable import RatingNumerics

/// Reference values to 19 digits from mpmath 1.3 with 40 digits.
@Suite struct DistributionTests {
  private func expectClose(_ value: Double, _ expected: Double, within tolerance: Double, _ what: String) {
    let error = expected == 0 ? abs(value) : abs(value / expected - 1)
    #expect(error <= tolerance, "\(what): \(value), expected \(expected), off by \(error) of it")
  }

  private static let tails: [(Double, Double, Double)] = [
    (0.5, 0.001, 0.499730323834243819), (0.5, 1.96, 0.2248614888691895713), (0.5, 40, 0.0507048999647471781),
    (1, 0.001, 0.4996816902199194411), (1, 0.5, 0.3524163823495667258), (1, 12, 0.02646467605958987545),
    (2, 0.5, 0.3333333333333333333), (2, 1.96, 0.09452865480086613227), (2, 40, 0.0003122073360923703187),
    (5, 0.001, 0.4996203933860988253), (5, 1.96, 0.05364397625264708402), (5, 40, 9.205981085886477178e-8),
    (30, 0.5, 0.310361502442563643), (30, 4, 0.0001909228180418784216), (30, 40, 6.863022597203201394e-28),
    (458, 0.001, 0.4996012754898559269), (458, 1.96, 0.02530086343195883799), (458, 12, 2.446258690788745013e-29),
    (458, 40, 7.653106533968646767e-152), (926, 40, 2.695386874566320963e-204),
    (100_000, 0.5, 0.3085380888272090195), (100_000, 1.96, 0.02499928159715081694),
    (100_000, 12, 1.872252905978175473e-33), (479_999, 0.001, 0.4996010579938718578),
    (479_999, 0.5, 0.3085376533307872792), (479_999, 1.96, 0.02499818399147233239),
    (479_999, 4, 0.00003167598191551711611), (479_999, 12, 1.796036719135100235e-33),
  ]

  @Test(arguments: tails)
  func tailsOfStudentsT(degrees: Double, t: Double, tail: Double) {
    let distribution = StudentT(degreesOfFreedom: degrees)
    expectClose(distribution.upperTail(t), tail, within: 2e-13, "P(T > \(t)), \(degrees) degrees of freedom")
    expectClose(distribution.cumulative(-t), tail, within: 2e-13, "P(T <= -\(t))")
    expectClose(distribution.cumulative(t), 1 - tail, within: 1e-14, "P(T <= \(t))")
  }

  private static let quantiles: [(Double, Double, Double)] = [
    (1, 0.025, 12.70620473617470465), (1, 0.4, 0.3249196962329063262), (1, 0.0005, 636.6192487687196162),
    (2, 0.025, 4.302652729749463852), (2, 0.0005, 31.59905457644362073), (3, 0.1, 1.637744353696210105),
    (7, 0.025, 2.364624251592785342), (7, 0.4, 0.2631668613520228121), (50, 0.025, 2.008559112100761105),
    (50, 0.0005, 3.496012881811139254), (458, 0.025, 1.965157098278043907), (458, 0.4, 0.2534943199698629409),
    (479_999, 0.025, 1.959968926794330864), (479_999, 0.1, 1.281553329269017563),
    (479_999, 0.0005, 3.29054700191976527),
  ]

  @Test(arguments: quantiles)
  func quantilesOfStudentsT(degrees: Double, tail: Double, t: Double) {
    let distribution = StudentT(degreesOfFreedom: degrees)
    expectClose(distribution.quantile(tail), -t, within: 1e-12, "\(tail), \(degrees) degrees of freedom")
    expectClose(distribution.quantile(1 - tail), t, within: 1e-12, "\(1 - tail), \(degrees) degrees of freedom")
  }

  @Test func quantilesUndoTails() {
    for degrees in [0.1, 0.7, 1, 2.5, 10, 333, 1e5, 1e9] {
      let distribution = StudentT(degreesOfFreedom: degrees)
      for p in [1e-12, 1e-5, 0.01, 0.3, 0.49, 0.4999999, 0.5, 0.51, 0.99] {
        let t = distribution.quantile(p)
        expectClose(distribution.cumulative(t), p, within: 1e-12, "\(p) with \(degrees)")
      }
    }
    #expect(StudentT(degreesOfFreedom: .infinity).quantile(0.975) == NormalDistribution.quantile(0.975))
    #expect(StudentT(degreesOfFreedom: 3).upperTail(.infinity) == 0)
    #expect(StudentT(degreesOfFreedom: 3).upperTail(1e200) >= 0)
  }

  @Test func normalDistribution() {
    let tails = [
      (0, 0.5), (0.5, 0.3085375387259868964), (1.96, 0.02499789514822043414), (5, 2.866515718791939117e-7),
      (10, 7.619853024160526066e-24), (37, 5.725571222524576823e-300),
    ]
    for (z, tail) in tails {
      expectClose(NormalDistribution.upperTail(z), tail, within: 1e-13, "P(Z > \(z))")
      expectClose(NormalDistribution.cumulative(-z), tail, within: 1e-13, "P(Z <= -\(z))")
    }
    let quantiles = [
      (0.8, 0.8416212335729142052), (0.975, 1.959963984540054236), (0.99, 2.326347874040841101),
      (1e-7, -5.199337582192816932),
    ]
    for (p, z) in quantiles { expectClose(NormalDistribution.quantile(p), z, within: 1e-14, "quantile of \(p)") }
    #expect(NormalDistribution.quantile(0.5) == 0)
  }

  private static let betas: [(Double, Double, Double, Double)] = [
    (0.3, 0.7, 0.2, 0.5375966477465096742), (2, 3, 0.5, 0.6875), (50, 0.5, 0.97, 0.08169933372182276365),
    (1000, 2000, 0.34, 0.781215091160641893), (12, 400, 0.01, 0.001069844288944153902),
  ]

  @Test(arguments: betas)
  func incompleteBeta(a: Double, b: Double, x: Double, value: Double) {
    let found = BetaFunction.regularized(x: x, y: 1 - x, a: a, b: b)
    expectClose(found.lower, value, within: 1e-12, "I(\(x); \(a), \(b))")
    expectClose(found.upper, 1 - value, within: 1e-12, "1 - I(\(x); \(a), \(b))")
  }

  @Test func incompleteBetaAtTheEnds() {
    #expect(BetaFunction.regularized(x: 0, y: 1, a: 2, b: 3) == (0, 1))
    #expect(BetaFunction.regularized(x: 1, y: 0, a: 2, b: 3) == (1, 0))
  }
}
