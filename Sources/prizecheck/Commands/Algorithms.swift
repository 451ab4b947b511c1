import ArgumentParser
import RatingBench

/// `prizecheck algorithms`: what can be trained, with all parameters.
struct Algorithms: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the algorithms that train knows, with their parameters, defaults and papers.",
    discussion: """
      With a name, says all about one: what every parameter means, which values it takes, its default and where that \
      comes from. Usual parameters have flags of their own (--factors); --set name=value sets any.
      """)

  @Argument(help: "The algorithm to say all about, such as biased-mf.")
  var name: String?

  @Option(help: "How to print the result: text or json.")
  var format: TrainingFormat = .text

  private static let schema = "prizecheck.algorithms/1"

  func validate() throws { _ = try entries() }

  private func entries() throws -> [AlgorithmRegistry.Entry] {
    guard let name else { return AlgorithmRegistry.standard.entries }
    do {
      return [try AlgorithmRegistry.standard.entry(name)]
    } catch { throw ValidationError(error.description) }
  }

  func run() throws {
    let entries = try entries()
    if format == .json {
      Console.result(
        JSON.object(["schema": .string(Self.schema), "algorithms": .array(entries.map(Self.json))]).text)
    } else if name == nil {
      Console.result(entries.map(Self.summary).joined(separator: "\n\n"))
    } else {
      Console.result(Self.details(entries[0]))
    }
  }

  /// Whether it has epochs, and with them progress, early stopping and checkpoints.
  private static func isIterative(_ entry: AlgorithmRegistry.Entry) -> Bool {
    (try? entry.make()) is any IterativeAlgorithm
  }

  private static func summary(_ entry: AlgorithmRegistry.Entry) -> String {
    let parameters = entry.parameters.map { "\($0.flagName) \($0.defaultValue)" }.joined(separator: ", ")
    return """
      \(entry.name): \(entry.summary)
        parameters: \(parameters.isEmpty ? "none" : parameters)
        \(entry.paper)
      """
  }

  private static func details(_ entry: AlgorithmRegistry.Entry) -> String {
    var lines = [
      "\(entry.name): \(entry.summary)", "  \(entry.paper)",
      isIterative(entry)
        ? "  passes over the ratings several times: --validation, --early-stop, --checkpoint and --resume work"
        : "  is computed at once, without epochs",
    ]
    if entry.usesQuestions { lines.append("  counts the pairs of --questions as implicit feedback") }
    if entry.usesSideFeatures { lines.append("  learns from --user-features and --item-features") }
    for parameter in entry.parameters {
      lines += [
        "", "  \(parameter.flagName) = \(parameter.defaultValue)", "      \(parameter.documentation)",
        "      \(parameter.domain); default from: \(parameter.source)",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private static func json(_ entry: AlgorithmRegistry.Entry) -> JSON {
    .object([
      "name": .string(entry.name), "summary": .string(entry.summary), "paper": .string(entry.paper),
      "iterative": .bool(isIterative(entry)),
      "uses_questions": .bool(entry.usesQuestions), "uses_side_features": .bool(entry.usesSideFeatures),
      "parameters": .array(entry.parameters.map(json)),
    ])
  }

  private static func json(_ parameter: AlgorithmParameter) -> JSON {
    let type: String
    var (minimum, maximum, choices): (JSON?, JSON?, JSON?)
    switch parameter.domain {
    case .integers(let range):
      (type, minimum, maximum) = ("integer", .integer(range.lowerBound), .integer(range.upperBound))
    case .numbers(let range):
      (type, minimum, maximum) = ("number", .number(range.lowerBound), .number(range.upperBound))
    case .choices(let names): (type, choices) = ("choice", .array(names.map(JSON.string)))
    }
    return .object([
      "name": .string(parameter.keyName), "setting": .string(parameter.flagName), "type": .string(type),
      "default": parameter.defaultValue.json, "minimum": minimum, "maximum": maximum, "choices": choices,
      "description": .string(parameter.documentation), "default_source": .string(parameter.source),
    ])
  }
}
