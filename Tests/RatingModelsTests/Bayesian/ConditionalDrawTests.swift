import Foundation
import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

/// One sweep from a fixed state, many times: what is drawn first follows its conditional distribution in closed form.
@Suite struct ConditionalDrawTests {
  private static let pairs = TinyPairs(users: 5, items: 6)

  /// Whitens a draw of (factors, bias) by its posterior given the prior that was drawn before it: what comes out is
  /// standard normal, however the prior came out.
  private func whitened(
    _ draw: [Double], slopes: [[Double]], targets: [Double], precision: Double, prior: GroupPrior
  ) throws -> [Double] {
    let (size, k) = (draw.count, prior.factors)
    var a = [Double](repeating: 0, count: size * size)
    var b = prior.pull + [prior.precisions[k] * prior.means[k]]
    for row in 0..<k {
      for column in 0..<k {
        a[row * size + column] = prior.matrix?[row * k + column] ?? (row == column ? prior.precisions[row] : 0)
      }
    }
    a[k * size + k] = prior.precisions[k]
    for (h, y) in zip(slopes, targets) {
      for row in 0..<size {
        b[row] += precision * h[row] * y
        for column in 0..<size { a[row * size + column] += precision * h[row] * h[column] }
      }
    }
    let lower = try #require(LowerTriangle(factoring: a, size: size))
    let difference = zip(draw, lower.solve(b)).map { $0 - $1 }
    return (0..<size).map { column in
      (column..<size).reduce(0) { $0 + lower.elements[$1 * size + column] * difference[$1] }
    }
  }

  @Test(arguments: [BayesianMatrixFactorization.Covariance.diagonal, .full])
  func usersFollowTheirPosteriorGivenTheItems(_ covariance: BayesianMatrixFactorization.Covariance) throws {
    let (k, pairs) = (3, Self.pairs)
    // Over-relaxed draws depend on what was there before.
    let algorithm = BayesianMatrixFactorization(factors: k, covariance: covariance, overrelaxation: 0)
    let data = try BayesianData(algorithm, TrainingInput(pairs.dataset(pairs.stars)), threads: 1)
    let sampler = GibbsSampler(algorithm, data, seed: 2, chain: 0, threads: 1)
    sampler.recentres = false
    for _ in 0..<10 { sampler.sweepOnce() }
    let fixed = sampler.tensors("").reduce(into: [:]) { $0[$1.name] = $1 }
    let (constant, precision) = (sampler.constant, sampler.precision)
    let items = (0..<pairs.itemCount).map { sampler.parameters("items", $0) }
    let users = (0..<5).map { sampler.parameters("users", $0) }
    let ratings = data.sides[0].ratings

    var (noise, hyper): ([[Double]], [Double]) = ([], [])
    for repetition in 0..<3000 {
      #expect(sampler.restore(fixed, "", sweeps: 100 + repetition, threads: 1) == nil)
      sampler.sweepOnce()
      let prior = sampler.sides[0].own.prior
      var all: [Double] = []
      for user in 0..<5 {
        let range = ratings.starts[user]..<ratings.starts[user + 1]
        let drawn = sampler.parameters("users", user)
        all += try whitened(
          Array(drawn[1...]) + [drawn[0]],
          slopes: range.map { Array(items[Int(ratings.companions[0][$0])][1...]) + [1] },
          targets: range.map { Double(ratings.targets[$0]) - constant - items[Int(ratings.companions[0][$0])][0] },
          precision: precision, prior: prior)
      }
      noise.append(all)
      hyper.append(prior.precisions[k])
    }
    // Every number is standard normal, and none knows of another.
    let count = Double(noise.count)
    for place in noise[0].indices {
      #expect(kolmogorovSmirnov(noise.map { $0[place] }, normalDistribution) < 2.4)
      for other in 0..<place {
        let covariance = noise.reduce(0) { $0 + $1[place] * $1[other] } / count
        #expect(abs(covariance) < 4.5 / count.squareRoot())
      }
    }
    // The biases' precision: its normal-gamma posterior, mean integrated out.
    let sum = users.reduce(0) { $0 + $1[0] }
    let rate = (1 + users.reduce(0) { $0 + $1[0] * $1[0] } - sum * sum / 6) / 2
    #expect(kolmogorovSmirnov(hyper) { gammaDistribution(rate * $0, shape: 3) } < 2.4)
  }

  /// In a sweep of users and items, the items are drawn given the new users, and the precision and the constant follow.
  @Test func itemsConstantAndPrecisionFollowGivenTheUsers() throws {
    let (k, pairs) = (2, Self.pairs)
    let algorithm = BayesianMatrixFactorization(factors: k)
    let data = try BayesianData(algorithm, TrainingInput(pairs.dataset(pairs.stars)), threads: 1)
    let sampler = GibbsSampler(algorithm, data, seed: 3, chain: 0, threads: 1)
    sampler.recentres = false
    let ratings = data.sides[1].ratings
    let number = Double(ratings.count)
    var (noise, constants, places): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<4000 {
      let (constant, precision) = (sampler.constant, sampler.precision)
      sampler.sweepOnce()
      let users = (0..<pairs.userCount).map { sampler.parameters("users", $0) }
      var residuals: [Double] = []
      for item in 0..<6 {
        let range = ratings.starts[item]..<ratings.starts[item + 1]
        let drawn = sampler.parameters("items", item)
        noise += try whitened(
          Array(drawn[1...]) + [drawn[0]],
          slopes: range.map { Array(users[Int(ratings.companions[0][$0])][1...]) + [1] },
          targets: range.map { Double(ratings.targets[$0]) - constant - users[Int(ratings.companions[0][$0])][0] },
          precision: precision, prior: sampler.sides[1].own.prior)
        residuals += range.map {
          Double(ratings.targets[$0]) - sampler.eta(Int(ratings.companions[0][$0]), item, 0) + sampler.constant
        }
      }
      // The constant given all else and the precision before; then the precision given all else.
      let certainty = precision * number + 1
      constants.append((sampler.constant - precision * residuals.reduce(0, +) / certainty) * certainty.squareRoot())
      let squares = residuals.reduce(0) { $0 + ($1 - sampler.constant) * ($1 - sampler.constant) }
      places.append(gammaDistribution(sampler.precision * (1 + squares) / 2, shape: (1 + number) / 2))
    }
    #expect(kolmogorovSmirnov(noise, normalDistribution) < 2.4)
    #expect(kolmogorovSmirnov(constants, normalDistribution) < 2.4)
    #expect(kolmogorovSmirnov(places) { $0 } < 2.4)
    // Neither knows of the other; a uniform number has variance 1/12.
    let covariance = zip(constants, places).reduce(0) { $0 + $1.0 * ($1.1 - 0.5) } / 4000
    #expect(abs(covariance) < 4.5 / (12.0 * 4000).squareRoot())
  }

  /// The precision of a rating changes at the end of the last side; features of that side are drawn given the new one.
  @Test func featuresOfTheLastSideUseThePrecisionThatIsInTheState() throws {
    // One item with one feature of its own: given everything else, its bias is normal.
    let algorithm = BayesianMatrixFactorization(factors: 1)
    let pairs = TinyPairs(users: 6, items: 2, leavingOut: 100)
    let plain = try BayesianData(algorithm, TrainingInput(pairs.dataset(pairs.stars)), threads: 1)
    let matrix = FeatureMatrix(starts: [0, 1, 2, 2], features: [0, 0], weights: [1, 1], featureCount: 1)
    let data = plain.adding([("items.kind", matrix)], toSide: 1)
    let sampler = GibbsSampler(algorithm, data, seed: 4, chain: 0, threads: 1)
    var noise: [Double] = []
    for _ in 0..<4000 {
      sampler.sweepOnce()
      let group = sampler.sides[1].features[0].parameters
      let (v, w) = (Double(group.factors[0][0]), Double(group.biases.elements[0]))
      // What one more of (v, w) adds to a rating, and what is left of it without them.
      var (slopes, targets): ([[Double]], [Double]) = ([], [])
      let ratings = data.sides[1].ratings
      for item in 0..<2 {
        let own = Double(sampler.sides[1].own.factors[item][0])
        for place in ratings.starts[item]..<ratings.starts[item + 1] {
          let user = Int(ratings.companions[0][place])
          let slope = [sampler.parameters("users", user)[1] + own, 1]
          slopes.append(slope)
          targets.append(
            Double(ratings.targets[place]) - sampler.eta(user, item, 0) + slope[0] * v + slope[1] * w)
        }
      }
      noise += try whitened(
        [v, w], slopes: slopes, targets: targets, precision: sampler.precision, prior: group.prior)
    }
    #expect(kolmogorovSmirnov(noise, normalDistribution) < 2.4)
    let variance = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
    #expect(abs(variance - 1) < 4.5 * (2 / Double(noise.count)).squareRoot())
  }
}
