/// Numbers as text for people.
enum FixedText {
  /// A fixed count of decimals, ties away from zero; `0.8965`.
  static func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let units = Int((value.magnitude * scale).rounded())
    let sign = value < 0 && units > 0 ? "-" : ""
    if digits == 0 { return "\(sign)\(units)" }
    let fraction = String(units % Int(scale))
    return "\(sign)\(units / Int(scale)).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
  }

  /// As many decimals as are needed, and no more than these; `10`, `2.5`.
  static func decimal(_ value: Double, atMost digits: Int) -> String {
    var text = decimal(value, digits)
    guard text.contains(".") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// A count with a comma between groups of three digits.
  static func grouped(_ count: Int) -> String {
    var text = String(abs(count))
    var position = text.count - 3
    while position > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: position))
      position -= 3
    }
    return count < 0 ? "-" + text : text
  }

  /// Seconds with three significant digits or so: `0.042`, `1.23`, `45.6`, `1,234`.
  static func seconds(_ value: Double) -> String {
    switch value.magnitude {
    case ..<0.1: decimal(value, 3)
    case ..<10: decimal(value, 2)
    case ..<100: decimal(value, 1)
    default: grouped(Int(value.rounded()))
    }
  }

  /// A count of things: `1 fold`, `5 folds`.
  static func count(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? one : many ?? one + "s")"
  }
}
