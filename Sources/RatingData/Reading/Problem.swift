/// Something wrong, or worth knowing, in a file: one kind of it, however often it occurs.
public struct Problem: Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable { case error, warning }

  /// The number of lines that `lines` holds at most.
  public static let listedLines = 10

  public var severity: Severity
  /// A stable name in kebab case, such as `duplicate-pair`.
  public var code: String
  public var file: String
  /// How often it occurs.
  public var count: Int
  /// The first ten lines where it occurs, from 1, ascending; empty where it concerns the whole file.
  public var lines: [Int]
  /// What was found (at the first line), what was expected, and how to fix it. Never quotes an answer.
  public var message: String

  public init(_ severity: Severity, _ code: String, file: String, count: Int = 1, lines: [Int] = [], message: String) {
    self.severity = severity
    self.code = code
    self.file = file
    self.count = count
    self.lines = lines
    self.message = message
  }

  /// `file:line: error: message [code]`, with the count where there is more than one.
  public var description: String {
    let place = lines.first.map { "\(file):\($0)" } ?? file
    return "\(place): \(severity.rawValue): \(message)\(repetition) [\(code)]"
  }

  /// ` (12 times; first lines 3, 4)`; empty where it occurs once, or concerns no lines: the message then has the count.
  public var repetition: String {
    count < 2 || lines.isEmpty
      ? "" : " (\(count) times; first lines \(lines.map(String.init).joined(separator: ", ")))"
  }
}

/// Why data could not be read: every problem that was found, errors first.
public struct RatingDataError: Error, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// The file is missing or can't be opened: exit code 66.
    case inputMissing
    /// The data is bad: exit code 65.
    case badData
    /// Nothing could be written: exit code 73 or 74.
    case cannotWrite
  }

  public let kind: Kind
  public let problems: [Problem]

  public init(_ kind: Kind, _ problems: [Problem]) {
    self.kind = kind
    self.problems = problems
  }

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
