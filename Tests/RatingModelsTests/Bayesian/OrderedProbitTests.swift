import Foundation
import Testing

@testable import RatingModels
@testable import RatingNumerics

/// Ratings whose latents are means plus noise, cut at planted cut-points.
private struct PlantedLevels {
  let means: [Float]
  let levels: [UInt8]
  let order: LevelOrder
  let cutPoints: [Double]

  init(_ cutPoints: [Double], count: Int, spread: Double = 0.8, seed: Seed = 1, levelCount: Int? = nil) {
    var stream = RandomStream(seed: seed, purpose: "tests.planted-levels")
    self.cutPoints = cutPoints
    means = (0..<count).map { _ in Float(spread * stream.normal()) }
    levels = means.map { mean in
      let latent = Double(mean) + stream.normal()
      return UInt8(cutPoints.count { $0 < latent })
    }
    order = levels.withUnsafeBufferPointer {
      LevelOrder(levels: $0, levelCount: levelCount ?? cutPoints.count + 1)
    }
  }

  /// The cut-points after each of `sweeps` updates, and the share of candidates that were taken.
  func chain(sweeps: Int, seed: Seed = 7, threads: Int = 1, from start: OrderedProbit? = nil)
    -> (states: [[Double]], acceptance: Double)
  {
    var (order, probit) = (order, start ?? OrderedProbit(levelCounts: order.levelCounts))
    var (states, accepted) = ([[Double]](), 0)
    for sweep in 0..<sweeps {
      if probit.update(means: means, order: &order, seed: seed, sweep: sweep, threads: threads) { accepted += 1 }
      states.append(probit.cutPoints)
    }
    return (states, Double(accepted) / Double(sweeps))
  }

  func posterior() -> CutPointPosterior {
    var order = order
    order.gather(means, threads: 1)
    return CutPointPosterior(order: order, threads: 1)
  }
}

private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot())
}

@Suite struct OrderedProbitTests {
  private static let stars = [-2.17, -1.12, 0.185, 1.695]
  private static let halfStars = [-2.4, -2.05, -1.7, -1.3, -0.8, -0.3, 0.35, 0.9, 1.8]

  @Test(arguments: [stars, halfStars, [0.4]])
  func plantedCutPointsAreRecoveredWithTheDeviationOfTheInverseHessian(planted: [Double]) throws {
    let ratings = PlantedLevels(planted, count: 50_000)
    let chain = ratings.chain(sweeps: 1200)
    let states = chain.states.dropFirst(20).map { CutPointPosterior.parameters($0) }
    #expect(chain.acceptance > 0.9)

    let posterior = ratings.posterior()
    let start = try #require(posterior.point(states[0]))
    let mode = try #require(posterior.mode(from: start))
    for parameter in planted.indices {
      let (mean, deviation) = moments(states.map { $0[parameter] })
      // The diagonal of the precision's inverse.
      let unit = planted.indices.map { $0 == parameter ? 1.0 : 0 }
      let expected = mode.factor.solve(unit)[parameter].squareRoot()
      #expect(abs(deviation / expected - 1) < 0.12)
      #expect(abs(mean - mode.parameters[parameter]) < 0.2 * expected)
      #expect(abs(mean - CutPointPosterior.parameters(planted)[parameter]) < 4.5 * expected)
    }
    for cut in planted.indices {
      let mean = moments(chain.states.dropFirst(20).map { $0[cut] }).mean
      #expect(abs(mean - planted[cut]) < 0.12)
    }
  }

  @Test func derivativesAreTheSlopesOfTheLogPosterior() throws {
    let posterior = PlantedLevels(Self.halfStars, count: 3000).posterior()
    let parameters = CutPointPosterior.parameters(Self.halfStars).map { $0 + 0.1 }
    let size = parameters.count
    let here = try #require(posterior.point(parameters))
    let step = 1.0 / 128
    for m in 0..<size {
      func moved(_ by: Double) throws -> CutPointPosterior.Point {
        var other = parameters
        other[m] += by
        return try #require(posterior.point(other))
      }
      let (less, more) = (try moved(-step), try moved(step))
      let slope = (more.value - less.value) / (2 * step)
      #expect(abs(slope - here.gradient[m]) < 2e-3 * max(abs(slope), 200))
      for n in 0..<size {
        let second = -(more.gradient[n] - less.gradient[n]) / (2 * step)
        #expect(abs(second - here.precision[m * size + n]) < 2e-3 * max(abs(second), 200), "\(m), \(n)")
      }
    }
  }

  @Test func theModeIsTheSameWhereverTheSearchBegins() throws {
    let ratings = PlantedLevels(Self.stars, count: 5000)
    let posterior = ratings.posterior()
    let starts = [[0, 0, 0, 0], [-3, 1, -2, 0.5], [1, -4, -4, -4], CutPointPosterior.parameters(Self.stars)]
    let modes = try starts.map {
      let start = try #require(posterior.point($0))
      return try #require(posterior.mode(from: start)).parameters
    }
    for mode in modes {
      for (value, other) in zip(mode, modes[3]) { #expect(abs(value - other) < 1e-4) }
    }
    let there = try #require(posterior.point(modes[3]))
    #expect(there.gradient.allSatisfy { abs($0) < 0.5 })
  }

  @Test func anyNumberOfThreadsGivesTheSameBytes() {
    // Levels of more than one piece each.
    let ratings = PlantedLevels([-0.5, 0.6], count: 120_000)
    let one = ratings.chain(sweeps: 4).states
    #expect(ratings.chain(sweeps: 4, threads: 2).states == one)
    #expect(ratings.chain(sweeps: 4, threads: 4).states == one)
    #expect(ratings.chain(sweeps: 4, seed: 8).states != one)
  }

  @Test func aChainContinuesFromItsCutPointsWithTheSameBytes() {
    let ratings = PlantedLevels(Self.stars, count: 4000)
    let whole = ratings.chain(sweeps: 12).states
    var (order, probit) = (ratings.order, OrderedProbit(cutPoints: whole[4]))
    for sweep in 5..<12 {
      probit.update(means: ratings.means, order: &order, seed: 7, sweep: sweep, threads: 1)
      #expect(probit.cutPoints == whole[sweep])
    }
  }

  // MARK: Levels that no rating has

  @Test(arguments: [[0, 400, 300, 200, 100], [100, 200, 300, 400, 0], [300, 0, 0, 500, 200], [0, 0, 900, 0, 0]])
  func levelsWithoutRatingsHaveFiniteAscendingCutPoints(counts: [Int]) {
    let levels = counts.enumerated().flatMap { [UInt8](repeating: UInt8($0.offset), count: $0.element) }
    var stream = RandomStream(seed: 3, purpose: "tests.absent-levels")
    let means = levels.map { Float(0.5 * (Double($0) - 2) + 0.3 * stream.normal()) }
    var order = levels.withUnsafeBufferPointer { LevelOrder(levels: $0, levelCount: 5) }
    var probit = OrderedProbit(levelCounts: order.levelCounts)
    var accepted = 0
    for sweep in 0..<300 {
      if probit.update(means: means, order: &order, seed: 1, sweep: sweep, threads: 1) { accepted += 1 }
      #expect(probit.cutPoints.allSatisfy { $0.isFinite })
      #expect(zip(probit.cutPoints, probit.cutPoints.dropFirst()).allSatisfy { $0 < $1 })
      #expect(zip(probit.kernelCuts, probit.kernelCuts.dropFirst()).allSatisfy { $0 < $1 })
    }
    // Such a cut-point's posterior is skewed: fewer candidates are taken, but the chain moves.
    #expect(accepted > 100)
    // A level without ratings is unlikely where the ratings are.
    for (level, count) in counts.enumerated() where count == 0 {
      let mean = means.reduce(0.0) { $0 + probit.probabilities(mean: Double($1))[level] } / Double(means.count)
      #expect(mean < 0.02)
    }
  }

  @Test func theStartGivesEachLevelItsShare() {
    let counts = [611, 1137, 2714, 3417, 2120]
    let shares = OrderedProbit(levelCounts: counts).probabilities(mean: 0)
    for (share, count) in zip(shares, counts) { #expect(abs(share - Double(count) / 9999) < 1e-3) }
    let empty = OrderedProbit(levelCounts: [0, 0, 1_000_000_000, 0, 0]).cutPoints
    #expect(empty.allSatisfy { $0.isFinite } && zip(empty, empty.dropFirst()).allSatisfy { $1 - $0 >= 0.000_999 })
  }

  // MARK: Calibration

  /// Parameters drawn from the prior, ratings drawn from them, a chain: the rank of the truth among the chain's states is
  /// uniform if and only if the chain samples the posterior (Talts et al. 2018, arXiv:1804.06788).
  @Test func ranksOfTheTruthAmongDrawsAreUniform() {
    let (trials, draws, thinning, count) = (1000, 19, 6, 50)
    let ranks = Parallel.map(trials, threads: 2) { trial -> [Int] in
      var stream = RandomStream(seed: 21, purpose: "tests.calibration", index: UInt64(trial))
      let truth = (0..<3).map { _ in stream.normal() }
      let ratings = PlantedLevels(
        CutPointPosterior.cutPoints(truth), count: count, spread: 1, seed: Seed(stream.next()))
      let states = ratings.chain(sweeps: 30 + draws * thinning, seed: Seed(stream.next())).states
      let kept = (1...draws).map { CutPointPosterior.parameters(states[29 + $0 * thinning]) }
      return truth.indices.map { parameter in kept.count { $0[parameter] < truth[parameter] } }
    }
    for parameter in 0..<3 {
      var bins = [Int](repeating: 0, count: draws + 1)
      for rank in ranks { bins[rank[parameter]] += 1 }
      let expected = Double(trials) / Double(draws + 1)
      let distance = bins.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
      // The 0.999 quantile of chi-squared with 19 degrees of freedom.
      #expect(distance < 43.8, "parameter \(parameter): \(bins)")
    }
  }

  // MARK: Prediction

  @Test func probabilitiesAreThoseOfTheCells() {
    let probit = OrderedProbit(cutPoints: Self.stars)
    for mean in stride(from: -6.0, through: 6, by: 0.37) {
      let probabilities = probit.probabilities(mean: mean)
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-14)
      let below = [0] + Self.stars.map { erfc((mean - $0) / 2.0.squareRoot()) / 2 } + [1]
      for level in 0..<5 {
        #expect(probabilities[level] > 0 && abs(probabilities[level] - (below[level + 1] - below[level])) < 1e-15)
      }
      let levels = [1.0, 2, 3, 4, 5]
      let sum = zip(probabilities, levels).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(probit.expected(mean: mean, levels: levels) - sum) < 1e-13)
    }
    // Far out, the unlikely levels keep their digits: P(level 4) = Q(11.695).
    let top = probit.probabilities(mean: -10)[4]
    #expect(abs(top / 6.75936e-32 - 1) < 1e-5)
  }

  @Test func expectedRatingsOfManyMeansAreThoseOfEach() {
    let probit = OrderedProbit(cutPoints: Self.halfStars)
    let levels = (1...10).map { Double($0) / 2 }
    let means = (0..<1001).map { Float($0) / 100 - 5 }
    var ratings = means
    ratings.withUnsafeMutableBufferPointer {
      probit.expected(means: $0.baseAddress!, count: means.count, levels: levels, into: $0.baseAddress!)
    }
    for (rating, mean) in zip(ratings, means) {
      #expect(abs(Double(rating) - probit.expected(mean: Double(mean), levels: levels)) < 2e-6)
    }
  }
}
