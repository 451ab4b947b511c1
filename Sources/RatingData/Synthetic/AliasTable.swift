import RatingNumerics

/// Draws indices with given weights, each in constant time.
///
/// Source: Walker, "An efficient method for generating discrete random variables with general distributions", ACM TOMS
/// 3 (1977), doi:10.1145/355744.355749; the set-up is Vose's (1991, doi:10.1109/32.92917).
struct AliasTable: Sendable {
  private let shares: [Double]
  private let aliases: [Int32]

  /// - Precondition: `weights` is not empty, and each is finite and positive.
  /// - Complexity: O(weights.count).
  init(_ weights: [Double]) {
    precondition(!weights.isEmpty && weights.allSatisfy { $0 > 0 && $0.isFinite }, "weights are positive and finite")
    let scale = Double(weights.count) / weights.reduce(0, +)
    var scaled = weights.map { $0 * scale }
    var shares = [Double](repeating: 1, count: weights.count)
    var aliases = (0..<weights.count).map(Int32.init)
    var small = scaled.indices.filter { scaled[$0] < 1 }
    var large = scaled.indices.filter { scaled[$0] >= 1 }
    while let low = small.popLast(), let high = large.last {
      shares[low] = scaled[low]
      aliases[low] = Int32(high)
      scaled[high] -= 1 - scaled[low]
      if scaled[high] < 1 {
        large.removeLast()
        small.append(high)
      }
    }
    self.shares = shares
    self.aliases = aliases
  }

  /// By cell: the share of the cell that is its own, and whose the rest is.
  var cells: [(share: Double, alias: Int32)] { Array(zip(shares, aliases)).map { ($0, $1) } }

  func draw(_ stream: inout RandomStream) -> Int {
    let cell = stream.below(shares.count)
    return stream.uniform() < shares[cell] ? cell : Int(aliases[cell])
  }
}
