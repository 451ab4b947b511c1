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
    var (small, large): ([Int32], [Int32]) = ([], [])
    Self.pair(&scaled, &small, &large) { cell, share, alias in
      shares[cell] = share
      aliases[cell] = alias
    }
    self.shares = shares
    self.aliases = aliases
  }

  /// Pairs the cells that have less than 1 with those that have more. Cells that are not assigned keep all of theirs.
  ///
  /// - Parameters:
  ///   - scaled: weights whose mean is 1; used up.
  ///   - small, large: room that is used again by who makes many tables.
  ///   - assign: a cell, the share of it that is its own, and whose the rest is.
  @inline(__always)
  static func pair(
    _ scaled: inout [Double], _ small: inout [Int32], _ large: inout [Int32],
    _ assign: (_ cell: Int, _ share: Double, _ alias: Int32) -> Void
  ) {
    small.removeAll(keepingCapacity: true)
    large.removeAll(keepingCapacity: true)
    for cell in scaled.indices {
      if scaled[cell] < 1 { small.append(Int32(cell)) } else { large.append(Int32(cell)) }
    }
    while let low = small.popLast(), let high = large.last {
      let rest = scaled[Int(low)]
      assign(Int(low), rest, high)
      scaled[Int(high)] -= 1 - rest
      if scaled[Int(high)] < 1 {
        large.removeLast()
        small.append(high)
      }
    }
  }

  /// By cell: the share of the cell that is its own, and whose the rest is.
  var cells: [(share: Double, alias: Int32)] { Array(zip(shares, aliases)).map { ($0, $1) } }

  func draw(_ stream: inout RandomStream) -> Int {
    let cell = stream.below(shares.count)
    return stream.uniform() < shares[cell] ? cell : Int(aliases[cell])
  }
}
