import Foundation

/// The committed ratios: one line each, `name<TAB>ratio<TAB>tolerance`; `#` begins a comment.
///
/// A ratio has regressed where it is below baseline x (1 - tolerance).
struct Baseline {
  struct Entry {
    var ratio: Double
    var tolerance: Double
    var least: Double { ratio * (1 - tolerance) }
  }

  static let usualTolerance = 0.3
  var entries: [String: Entry] = [:]

  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  init() {}

  init(contentsOf path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.isEmpty || line.hasPrefix("#") { continue }
      let fields = line.split(separator: "\t")
      guard fields.count == 3, let ratio = Double(fields[1]), let tolerance = Double(fields[2]), ratio > 0,
        (0..<1).contains(tolerance), entries[String(fields[0])] == nil
      else {
        throw Malformed(
          description: "\(path):\(index + 1): a name, a ratio above 0 and a tolerance in 0..<1 expected, separated by "
            + "tabs, each name once; found '\(line)'")
      }
      entries[String(fields[0])] = Entry(ratio: ratio, tolerance: tolerance)
    }
  }

  func write(to path: String) throws {
    var text = """
      # How many times as fast each loop is as its reference, measured in one run: make bench compares with these.
      # name, ratio, tolerance. Written by `ratio-gate --update`, which keeps tolerances and what it can't measure.

      """
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      text += "\(name)\t\(String(format: name.hasPrefix("rmse") ? "%.5f" : "%.2f", entry.ratio))\t\(entry.tolerance)\n"
    }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
