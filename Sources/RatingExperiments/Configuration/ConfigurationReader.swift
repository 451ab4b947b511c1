import RatingData

/// Takes a configuration apart and collects everything that is wrong with it, so that all of it is told at once.
///
/// A value that can't be read is recorded as a problem and reads as nil.
struct ConfigurationReader {
  let file: String
  private(set) var problems: [Problem] = []

  init(file: String) { self.file = file }

  mutating func record(_ code: String, _ node: ConfigurationNode, _ message: String) {
    problems.append(Problem(.error, code, file: file, lines: [node.line], message: message))
  }

  /// Something has the wrong shape or value: `factors: found "many", expected a whole number`.
  mutating func unexpected(_ node: ConfigurationNode, key: String, expected: String, code: String = "bad-value") {
    record(code, node, "\(key): found \(node.summary), expected \(expected)")
  }

  /// The members of a mapping whose keys must be among `allowed`. Nil, with a problem, where it is no mapping.
  mutating func members(
    _ node: ConfigurationNode, of what: String, allowed: [String], required: [String] = []
  ) -> [String: ConfigurationNode]? {
    guard case .mapping(let pairs) = node.content else {
      unexpected(
        node, key: what, expected: "a mapping with the keys \(allowed.joined(separator: ", "))", code: "wrong-type")
      return nil
    }
    var members: [String: ConfigurationNode] = [:]
    for (key, value) in pairs {
      guard let name = key.scalar else {
        unexpected(key, key: what, expected: "a key that is text", code: "wrong-type")
        continue
      }
      guard allowed.contains(name) else {
        record(
          "unknown-key", key,
          "\(what): found the key \"\(name.prefix(60))\", expected one of \(allowed.joined(separator: ", "))"
            + NearestName.hint(name, among: allowed))
        continue
      }
      guard members[name] == nil else {
        record("duplicate-key", key, "\(what): the key \(name) is given twice; keep one")
        continue
      }
      members[name] = value
    }
    for name in required where members[name] == nil {
      record("missing-key", node, "\(what): the key \(name) is missing")
    }
    return members
  }

  /// Text that isn't empty.
  mutating func text(_ node: ConfigurationNode?, key: String) -> String? {
    guard let node else { return nil }
    guard let text = node.scalar, !text.isEmpty else {
      unexpected(node, key: key, expected: "text", code: "wrong-type")
      return nil
    }
    return text
  }

  mutating func integer(_ node: ConfigurationNode?, key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node else { return nil }
    guard let value = node.scalar.flatMap({ Int($0) }), range.contains(value) else {
      unexpected(node, key: key, expected: "a whole number in \(range.lowerBound)...\(range.upperBound)")
      return nil
    }
    return value
  }

  /// Yes or no, as YAML spells it.
  mutating func flag(_ node: ConfigurationNode?, key: String) -> Bool? {
    guard let node else { return nil }
    switch node.scalar?.lowercased() {
    case "yes", "true", "on": return true
    case "no", "false", "off": return false
    default:
      unexpected(node, key: key, expected: "yes or no")
      return nil
    }
  }

  /// A share between 0 and 1, as `0.1` or `10%`.
  mutating func share(_ node: ConfigurationNode?, key: String) -> Double? {
    guard let node else { return nil }
    let value = node.scalar.flatMap { text in
      text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
    }
    guard let value, value > 0, value < 1 else {
      unexpected(node, key: key, expected: "a share between 0 and 1, such as 10% or 0.1")
      return nil
    }
    return value
  }

  /// Whole numbers of at least 0: one, a list, or a range such as `1...5`.
  mutating func naturals(_ node: ConfigurationNode?, key: String, atMost count: Int) -> [UInt64]? {
    guard let node else { return nil }
    var values: [UInt64] = []
    for element in node.elements {
      let text = element.scalar ?? ""
      let dots = text.split(separator: "...", omittingEmptySubsequences: false)
      if let value = UInt64(text) {
        values.append(value)
      } else if dots.count == 2, let first = UInt64(dots[0]), let last = UInt64(dots[1]), first <= last,
        last - first < UInt64(count)
      {
        values += first...last
      } else {
        unexpected(element, key: key, expected: "whole numbers such as 1, [1, 2, 3] or 1...5, at most \(count) of them")
        return nil
      }
    }
    guard !values.isEmpty, values.count <= count, Set(values).count == values.count else {
      unexpected(node, key: key, expected: "1 to \(count) different whole numbers")
      return nil
    }
    return values
  }

  /// One of the names of an enumeration.
  mutating func name<Choice: RawRepresentable<String> & CaseIterable>(
    _ node: ConfigurationNode?, key: String, _: Choice.Type
  ) -> Choice? {
    guard let node else { return nil }
    let names = Choice.allCases.map(\.rawValue)
    guard let text = node.scalar, let choice = Choice(rawValue: text) else {
      unexpected(
        node, key: key,
        expected: "one of \(names.joined(separator: ", "))"
          + (node.scalar.map { NearestName.hint($0, among: names) } ?? ""))
      return nil
    }
    return choice
  }
}
