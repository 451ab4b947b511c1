import RatingBench

extension JSON {
  /// The value as `key,value` lines of RFC 4180, one for each leaf: `scores.test.rmse,0.856704`.
  ///
  /// A list of plain values is one field, separated by spaces; an empty one is left out. Text that would begin a formula
  /// in a spreadsheet gets an apostrophe before it; numbers never do.
  var csv: String {
    var out = "key,value\r\n"
    write(key: "", to: &out)
    return out
  }

  private func write(key: String, to out: inout String) {
    func inside(_ name: String) -> String { key.isEmpty ? name : "\(key).\(name)" }
    switch self {
    case .object(let members):
      for member in members { member.value.write(key: inside(member.key), to: &out) }
    case .array(let values):
      if values.contains(where: { !$0.isLeaf }) {
        for (position, value) in values.enumerated() { value.write(key: inside(String(position)), to: &out) }
      } else if !values.isEmpty {
        Self.line(key, SafeText.spreadsheet(values.map(\.plain).joined(separator: " ")), to: &out)
      }
    case .string(let text): Self.line(key, SafeText.spreadsheet(text), to: &out)
    case .integer, .natural, .number, .bool: Self.line(key, plain, to: &out)
    }
  }

  private static func line(_ key: String, _ value: String, to out: inout String) {
    out += "\(SafeText.csv(SafeText.spreadsheet(key))),\(SafeText.csv(value))\r\n"
  }

  private var isLeaf: Bool {
    switch self {
    case .object, .array: false
    default: true
    }
  }

  /// A leaf without quotes.
  private var plain: String {
    if case .string(let text) = self { return text }
    return text
  }
}
