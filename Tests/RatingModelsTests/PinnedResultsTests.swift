import RatingData
import RatingModels
import Testing

/// Figures of a fixed seed on planted data: they change only where an algorithm does. Relative 1e-4, because the last
/// bits of Float arithmetic may differ between processors.
struct PinnedResultsTests {
  @Test(arguments: [
    ("global-mean", 1.156241), ("user-mean", 1.082884), ("item-mean", 1.049085), ("biases", 0.960532),
    ("biased-mf", 0.343633), ("svd++", 0.348725), ("asymmetric-svd", 0.342177), ("time-biases", 0.967546),
    ("time-svd++", 0.367861), ("nmf", 0.442034),
  ])
  func theErrorOfTheDefaultsIsPinned(_ name: String, _ expected: Double) throws {
    let planted = PlantedRatings()
    let model = try AlgorithmRegistry.standard.algorithm(name).fit(to: planted.train, seed: 1)
    let found = rmse(model, planted.test)
    #expect(abs(found - expected) <= 1e-4 * expected, "\(name): \(found)")
  }
}
