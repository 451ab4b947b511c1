import ArgumentParser
import RatingBench

/// `prizecheck recommend`: the items that a model predicts the highest ratings for.
struct Recommend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ranks the items with the highest predicted ratings for users.",
    discussion: """
      Ratings are shown as the model computes them, also beyond the scale, since moving them into it would make ties. \
      Equal ones are ranked by the order of the items in the model. A user whom the model doesn't know gets the ranking \
      of an unknown user, which is the same for all of them, and the result says so.

        prizecheck recommend model.safetensors --user 42 --top 10 --exclude ratings.csv
        prizecheck recommend model.safetensors --users users.txt --top 100 --output rankings.csv
      """)

  @Argument(help: "A model that train saved.", completion: .file())
  var model: String

  @Option(help: ArgumentHelp("A user, as the ratings name it; repeatable.", valueName: "id"))
  var user: [String] = []

  @Option(help: ArgumentHelp("A file that names users, one on each line.", valueName: "file"), completion: .file())
  var users: String?

  @Option(help: ArgumentHelp("The number of items for each user.", valueName: "n"))
  var top = 10

  @Option(
    help: ArgumentHelp(
      "Leave out what these ratings, or pairs, say that the user has rated, in any format.", valueName: "ratings"),
    completion: .file())
  var exclude: String?

  @Option(
    help: ArgumentHelp(
      "Write the rankings as CSV, user,rank,item,prediction, instead of printing them.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("The number of threads; the result does not depend on it.", valueName: "n"))
  var threads: Int?

  @Option(help: "How to print the result: text or json.")
  var format: TrainingFormat = .text

  private static let schema = "prizecheck.recommend/1"

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads needs at least 1, got \(threads)") }
    if top < 1 { throw ValidationError("--top needs at least 1, got \(top)") }
    if user.isEmpty && users == nil { throw ValidationError("name users by --user or by a file with --users") }
    if format == .json && output == "-" {
      throw ValidationError("--format json and --output - both write to standard output; name a file for one of them")
    }
    if [model, users, exclude].count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input, -, can be only one of the files")
    }
  }

  func run() throws {
    Interruption.install()
    do throws(RatingDataError) {
      try recommend()
    } catch {
      if format == .json { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
      Console.problems(error.problems)
      throw error.exitStatus
    }
  }

  private func recommend() throws(RatingDataError) {
    let file = try ModelFile(contentsOf: model)
    let vocabularies = file.model.vocabularies
    var asked: [UserID] = []
    for name in user where !asked.contains(UserID(Identifier(name))) { asked.append(UserID(Identifier(name))) }
    if let users {
      let given = Set(asked)
      asked += try UserList.read(users).filter { !given.contains($0) }
    }
    let excluded = try exclude.map { path throws(RatingDataError) in
      try excludedItems(path, asked, items: vocabularies.items)
    }
    let indices = asked.map { vocabularies.users.index(of: $0.identifier).map { UserIndex(UInt32($0)) } }
    let rankings = file.model.topItems(top, for: indices, excluding: excluded ?? .none, threads: threads)
    let result = RecommendationReport(
      algorithm: file.provenance.algorithm, top: top, items: vocabularies.items,
      rows: asked.indices.map { row in
        RecommendationReport.Row(
          user: asked[row], isKnown: indices[row] != nil, excluded: excluded?.count(row) ?? 0, ranking: rankings[row])
      })
    if let output { try result.writeCSV(to: output) }
    if format == .json {
      Console.result(result.json(Self.schema, output: output).text)
    } else if let output {
      Console.note(result.note(output))
    } else {
      Console.result(result.text)
    }
  }

  /// What the pairs in a file say, for users in the order in which they are asked about: also for those whom the model
  /// doesn't know.
  private func excludedItems(
    _ path: String, _ asked: [UserID], items: Vocabulary
  ) throws(RatingDataError) -> ExcludedItems {
    let users = Vocabulary(asked.map(\.identifier))
    let read = try QuestionSet.read(
      path, vocabularies: Vocabularies(users: users, items: items), options: ReadingOptions(threads: threads))
    Console.problems(read.warnings)
    var row = [UInt32](repeating: 0, count: users.count)
    for (position, user) in asked.enumerated() {
      if let index = users.index(of: user.identifier) { row[index] = UInt32(position) }
    }
    var pairs = read.pairs
    pairs.users = pairs.users.map { $0 == RatingPairs.unknown ? $0 : row[Int($0)] }
    return ExcludedItems(rows: pairs, count: asked.count)
  }
}
