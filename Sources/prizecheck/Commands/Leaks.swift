import ArgumentParser
import RatingBench

/// `prizecheck leaks`: whether a training part knows what it must not, or a test part gives its answers away.
struct Leaks: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks for leaks between training and test ratings.",
    discussion: """
      Leaks: pairs of user and item that are in both parts (overlapping-pair), pairs that are there more than once \
      (duplicate-in-training, duplicate-in-test), and an order of test rows that tells their ratings beyond what user, item \
      and time do (order-tells-ratings; p < 0.0001 and an effect of at least 0.1).

      Warnings: training ratings later than a test rating, of the same user or of anybody (later-rating-of-user, \
      later-rating-of-anybody; leaks with --chronological), users and items without a training rating (user-only-in-test, \
      item-only-in-test), and an order that tells a little. --strict makes all of them leaks.

      Exit code 0 where there is no leak, 1 where there is one. The article SplitsAndLeakage explains each.

        prizecheck leaks u1.base u1.test
        prizecheck leaks train.csv test.csv --chronological --format json
      """)

  @Argument(help: "The training ratings: a file, or a folder of Netflix files.", completion: .file())
  var train: String

  @Argument(help: "The test ratings, with their answers.", completion: .file())
  var test: String

  @Flag(help: "The parts are said to be divided by time: a later training rating is a leak.")
  var chronological = false

  @Flag(help: "Every finding is a leak.")
  var strict = false

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var caching: CacheArguments

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

  @Option(help: "How to print the result: text, json or markdown.")
  var format: Format = .text

  func validate() throws {
    if train == "-" && test == "-" { throw ValidationError("standard input (-) can be only one of the files.") }
  }

  func run() throws {
    do throws(RatingDataError) {
      var options = reading.options
      options.cache = caching.ratingCache
      options.duplicates = .all
      let parts = try Self.read(train, test, options)
      let check = LeakCheck(isChronological: chronological, isStrict: strict, threads: reading.threads)
      let document = LeakDocument(
        training: parts.training, test: parts.test,
        report: check.report(training: parts.training.dataset, test: parts.test.dataset))
      switch format {
      case .text: Console.result(document.text(color: Console.outputHasColor))
      case .json: Console.result(document.json(isChronological: chronological, isStrict: strict).text)
      case .markdown: Console.result(document.markdown)
      }
      Console.problems(parts.training.warnings + parts.test.warnings)
      if !document.report.hasLeaks { return }
    } catch {
      if format == .json { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
      Console.problems(error.problems)
      throw error.exitStatus
    }
    throw ExitStatus.doesNotQualify
  }

  /// Both parts; where both are bad, the problems of both.
  private static func read(
    _ train: String, _ test: String, _ options: ReadingOptions
  ) throws(RatingDataError) -> (training: ReadingResult, test: ReadingResult) {
    let training: ReadingResult
    do throws(RatingDataError) { training = try RatingDataset.read(train, options: options) } catch {
      do throws(RatingDataError) { _ = try RatingDataset.read(test, options: options) } catch let other {
        throw RatingDataError(error.kind, error.problems + other.problems)
      }
      throw error
    }
    return (training, try RatingDataset.read(test, options: options))
  }
}
