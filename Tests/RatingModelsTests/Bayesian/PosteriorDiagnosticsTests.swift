import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct PosteriorDiagnosticsTests {
  /// Chains of x[t] = rho x[t - 1] + sqrt(1 - rho^2) N(0, 1).
  static func chains(_ count: Int, length: Int, rho: Double, seed: Seed = 1) -> [[Double]] {
    (0..<count).map { chain in
      var stream = RandomStream(seed: seed, purpose: "tests.chains", index: UInt64(chain))
      var x = stream.normal()
      return (0..<length).map { _ in
        x = rho * x + (1 - rho * rho).squareRoot() * stream.normal()
        return x
      }
    }
  }

  /// The integrated autocorrelation time of such a chain is (1 + rho) / (1 - rho).
  @Test(arguments: [0.0, 0.5, 0.9, -0.4])
  func theEffectiveSizeOfAnAutoregressionIsKnown(_ rho: Double) throws {
    let found = try #require(PosteriorDiagnostics.effectiveSampleSize(Self.chains(4, length: 5000, rho: rho)))
    let expected = 20_000 * (1 - rho) / (1 + rho)
    #expect(abs(found / expected - 1) < 0.15, "\(found) against \(expected)")
  }

  @Test func mixedChainsHaveAnRHatOfOne() throws {
    let found = try #require(PosteriorDiagnostics.splitRHat(Self.chains(4, length: 1000, rho: 0.3)))
    #expect(found >= 0.999 && found < 1.01)
  }

  @Test func chainsThatLieElsewhereSpreadOtherwiseOrDriftAreFound() throws {
    let chains = Self.chains(4, length: 500, rho: 0)
    let moved = chains.enumerated().map { index, values in index == 0 ? values.map { $0 + 1 } : values }
    let spread = chains.enumerated().map { index, values in index == 0 ? values.map { 4 * $0 } : values }
    let drifting = [chains[0].enumerated().map { Double($0) / 250 + $1 }]
    for odd in [moved, spread, drifting] {
      #expect(try #require(PosteriorDiagnostics.splitRHat(odd)) > 1.05)
    }
    #expect(try #require(PosteriorDiagnostics.effectiveSampleSize(moved)) < 100)
    // Ranks alone count: a monotone change of all values changes nothing of where they lie.
    #expect(try #require(PosteriorDiagnostics.splitRHat(moved.map { $0.map { $0 * $0 * $0 } })) > 1.05)
  }

  @Test func whatNeverChangesOrIsTooShortHasNoFigures() {
    #expect(PosteriorDiagnostics.effectiveSampleSize([[Double]](repeating: [1, 1, 1, 1, 1, 1, 1, 1], count: 2)) == nil)
    #expect(PosteriorDiagnostics.splitRHat([[1, 1, 1, 1, 1, 1, 1, 1]]) == nil)
    #expect(PosteriorDiagnostics.splitRHat([[1, 2, 3, 1, 2, 3, 1]]) == nil)
    #expect(PosteriorDiagnostics.effectiveSampleSize([]) == nil)
  }

  @Test func aModelKnowsItsTrace() throws {
    let planted = PlantedRatings(users: 60, items: 40, perUser: 20)
    let recipe = BayesianMatrixFactorization(factors: 2, sweeps: 40, burnIn: 10, thinning: 5, chains: 2)
    let model = try recipe.fit(to: planted.train, seed: 1)
    let found = try #require(model.diagnostics(burnIn: 10))
    #expect(model.sampleCount == 12 && found.chains == 2 && found.sweeps == 40 && found.burnIn == 10)
    #expect(found.quantities.map(\.name) == ["training_rmse", "constant", "precision"])
    let error = found.quantities[0]
    #expect(error.mean > 0.8 * PlantedRatings.noise && error.mean < 1.5 * PlantedRatings.noise, "\(error)")
    // The precision is that of a rating around the model, in units of the ratings' deviation.
    let noise = model.deviation / found.quantities[2].mean.squareRoot()
    #expect(abs(noise / PlantedRatings.noise - 1) < 0.3, "\(noise)")
    for quantity in found.quantities {
      #expect(try #require(quantity.effectiveSampleSize) > 1 && #require(quantity.splitRHat) > 0.9)
    }
    #expect(try #require(model.diagnostics(burnIn: 1000)).quantities[0].effectiveSampleSize == nil)
  }
}
