import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct PosteriorContinuingTests {
  typealias Flipped = BayesianTimeSVDPlusPlusFlipped
  static let ratings = PlantedRatings.stars(PlantedRatings(users: 60, items: 40, perUser: 20).train)

  static func recipe(sweeps: Int, _ likelihood: Flipped.Likelihood = .gaussian, chains: Int = 1) -> Flipped {
    Flipped(factors: 3, sweeps: sweeps, burnIn: 3, thinning: 2, chains: chains, likelihood: likelihood)
  }

  static func file(_ recipe: Flipped, threads: Int) throws -> ModelFile {
    let input = TrainingInput(ratings)
    let outcome = try recipe.train(on: input, seed: 5, options: RunOptions(threads: threads))
    return ModelFile(
      outcome.model, ModelProvenance(recipe, seed: 5, trainedOn: input, epoch: outcome.modelEpoch))
  }

  @Test(arguments: [1, 2], [Flipped.Likelihood.gaussian, .orderedProbit])
  func aModelGoesOnToTheSameBytes(_ threads: Int, _ likelihood: Flipped.Likelihood) throws {
    let input = TrainingInput(Self.ratings)
    for (before, chains) in [(8, 1), (2, 1), (8, 3)] {
      let long = Self.recipe(sweeps: 13, likelihood, chains: chains)
      let straight = try Self.file(long, threads: 3 - threads).bytes
      let saved = try Self.file(Self.recipe(sweeps: before, likelihood, chains: chains), threads: threads).bytes
      let provenance = ModelProvenance(long, seed: 5, trainedOn: input)
      let checkpoint = try ModelFile(bytes: saved).checkpoint(continuedBy: provenance)
      #expect(checkpoint.completedEpochs == before)
      let outcome = try long.train(
        on: input, seed: 5, options: RunOptions(threads: threads), resuming: checkpoint)
      let continued = ModelFile(
        outcome.model, ModelProvenance(long, seed: 5, trainedOn: input, epoch: outcome.modelEpoch))
      let isSame = continued.bytes == straight
      #expect(isSame, "from sweep \(before) with \(chains) chains")
    }
  }

  @Test func whatIsNotTheSameRunIsNamed() throws {
    let file = try Self.file(Self.recipe(sweeps: 6), threads: 1)
    func message(_ run: ModelProvenance, of file: ModelFile) -> String {
      do throws(TrainingError) {
        _ = try file.checkpoint(continuedBy: run)
        return ""
      } catch {
        #expect(error.code == .checkpointMismatch)
        return error.message
      }
    }
    func run(_ recipe: some RegisteredAlgorithm, seed: Seed = 5, _ ratings: RatingDataset = Self.ratings)
      -> ModelProvenance
    { ModelProvenance(recipe, seed: seed, trainedOn: ratings) }
    let long = Self.recipe(sweeps: 9)
    #expect(message(run(long), of: file).isEmpty && message(run(Self.recipe(sweeps: 6)), of: file).isEmpty)
    var other = long
    other.burnIn = 4
    #expect(message(run(other), of: file) == "burnIn is 3 in the model and 4 in this run")
    #expect(message(run(long, seed: 6), of: file) == "the seed is 5 in the model and 6 in this run")
    #expect(message(run(Self.recipe(sweeps: 5)), of: file).contains("6 sweeps already, the run asks for 5"))
    #expect(message(run(BayesianSVDPlusPlus()), of: file).contains("the algorithm is"))
    let fewer = Self.ratings.selecting(rows: Array(0..<100))
    #expect(message(run(long, fewer), of: file).contains("the number of ratings is"))
    let means = GlobalMean()
    let mean = ModelFile(try means.fit(to: Self.ratings, seed: 5), run(means))
    #expect(message(run(means), of: mean).contains("no chains"))
    let given = RatingDataset(users: [1000], items: [3], ratings: [4], times: [1_000_000_000], scale: .wholeStars)
    let posterior = try #require(file.model as? PosteriorModel)
    let grown = ModelFile(try posterior.foldingIn(given, seed: 1).model, file.provenance)
    #expect(message(run(long), of: grown).contains("folded"))
  }
}
