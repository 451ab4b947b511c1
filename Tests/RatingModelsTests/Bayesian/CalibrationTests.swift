import Foundation
import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

/// Simulation-based calibration: parameters from the prior, ratings from the model, and the sampler on these.
///
/// The priors' tails are heavy (precision ~ Gamma(1/2, 1/2)) and make extreme data sets. Those are left out by a rule
/// that looks at the ratings alone; given that they pass it, what the ratings say of the parameters is the same, so that
/// both tests stay exact.
///
/// Source: Talts, Betancourt, Simpson, Vehtari and Gelman, "Validating Bayesian inference algorithms with
/// simulation-based calibration", 2018, arXiv:1804.06788.
@Suite struct CalibrationTests {
  static let cases = [
    SamplerCase(BayesianMatrixFactorization(factors: 2)),
    SamplerCase(BayesianMatrixFactorization(factors: 2, covariance: .full), "full"),
    SamplerCase(BayesianMatrixFactorization(factors: 2), levels: 4),
    SamplerCase(BayesianSVDPlusPlus(factors: 1)),
    SamplerCase(BayesianTimeSVDPlusPlusFlipped(factors: 2)),
    SamplerCase(BayesianTimeSVDPlusPlusFlipped(factors: 1, covariance: .full), levels: 4, "full"),
  ]
  private static let pairs = TinyPairs(users: 5, items: 4)

  /// A draw from the prior with ratings that pass the rule: within `bound` of 0; of levels, each has a rating.
  private static func simulated(_ made: SamplerCase, _ index: Int, bound: Double) -> ReferenceSampler {
    var reference = made.reference(pairs, Seed(UInt64(1000 + index)))
    repeat { reference.drawFromPrior() } while !passes(reference, bound)
    return reference
  }

  private static func passes(_ reference: ReferenceSampler, _ bound: Double) -> Bool {
    if reference.cuts.isEmpty { return reference.targets.allSatisfy { abs($0) < bound } }
    return (0...reference.cuts.count).allSatisfy { reference.levels.contains($0) }
  }

  private static let places = [(0, 1, 0), (1, 0, 1), (2, 2, 0), (4, 3, 2), (0, 0, 1)]

  /// What is compared of a state: parameters themselves, and predictions.
  private static func quantities(_ reference: ReferenceSampler) -> [Double] {
    let k = reference.k
    let parameters = reference.groups.flatMap { group -> [Double] in
      let j = group.features.lowerBound + 1
      return [reference.biases[j]] + (0..<k).map { reference.factors[j * k + $0] }
    }
    return parameters + places.map { reference.eta(reference.row($0.0, $0.1, $0.2)) } + [reference.constant]
      + (reference.cuts.isEmpty ? [log(reference.precision)] : reference.cuts)
  }

  private static func quantities(_ sampler: GibbsSampler, _ names: [String]) -> [Double] {
    names.flatMap { sampler.parameters($0, 1) } + places.map { sampler.eta($0.0, $0.1, $0.2) } + [sampler.constant]
      + (sampler.probit?.cutPoints ?? [log(sampler.precision)])
  }

  /// With parameters from the prior and ratings from the model, the parameters are a draw from the posterior; sweeps
  /// must leave them one. So after some sweeps, over many data sets, they are distributed as the prior's draws are.
  @Test(arguments: cases)
  func sweepsLeaveDrawsFromTheJointDistributionWhatTheyAre(_ made: SamplerCase) throws {
    let template = try made.data(Self.pairs, Self.pairs.stars)
    let (replicates, sweeps) = (1000, 12)
    let before = Parallel.map(3 * replicates) { Self.quantities(Self.simulated(made, 1_000_000 + $0, bound: 30)) }
    let after = Parallel.map(replicates) { index -> [Double] in
      let truth = Self.simulated(made, index, bound: 30)
      let sampler = made.sampler(template.replacingRatings(by: truth), Seed(UInt64(index)))
      sampler.set(truth)
      for _ in 0..<sweeps { if !sampler.sweepOnce() { return [] } }
      return Self.quantities(sampler, truth.groups.map(\.name))
    }
    // Data sets on which Float fails are counted, not hidden.
    let drawn = after.filter { !$0.isEmpty }
    #expect(drawn.count == replicates)
    var worst = 0.0
    for quantity in before[0].indices {
      let distance = kolmogorovSmirnov(before.map { $0[quantity] }, drawn.map { $0[quantity] })
      worst = max(worst, distance)
      #expect(distance < 2.5, "quantity \(quantity)")
    }
    if ProcessInfo.processInfo.environment["RATINGBENCH_SHOW"] != nil {
      print("\(made): \(before[0].count) quantities of \(drawn.count) data sets, largest distance \(worst)")
    }
  }

  /// What Talts et al. compare. It needs draws that are almost independent, so that data are kept near 0, where the
  /// posterior has one mode that sweeps cross fast.
  @Test(arguments: [0, 2])
  func ranksOfTheTruthAmongPosteriorDrawsAreUniform(_ index: Int) throws {
    let made = Self.cases[index]
    let template = try made.data(Self.pairs, Self.pairs.stars)
    let (replicates, draws, thinning, burnIn) = (160, 15, 50, 200)
    let ranks = Parallel.map(replicates) { index -> [Int] in
      let truth = Self.simulated(made, 50_000 + index, bound: 3)
      let sampler = made.sampler(template.replacingRatings(by: truth), Seed(UInt64(index)))
      // Of predictions, the constant and the precision or cut-points: what has no sign or order of factors to choose.
      let count = Self.places.count + 1 + max(truth.cuts.count, 1)
      let exact = Self.quantities(truth).suffix(count)
      let names = truth.groups.map(\.name)
      var ranks = [Int](repeating: 0, count: count)
      for _ in 0..<burnIn { sampler.sweepOnce() }
      for _ in 0..<draws {
        for _ in 0..<thinning { sampler.sweepOnce() }
        for (place, pair) in zip(Self.quantities(sampler, names).suffix(count), exact).enumerated() {
          ranks[place] += pair.0 < pair.1 ? 1 : 0
        }
      }
      return ranks
    }
    var worst = 0.0
    for quantity in ranks[0].indices {
      var bins = [Double](repeating: 0, count: draws + 1)
      for rank in ranks { bins[rank[quantity]] += 1 }
      let expected = Double(replicates) / Double(bins.count)
      let chiSquared = bins.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
      worst = max(worst, chiSquared)
      // 15 degrees of freedom: 1e-4 beyond 44.3.
      #expect(chiSquared < 44.3, "quantity \(quantity): \(bins)")
    }
    if ProcessInfo.processInfo.environment["RATINGBENCH_SHOW"] != nil {
      print("\(made): ranks of \(ranks[0].count) quantities, largest chi-squared \(worst) on 15")
    }
  }
}
