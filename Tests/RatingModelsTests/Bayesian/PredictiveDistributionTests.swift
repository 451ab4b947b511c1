import RatingData
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingModels

struct PredictiveDistributionTests {
  static let planted = PlantedRatings()
  static let stars = (train: PlantedRatings.stars(planted.train), test: PlantedRatings.stars(planted.test))
  static let gaussian = BayesianMatrixFactorization(factors: 3, sweeps: 60, burnIn: 20, thinning: 1)
  static let probit = BayesianMatrixFactorization(
    factors: 3, sweeps: 60, burnIn: 20, thinning: 1, likelihood: .orderedProbit)

  /// The share of ratings inside the intervals.
  static func coverage(_ distributions: PredictiveDistributions, _ answers: RatingDataset) -> Double {
    let inside = zip(distributions, answers.ratingValues).count { $0.interval.contains($1) }
    return Double(inside) / Double(answers.count)
  }

  // MARK: Mixtures

  @Test func aMixtureOfOneHasTheNormalQuantiles() {
    for p in [1e-9, 0.025, 0.5, 0.9, 1 - 1e-6] {
      let normal = RandomStream.normalQuantile(p)
      let found = [-2.0].withUnsafeBufferPointer { means in
        [0.25].withUnsafeBufferPointer {
          NormalMixture(means: means, deviations: $0).quantile(p, normal: normal, from: 100)
        }
      }
      #expect(abs(found - (-2 + 0.25 * normal)) < 1e-9)
    }
  }

  @Test(arguments: [0.001, 0.05, 0.4999, 0.5001, 0.7, 0.95, 0.999])
  func aQuantileHasItsMassBelowIt(_ p: Double) {
    // Far apart, so that Newton's method alone would leave for the flat places between.
    let means = [-50.0, 0, 0.5, 80, 80.1]
    let deviations = [0.1, 1, 2, 0.01, 5]
    let normal = RandomStream.normalQuantile(p)
    means.withUnsafeBufferPointer { means in
      deviations.withUnsafeBufferPointer { deviations in
        let mixture = NormalMixture(means: means, deviations: deviations)
        for start in [-100.0, 0, 33, 80] {
          let found = mixture.quantile(p, normal: normal, from: start)
          #expect(abs(mixture.mass(below: found) - p) < 1e-7, "\(p) from \(start): \(found)")
        }
      }
    }
  }

  @Test(
    arguments: [
      ([0.1, 0.2, 0.4, 0.2, 0.1], 0.5, 1...2), ([0.1, 0.2, 0.4, 0.25, 0.05], 0.5, 2...3),
      ([0.96, 0.02, 0.02], 0.9, 0...0), ([0.4, 0.1, 0.5], 0.5, 1...2), ([0.3, 0.4, 0.3], 0.9, 0...2),
      ([0.2, 0.2, 0.2, 0.2, 0.2], 0.999999, 0...4), ([0.45, 0.1, 0.45], 0.5, 0...1), ([1], 0.9, 0...0),
    ])
  func theIntervalOfLevelsIsTheShortestRunAroundTheMedian(_ found: [Double], _ level: Double, _ run: ClosedRange<Int>) {
    #expect(found.withUnsafeBufferPointer { PosteriorModel.shortestRun($0, level: level) } == run)
  }

  // MARK: Models

  @Test(arguments: [0.5, 0.9])
  func intervalsOfPlantedRatingsCoverAsOftenAsTheySay(_ level: Double) throws {
    let model = try Self.gaussian.fit(to: Self.planted.train, seed: 3)
    let found = model.predictiveDistributions(Self.planted.test.pairs, level: level)
    let coverage = Self.coverage(found, Self.planted.test)
    // 1,800 ratings: two standard errors are .014 at .9 and .024 at .5.
    #expect(abs(coverage - level) < (level == 0.9 ? 0.02 : 0.035), "\(coverage)")
    // The deviation is mostly the noise's.
    let deviation = found.deviations.reduce(0, +) / Double(found.count)
    #expect(deviation > PlantedRatings.noise && deviation < 1.3 * PlantedRatings.noise, "\(deviation)")
    #expect(found.stars.isEmpty, "there are more than 64 ratings")
  }

  @Test func starsOfThePlantedHaveTheirFrequencies() throws {
    let answers = Self.stars.test.ratingValues
    for recipe in [Self.gaussian, Self.probit] {
      let model = try recipe.fit(to: Self.stars.train, seed: 3)
      let found = model.predictiveDistributions(Self.stars.test.pairs, level: 0.9)
      #expect(found.stars == [1, 2, 3, 4, 5])
      for (index, star) in found.stars.enumerated() {
        let expected = found.probabilities(ofStar: index).reduce(0, +) / Double(answers.count)
        let share = Double(answers.count { $0 == star }) / Double(answers.count)
        #expect(abs(expected - share) < 0.03, "\(star) with \(recipe.likelihood): \(expected), \(share)")
      }
      for row in found.indices where row % 97 == 0 {
        let one = found[row]
        #expect(abs(one.probabilities.reduce(0, +) - 1) < 1e-12 && one.probabilities.allSatisfy { $0 >= 0 })
      }
      let coverage = Self.coverage(found, Self.stars.test)
      #expect(coverage > 0.87, "\(recipe.likelihood): \(coverage)")
    }
  }

  @Test(arguments: [gaussian, probit])
  func numbersAgreeWithEachOther(_ recipe: BayesianMatrixFactorization) throws {
    let (train, test) = (Self.stars.train, Self.stars.test)
    var pairs = test.pairs
    pairs.users[0] = RatingPairs.unknown
    pairs.items[1] = RatingPairs.unknown
    let model = try recipe.fit(to: train, seed: 1)
    let found = model.predictiveDistributions(pairs, level: 0.8)
    #expect(found.count == pairs.count && found.means == model.predict(pairs, threads: 1).values)
    for threads in [1, 2, 4] {
      #expect(model.predictiveDistributions(pairs, level: 0.8, threads: threads) == found)
    }
    let wide = model.predictiveDistributions(pairs, level: 0.95)
    for (one, wider) in zip(found, wide) {
      #expect(wider.interval.lowerBound <= one.interval.lowerBound)
      #expect(wider.interval.upperBound >= one.interval.upperBound)
      // A user who gives five stars to everything leaves no doubt that Float could hold.
      #expect(one.deviation >= one.expectedDeviation && one.expectedDeviation >= 0)
      if recipe.likelihood == .orderedProbit {
        let mean = zip(one.probabilities, found.stars).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(mean - one.mean) < 1e-5)
        #expect(found.stars.contains(one.interval.lowerBound) && found.stars.contains(one.interval.upperBound))
      }
    }
    let known = found.expectedDeviations[2...].reduce(0, +) / Double(found.count - 2)
    #expect(found[0].expectedDeviation > 2 * known && found[1].expectedDeviation > 2 * known)
  }

  @Test func aScaleWithoutStepHasTheStarsOfTheData() throws {
    let stars = Self.stars.train.withUnsafeColumns { columns in
      RatingDataset(
        users: columns.users.map { Int($0) }, items: columns.items.map { Int($0) }, ratings: Array(columns.ratings),
        scale: RatingScale(0...6))
    }
    let recipe = BayesianMatrixFactorization(factors: 2, sweeps: 4, burnIn: 2, thinning: 1)
    let model = try recipe.fit(to: stars, seed: 1)
    #expect(model.predictiveDistributions(stars.pairs).stars == [1, 2, 3, 4, 5])
    let bytes = ModelFile(model, ModelProvenance(recipe, seed: 1, trainedOn: stars)).bytes
    let loaded = try #require(try ModelFile(bytes: bytes).model as? PosteriorModel)
    #expect(loaded.predictiveDistributions(stars.pairs) == model.predictiveDistributions(stars.pairs))
  }

  // MARK: Real data

  @Test(.enabled(if: RealData.path("ml-100k/u1.base") != nil), arguments: [false, true])
  func intervalsOfMovieLensCoverTheirRatings(_ isProbit: Bool) throws {
    let train = try RatingDataset(contentsOf: RealData.path("ml-100k/u1.base")!)
    let test = try RatingDataset(contentsOf: RealData.path("ml-100k/u1.test")!)
    let recipe = BayesianMatrixFactorization(
      factors: 8, sweeps: 48, burnIn: 16, thinning: 2, likelihood: isProbit ? .orderedProbit : .gaussian)
    let model = try recipe.fit(to: train, seed: 1)
    let asked = test.reindexed(to: model.vocabularies)
    let found = model.predictiveDistributions(asked.pairs, level: 0.9)
    let inside = zip(found, asked.ratings).count { $0.interval.contains(Double($1)) }
    let coverage = Double(inside) / Double(asked.ratings.count)
    print("coverage of 90% intervals on u1.test, \(recipe.likelihood.rawValue), 48 sweeps: \(coverage)")
    #expect(coverage > 0.86 && coverage < (isProbit ? 0.99 : 0.94))
  }
}
