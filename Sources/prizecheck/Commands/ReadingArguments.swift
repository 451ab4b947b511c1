import ArgumentParser
import RatingBench

/// The options of every command that reads ratings.
struct ReadingArguments: ParsableArguments {
  @Option(
    name: .customLong("input-format"),
    help: ArgumentHelp(
      "The format of the input, instead of detecting it.",
      discussion: RatingFormat.allCases.map(\.rawValue).joined(separator: ", "), valueName: "name"))
  var format: RatingFormat?

  @Option(
    help: ArgumentHelp(
      "Which column holds what, by header name or number: user=1,item=2,rating=3,time=4.", valueName: "map"))
  var columns: ColumnMap?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The allowed ratings, such as 1...5 or -10...10.", valueName: "lower...upper"),
    transform: OptionValue.ratingScale)
  var ratingScale: RatingScale?

  @Option(help: ArgumentHelp("The number of threads; the result does not depend on it.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads needs at least 1, got \(threads)") }
  }

  var options: ReadingOptions {
    ReadingOptions(
      format: format, columns: columns, scale: ratingScale, threads: threads, onProgress: ReadingDisplay.callback())
  }
}

extension RatingFormat: ExpressibleByArgument {}
extension DuplicatePolicy: ExpressibleByArgument {}

extension ColumnMap: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
extension PrizeSet: ExpressibleByArgument {}
