/// Text from outside, such as the names of files, data and algorithms, made harmless for where it is shown.
package enum SafeText {
  /// On one line of a terminal: control characters, invisible ones and those that reverse the direction of text are shown as
  /// `\u{1b}`, so that a file name can't clear the screen or forge a line.
  package static func line(_ text: String) -> String {
    mapped(text) { isUnsafe($0) ? "\\u{\(String($0.value, radix: 16))}" : nil }
  }

  /// In a cell of a Markdown table: what could end the cell, begin HTML, a link or a mention, or format the text becomes
  /// a character reference.
  package static func markdown(_ text: String) -> String {
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

  /// Text or a quoted attribute of XML or HTML, on one line: what XML 1.0 has no characters for is shown as `\u{1b}`.
  package static func xml(_ text: String) -> String { mapped(line(text), entity) }

  /// Text or a quoted attribute of HTML and SVG that may have been several lines: these become one, and what can't be shown
  /// U+FFFD.
  package static func html(_ text: String) -> String {
    mapped(text) { scalar in
      switch scalar {
      case "\n", "\t", "\r": " "
      default: entity(scalar) ?? (isUnsafe(scalar) ? "\u{fffd}" : nil)
      }
    }
  }

  private static func entity(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "\"": "&quot;"
    case "'": "&#39;"
    default: nil
    }
  }

  /// Text of LaTeX.
  package static func latex(_ text: String) -> String {
    mapped(line(text)) { scalar in
      switch scalar {
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "<": "\\textless{}"
      case ">": "\\textgreater{}"
      case "|": "\\textbar{}"
      case "\"": "\\textquotedbl{}"
      case "&", "%", "$", "#", "_", "{", "}": "\\\(scalar)"
      default: nil
      }
    }
  }

  /// A field of RFC 4180: quoted where it must be.
  package static func csv(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"" + mapped(text) { $0 == "\"" ? "\"\"" : nil } + "\""
  }

  /// Text that a spreadsheet takes as text: with an apostrophe before what would begin a formula (CWE-1236).
  package static func spreadsheet(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first) else { return text }
    return "'" + text
  }

  /// The text with some characters replaced.
  package static func mapped(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      if let text = replacement(scalar) { safe += text } else { safe.unicodeScalars.append(scalar) }
    }
    return safe
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff, 0xfffe, 0xffff: true
    default: false
    }
  }
}
