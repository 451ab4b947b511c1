import RatingNumerics

/// Rows of Floats for users or items: each row begins on a 64-byte boundary and is padded with zeros to a multiple of 16,
/// so that a kernel needs no tail. The values may be written only by the run that owns them.
package final class FactorRows: @unchecked Sendable {
  package let rows: Int
  /// The number of values that mean something in each row.
  package let factors: Int
  /// The distance between rows: `factors` rounded up to a multiple of 16.
  package let stride: Int
  package let values: UnsafeMutablePointer<Float>

  /// All zero.
  package init(rows: Int, factors: Int) {
    self.rows = rows
    self.factors = factors
    stride = (factors + 15) / 16 * 16
    let count = max(rows * stride, 16)
    values = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
    values.initialize(repeating: 0, count: count)
  }

  deinit { values.deallocate() }

  package func row(_ index: Int) -> UnsafeMutablePointer<Float> { values + index * stride }

  /// A copy with every value multiplied by `scale`.
  package func scaled(by scale: Float) -> FactorRows {
    let copy = FactorRows(rows: rows, factors: factors)
    for position in 0..<rows * stride { copy.values[position] = values[position] * scale }
    return copy
  }

  /// Fills the rows for which `isSeen` is true with draws from a normal distribution, row r from the stream
  /// (seed, purpose, r), and leaves the others zero.
  package func initialize(
    standardDeviation: Double, seed: Seed, purpose: StreamPurpose, threads: Int?, isSeen: @Sendable (Int) -> Bool
  ) {
    let size = 256
    Parallel.forEach((rows + size - 1) / size, threads: threads) { piece in
      for index in piece * size..<min((piece + 1) * size, rows) where isSeen(index) {
        var stream = RandomStream(seed: seed, purpose: purpose, index: UInt64(index))
        let row = row(index)
        for factor in 0..<factors { row[factor] = Float(standardDeviation * stream.normal()) }
      }
    }
  }

  /// The largest squared Euclidean length of a row; not finite where a value isn't.
  package var largestSquaredNorm: Double {
    var largest = 0.0
    for index in 0..<rows {
      let row = row(index)
      var sum = 0.0
      for factor in 0..<factors { sum += Double(row[factor]) * Double(row[factor]) }
      if !sum.isFinite { return .infinity }
      largest = max(largest, sum)
    }
    return largest
  }

  /// The rows without padding, as a tensor of shape [rows, factors].
  package func tensor(_ name: String) -> Tensor {
    let dense = [Float](unsafeUninitializedCapacity: rows * factors) { buffer, count in
      for index in 0..<rows {
        for factor in 0..<factors { buffer.initializeElement(at: index * factors + factor, to: row(index)[factor]) }
      }
      count = rows * factors
    }
    return Tensor(name, shape: [rows, factors], .float32(dense))
  }

  /// Takes the rows from values without padding.
  ///
  /// - Precondition: there are rows x factors values.
  package func load(_ dense: [Float]) {
    precondition(dense.count == rows * factors, "\(rows) rows of \(factors) factors can't hold \(dense.count) values")
    for index in 0..<rows {
      for factor in 0..<factors { row(index)[factor] = dense[index * factors + factor] }
    }
  }
}
