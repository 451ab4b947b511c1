import CRatingKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Poisson distribution of weights as the kernel draws it, 16 random bits each.
///
/// Of the 65,536 numbers that 16 bits hold, floor(65,536 P(k)) stand for the weight k, for k of 0...7; the few that are
/// left, at most 8, call for another draw from what those counts fall short of. So weights have the distribution itself,
/// not one rounded to 16 bits, and nearly all take no more than these.
@_spi(Benchmarks)
public struct PoissonWeights: Sendable {
  let table: rk_weight_table
  /// What is left of P(0), P(1), ..., added up.
  private let leftovers: [Double]

  /// - Precondition: `mean` is above 0 and at most 1.
  public init(mean: Double) {
    precondition(mean > 0 && mean <= 1, "a mean weight is above 0 and at most 1, got \(mean)")
    var probability = exp(-mean)
    var least: [Int16] = []
    var leftovers: [Double] = []
    var (cells, left) = (0, 0.0)
    // Weights above 30 have a probability below 10^-34.
    for weight in 0...30 {
      if (1...7).contains(weight) { least.append(Int16(cells - 32_768)) }
      let own = weight <= 7 ? Int(probability * 65_536) : 0
      cells += own
      left += probability - Double(own) / 65_536
      leftovers.append(left)
      probability *= mean / Double(weight + 1)
    }
    table = rk_weight_table(
      least: (least[0], least[1], least[2], least[3], least[4], least[5], least[6]), undecided: Int16(cells - 32_768))
    self.leftovers = leftovers
  }

  /// The weight of an element that 16 bits left undecided, by a uniform number in [0, 1).
  public func undecidedWeight(_ uniform: Double) -> Int {
    let place = uniform * leftovers[leftovers.count - 1]
    return leftovers.firstIndex { place < $0 } ?? 0
  }
}
