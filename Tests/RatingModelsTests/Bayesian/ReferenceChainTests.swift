import Foundation
import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

/// Long chains of the sampler against long chains of a plain one: the same posterior, whatever the order of draws.
@Suite struct ReferenceChainTests {
  static let cases = [
    SamplerCase(BayesianMatrixFactorization(factors: 2)),
    SamplerCase(BayesianMatrixFactorization(factors: 2, covariance: .full), "full"),
    SamplerCase(BayesianMatrixFactorization(factors: 2), levels: 5),
    SamplerCase(BayesianSVDPlusPlus(factors: 2)),
    SamplerCase(BayesianTimeSVD(factors: 2)),
    SamplerCase(BayesianSVDPlusPlus(factors: 1), levels: 5),
    SamplerCase(BayesianTimeSVDPlusPlusFlipped(factors: 2)),
    SamplerCase(BayesianTimeSVDPlusPlusFlipped(factors: 1, covariance: .full), levels: 5, "full"),
    SamplerCase(BPMF(factors: 2)),
  ]
  private static let pairs = TinyPairs(users: 6, items: 5)
  private static let sweeps = 30_000
  private static let burnIn = 1000

  /// Numbers that a sampler's state is judged by. Where nothing bounds a pair's prediction, a bounded function of it:
  /// its mean need not exist.
  private static func quantities(
    _ eta: (_ user: Int, _ item: Int, _ day: Int) -> Double, precision: Double, constant: Double, cuts: [Double]
  ) -> [Double] {
    let place: (Int) -> (Int, Int, Int) = { (pairs.users[$0], pairs.items[$0], pairs.days[$0]) }
    var values: [Double] = []
    for rating in Swift.stride(from: 0, to: pairs.users.count, by: 3) {
      let (user, item, day) = place(rating)
      let number = eta(user, item, day)
      values += cuts.isEmpty ? [number, number * number] : [tanh(number / 2), tanh(number / 2) * tanh(number / 2)]
    }
    // Pairs without a rating, on other days; then who and what was never seen.
    for (user, item, day) in [(0, 0, 2), (1, 1, 0), (3, 0, 1), (6, 1, 0), (2, 5, 2), (6, 5, 1)] {
      let number = eta(user, item, day)
      values += [tanh(number), tanh(number) * tanh(number)]
    }
    values += cuts.isEmpty ? [precision, precision * precision] : cuts.map { tanh($0 / 3) }
    return values + [tanh(constant)]
  }

  @Test(arguments: cases)
  func theSamplerAndAPlainOneHaveTheSamePosterior(_ made: SamplerCase) throws {
    let pairs = Self.pairs
    let data = try made.data(pairs, pairs.stars)
    // The users' ratings are in the order of the pairs.
    let ratings = data.sides[0].ratings
    let (targets, levels) = (ratings.targets.map(Double.init), ratings.levels.map { Int($0) })
    let cuts = [Double](repeating: 0, count: made.levelCount.map { $0 - 1 } ?? 0)
    let count = Self.quantities({ _, _, _ in 0 }, precision: 1, constant: 0, cuts: cuts).count
    let chains = Parallel.map(2, threads: 2) { number -> ChainMeans in
      var means = ChainMeans(quantities: count, length: Self.sweeps)
      if number == 0 {
        let sampler = made.sampler(data, 21)
        for sweep in 0..<Self.burnIn + Self.sweeps {
          sampler.sweepOnce()
          if sweep < Self.burnIn { continue }
          means.add(
            Self.quantities(
              { sampler.eta($0, $1, $2) }, precision: sampler.precision, constant: sampler.constant,
              cuts: sampler.probit?.cutPoints ?? []))
        }
      } else {
        var reference = made.reference(pairs, 22)
        if levels.isEmpty { reference.targets = targets } else { reference.levels = levels }
        let rows = (0..<pairs.userCount).map { user in
          (0..<pairs.itemCount).map { item in (0..<pairs.dayCount).map { reference.row(user, item, $0) } }
        }
        for sweep in 0..<Self.burnIn + Self.sweeps {
          reference.sweep()
          if sweep < Self.burnIn { continue }
          means.add(
            Self.quantities(
              { reference.eta(rows[$0][$1][$2]) }, precision: reference.precision, constant: reference.constant,
              cuts: reference.cuts))
        }
      }
      return means
    }
    var worst = 0.0
    for quantity in 0..<count {
      let (ours, plain) = (chains[0].mean(quantity), chains[1].mean(quantity))
      let distance = abs(ours.value - plain.value) / hypot(ours.error, plain.error)
      worst = max(worst, distance)
      #expect(distance < 5, "quantity \(quantity): \(ours), not \(plain)")
      // The errors are small enough that the comparison says something.
      #expect(hypot(ours.error, plain.error) < 0.08 * max(abs(plain.value), 1))
    }
    if ProcessInfo.processInfo.environment["RATINGBENCH_SHOW"] != nil {
      let errors = (0..<count).map { hypot(chains[0].mean($0).error, chains[1].mean($0).error) }
      print("\(made): \(count) quantities, worst \(worst) standard errors, errors up to \(errors.max()!)")
    }
  }
}
