/// Divides numbers into bins that hold about as many entities each.
///
/// With n values in ascending order v(1), ..., v(n), the cut points are c(k) = v(ceil(k n / 10)), k = 1, ..., 9: the smallest
/// value that at least k tenths of all do not exceed. A bin holds what lies above one cut point, up to and with the next.
/// Equal cut points count once, and one at the largest value not at all, so that values which many share give fewer bins,
/// none of them empty.
struct PercentileBins {
  static let count = 10

  /// Ascending; the bins lie between them.
  let cuts: [Double]
  private let largest: Double

  /// - Precondition: there is a value.
  /// - Complexity: O(n log n).
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "bins need at least 1 value")
    let sorted = values.sorted()
    largest = sorted[sorted.count - 1]
    var cuts: [Double] = []
    for k in 1..<Self.count {
      let cut = sorted[(k * sorted.count + Self.count - 1) / Self.count - 1]
      if cut != cuts.last && cut < largest { cuts.append(cut) }
    }
    self.cuts = cuts
  }

  /// The bin of a value, from 0 to the number of cut points.
  func bin(of value: Double) -> Int { cuts.count { $0 < value } }

  /// What each bin holds: `<= 20`, `(20, 24]`, `> 60`; of a single bin, the number that all have.
  var names: [String] {
    func text(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }
    guard let first = cuts.first, let last = cuts.last else { return [text(largest)] }
    return ["<= \(text(first))"] + zip(cuts, cuts.dropFirst()).map { "(\(text($0)), \(text($1))]" } + [
      "> \(text(last))"
    ]
  }
}
