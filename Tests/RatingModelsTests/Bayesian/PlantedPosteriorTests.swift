import Foundation
import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

/// Ratings from a planted model: what was planted is found, and intervals hold what they promise.
@Suite struct PlantedPosteriorTests {
  /// Ratings of `users` x `items` pairs, with one number each; rounded into cells by `cuts`, where there are any.
  private struct Planted {
    let train: RatingDataset
    let test: RatingDataset

    init(users: Int, items: Int, perUser: Int, noise: Double, cuts: [Double], seed: Seed) {
      var stream = RandomStream(seed: seed, purpose: "tests.planted-posterior")
      func vectors(_ count: Int) -> [[Double]] {
        (0..<count).map { _ in [0.5 * stream.normal(), 0.7 * stream.normal(), 0.7 * stream.normal()] }
      }
      let (p, q) = (vectors(users), vectors(items))
      var (train, test): ([(Int, Int, Float)], [(Int, Int, Float)]) = ([], [])
      for user in 0..<users {
        var all = Array(0..<items)
        stream.shuffle(&all)
        for (place, item) in all.prefix(perUser).enumerated() {
          let mean = p[user][0] + q[item][0] + p[user][1] * q[item][1] + p[user][2] * q[item][2]
          let number = mean + noise * stream.normal()
          let rating = cuts.isEmpty ? 3 + number : Double(1 + cuts.count { number > $0 })
          if place % 5 == 4 {
            test.append((user, item, Float(rating)))
          } else {
            train.append((user, item, Float(rating)))
          }
        }
      }
      let vocabularies = Vocabularies(
        users: Vocabulary((0..<users).map { Identifier(Int64($0)) }),
        items: Vocabulary((0..<items).map { Identifier(Int64($0)) }))
      func dataset(_ rows: [(Int, Int, Float)]) -> RatingDataset {
        RatingDataset(
          users: rows.map { Identifier(Int64($0.0)) }, items: rows.map { Identifier(Int64($0.1)) },
          ratings: rows.map(\.2), vocabularies: vocabularies)
      }
      (self.train, self.test) = (dataset(train), dataset(test))
    }
  }

  @Test(arguments: [BayesianMatrixFactorization.Covariance.diagonal, .full])
  func ninetyPercentIntervalsHoldNinetyPercentOfNewRatings(
    _ covariance: BayesianMatrixFactorization.Covariance
  ) throws {
    let planted = Planted(users: 200, items: 120, perUser: 45, noise: 0.7, cuts: [], seed: 8)
    let algorithm = BayesianMatrixFactorization(factors: 3, covariance: covariance)
    let data = try BayesianData(algorithm, TrainingInput(planted.train), threads: 1)
    let sampler = GibbsSampler(algorithm, data, seed: 1, chain: 0, threads: 1)
    for _ in 0..<60 { sampler.sweepOnce() }
    let pairs = planted.test.pairs
    let truth = planted.test.withUnsafeColumns { columns in
      columns.ratings.map { (Double($0) - data.mean) / data.deviation }
    }
    // P(rating < truth) under the mixture of the draws' normals.
    var places = [Double](repeating: 0, count: truth.count)
    var precision = 0.0
    let draws = 200
    for _ in 0..<draws {
      sampler.sweepOnce()
      precision += sampler.precision / Double(draws)
      for row in truth.indices {
        let eta = sampler.eta(Int(pairs.users[row]), Int(pairs.items[row]), 0)
        places[row] += normalDistribution((truth[row] - eta) * sampler.precision.squareRoot()) / Double(draws)
      }
    }
    let inside = places.count { $0 > 0.05 && $0 < 0.95 }
    let coverage = Double(inside) / Double(places.count)
    #expect(0.88...0.92 ~= coverage)
    // All of the distribution, not these two quantiles alone.
    #expect(kolmogorovSmirnov(places) { $0 } < 2)
    // The planted noise is found: within 5% at 7200 ratings.
    #expect(abs(precision.squareRoot() * 0.7 / data.deviation - 1) < 0.05)
    if ProcessInfo.processInfo.environment["RATINGBENCH_SHOW"] != nil {
      print(
        "coverage of 90% intervals, \(covariance): \(coverage) of \(places.count); noise "
          + "\(data.deviation / precision.squareRoot())")
    }
  }

  @Test func cutPointsThatWerePlantedAreFound() throws {
    let cuts = [-1.6, -0.7, 0.2, 1.4]
    let planted = Planted(users: 250, items: 120, perUser: 60, noise: 1, cuts: cuts, seed: 9)
    let algorithm = BayesianMatrixFactorization(factors: 3, likelihood: .orderedProbit)
    let data = try BayesianData(algorithm, TrainingInput(planted.train), threads: 2)
    let sampler = GibbsSampler(algorithm, data, seed: 1, chain: 0, threads: 2)
    var (sums, squares) = ([Double](repeating: 0, count: 3), [Double](repeating: 0, count: 3))
    for sweep in 0..<260 {
      _ = try sampler.sweep(threads: 2, cancellation: nil)
      if sweep < 60 { continue }
      // Cut-points share a shift with the constant and the biases' means; their distances are the model's own, in units
      // of the noise.
      let found = sampler.probit!.cutPoints
      for gap in 0..<3 {
        let width = found[gap + 1] - found[gap]
        sums[gap] += width / 200
        squares[gap] += width * width / 200
      }
    }
    for gap in 0..<3 {
      let width = cuts[gap + 1] - cuts[gap]
      let deviation = (squares[gap] - sums[gap] * sums[gap]).squareRoot()
      #expect(abs(sums[gap] - width) < 0.06 * width + 3 * deviation)
      #expect(deviation < 0.1 * width)
    }
    if ProcessInfo.processInfo.environment["RATINGBENCH_SHOW"] != nil {
      print("gaps of cut-points \(sums), planted [0.9, 0.9, 1.2]")
    }
  }
}
