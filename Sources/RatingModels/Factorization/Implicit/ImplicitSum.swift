import RatingNumerics

/// The weighted sum of the rows of a user's items, such as |N(u)|^(-1/2) x sum over j in N(u) of c(j) y(j), for one user
/// after the other: gathered before the user's ratings are visited, changed with them, and its change given back to
/// the rows.
struct ImplicitSum: ~Copyable {
  private let stride: Int
  /// The sum as of now, `stride` elements.
  let row: UnsafeMutablePointer<Float>
  /// The sum as gathered; then what is added to each row.
  private let start: UnsafeMutablePointer<Float>

  init(stride: Int) {
    self.stride = stride
    func zeros() -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: stride * MemoryLayout<Float>.stride, alignment: 64)
        .bindMemory(to: Float.self, capacity: stride)
      memory.initialize(repeating: 0, count: stride)
      return memory
    }
    (row, start) = (zeros(), zeros())
  }

  deinit {
    row.deallocate()
    start.deallocate()
  }

  /// - Complexity: O(items of the user x factors).
  mutating func gather(_ matrix: UnsafePointer<Float>, _ rated: RatedItems, _ user: Int) {
    rated.withUnsafeRows(user) { rows, weights, count in
      Kernels.sumRows(matrix, stride: stride, rows: rows, weights: weights, count: count, into: row)
    }
    start.update(from: row, count: stride)
  }

  /// Gives the sum's change to the rows, each of which moved by its weight, after a decay that leaves the share `kept`:
  /// y = kept y + weight (sum - kept start) / gain.
  ///
  /// - Complexity: O(items of the user x factors).
  mutating func scatter(_ matrix: UnsafeMutablePointer<Float>, _ rated: RatedItems, _ user: Int, kept: Float) {
    let gain = rated.gains[user]
    guard gain > 0 else { return }
    for factor in 0..<stride { start[factor] = (row[factor] - kept * start[factor]) / gain }
    rated.withUnsafeRows(user) { rows, weights, count in
      Kernels.addToRows(
        matrix, stride: stride, rows: rows, weights: weights, count: count, keep: kept, addend: start)
    }
  }
}
