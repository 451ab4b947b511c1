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

  @Option(help: ArgumentHelp("Which column holds what, by header name or number: user=1,item=2,rating=3,time=4.", valueName: "map"))
  var columns: ColumnMap?

  @Option(help: ArgumentHelp("The allowed ratings, such as 1...5 or -10...10.", valueName: "lower...upper"))
  var ratingScale: RatingScale?

  @Option(help: ArgumentHelp("The number of threads; the result does not depend on it.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads needs at least 1, got \(threads)") }
  }

  var options: ReadingOptions { ReadingOptions(format: format, columns: columns, scale: ratingScale, threads: threads) }
}

extension RatingFormat: ExpressibleByArgument {}
extension DuplicatePolicy: ExpressibleByArgument {}

extension ColumnMap: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension RatingScale: ExpressibleByArgument {
  /// `1...5`, `-10...10`, `0.5...5`: the bounds; which ratings between them occur is not restricted.
  public init?(argument: String) {
    guard let dots = argument.firstRange(of: "...") else { return nil }
    guard let lower = Double(argument[..<dots.lowerBound]), let upper = Double(argument[dots.upperBound...]),
      lower.isFinite, upper.isFinite, lower < upper
    else { return nil }
    self.init(lower...upper)
  }
}
