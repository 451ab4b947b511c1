import RatingNumerics

/// Rows of Float for the kernels: each begins at a multiple of 64 bytes and is padded with zeros to a multiple of 16.
///
/// A reference, because parallel work writes it: every piece of work rows of its own.
final class FloatRows: @unchecked Sendable {
  // Unchecked: see above; nothing else is written while pieces run.
  let count: Int
  let columns: Int
  let stride: Int
  let elements: UnsafeMutablePointer<Float>

  /// Zeros.
  init(count: Int, columns: Int) {
    self.count = count
    self.columns = columns
    stride = (columns + 15) / 16 * 16
    let number = max(count * stride, 16)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * number, alignment: 64)
    LargePages.advise(memory, byteCount: 4 * number)
    elements = memory.bindMemory(to: Float.self, capacity: number)
    elements.initialize(repeating: 0, count: number)
  }

  deinit { elements.deallocate() }

  /// The start of a row.
  subscript(row: Int) -> UnsafeMutablePointer<Float> { elements + row * stride }

  /// The rows without padding.
  var dense: [Float] {
    [Float](unsafeUninitializedCapacity: count * columns) { buffer, initialized in
      for row in 0..<count {
        for column in 0..<columns {
          buffer.initializeElement(at: row * columns + column, to: elements[row * stride + column])
        }
      }
      initialized = count * columns
    }
  }

  /// Replaces all rows.
  ///
  /// - Precondition: there are count x columns values.
  func replace(_ values: [Float]) {
    precondition(values.count == count * columns, "\(count) rows of \(columns) can't hold \(values.count) values")
    for row in 0..<count {
      for column in 0..<columns { elements[row * stride + column] = values[row * columns + column] }
    }
  }
}
