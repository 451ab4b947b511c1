/// The exact sums that RMSE, MAE and bias are made of.
///
/// With errors d = prediction - answer in units of 10^-15 (each |d| at most 2 x 10^18): n, the sum of d^2 in 192 bits,
/// the sum of |d| and the sum of d in 128 bits. Nothing is ever rounded, so sums over parts can be merged in any order
/// and the whole equals what rational arithmetic gives.
///
/// Room: 2^192 / (2 x 10^18)^2 is more than 10^21 rows.
public struct ErrorSums: Hashable, Sendable {
  /// The number of rows.
  public private(set) var count = 0
  /// The low 128 bits of the sum of squares, in units of 10^-30.
  public private(set) var squaresLow: UInt128 = 0
  /// The high 64 bits of the sum of squares.
  public private(set) var squaresHigh: UInt64 = 0
  /// The sum of absolute errors, in units of 10^-15.
  public private(set) var absolute: UInt128 = 0
  /// The sum of errors (prediction - answer), in units of 10^-15.
  public private(set) var signed: Int128 = 0

  public init() {}

  /// Adds one row.
  @inlinable
  public mutating func add(prediction: FixedDecimal, answer: FixedDecimal) {
    add(error: prediction.units &- answer.units)
  }

  /// Adds one error in units of 10^-15.
  @usableFromInline
  package mutating func add(error: Int64) {
    let magnitude = error.magnitude
    let square = magnitude.multipliedFullWidth(by: magnitude)
    addSquares(UInt128(square.high) << 64 | UInt128(square.low))
    absolute &+= UInt128(magnitude)
    signed &+= Int128(error)
    count &+= 1
  }

  /// Adds the errors of `count` rows, `predictions[i] - answers[i]`, in units of 10^-15.
  package mutating func add(predictions: UnsafePointer<Int64>, answers: UnsafePointer<Int64>, count rows: Int) {
    // Sums over up to 2^20 rows of |d| < 2^61 fit: squares in 128 + 20 bits by (low, carries), the others in 128 bits.
    var low: UInt128 = 0
    var carries: UInt64 = 0
    var absolutes: UInt128 = 0
    var sum: Int128 = 0
    for row in 0..<rows {
      let error = predictions[row] &- answers[row]
      let magnitude = error.magnitude
      let square = magnitude.multipliedFullWidth(by: magnitude)
      let (total, overflow) = low.addingReportingOverflow(UInt128(square.high) << 64 | UInt128(square.low))
      low = total
      carries &+= overflow ? 1 : 0
      absolutes &+= UInt128(magnitude)
      sum &+= Int128(error)
    }
    addSquares(low)
    squaresHigh &+= carries
    absolute &+= absolutes
    signed &+= sum
    count &+= rows
  }

  /// Adds the sums over other rows.
  public mutating func merge(_ other: ErrorSums) {
    addSquares(other.squaresLow)
    squaresHigh &+= other.squaresHigh
    absolute &+= other.absolute
    signed &+= other.signed
    count += other.count
  }

  private mutating func addSquares(_ value: UInt128) {
    let (sum, overflow) = squaresLow.addingReportingOverflow(value)
    squaresLow = sum
    squaresHigh &+= overflow ? 1 : 0
  }
}
