import RatingData
import RatingModels
import Testing

/// Figures of a fixed seed on planted data: they change only where an algorithm does. Relative 1e-4, because the last
/// bits of Float arithmetic may differ between processors.
struct PinnedResultsTests {
  @Test(arguments: [
    ("global-mean", 0.0), ("user-mean", 0), ("item-mean", 0), ("biases", 0), ("biased-mf", 0),
  ])
  func theErrorOfTheDefaultsIsPinned(_ name: String, _ expected: Double) throws {
    let planted = PlantedRatings()
    let model = try AlgorithmRegistry.standard.algorithm(name).fit(to: planted.train, seed: 1)
    let found = rmse(model, planted.test)
    #expect(abs(found - expected) <= 1e-4 * expected, "\(name): \(found)")
  }
}
