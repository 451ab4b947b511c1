import ArgumentParser
import RatingBench

/// The options of side information.
struct FeatureArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is known of the users: u.user, users.dat, or CSV with a header and the id in the first column.",
      valueName: "file"), completion: .file())
  var userFeatures: String?

  @Option(
    help: ArgumentHelp(
      "What is known of the items: u.item, movies.dat, movies.csv, or CSV as above.", valueName: "file"),
    completion: .file())
  var itemFeatures: String?

  /// Throws a usage error where features are given to an algorithm that can't learn from them.
  func check(_ algorithm: some RegisteredAlgorithm) throws {
    guard !type(of: algorithm).usesSideFeatures else { return }
    let others = AlgorithmRegistry.standard.entries.filter(\.usesSideFeatures).map(\.name)
    for (option, file) in [("--user-features", userFeatures), ("--item-features", itemFeatures)] where file != nil {
      throw ValidationError(
        "\(type(of: algorithm).name) learns from ratings alone, so that \(option) has nothing to do"
          + (others.isEmpty ? "" : "; features are learned from by \(others.joined(separator: ", "))"))
    }
  }

  /// The features of a file for the users or items of the training ratings; warnings are told.
  static func read(
    _ path: String?, _ vocabulary: Vocabulary, of side: FeatureTable.Side
  ) throws(RatingDataError) -> FeatureTable? {
    guard let path else { return nil }
    let table = try FeatureTable(contentsOf: path, vocabulary: vocabulary, of: side)
    Console.problems(table.source?.warnings ?? [])
    return table
  }
}
