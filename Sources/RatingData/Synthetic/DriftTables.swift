import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The parts of the drift that are the same for everybody, by day.
struct DriftTables: Sendable {
  /// |distance in days|^0.4, in units of its value at one year.
  let distance: [Double]
  /// The common rise, by day from the set's first.
  let rise: [Double]
  /// The standard deviation of each factor.
  let factorScales: [Double]

  init(_ parameters: SyntheticPrize.Parameters) {
    let span = parameters.lastDay - parameters.firstDay
    distance = (0...span).map { pow(Double($0) / 365, 0.4) }
    let middle = FieldScanner.dayNumber(year: 2004, month: 2, day: 1) - parameters.firstDay
    rise = (0...span).map { parameters.riseOf2004 / (1 + exponential(-Double($0 - middle) / 15)) }
    let variances = (0..<parameters.factors).map { pow(Double($0 + 1), -parameters.spectrumDecay) }
    let all = variances.reduce(0, +)
    factorScales = variances.map { parameters.factorDeviation * ($0 / all).squareRoot() }
  }
}
