import Foundation
import RatingData
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingModels

/// Side information in the input of a fit, in models and in checkpoints.
@Suite struct SideFeaturesTests {
  /// A recipe that says it learns from features: its model is the mean of the training ratings.
  private struct WithFeatures: RegisteredAlgorithm {
    static let name = "with-features"
    static let summary = "the mean, knowing features"
    static let paper = "none"
    static var parameters: [ParameterBinding<Self>] { [] }
    static var usesSideFeatures: Bool { true }

    func fit(to input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> GlobalMean.Model {
      try GlobalMean().fit(to: input, seed: seed, options: options)
    }
  }

  private let folder: ScratchFolder
  private let ratings = RatingDataset(users: [1, 2, 3], items: [7, 8, 7], ratings: [1, 5, 3], scale: .wholeStars)

  init() throws { folder = try ScratchFolder() }

  private func input(_ users: String = "1|24|M|writer|1\n2|30|F|other|2\n") throws -> TrainingInput {
    let user = try folder.write("in/u.user", users)
    return TrainingInput(
      ratings,
      userFeatures: try FeatureTable(contentsOf: user, vocabulary: ratings.vocabularies.users, of: .users),
      itemFeatures: FeatureTable([
        FeatureGroup(name: "genre", featureNames: ["a"], starts: [0, 1, 1], features: [0], values: [1])
      ]))
  }

  @Test func theRegistrySaysWhatAnAlgorithmLooksAt() throws {
    var registry = AlgorithmRegistry.standard
    registry.register(WithFeatures.self)
    #expect(try registry.entry("with-features").usesSideFeatures)
    #expect(try !registry.entry("with-features").usesQuestions && !registry.entry("biased-mf").usesSideFeatures)
    let asking = registry.entries.filter(\.usesQuestions).map(\.name)
    #expect(Set(asking).isSuperset(of: ["svd++", "asymmetric-svd", "time-svd++"]))
  }

  /// What `usesQuestions` says of every algorithm is what questions do to its model.
  @Test func questionsChangeTheModelsOfThoseThatUseThem() throws {
    let planted = PlantedRatings(users: 30, items: 20, perUser: 10)
    for entry in AlgorithmRegistry.standard.entries {
      let few = entry.parameters.filter { ["epochs", "sweeps"].contains($0.name) }.map { (name: $0.name, text: "3") }
      let algorithm = try entry.make(few)
      func predictions(_ questions: RatingPairs?) throws -> Predictions {
        func fit(_ algorithm: some RegisteredAlgorithm) throws -> Predictions {
          try algorithm.fit(to: TrainingInput(planted.train, questions: questions), seed: 1).predict(planted.test.pairs)
        }
        return try fit(algorithm)
      }
      #expect(try (predictions(nil) != predictions(planted.test.pairs)) == entry.usesQuestions, "\(entry.name)")
    }
  }

  @Test func theModelFileKeepsNamesAndHashes() throws {
    let input = try input()
    let provenance = ModelProvenance(WithFeatures(), seed: 1, trainedOn: input)
    let users = try #require(provenance.userFeatures)
    #expect(users.file == "u.user" && users.sha256 == input.userFeatures?.source?.sha256)
    #expect(users.groups == 4 && users.features == 8 && users.hash == input.userFeatures?.contentHash)
    let items = try #require(provenance.itemFeatures)
    #expect(items.file == nil && items.sha256 == nil && items.groups == 1 && items.features == 1)
    let model = try WithFeatures().fit(to: input, seed: 1)
    let path = folder.path("model")
    try ModelFile(model, provenance).write(to: path)
    let summary = try ModelSummary(contentsOf: path)
    #expect(summary.provenance == provenance)
    var registry = AlgorithmRegistry()
    registry.register(WithFeatures.self)
    let loaded = try ModelFile(contentsOf: path, registry: registry)
    #expect(loaded.provenance == provenance)
    try ModelFile(loaded.model, loaded.provenance).write(to: folder.path("again"))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: path)) == Data(contentsOf: URL(fileURLWithPath: folder.path("again"))))
    // Without features nothing is said of them.
    let plain = ModelProvenance(WithFeatures(), seed: 1, trainedOn: TrainingInput(ratings))
    #expect(!plain.metadata.contains { $0.0.contains("features") })
  }

  @Test func aCheckpointIsOfTheSameFeaturesInWhateverFile() throws {
    let provenance = ModelProvenance(WithFeatures(), seed: 1, trainedOn: try input())
    let file = CheckpointFile(Checkpoint(completedEpochs: 0, seed: 1, tensors: []), provenance)
    #expect(throws: Never.self) { try file.checkpoint(for: provenance) }
    // The rows in another order are another file with the same features.
    let reordered = ModelProvenance(WithFeatures(), seed: 1, trainedOn: try input("2|30|F|other|2\n1|24|M|writer|1\n"))
    #expect(reordered.userFeatures?.sha256 != provenance.userFeatures?.sha256)
    #expect(throws: Never.self) { try file.checkpoint(for: reordered) }
    for (other, hint) in [
      (try input("1|24|M|writer|1\n2|30|M|other|2\n"), "what is known of users is u.user, 8 features"),
      (TrainingInput(ratings, userFeatures: try input().userFeatures), "what is known of items is a table in memory"),
    ] {
      let error = #expect(throws: TrainingError.self) {
        try file.checkpoint(for: ModelProvenance(WithFeatures(), seed: 1, trainedOn: other))
      }
      #expect(error?.code == .checkpointMismatch && error?.message.contains(hint) == true, "\(error?.message ?? "")")
    }
  }
}
