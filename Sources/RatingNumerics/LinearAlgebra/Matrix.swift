/// A row-major matrix of Float, made for the kernels.
///
/// Every row begins on a 64-byte boundary and is padded with zeros to a multiple of 16 elements (`stride`), so that a
/// kernel needs no rest of a row; nothing but `withUnsafeMutableElements` can change the padding. A value: copies share memory until one
/// of them changes.
public struct Matrix: Sendable {
  public let rows: Int
  public let columns: Int
  /// Elements from one row to the next: `columns`, rounded up to a multiple of 16.
  public let stride: Int
  private var storage: Storage

  /// A matrix of zeros.
  ///
  /// - Complexity: O(rows x stride).
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix needs sizes of at least 0, got \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    stride = (columns + 15) / 16 * 16
    storage = Storage(count: rows * stride)
  }

  /// A matrix of `body(row, column)`, called row by row.
  public init(rows: Int, columns: Int, _ body: (_ row: Int, _ column: Int) -> Float) {
    self.init(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns { storage.elements[row * stride + column] = body(row, column) }
    }
  }

  public subscript(row: Int, column: Int) -> Float {
    get { storage.elements[offset(row, column)] }
    set {
      let offset = offset(row, column)
      detach()
      storage.elements[offset] = newValue
    }
  }

  private func offset(_ row: Int, _ column: Int) -> Int {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "element (\(row), \(column)) is outside a \(rows) x \(columns) matrix")
    return row * stride + column
  }

  /// The row's elements, without the padding.
  public func row(_ row: Int) -> [Float] {
    precondition(row >= 0 && row < rows, "row \(row) is outside a \(rows) x \(columns) matrix")
    return Array(UnsafeBufferPointer(start: storage.elements + row * stride, count: columns))
  }

  /// Calls `body` with the elements, `rows` x `stride` of them. The pointer is valid during the call only.
  package func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafePointer(storage.elements))
  }

  /// Calls `body` with the elements, `rows` x `stride` of them, to be changed; the padding has to stay 0. The pointer is
  /// valid during the call only.
  package mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutablePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    detach()
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.elements)
  }

  private mutating func detach() {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(copying: storage) }
  }

  // Unchecked: only `Matrix` reaches the elements, and it writes them only where it holds the single reference.
  private final class Storage: @unchecked Sendable {
    let elements: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
      self.count = count
      elements = Self.allocate(count)
      elements.initialize(repeating: 0, count: count)
    }

    init(copying other: Storage) {
      count = other.count
      elements = Self.allocate(count)
      elements.initialize(from: other.elements, count: count)
    }

    deinit { elements.deallocate() }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
      // One element at least, so that an empty matrix has an address too.
      let byteCount = max(count, 1) * MemoryLayout<Float>.stride
      let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      LargePages.advise(memory, byteCount: byteCount)
      return memory.bindMemory(to: Float.self, capacity: max(count, 1))
    }
  }
}

extension Matrix: Equatable {
  /// Whether sizes and all elements are equal.
  public static func == (a: Matrix, b: Matrix) -> Bool {
    guard a.rows == b.rows, a.columns == b.columns else { return false }
    if a.storage === b.storage { return true }
    for index in 0..<a.rows * a.stride where a.storage.elements[index] != b.storage.elements[index] { return false }
    return true
  }
}
