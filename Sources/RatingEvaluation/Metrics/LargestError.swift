import RatingNumerics

/// The largest absolute error: max |prediction - answer|.
///
/// O(1) memory, O(rows) time.
public struct LargestError: RatingMetric {
  public private(set) var count = 0
  private var largest: UInt64 = 0

  public init() {}

  public mutating func add(_ rows: RowSlice) {
    var most = largest
    for row in 0..<rows.count { most = max(most, (rows.predictions[row] &- rows.answers[row]).magnitude) }
    largest = most
    count += rows.count
  }

  public mutating func merge(_ other: LargestError) {
    largest = max(largest, other.largest)
    count += other.count
  }

  /// The Double nearest to the exact value.
  public var value: Double? {
    count == 0
      ? nil : WideNatural.quotient(WideNatural(largest), WideNatural(UInt64(FixedDecimal.unitsPerOne)))
  }

  public var quickValue: Double? { count == 0 ? nil : Double(largest) / Double(FixedDecimal.unitsPerOne) }
}
