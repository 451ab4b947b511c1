import ArgumentParser
import RatingBench

/// `prizecheck generate`: a made-up prize data set in Netflix's format.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a synthetic prize data set in Netflix's format.",
    discussion: """
      Writes training_set/mv_*.txt, probe.txt, qualifying.txt, movie_titles.txt, and what a contest's host keeps back: \
      judging.txt (the answers) and membership.txt (which rows are quiz, which test).

      The data are random, shaped like the Netflix set: heavy-tailed activity and popularity, its rating histogram, drift \
      over time, and planted factors for models to find. The same options and seed give the same bytes on any number of \
      threads. The folder appears complete or not at all.

      --preset netflix has the Netflix Prize's exact numbers: 480,189 users with ids up to 2,649,429, 17,770 movies, \
      100,480,507 training ratings and 2,817,131 questions. It takes 2.2 GB, and 1.3 GB more in the system's folder for \
      temporary files while it is made; memory stays below 100 MB for each thread.

      --fraction 0.01 writes every hundredth user with all of the user's rows, those of the whole set; what is held out \
      is the same. A movie then has about a hundredth of its ratings, and rare ones have none and no file.

        prizecheck generate --preset demo --output my-prize --seed 1
        prizecheck generate --preset netflix --output netflix --seed 1
        prizecheck generate --preset netflix --layout tar --fraction 0.1 --output tenth
        prizecheck generate --users 50000 --items 2000 --ratings 5000000 --output large --seed 1
      """)

  enum Preset: String, ExpressibleByArgument, CaseIterable {
    case demo, netflix
  }

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: ArgumentHelp("The folder to write; it must not exist, or be empty.", valueName: "folder"))
  var output: String

  @Option(
    help:
      "The set to start from: demo is the small one of datasets/synthetic-prize (the default), netflix as large as the Netflix Prize."
  )
  var preset: Preset?

  @Option(
    help: ArgumentHelp(
      "The training set as Netflix's files (netflix: training_set/mv_*.txt), as its archive (tar: training_set.tar) or as Kaggle's (kaggle: combined_data_1.txt to _4.txt).",
      valueName: "layout"))
  var layout: PrizeFolderWriter.Layout = .netflix

  @Option(help: "The seed that all randomness comes from.")
  var seed: UInt64 = 1

  @Option(help: "The number of users. With --items and --ratings: a set of any size in place of a preset.")
  var users: Int?

  @Option(help: "The number of movies.")
  var items: Int?

  @Option(help: "The number of ratings, those of the qualifying set included.")
  var ratings: Int?

  @Option(help: "The number of planted factors.")
  var factors: Int?

  @Option(help: "The standard deviation of the sum over the planted factors, in stars.")
  var factorDeviation: Double?

  @Option(help: "The standard deviation of the noise, in stars.")
  var noiseDeviation: Double?

  @Option(help: "Write only this share of the users, 0 to 1; their ratings are those of the whole set.")
  var fraction: Double = 1

  @Option(help: "The number of threads. Default: one for each processor.")
  var threads: Int?

  @Option(help: "How to print the result: text or json.")
  var format: Format = .text

  func validate() throws {
    let sizes = [users, items, ratings].compactMap { $0 }.count
    if sizes != 0 && sizes != 3 { throw ValidationError("--users, --items and --ratings come together.") }
    if sizes == 3 && preset != nil { throw ValidationError("give either --preset or --users, --items and --ratings.") }
    if let threads, threads < 1 { throw ValidationError("--threads is at least 1, got \(threads).") }
    if !(fraction > 0 && fraction <= 1) {
      throw ValidationError("--fraction is above 0 and at most 1, got \(fraction).")
    }
    if let users, let items, users < 0 || items < 0 || users > 1 << 40 || items > 1 << 40 {
      throw ValidationError("--users and --items count users and movies, got \(users) and \(items).")
    }
    if let problem = parameters.problem { throw ValidationError(problem + ".") }
  }

  private var parameters: SyntheticPrize.Parameters {
    var parameters =
      if let users, let items, let ratings {
        SyntheticPrize.Parameters(users: users, items: items, ratings: ratings)
      } else {
        preset == .netflix ? SyntheticPrize.Parameters.netflix : .demo
      }
    if let factors { parameters.factors = factors }
    if let factorDeviation { parameters.factorDeviation = factorDeviation }
    if let noiseDeviation { parameters.noiseDeviation = noiseDeviation }
    return parameters
  }

  func run() throws {
    Interruption.install()
    let start = ContinuousClock.now
    let parameters = parameters
    let made = max(1, Int((fraction * Double(parameters.users)).rounded()))
    let expected = Int((Double(made) / Double(parameters.users) * Double(parameters.ratings)).rounded())
    let isLong = expected > 2_000_000
    if isLong { Console.note("making about \(expected) ratings of \(made) users") }
    let summary: PrizeFolderWriter.Summary
    do {
      let prize = SyntheticPrize(parameters, seed: Seed(seed))
      var nextNote = 0
      summary = try prize.write(to: output, layout: layout, users: 0..<made, threads: threads) { rows in
        guard isLong, rows >= nextNote else { return }
        Console.note("\(rows) ratings made")
        nextNote = rows + 10_000_000
      }
    } catch {
      Console.note(error.description)
      throw error.exitStatus
    }
    let seconds = Double((ContinuousClock.now - start) / .microseconds(1)) / 1e6
    Console.result(format == .json ? json(summary, seconds: seconds).text : text(summary, seconds: seconds))
  }

  private func json(_ summary: PrizeFolderWriter.Summary, seconds: Double) -> JSON {
    .object([
      "schema": "prizecheck.generate/1", "preset": sizeIsGiven ? nil : .string((preset ?? .demo).rawValue),
      "seed": .natural(seed), "layout": .string(layout.rawValue),
      "output": .string(output), "movie_files": .integer(summary.movieFiles), "training": .integer(summary.training),
      "probe": .integer(summary.probe), "qualifying": .integer(summary.quiz + summary.test),
      "quiz": .integer(summary.quiz), "test": .integer(summary.test), "bytes": .integer(summary.bytes),
      "seconds": .number(seconds),
    ])
  }

  private var sizeIsGiven: Bool { users != nil }

  private func text(_ summary: PrizeFolderWriter.Summary, seconds: Double) -> String {
    let thousandths = Int((seconds * 1000).rounded())
    return """
      \(output): \(summary.training) training ratings (\(summary.probe) of them probe) of \(summary.movieFiles) movies,
      \(summary.quiz + summary.test) qualifying ratings (\(summary.quiz) quiz, \(summary.test) test), \
      \(summary.bytes) bytes, \(thousandths) ms
      """
  }
}

extension PrizeFolderWriter.Layout: ExpressibleByArgument {}
