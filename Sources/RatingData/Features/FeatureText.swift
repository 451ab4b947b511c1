/// What the fields of a file of features mean as text and as numbers.
enum FeatureText {
  /// UTF-8; a field that isn't is ISO 8859-1, in which every byte is the Unicode scalar of the same number.
  static func decoded(_ field: UnsafeBufferPointer<UInt8>) -> String {
    String(validating: field, as: UTF8.self)
      ?? String(String.UnicodeScalarView(field.map { Unicode.Scalar($0) }))
  }

  /// The number that all of `text` spells: `[+-] digits [. digits] [e [+-] digits]`, finite, without leading zeros, with
  /// which it is a code rather than a number (`02139`).
  static func number(_ text: String) -> Double? {
    var rest = Array(text.utf8)[...]
    func sign() { if let first = rest.first, first == 0x2B || first == 0x2D { rest.removeFirst() } }
    func digits() -> Int {
      let run = rest.prefix { $0 &- 48 <= 9 }
      rest = rest[run.endIndex...]
      return run.count
    }
    sign()
    let leads = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !leads || whole == 1 else { return nil }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard digits() > 0 else { return nil }
    }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      sign()
      guard digits() > 0 else { return nil }
    }
    guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The values in a cell, between `|` and `;`, without the spaces around them, each once, in order; empty ones are none.
  static func parts(_ cell: String) -> [Identifier] {
    var parts: [Identifier] = []
    var seen: Set<Identifier> = []
    for part in cell.utf8.split(whereSeparator: { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: ";") }) {
      let text = trimmed(Substring(part))
      if text.isEmpty { continue }
      let value = Identifier(text)
      if seen.insert(value).inserted { parts.append(value) }
    }
    return parts
  }

  private static func trimmed(_ text: Substring) -> String {
    var bytes = text.utf8[...]
    while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return String(Substring(bytes))
  }

  /// The year at the end of a title, in brackets: `(1995)`, of `(1975-1979)` or `(2006- )` the first one; nil where there
  /// is none.
  static func year(ofTitle title: UnsafeBufferPointer<UInt8>) -> String? {
    let title = title.trimmingSpaces
    guard title.last == UInt8(ascii: ")"), let open = title.lastIndex(of: UInt8(ascii: "(")) else { return nil }
    let inside = title[(open + 1)..<(title.count - 1)]
    let year = inside.prefix(4)
    guard year.count == 4, year.allSatisfy({ $0 &- 48 <= 9 }), year.first != UInt8(ascii: "0") else { return nil }
    // A range goes on with a hyphen or, outside ASCII, a dash.
    if let next = inside.dropFirst(4).first, next != UInt8(ascii: "-") && next < 0x80 { return nil }
    return String(decoding: year, as: UTF8.self)
  }

  /// The year of `01-Jan-1995`; nil for anything else.
  static func year(ofDate date: UnsafeBufferPointer<UInt8>) -> String? {
    let parts = date.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 3, (1...2).contains(parts[0].count), parts[0].allSatisfy({ $0 &- 48 <= 9 }),
      parts[1].count == 3, parts[1].allSatisfy({ ($0 | 0x20) &- 0x61 < 26 }),
      parts[2].count == 4, parts[2].allSatisfy({ $0 &- 48 <= 9 }), parts[2].first != UInt8(ascii: "0")
    else { return nil }
    return String(decoding: parts[2], as: UTF8.self)
  }
}
