import RatingNumerics

/// Columns of numbers as the decimals that they print as, in units of 10^-15.
enum DecimalColumn {
  /// - Throws: `not-a-number`, naming the first row that is NaN, infinite or outside -1000...1000.
  static func units(of values: [Double], what: String, threads: Int?) throws(EvaluationError) -> [Int64] {
    try values.withUnsafeBufferPointer { values throws(EvaluationError) in
      try convert(values, what: what, threads: threads) { decimalUnits($0) }
    }
  }

  /// - Throws: as for Double.
  static func units(
    of values: UnsafeBufferPointer<Float>, what: String, threads: Int?
  ) throws(EvaluationError) -> [Int64] {
    try convert(values, what: what, threads: threads) { decimalUnits($0) }
  }

  @inline(__always)
  private static func convert<Number>(
    _ values: UnsafeBufferPointer<Number>, what: String, threads: Int?, _ units: @Sendable (Number) -> Int64?
  ) throws(EvaluationError) -> [Int64] {
    let size = ScoredRows.pieceSize
    let pieces = (values.count + size - 1) / size
    nonisolated(unsafe) let source = values
    var wrong: Int?
    let column = [Int64](unsafeUninitializedCapacity: values.count) { buffer, initialized in
      nonisolated(unsafe) let target = buffer
      let firstWrong = Parallel.map(pieces, threads: threads) { piece -> Int in
        for row in piece * size..<min((piece + 1) * size, source.count) {
          guard let value = units(source[row]) else { return row }
          target[row] = value
        }
        return source.count
      }
      wrong = firstWrong.min().flatMap { $0 < values.count ? $0 : nil }
      initialized = wrong == nil ? values.count : 0
    }
    if let wrong {
      throw EvaluationError(
        .notANumber, "\(what) \(wrong) is \(values[wrong]); a finite number in -1000...1000 is expected")
    }
    return column
  }
}
