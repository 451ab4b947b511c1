/// Text from outside, file names above all, made harmless for where it is shown.
enum SafeText {
  /// On one line of a terminal: control characters, invisible ones and those that reverse the direction of text are shown as
  /// `\u{1b}`, so that a file name can't clear the screen or forge a line.
  static func line(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff:
        safe += "\\u{\(String(scalar.value, radix: 16))}"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// In a cell of a Markdown table: what could end the cell, begin HTML, a link or a mention, or format the text becomes
  /// a character reference.
  static func markdown(_ text: String) -> String {
    var safe = ""
    let clean = Array(line(text).unicodeScalars)
    for (position, scalar) in clean.enumerated() {
      let startsLink = scalar == ":" && position + 1 < clean.count && clean[position + 1] == "/"
      if "&<>|`*_[]\\~!#@$".unicodeScalars.contains(scalar) || startsLink {
        safe += "&#\(scalar.value);"
      } else {
        safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// A field of RFC 4180: quoted where it must be.
  static func csv(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  /// Text that a spreadsheet takes as text: with an apostrophe before what would begin a formula (CWE-1236).
  static func spreadsheet(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first) else { return text }
    return "'" + text
  }

  /// Text or a quoted attribute of XML or HTML, on one line: what XML 1.0 has no characters for is shown as `\u{1b}`.
  static func xml(_ text: String) -> String {
    var safe = ""
    for scalar in line(text).unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      case "\u{fffe}", "\u{ffff}": safe += "\\u{\(String(scalar.value, radix: 16))}"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

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
    var safe = ""
    for scalar in text.unicodeScalars {
      if special.contains(scalar) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        safe += "%\(digits.count == 1 ? "0" : "")\(digits)"
      } else {
        safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}
