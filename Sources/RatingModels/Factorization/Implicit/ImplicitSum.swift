import RatingNumerics

/// |N(u)|^(-1/2) x sum over j in N(u) of y(j), for one user after the other: gathered before the user's ratings are
/// visited, changed with them, and its change given back to the y(j).
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
  mutating func gather(_ implicit: UnsafePointer<Float>, _ rated: (items: ArraySlice<UInt32>, norm: Float)) {
    rated.items.withUnsafeBufferPointer { items in
      guard let rows = items.baseAddress, items.count > 0 else {
        row.update(repeating: 0, count: stride)
        return
      }
      Kernels.sumRows(implicit, stride: stride, rows: rows, count: items.count, into: row)
    }
    for factor in 0..<stride {
      row[factor] *= rated.norm
      start[factor] = row[factor]
    }
  }

  /// Gives the sum's change to each y(j), of which the decay leaves the share `kept`: y = kept y + norm (row - kept start).
  ///
  /// - Complexity: O(|N(u)| x factors).
  mutating func scatter(
    _ implicit: UnsafeMutablePointer<Float>, _ rated: (items: ArraySlice<UInt32>, norm: Float), kept: Float
  ) {
    for factor in 0..<stride { start[factor] = rated.norm * (row[factor] - kept * start[factor]) }
    rated.items.withUnsafeBufferPointer { items in
      guard let rows = items.baseAddress, items.count > 0 else { return }
      Kernels.addToRows(implicit, stride: stride, rows: rows, count: items.count, keep: kept, addend: start)
    }
  }
}
