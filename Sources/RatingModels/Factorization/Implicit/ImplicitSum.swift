import RatingNumerics

/// |N(u)|^(-1/2) x sum over j in N(u) of c(j) y(j), for one user after the other: gathered before the user's ratings
/// are visited, changed with them, and its change given back to the y(j).
struct ImplicitSum: ~Copyable {
  private let stride: Int
  /// The sum as of now, `stride` elements.
  let row: UnsafeMutablePointer<Float>
  /// The sum as gathered; then what is added to each y(j).
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

  /// - Complexity: O(|N(u)| x factors).
  mutating func gather(_ implicit: UnsafePointer<Float>, _ rated: RatedItems.OfUser) {
    rated.items.withUnsafeBufferPointer { items in
      rated.weights.withUnsafeBufferPointer { weights in
        guard let rows = items.baseAddress, let weights = weights.baseAddress, items.count > 0 else {
          row.update(repeating: 0, count: stride)
          return
        }
        Kernels.sumRows(implicit, stride: stride, rows: rows, weights: weights, count: items.count, into: row)
      }
    }
    start.update(from: row, count: stride)
  }

  /// Gives the sum's change to the y(j), each of which moved by its weight, after a decay that leaves the share `kept`:
  /// y = kept y + weight (row - kept start) / gain.
  ///
  /// - Complexity: O(|N(u)| x factors).
  mutating func scatter(_ implicit: UnsafeMutablePointer<Float>, _ rated: RatedItems.OfUser, kept: Float) {
    guard rated.gain > 0 else { return }
    for factor in 0..<stride { start[factor] = (row[factor] - kept * start[factor]) / rated.gain }
    rated.items.withUnsafeBufferPointer { items in
      rated.weights.withUnsafeBufferPointer { weights in
        Kernels.addToRows(
          implicit, stride: stride, rows: items.baseAddress!, weights: weights.baseAddress!, count: items.count,
          keep: kept, addend: start)
      }
    }
  }
}
