import ArgumentParser
import RatingBench

/// `prizecheck fold-in`: new users and items into a saved model.
struct FoldInCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fold-in",
    abstract: "Adds new users or items to a saved model without training it again.",
    discussion: """
      Each new user is the solution of a least squares problem in which the items stand still, with the regularization \
      that the model was trained with, and each new item the other way round; --add both does the users first. Users \
      and items that the model knows stay as they are, with --replace those named in the ratings are solved again, from \
      these ratings alone: give all that there are of them. Ratings of users or items that nothing is known of on the \
      other side are left out, and counted. Works with models of \(AlternatingLeastSquares.name) and \
      \(BiasedMatrixFactorization.name), and with those of the Bayesian algorithms, where a new user's parameters are drawn \
      in every sample from what the ratings say of them.

        prizecheck fold-in model.safetensors new-users.csv --save larger.safetensors
      """)

  @Argument(help: "A model that train saved.", completion: .file())
  var model: String

  @Argument(help: "Ratings of the new users or items, in any format.", completion: .file())
  var ratings: String

  @Option(help: ArgumentHelp("Where the new model goes.", valueName: "model"), completion: .file())
  var save: String

  @Option(help: "What to add: users, items or both.")
  var add: FoldIn.Side = .users

  @Flag(help: "Solve users or items again that the model knows and the ratings name.")
  var replace = false

  @Option(help: "What to do with a pair that is rated more than once: error, first, last, mean or all.")
  var duplicates: DuplicatePolicy = .error

  @OptionGroup(title: "Reading") var reading: ReadingArguments
  @OptionGroup(title: "Cache of parsed ratings") var caching: CacheArguments

  @Option(help: "How to print the result: text or json.")
  var format: TrainingFormat = .text

  private static let schema = "prizecheck.fold-in/1"

  func validate() throws {
    if model == "-" && ratings == "-" { throw ValidationError("standard input, -, can be only one of the files") }
    if save == "-" && format == .json {
      throw ValidationError("--format json and --save - both write to standard output; name a file for the model")
    }
  }

  func run() throws {
    Interruption.install()
    try reportingErrors(asJSON: format == .json, foldIn)
  }

  private func foldIn() throws {
    let file = try ModelFile(contentsOf: model)
    try requireFoldable(file)
    var options = reading.options
    options.cache = caching.ratingCache
    options.duplicates = duplicates
    let read = try RatingDataset.read(ratings, options: options)
    Console.problems(read.warnings)
    let (side, rows) = (add, replace ? FoldIn.KnownRows.replace : .keep)
    if let posterior = file.model as? PosteriorModel {
      try finish(
        try posterior.foldingIn(
          read.dataset, side, known: rows, seed: file.provenance.seed, threads: reading.threads), read.dataset, file)
    } else if let known = file.model as? BiasedFactorModel, let settings = try? FoldIn(file.provenance) {
      try finish(
        try known.foldingIn(read.dataset, side, known: rows, using: settings, threads: reading.threads), read.dataset,
        file)
    }
  }

  private func requireFoldable(_ file: ModelFile) throws(RatingDataError) {
    if file.model is PosteriorModel { return }
    guard file.model is BiasedFactorModel, (try? FoldIn(file.provenance)) != nil else {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, "bad-model", file: model,
            message: "users and items can't be folded into a model of \(file.provenance.algorithm); train one of "
              + "\(AlternatingLeastSquares.name) or \(BiasedMatrixFactorization.name), or a Bayesian one")
        ])
    }
  }

  private func finish(
    _ result: FoldInResult<some SavableModel>, _ ratings: RatingDataset, _ file: ModelFile
  ) throws(RatingDataError) {
    var provenance = file.provenance
    provenance.foldedIn.append(
      ModelProvenance.FoldedIn(ratings, side: add, known: replace ? FoldIn.KnownRows.replace : .keep))
    try ModelFile(result.model, provenance).write(to: save)
    Console.result(format == .json ? json(result, ratings.count, file).text : text(result, file))
  }

  private func json(_ result: FoldInResult<some SavableModel>, _ ratings: Int, _ file: ModelFile) -> JSON {
    .object([
      "schema": .string(Self.schema), "algorithm": .string(file.provenance.algorithm), "add": .string(add.rawValue),
      "ratings": .object([
        "n": .integer(ratings), "used": .integer(result.usedRatings), "ignored": .integer(result.ignoredRatings),
      ]),
      "users": .object([
        "added": .integer(result.addedUsers), "replaced": .integer(result.replacedUsers),
        "n": .integer(result.model.vocabularies.users.count),
      ]),
      "items": .object([
        "added": .integer(result.addedItems), "replaced": .integer(result.replacedItems),
        "n": .integer(result.model.vocabularies.items.count),
      ]),
      "saved": .string(save),
    ])
  }

  private func text(_ result: FoldInResult<some SavableModel>, _ file: ModelFile) -> String {
    func count(_ what: String, _ added: Int, _ replaced: Int, _ all: Int) -> String {
      let again = replaced > 0 ? ", \(Decimals.grouped(replaced)) solved again" : ""
      return "  \(what): \(Decimals.grouped(added)) added\(again), now \(Decimals.grouped(all))"
    }
    let vocabularies = result.model.vocabularies
    let ignored = result.ignoredRatings > 0 ? ", \(Decimals.grouped(result.ignoredRatings)) left out" : ""
    return [
      "\(file.provenance.algorithm): folded in \(Decimals.grouped(result.usedRatings)) ratings\(ignored)",
      count("users", result.addedUsers, result.replacedUsers, vocabularies.users.count),
      count("items", result.addedItems, result.replacedItems, vocabularies.items.count),
      "  saved in \(SafeText.line(save))",
    ].joined(separator: "\n")
  }
}

extension FoldIn.Side: ExpressibleByArgument {}
