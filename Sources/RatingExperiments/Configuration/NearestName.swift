/// The name that somebody probably meant.
enum NearestName {
  /// The candidate that takes the fewest changed, missing, surplus or swapped letters, the first among equals; nil where
  /// even that takes more than a third of the letters (and more than one).
  static func of(_ name: String, among candidates: [String]) -> String? {
    let name = Array(name.lowercased().unicodeScalars)
    let ranked = candidates.map { ($0, distance(name, Array($0.lowercased().unicodeScalars))) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, name.count / 3) else { return nil }
    return best.0
  }

  /// `; did you mean als?`, or nothing.
  static func hint(_ name: String, among candidates: [String]) -> String {
    of(name, among: candidates).map { "; did you mean \($0)?" } ?? ""
  }

  /// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
