/// Text from outside, such as the names of data, algorithms and files, made harmless for where it is shown.
enum SafeMarkup {
  /// Text of HTML and SVG, and the value of an attribute in double quotes.
  ///
  /// Control characters, which neither allows, become U+FFFD, as do marks that turn the direction of text.
  static func html(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      case "\n", "\t", "\r": safe += " "
      default: safe.unicodeScalars.append(isUnsafe(scalar) ? "\u{fffd}" : scalar)
      }
    }
    return safe
  }

  /// A cell of a Markdown table.
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

  /// Text of LaTeX.
  static func latex(_ text: String) -> String {
    var safe = ""
    for scalar in line(text).unicodeScalars {
      switch scalar {
      case "\\": safe += "\\textbackslash{}"
      case "~": safe += "\\textasciitilde{}"
      case "^": safe += "\\textasciicircum{}"
      case "<": safe += "\\textless{}"
      case ">": safe += "\\textgreater{}"
      case "|": safe += "\\textbar{}"
      case "\"": safe += "\\textquotedbl{}"
      case "&", "%", "$", "#", "_", "{", "}":
        safe += "\\"
        safe.unicodeScalars.append(scalar)
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// A field of RFC 4180: with an apostrophe before what a spreadsheet would take for a formula (CWE-1236), quoted where
  /// it must be.
  static func csv(_ text: String) -> String {
    var text = text
    if let first = text.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first), Double(text) == nil {
      text = "'" + text
    }
    guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// On one line: control characters and marks that turn the direction of text are shown as `\u{1b}`.
  static func line(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) || scalar == "\n" || scalar == "\t" || scalar == "\r" {
        safe += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a, 0x0d: false
    case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff, 0xfffe, 0xffff: true
    default: false
    }
  }
}
