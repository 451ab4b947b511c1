import RatingData
import RatingNumerics

/// Bins of equal width over a range of numbers in units of 10^-15. A number belongs to the bin whose lower bound it
/// reaches; one outside the range to the first or the last.
struct EqualBins {
  let lower: Int64
  let upper: Int64
  let count: Int

  /// Over the scale, or from the least to the largest of the numbers where there is none.
  ///
  /// - Precondition: there are numbers.
  init(over scale: RatingScale?, of numbers: [Int64], count: Int) {
    let bounds = scale.flatMap { scale in
      decimalUnits(scale.lower).flatMap { lower in decimalUnits(scale.upper).map { (lower, $0) } }
    }
    (lower, upper) = bounds ?? (numbers.min()!, numbers.max()!)
    self.count = upper > lower ? count : 1
  }

  /// The bound below bin `index`, rounded down to a unit.
  func bound(_ index: Int) -> Int64 { lower + Int64(Int128(upper - lower) * Int128(index) / Int128(count)) }

  @inline(__always)
  func index(_ number: Int64) -> Int {
    if number >= upper { return count - 1 }
    if number <= lower { return 0 }
    // A guess, and then the bounds decide: the bin of a number is exact.
    var index = Int(Double(number - lower) / Double(upper - lower) * Double(count))
    while index + 1 < count, number >= bound(index + 1) { index += 1 }
    while index > 0, index >= count || number < bound(index) { index -= 1 }
    return index
  }

  /// `1 to 1.4`, with as many digits as tell bounds apart.
  var labels: [String] {
    func text(_ units: Int64) -> String {
      let thousandth = FixedDecimal.unitsPerOne / 1000
      let half = units < 0 ? -thousandth / 2 : thousandth / 2
      let rounded = FixedDecimal(units: (units + half) / thousandth * thousandth)
      return upper - lower > Int64(count) * thousandth ? rounded.description : FixedDecimal(units: units).description
    }
    return (0..<count).map { "\(text(bound($0))) to \(text($0 + 1 == count ? upper : bound($0 + 1)))" }
  }
}
