/// Numbers as text for people.
enum Decimals {
  /// A number with a fixed count of decimals, ties away from zero.
  static func text(_ value: Double, digits: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let units = Int((value.magnitude * scale).rounded())
    let whole = units / Int(scale)
    let sign = value < 0 && units > 0 ? "-" : ""
    if digits == 0 { return "\(sign)\(whole)" }
    let fraction = String(units % Int(scale))
    return "\(sign)\(whole).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
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
}
