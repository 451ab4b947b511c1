import RatingModels

/// What is wrong with the text of a search space: one message for each fault.
public struct SearchSpaceError: Error, Sendable, CustomStringConvertible {
  public let messages: [String]
  public var description: String { messages.joined(separator: "; ") }
}

extension SearchSpace {
  /// Reads `factors=8|16|32, regularization=0.01...0.2 log` for an algorithm, whose parameters and ranges decide what is
  /// allowed.
  ///
  /// - Throws: everything that is wrong, with the nearest name where one is unknown.
  public init(_ text: String, for entry: AlgorithmRegistry.Entry) throws(SearchSpaceError) {
    var members: [(name: String, values: [String])] = []
    var messages: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, !Self.trimmed(sides[0]).isEmpty else {
        messages.append(
          "found \"\(part.prefix(60))\", expected name=values, such as factors=8|16|32 or regularization=0.01...0.2 log"
        )
        continue
      }
      members.append((Self.trimmed(sides[0]), [Self.trimmed(sides[1])]))
    }
    do throws(SearchSpaceError) {
      self = try SearchSpace(members, for: entry)
    } catch { throw SearchSpaceError(messages: messages + error.messages) }
    if !messages.isEmpty { throw SearchSpaceError(messages: messages) }
  }

  /// The space of these parameters; each one's values are texts such as `8`, `8|16|32` or `0.01...0.2 log`.
  init(_ members: [(name: String, values: [String])], for entry: AlgorithmRegistry.Entry) throws(SearchSpaceError) {
    var messages: [String] = []
    var dimensions: [Dimension] = []
    for (name, texts) in members {
      guard
        let parameter = entry.parameters.first(where: { [$0.name, $0.flagName, $0.keyName].contains(name) })
      else {
        let names = entry.parameters.map(\.flagName)
        messages.append(
          names.isEmpty
            ? "\(entry.name) has no parameters, found \(name)"
            : "\(entry.name) has no parameter \(name), expected one of \(names.joined(separator: ", "))"
              + NearestName.hint(name, among: names))
        continue
      }
      guard !dimensions.contains(where: { $0.name == parameter.flagName }) else {
        messages.append("\(parameter.flagName) is given twice")
        continue
      }
      do throws(SearchSpaceError) {
        dimensions.append(
          Dimension(name: parameter.flagName, values: try Self.values(texts, of: parameter, entry: entry)))
      } catch { messages += error.messages }
    }
    if dimensions.isEmpty && messages.isEmpty { messages.append("the space has no parameters") }
    if !messages.isEmpty { throw SearchSpaceError(messages: messages) }
    self.init(dimensions)
  }

  private static func values(
    _ texts: [String], of parameter: AlgorithmParameter, entry: AlgorithmRegistry.Entry
  ) throws(SearchSpaceError) -> Values {
    if texts.count == 1, texts[0].split(separator: "...", omittingEmptySubsequences: false).count == 2 {
      return try range(texts[0], of: parameter, entry: entry)
    }
    let list = texts.flatMap { $0.split(separator: "|", omittingEmptySubsequences: false).map(trimmed) }
    let messages = list.compactMap { fault(of: $0, parameter, entry) }
    if !messages.isEmpty { throw SearchSpaceError(messages: messages) }
    guard Set(list).count == list.count else {
      throw SearchSpaceError(messages: ["\(parameter.flagName): a value is listed twice"])
    }
    return .list(list)
  }

  /// `lower...upper`, and behind it `log`, a number of points, or both.
  private static func range(
    _ text: String, of parameter: AlgorithmParameter, entry: AlgorithmRegistry.Entry
  ) throws(SearchSpaceError) -> Values {
    let isWhole: Bool
    switch parameter.domain {
    case .integers: isWhole = true
    case .numbers: isWhole = false
    case .choices(let names):
      throw SearchSpaceError(
        messages: ["\(parameter.flagName) has no range, expected values such as \(names.joined(separator: "|"))"])
    }
    let bounds = text.split(separator: "...", omittingEmptySubsequences: false)
    let behind = bounds[1].split(separator: " ").map(String.init)
    let lowerText = trimmed(bounds[0])
    let upperText = behind.first ?? ""
    let messages = [lowerText, upperText].compactMap { fault(of: $0, parameter, entry) }
    if !messages.isEmpty { throw SearchSpaceError(messages: messages) }
    let (lower, upper) = (Double(lowerText) ?? 0, Double(upperText) ?? 0)
    guard lower < upper else {
      throw SearchSpaceError(
        messages: ["\(parameter.flagName): found the range \(lowerText)...\(upperText), expected lower...upper"])
    }
    var isLogarithmic = false
    var points: Int?
    for word in behind.dropFirst() {
      if word == "log", !isLogarithmic {
        isLogarithmic = true
      } else if let count = Int(word), (2...1000).contains(count), points == nil {
        points = count
      } else {
        throw SearchSpaceError(
          messages: [
            "\(parameter.flagName): found \"\(word)\" behind the range, expected log, a number of points in 2...1000, or both"
          ])
      }
    }
    guard !isLogarithmic || lower > 0 else {
      throw SearchSpaceError(messages: ["\(parameter.flagName): a range with log begins above 0, found \(lowerText)"])
    }
    return .range(lower: lower, upper: upper, isLogarithmic: isLogarithmic, isWhole: isWhole, points: points)
  }

  /// What is wrong with a value, in the algorithm's own words.
  private static func fault(
    of text: String, _ parameter: AlgorithmParameter, _ entry: AlgorithmRegistry.Entry
  ) -> String? {
    do throws(TrainingError) {
      _ = try entry.make([(parameter.flagName, text)])
      return nil
    } catch { return error.message }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }
}
