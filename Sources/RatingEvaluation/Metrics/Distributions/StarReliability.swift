/// Whether star probabilities mean what they say: of all statements "this row is given star k with probability p", told
/// apart by p, how often they came true.
///
/// Each row makes a statement for each star. Bins of equal width over 0...1; the expected calibration error is
///
///     sum over bins of (statements in the bin / all statements) x |mean p - fraction that came true|
///
/// Sources: Murphy and Winkler (1977), doi:10.2307/2346866; Naeini, Cooper and Hauskrecht, "Obtaining well calibrated
/// probabilities using Bayesian binning" (AAAI 2015), for the error's name.
public struct StarReliability: DistributionMetric {
  public struct Bin: Sendable, Hashable {
    public fileprivate(set) var statements = 0
    public fileprivate(set) var occurred = 0
    fileprivate var probability = CompensatedSum()

    public var meanProbability: Double? { statements == 0 ? nil : probability.value / Double(statements) }
    /// The fraction of the statements that came true.
    public var observedFrequency: Double? { statements == 0 ? nil : Double(occurred) / Double(statements) }
  }

  public private(set) var count = 0
  /// Equal parts of 0...1, the first from 0.
  public private(set) var bins: [Bin]

  /// - Parameter bins: at least 1.
  public init(bins: Int = 10) {
    precondition(bins >= 1, "reliability needs at least 1 bin, got \(bins)")
    self.bins = [Bin](repeating: Bin(), count: bins)
  }

  public mutating func add(_ rows: DistributionRows, in range: Range<Int>) {
    let stars = rows.stars.count
    guard stars > 0 else { return }
    for row in range {
      for star in 0..<stars {
        let probability = rows.probabilities[row * stars + star]
        let bin = min(Int(probability * Double(bins.count)), bins.count - 1)
        bins[bin].statements += 1
        bins[bin].occurred += rows.answerStars[row] == star ? 1 : 0
        bins[bin].probability.add(probability)
      }
    }
    count += range.count
  }

  /// - Precondition: both have as many bins.
  public mutating func merge(_ other: StarReliability) {
    precondition(bins.count == other.bins.count, "\(bins.count) bins can't be merged with \(other.bins.count)")
    count += other.count
    for bin in bins.indices {
      bins[bin].statements += other.bins[bin].statements
      bins[bin].occurred += other.bins[bin].occurred
      bins[bin].probability.merge(other.bins[bin].probability)
    }
  }

  /// The expected calibration error.
  public var value: Double? {
    let statements = bins.reduce(0) { $0 + $1.statements }
    if statements == 0 { return nil }
    return bins.reduce(0.0) { $0 + abs($1.probability.value - Double($1.occurred)) } / Double(statements)
  }

  public static func missing(in rows: DistributionRows, for metric: StarReliability) -> String? {
    rows.stars.isEmpty ? "probabilities of stars" : nil
  }
}
