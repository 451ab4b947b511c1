import ArgumentParser
import RatingBench

/// `prizecheck split`: divides ratings into what models learn from and what they are judged on.
struct SplitRatings: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divides ratings into training and test parts.",
    discussion: """
      random   a random share of the rows is the test part
      last     the last ratings of each user are (--last)
      time     the last share of all ratings is: one cut through time
      k-fold   every row is in the test part of one of several folds (--folds)
      netflix  the last nine of each user (--last), at most half, dealt at random to probe, quiz and test

      Writes train.csv and test.csv; fold-1/train.csv and so on; or, for netflix, train.csv (the probe among it), \
      probe.csv, qualifying.csv, judging.csv and membership.csv. --layout netflix writes the Netflix Prize's own files \
      instead. The same ratings and seed give the same parts, in whatever order the rows stand. The folder appears \
      complete or not at all.

        prizecheck split ratings.csv --method random --test-fraction 0.1 --output parts --seed 1
        prizecheck split u.data --method netflix --output prize --seed 1
      """)

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case random, last, time
    case kFold = "k-fold"
    case netflix
  }

  enum Layout: String, ExpressibleByArgument, CaseIterable { case csv, netflix }
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "A file of ratings, a folder of Netflix files, or - for standard input.", completion: .file())
  var ratings: String

  @Option(help: "How to divide: random, last, time, k-fold or netflix.")
  var method: Method

  @Option(help: ArgumentHelp("The folder to write; it must not exist, or be empty.", valueName: "folder"))
  var output: String

  @Option(help: "The seed that all randomness comes from.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("For random and time: the test part's share. Default: 0.1.", valueName: "0...1"))
  var testFraction: Double?

  @Option(help: ArgumentHelp("For last and netflix: ratings held out of each user. Default: 1, and 9.", valueName: "n"))
  var last: Int?

  @Option(help: ArgumentHelp("For k-fold: the number of folds. Default: 5.", valueName: "n"))
  var folds: Int?

  @Option(help: "How the files are laid out: csv, or (for the method netflix) netflix.")
  var layout: Layout = .csv

  @Option(
    help: "What to do with a pair of user and item that is rated more than once: error, first, last, mean or all.")
  var duplicates: DuplicatePolicy = .error

  @OptionGroup var reading: ReadingArguments

  @Option(help: "How to print the result: text or json.")
  var format: Format = .text

  /// The parts that were written, by name, with their sizes.
  private typealias Parts = [(name: String, count: Int)]

  func validate() throws {
    func refuse(_ flag: String, _ isGiven: Bool, unless methods: [Method]) throws {
      guard isGiven && !methods.contains(method) else { return }
      throw ValidationError(
        "\(flag) belongs to \(methods.map(\.rawValue).joined(separator: " and ")), not to \(method.rawValue).")
    }
    try refuse("--test-fraction", testFraction != nil, unless: [.random, .time])
    try refuse("--last", last != nil, unless: [.last, .netflix])
    try refuse("--folds", folds != nil, unless: [.kFold])
    try refuse("--layout netflix", layout == .netflix, unless: [.netflix])
    if let testFraction, !(testFraction >= 0 && testFraction <= 1) {
      throw ValidationError("--test-fraction lies in 0...1, got \(testFraction); 0.1 is one row in ten.")
    }
    if let last, last < 1 { throw ValidationError("--last is at least 1, got \(last).") }
    if let folds, !(2...1_000).contains(folds) { throw ValidationError("--folds lies in 2...1000, got \(folds).") }
  }

  func run() throws {
    Interruption.install()
    do throws(RatingDataError) {
      // Before reading, so that a name that is taken is told at once.
      let folder = try OutputFolder(output)
      var options = reading.options
      options.duplicates = duplicates
      let result = try RatingDataset.read(ratings, options: options)
      Console.problems(result.warnings)
      let parts = try write(result.dataset, to: folder)
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

  private func write(_ dataset: RatingDataset, to folder: OutputFolder) throws(RatingDataError) -> Parts {
    let seed = Seed(seed)
    switch method {
    case .random:
      return try write(dataset.split(.random(testFraction: testFraction ?? 0.1), seed: seed), to: folder)
    case .last: return try write(dataset.split(.lastPerUser(last ?? 1), seed: seed), to: folder)
    case .time: return try write(dataset.split(.byTime(testFraction: testFraction ?? 0.1), seed: seed), to: folder)
    case .kFold:
      var parts: Parts = []
      for (fold, split) in try dataset.split(KFold(folds: folds ?? 5), seed: seed).enumerated() {
        try folder.makeFolder("fold-\(fold + 1)")
        parts += try write(split, to: folder, under: "fold-\(fold + 1)/")
      }
      return parts
    case .netflix:
      let split = try dataset.split(PrizeSampling(lastPerUser: last ?? 9), seed: seed)
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
  }

  private func write(_ split: Split, to folder: OutputFolder, under prefix: String = "") throws(RatingDataError)
    -> Parts
  {
    try RatingsCSVWriter.write(split.train, to: folder, as: "\(prefix)train.csv")
    try RatingsCSVWriter.write(split.test, to: folder, as: "\(prefix)test.csv")
    return [("\(prefix)train", split.train.count), ("\(prefix)test", split.test.count)]
  }

  private func report(_ parts: Parts) {
    switch format {
    case .text:
      Console.result(
        "\(output): " + parts.map { "\($0.name) \(Decimals.grouped($0.count))" }.joined(separator: ", ") + " ratings")
    case .json:
      Console.result(
        JSON.object([
          "schema": "prizecheck.split/1", "method": .string(method.rawValue), "seed": .natural(seed),
          "output": .string(output),
          "parts": .array(parts.map { .object(["name": .string($0.name), "ratings": .integer($0.count)]) }),
        ]).text)
    }
  }
}
