import Testing

@_spi(Benchmarks) @testable import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct BootstrapKernelTests {
  private static let stream = RandomStream(seed: 9, purpose: "bootstrap-kernels", index: 1 << 40 + 3)

  /// Planes of random numbers below 2^15, of either sign where asked, padded with zeros.
  private func planes(_ count: Int, elements: Int, signed: Bool) -> (values: [Int16], stride: Int) {
    let stride = (elements + 1023) / 1024 * 1024
    var random = RandomStream(seed: 2, purpose: "planes")
    var values = [Int16](repeating: 0, count: count * stride)
    for plane in 0..<count {
      for element in 0..<elements {
        // The largest values too, so that a sum that is too narrow shows.
        let value = random.below(4) == 0 ? 32_767 : random.below(32_768)
        values[plane * stride + element] = Int16(signed && random.below(2) == 0 ? -value - 1 : value)
      }
    }
    return (values, stride)
  }

  /// The 32-bit words of the stream.
  private func words(_ count: Int) -> [UInt32] {
    var stream = Self.stream
    return (0..<(count + 1) / 2).flatMap { _ in
      let next = stream.next()
      return [UInt32(truncatingIfNeeded: next), UInt32(truncatingIfNeeded: next >> 32)]
    }
  }

  private static let lengths = [0, 1, 31, 32, 33, 63, 64, 65, 255, 256, 257, 1023, 1024, 1025, 5000, 32_768]

  @Test(arguments: Kernels.available)
  func weightsAreThoseOfTheStreamsBits(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let first = 512
    let words = words(first / 2 + 32_768 / 2)
    let weights = PoissonWeights(mean: 0.9)
    let least = [
      weights.table.least.0, weights.table.least.1, weights.table.least.2, weights.table.least.3,
      weights.table.least.4, weights.table.least.5, weights.table.least.6,
    ].map { Int($0) + 32_768 }
    for count in Self.lengths {
      for planeCount in count < 5000 ? [3, 4, 5, 6, 7, 8] : [6] {
        let (values, stride) = planes(planeCount, elements: count, signed: false)
        var expected = [Int64](repeating: 7, count: planeCount)
        var undecided: [UInt32] = []
        for element in 0..<count {
          let word = words[(first + element) / 2]
          let bits = Int((first + element) % 2 == 0 ? word & 0xffff : word >> 16)
          if bits >= Int(weights.table.undecided) + 32_768 {
            undecided.append(UInt32(element))
          } else {
            let weight = least.count { bits >= $0 }
            for plane in 0..<planeCount { expected[plane] += Int64(weight) * Int64(values[plane * stride + element]) }
          }
        }
        // What is there stays: sums are added to.
        var sums = [Int64](repeating: 7, count: planeCount)
        var found = [UInt32](repeating: 0, count: count + 1)
        let number = kernels.weightedSums(
          Self.stream, first: first, planes: values + [0], stride: stride, planeCount: planeCount, count: count,
          weights: weights, into: &sums, undecided: &found)
        #expect(sums == expected, "\(count) elements, \(planeCount) planes")
        #expect(Array(found.prefix(number)) == undecided, "\(count) elements")
      }
    }
  }

  @Test(arguments: Kernels.available)
  func signsAreTheStreamsBits(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let first = 2048
    let words = words((first + 32_768) / 32)
    for count in Self.lengths {
      for planeCount in [1, 2] {
        let (values, stride) = planes(planeCount, elements: count, signed: true)
        var expected = [Int64](repeating: -5, count: planeCount)
        for element in 0..<count {
          let bit = words[(first + element) / 32] >> UInt32((first + element) % 32) & 1
          for plane in 0..<planeCount {
            expected[plane] += Int64(values[plane * stride + element]) * (bit == 1 ? -1 : 1)
          }
        }
        var sums = [Int64](repeating: -5, count: planeCount)
        kernels.signedSums(
          Self.stream, first: first, planes: values + [0], stride: stride, planeCount: planeCount, count: count,
          into: &sums)
        #expect(sums == expected, "\(count) elements, \(planeCount) planes")
      }
    }
  }

  /// All weights of many draws, those decided later included, against the Poisson distribution.
  @Test(arguments: [1.0, 0.8, 0.05])
  func weightsAreAPoissonNumber(mean: Double) {
    let weights = PoissonWeights(mean: mean)
    let count = 32_768
    var counts = [Double](repeating: 0, count: 10)
    var later = RandomStream(seed: 3, purpose: "later")
    let replicates = 40
    let least = [
      weights.table.least.0, weights.table.least.1, weights.table.least.2, weights.table.least.3,
      weights.table.least.4, weights.table.least.5, weights.table.least.6,
    ].map { Int($0) + 32_768 }
    for replicate in 0..<replicates {
      var stream = RandomStream(seed: 3, purpose: "weights", index: UInt64(replicate))
      for _ in 0..<count / 4 {
        let word = stream.next()
        for part in 0..<4 {
          let bits = Int(word >> UInt64(16 * part) & 0xffff)
          let weight =
            bits >= Int(weights.table.undecided) + 32_768
            ? weights.undecidedWeight(later.uniform()) : least.count { bits >= $0 }
          counts[min(weight, 9)] += 1
        }
      }
    }
    let total = Double(count * replicates)
    var (chiSquare, probability, cells) = (0.0, exp(-mean), 0)
    for weight in 0..<9 where probability * total > 10 {
      chiSquare +=
        (counts[weight] - probability * total) * (counts[weight] - probability * total)
        / (probability * total)
      probability *= mean / Double(weight + 1)
      cells += 1
    }
    // The 0.9999 quantile for up to 9 degrees of freedom is 33.7.
    #expect(chiSquare < 33.7 && cells >= 3, "chi-square \(chiSquare) of \(cells) cells")
  }

  /// The probabilities of the table and of what is left add up to those of the distribution.
  @Test func undecidedWeightsMakeUpForTheTable() {
    let weights = PoissonWeights(mean: 1)
    let undecided = 65_536 - (Int(weights.table.undecided) + 32_768)
    #expect(undecided > 0 && undecided <= 8)
    let draws = 1_000_000
    var counts = [Double](repeating: 0, count: 40)
    for draw in 0..<draws { counts[weights.undecidedWeight((Double(draw) + 0.5) / Double(draws))] += 1 }
    var previous = 0
    var probability = exp(-1.0)
    let least = [
      weights.table.least.0, weights.table.least.1, weights.table.least.2, weights.table.least.3,
      weights.table.least.4, weights.table.least.5, weights.table.least.6, weights.table.undecided,
    ].map { Int($0) + 32_768 }
    for weight in 0..<12 {
      let cells = weight < 8 ? least[weight] - previous : 0
      if weight < 8 { previous = least[weight] }
      let whole = Double(cells) / 65_536 + Double(undecided) / 65_536 * counts[weight] / Double(draws)
      #expect(abs(whole - probability) < 1e-9, "weight \(weight): \(whole), expected \(probability)")
      probability /= Double(weight + 1)
    }
  }
}
