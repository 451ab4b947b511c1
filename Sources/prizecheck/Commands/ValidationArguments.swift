import ArgumentParser
import RatingBench

/// Where the ratings come from that a run is measured on after each epoch.
enum ValidationPart: Sendable, Equatable {
  case file(String)
  /// A share of the ratings, held out by the seed.
  case fraction(Double)

  /// `ratings.csv`, `5%` or `0.05`.
  @Sendable static func parse(_ text: String) throws -> ValidationPart {
    let number = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
    guard let number else { return .file(text) }
    guard number > 0 && number < 1 else {
      throw ValidationError("a share lies between 0 and 1, such as 5% or 0.05; for a file of that name write ./\(text)")
    }
    return .fraction(number)
  }
}

/// The options of validation and early stopping.
struct ValidationArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Measure each epoch on these ratings, or on a share that is held out by the seed, such as 5%.",
      valueName: "file|share"), completion: .file(), transform: ValidationPart.parse)
  var validation: ValidationPart?

  @Option(
    name: .customLong("early-stop"), defaultAsFlag: EarlyStopping().patience,
    help: ArgumentHelp(
      "Stop after so many epochs without a lower validation error, \(EarlyStopping().patience) if none is said, and keep the best model.",
      valueName: "epochs"))
  var patience: Int?

  @Option(
    help: ArgumentHelp("An error that is lower by no more than this is no improvement. Default: 0.", valueName: "rmse"))
  var minimumImprovement: Double?

  func validate() throws {
    if let patience, patience < 1 { throw ValidationError("--early-stop needs at least 1 epoch, got \(patience)") }
    if let minimumImprovement, !(minimumImprovement >= 0 && minimumImprovement.isFinite) {
      throw ValidationError("--minimum-improvement needs a number of at least 0, got \(minimumImprovement)")
    }
    if patience != nil && validation == nil {
      throw ValidationError("--early-stop needs --validation: a file of ratings, or a share to hold out, such as 5%")
    }
    if minimumImprovement != nil && patience == nil {
      throw ValidationError("--minimum-improvement belongs to --early-stop, which is not given")
    }
  }

  /// The arguments with `--early-stop=5` as two: of an option that may go without a value, ArgumentParser drops the one
  /// behind a `=`.
  static func separated(_ arguments: [String]) -> [String] {
    let start = "--early-stop="
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return arguments[..<end].flatMap { argument in
      argument.hasPrefix(start) ? [String(start.dropLast()), String(argument.dropFirst(start.count))] : [argument]
    } + arguments[end...]
  }

  var earlyStopping: EarlyStopping? {
    patience.map { EarlyStopping(patience: $0, minimumImprovement: minimumImprovement ?? 0) }
  }
}
