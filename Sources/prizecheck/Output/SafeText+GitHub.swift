import RatingBench

extension SafeText {
  /// The message of a workflow command of GitHub Actions.
  static func commandMessage(_ text: String) -> String { escape(text, ["%", "\r", "\n"]) }

  /// A property of a workflow command of GitHub Actions.
  static func commandProperty(_ text: String) -> String { escape(text, ["%", "\r", "\n", ":", ","]) }

  /// On a line of a workflow's log that is no command: the old form of commands, `##[...]`, works anywhere in a line.
  static func logLine(_ text: String) -> String {
    var safe = ""
    var last: Unicode.Scalar?
    for scalar in line(text).unicodeScalars {
      if last == "#", scalar == "[" || scalar == "#" { safe += " " }
      safe.unicodeScalars.append(scalar)
      last = scalar
    }
    return safe
  }

  private static func escape(_ text: String, _ special: Set<Unicode.Scalar>) -> String {
    mapped(text) { scalar in
      guard special.contains(scalar) else { return nil }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "%\(digits.count == 1 ? "0" : "")\(digits)"
    }
  }
}
