/// A JSON value that keeps the order of its keys, so that output is the same bytes each time.
///
/// There is no null: an absent part is left out (`nil` members of an object literal are dropped).
enum JSON: Sendable, Equatable {
  case string(String)
  case integer(Int)
  /// A seed: whole, and larger than an `Int` may be.
  case natural(UInt64)
  case number(Double)
  case bool(Bool)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// An object of the members that are there.
  static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(members.compactMap { key, value in value.map { (key, $0) } })
  }

  static func == (a: JSON, b: JSON) -> Bool { a.text == b.text }

  /// The value on one line, without a line break at its end.
  var text: String {
    var out = ""
    write(to: &out)
    return out
  }

  private func write(to out: inout String) {
    switch self {
    case .string(let text): Self.write(text, to: &out)
    case .integer(let value): out += String(value)
    case .natural(let value): out += String(value)
    case .number(let value):
      // JSON has no NaN and no infinity; a number that can be neither must be left out by its owner.
      precondition(value.isFinite, "JSON numbers are finite, got \(value)")
      out += value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    case .bool(let value): out += value ? "true" : "false"
    case .array(let values):
      out += "["
      for (position, value) in values.enumerated() {
        if position > 0 { out += "," }
        value.write(to: &out)
      }
      out += "]"
    case .object(let members):
      out += "{"
      for (position, member) in members.enumerated() {
        if position > 0 { out += "," }
        Self.write(member.key, to: &out)
        out += ":"
        member.value.write(to: &out)
      }
      out += "}"
    }
  }

  private static func write(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .integer(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
}
