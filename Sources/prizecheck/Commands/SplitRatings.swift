import ArgumentParser
import RatingBench

/// `prizecheck split`: divides ratings into what models learn from and what they are judged on.
struct SplitRatings: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divides ratings into training and test parts.",
    discussion: """
      random         a random share of the rows is the test part
      time           the last share of all ratings is, or what was rated from a day on (--cut)
      last           the last ratings of each user are (--last)
      leave-one-out  one rating of each user is, the last or any (--held-out)
      all-but        some ratings of each user are (--all-but), any or the last
      given          some ratings of each user are for training (--given), the others are the test part
      k-fold         every row is in the test part of one of several folds (--folds)
      repeated       the same several times, the rows dealt anew (--repetitions)
      rolling        the test parts follow each other in time (--windows); each has what came before for training
      predefined     somebody's pairs of files, such as u1.base and u1.test: RATINGS is their folder
      netflix        the last nine of each user (--last), at most half, dealt at random to probe, quiz and test

      Writes train.csv and test.csv; fold-1/train.csv and so on where there are several; or, for netflix, train.csv (the \
      probe among it), probe.csv, qualifying.csv, judging.csv and membership.csv. --layout netflix writes the Netflix \
      Prize's own files instead. The same ratings and seed give the same parts, in whatever order the rows stand. The \
      folder appears complete or not at all. What each lets leak, and which answers what: the article SplitsAndLeakage.

        prizecheck split ratings.csv --method random --test-fraction 0.1 --output parts --seed 1
        prizecheck split u.data --method rolling --windows 4 --output windows
        prizecheck split u.data --method netflix --output prize --seed 1
      """)

  enum Layout: String, ExpressibleByArgument, CaseIterable { case csv, netflix }
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "A file of ratings, a folder of Netflix files, or - for standard input.", completion: .file())
  var ratings: String

  @OptionGroup var division: SplitArguments

  @Option(help: ArgumentHelp("The folder to write; it must not exist, or be empty.", valueName: "folder"))
  var output: String

  @Option(help: "How the files are laid out: csv, or (for the method netflix) netflix.")
  var layout: Layout = .csv

  @Option(
    help: "What to do with a pair of user and item that is rated more than once: error, first, last, mean or all.")
  var duplicates: DuplicatePolicy = .error

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var caching: CacheArguments

  @Option(help: "How to print the result: text or json.")
  var format: Format = .text

  /// The parts that were written, by name, with their sizes.
  private typealias Parts = [(name: String, count: Int)]

  func validate() throws {
    if layout == .netflix && division.method != .netflix {
      throw ValidationError("--layout netflix belongs to netflix, not to \(division.method.rawValue).")
    }
  }

  func run() throws {
    Interruption.install()
    do throws(RatingDataError) {
      // Before reading, so that a name that is taken is told at once.
      let folder = try OutputFolder(output)
      var options = reading.options
      options.cache = caching.ratingCache
      options.duplicates = duplicates
      let parts = try write(options, to: folder)
      try folder.commit()
      report(parts)
    } catch {
      let error = named(error)
      if format == .json && error.kind != .cannotWrite {
        Console.result(ResultDocument(inputs: [], failure: error).json.text)
      }
      Console.problems(error.problems)
      throw error.exitStatus
    }
  }

  /// The error with the file's name: a strategy knows only that it divides ratings.
  private func named(_ error: RatingDataError) -> RatingDataError {
    RatingDataError(
      error.kind,
      error.problems.map { problem in
        var problem = problem
        if problem.file == "ratings" { problem.file = ratings }
        return problem
      })
  }

  private func write(_ options: ReadingOptions, to folder: OutputFolder) throws(RatingDataError) -> Parts {
    if division.method == .predefined {
      let folds = try PredefinedFolds(inFolder: ratings, names: division.foldNames)
      return try write(folds.splits(options: options), to: folder)
    }
    let result = try RatingDataset.read(ratings, options: options)
    Console.problems(result.warnings)
    guard let plan = division.plan else { return try writePrize(result.dataset, to: folder) }
    return try write(plan.splits(of: result.dataset, seed: Seed(division.seed)), to: folder)
  }

  private func write(_ splits: Splits, to folder: OutputFolder) throws(RatingDataError) -> Parts {
    var parts: Parts = []
    for (index, name) in splits.names.enumerated() {
      let prefix = splits.names == ["split"] ? "" : "\(name)/"
      if !prefix.isEmpty { try folder.makeFolder(name) }
      let split = try splits.split(index)
      try RatingsCSVWriter.write(split.train, to: folder, as: "\(prefix)train.csv")
      try RatingsCSVWriter.write(split.test, to: folder, as: "\(prefix)test.csv")
      parts += [("\(prefix)train", split.train.count), ("\(prefix)test", split.test.count)]
    }
    return parts
  }

  private func writePrize(_ dataset: RatingDataset, to folder: OutputFolder) throws(RatingDataError) -> Parts {
    let split = try dataset.split(PrizeSampling(lastPerUser: division.last ?? 9), seed: Seed(division.seed))
    switch layout {
    case .csv: try split.writeCSV(to: folder)
    case .netflix: _ = try split.write(to: folder)
    }
    func count(_ part: PrizeRow.Part) -> Int { split.parts.count { $0 == part } }
    return [
      ("training", count(.training) + count(.probe)), ("probe", count(.probe)),
      ("qualifying", count(.quiz) + count(.test)), ("quiz", count(.quiz)), ("test", count(.test)),
    ]
  }

  private func report(_ parts: Parts) {
    switch format {
    case .text:
      Console.result(
        "\(output): " + parts.map { "\($0.name) \(Decimals.grouped($0.count))" }.joined(separator: ", ") + " ratings")
    case .json:
      Console.result(
        JSON.object([
          "schema": "prizecheck.split/1", "method": .string(division.method.rawValue),
          "plan": division.plan.map { .string($0.description) }, "seed": .natural(division.seed),
          "output": .string(output),
          "parts": .array(parts.map { .object(["name": .string($0.name), "ratings": .integer($0.count)]) }),
        ]).text)
    }
  }
}
