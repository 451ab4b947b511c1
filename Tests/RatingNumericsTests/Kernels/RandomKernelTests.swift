import CRatingKernels
import Testing

@_spi(Benchmarks) @testable import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// log Q(x), Q(x) = P(N(0, 1) > x), in Double for any x: an asymptotic continued fraction where erfc underflows.
func logUpperTail(_ x: Double) -> Double {
  if x < 20 { return log(erfc(x / 2.0.squareRoot()) / 2) }
  // Q(x) = phi(x) / (x + 1 / (x + 2 / (x + 3 / ...))).
  var fraction = x
  for k in stride(from: 60.0, through: 1, by: -1) { fraction = x + k / fraction }
  return -x * x / 2 - log(2 * Double.pi) / 2 - log(fraction)
}

/// log P(low < N(0, 1) < high) in Double, from the smaller tail.
func logProbability(_ low: Double, _ high: Double) -> Double {
  if low + high < 0 { return logProbability(-high, -low) }
  if low < 0 { return log1p(-exp(logUpperTail(-low)) - exp(logUpperTail(high))) }
  let (near, far) = (logUpperTail(low), logUpperTail(high))
  return near + log1p(-exp(far - near))
}

/// The largest distance between the empirical distribution of numbers in 0...1 and the uniform one.
func kolmogorovSmirnov(_ numbers: [Double]) -> Double {
  let sorted = numbers.sorted()
  let n = Double(sorted.count)
  return sorted.enumerated().reduce(0) {
    max($0, $1.element - Double($1.offset) / n, Double($1.offset + 1) / n - $1.element)
  }
}

@Suite struct RandomKernelTests {
  private static let stream = RandomStream(seed: 4, purpose: "random-kernels", index: 1 << 40 + 3)
  private static let cuts: [Float] = [-.infinity, -2.17, -1.12, 0.185, 1.695, .infinity]
  private static let portable = KernelSet(.portable)!
  private static let fastest = KernelSet(Kernels.available.last!)!

  private func normals(_ kernels: KernelSet, first: Int, count: Int) -> [Float] {
    // What lies around them must stay.
    var numbers = [Float](repeating: 99, count: count + 2)
    numbers.withUnsafeMutableBufferPointer {
      kernels.normals(Self.stream, first: first, count: count, into: $0.baseAddress! + 1)
    }
    #expect(numbers.first == 99 && numbers.last == 99)
    return Array(numbers[1...count])
  }

  private func truncated(
    _ kernels: KernelSet, first: Int = 0, _ means: [Float], _ levels: [UInt8], cuts: [Float] = cuts
  ) -> [Float] {
    var numbers = [Float](repeating: 99, count: means.count + 2)
    numbers.withUnsafeMutableBufferPointer {
      kernels.truncatedNormals(
        Self.stream, first: first, means: means, levels: levels, cuts: cuts, count: means.count,
        into: $0.baseAddress! + 1)
    }
    #expect(numbers.first == 99 && numbers.last == 99)
    return Array(numbers[1...max(means.count, 1)].prefix(means.count))
  }

  /// The stream's 32-bit words from its 64-bit numbers: the low half first.
  private func words(_ count: Int) -> [UInt32] {
    var stream = Self.stream
    return (0..<(count + 1) / 2).flatMap { _ in
      let next = stream.next()
      return [UInt32(truncatingIfNeeded: next), UInt32(truncatingIfNeeded: next >> 32)]
    }.prefix(count).map { $0 }
  }

  // MARK: Normals

  @Test(arguments: Kernels.available)
  func aNormalIsTheQuantileOfItsWord(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let count = 20_000
    for (value, word) in zip(normals(kernels, first: 0, count: count), words(count)) {
      // A word with a first bit of 1 is a negative number.
      let exact = -RandomStream.normalQuantile((Double(word ^ 0x7fff_ffff) + 0.5) * 0x1p-32)
      let other = RandomStream.normalQuantile((Double(word ^ 0x8000_0000) + 0.5) * 0x1p-32)
      #expect(abs(exact - other) < 1e-6)
      if abs(Double(value) - other) > (abs(other) < 4 ? 2e-6 : 4e-6) { Issue.record("\(value) for \(other)") }
    }
  }

  @Test(arguments: Kernels.available)
  func normalsAreTheBytesOfThePortableLoopWhereverAPieceBegins(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let whole = normals(Self.portable, first: 0, count: 4000).map(\.bitPattern)
    for first in 0..<40 {
      for count in Array(1...70) + [1000] {
        let piece = normals(kernels, first: first, count: count).map(\.bitPattern)
        if piece != Array(whole[first..<first + count]) { Issue.record("\(count) numbers from \(first)") }
      }
    }
    let far = 1 << 40 + 5
    #expect(normals(kernels, first: far, count: 50) == normals(Self.portable, first: far, count: 50))
    #expect(normals(kernels, first: far, count: 50) != normals(kernels, first: 5, count: 50))
  }

  @Test func normalsHaveTheMomentsAndTheDistributionOfTheNormal() {
    let numbers = normals(Self.fastest, first: 3, count: 1_000_000).map(Double.init)
    let n = Double(numbers.count)
    func moment(_ power: Int) -> Double {
      numbers.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } } / n
    }
    // Five standard deviations of each mean.
    #expect(abs(moment(1)) < 5 / n.squareRoot())
    #expect(abs(moment(2) - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(moment(3)) < 5 * (15 / n).squareRoot())
    #expect(abs(moment(4) - 3) < 5 * (96 / n).squareRoot())
    // The 0.999 quantile of the distance.
    #expect(kolmogorovSmirnov(numbers.map { erfc(-$0 / 2.0.squareRoot()) / 2 }) < 1.95 / n.squareRoot())
    // Neighbours know nothing of each other.
    let product = zip(numbers, numbers.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / n
    #expect(abs(product) < 5 / n.squareRoot())
  }

  @Test func streamsOfOtherIndicesHoldOtherNormals() {
    var one = [Float](repeating: 0, count: 100)
    var other = one
    RandomStream(seed: 1, purpose: "fill", index: 0).fillNormals(&one, count: 100)
    RandomStream(seed: 1, purpose: "fill", index: 1).fillNormals(&other, count: 100)
    #expect(zip(one, other).allSatisfy { $0 != $1 })
  }

  // MARK: Truncated normals

  private static func mixture(_ count: Int) -> (means: [Float], levels: [UInt8]) {
    var stream = RandomStream(seed: 8, purpose: "truncated-tests")
    return (
      (0..<count).map { _ in Float(stream.normal() * 4) }, (0..<count).map { _ in UInt8(stream.below(5)) }
    )
  }

  @Test(arguments: Kernels.available)
  func truncatedNormalsAreTheBytesOfThePortableLoopWhereverAPieceBegins(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let (means, levels) = Self.mixture(2000)
    let whole = truncated(Self.portable, means, levels).map(\.bitPattern)
    #expect(truncated(kernels, means, levels).map(\.bitPattern) == whole)
    for first in 0..<9 {
      for count in 0..<70 {
        let range = first..<first + count
        let piece = truncated(kernels, first: first, Array(means[range]), Array(levels[range])).map(\.bitPattern)
        if piece != Array(whole[range]) { Issue.record("\(count) numbers from \(first)") }
      }
    }
  }

  @Test(
    arguments: [
      (0, 2), (0, 0), (0, 4), (3, 1), (-4, 1), (1.5, 2), (7, 0), (7.5, 1), (-6, 4), (12, 1), (-12, 1), (30, 0),
      (-30, 4),
      (100, 2), (3.87, 1), (3.89, 1),
    ] as [(Float, Int)])
  func truncatedNormalsHaveTheirDistributionHoweverFarTheMean(mean: Float, level: Int) {
    let count = 100_000
    let draws = truncated(
      Self.fastest, [Float](repeating: mean, count: count), [UInt8](repeating: UInt8(level), count: count))
    let (low, high) = (Self.cuts[level], Self.cuts[level + 1])
    #expect(draws.allSatisfy { $0 >= low && $0 <= high && $0.isFinite })
    // Where each draw lies in the distribution, counted from the likelier end.
    var (a, b) = (Double(low) - Double(mean), Double(high) - Double(mean))
    let isMirrored = a + b < 0
    if isMirrored { (a, b) = (-b, -a) }
    let (logA, logB) = (logUpperTail(a), logUpperTail(b))
    let places = draws.map { draw in
      let z = (Double(draw) - Double(mean)) * (isMirrored ? -1 : 1)
      return expm1(logUpperTail(z) - logA) / expm1(logB - logA)
    }
    #expect(kolmogorovSmirnov(places) < 1.95 / Double(count).squareRoot())
    // The ends are reached, so that no part of the cell is left out.
    #expect(places.min()! < 2e-4 && places.max()! > 1 - 2e-4)
  }

  @Test(arguments: Kernels.available)
  func draws200StandardDeviationsAndMoreFromTheMeanAreFiniteAndInTheCell(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let far: [Float] = [200, 5000, 1e6, 1e9, 1e15, 1e20, 3e38]
    let means = (far + far.map { -$0 }).flatMap { mean in [Float](repeating: mean, count: 5) }
    let levels = means.indices.map { UInt8($0 % 5) }
    for (place, draw) in truncated(kernels, means, levels).enumerated() {
      #expect(draw.isFinite && draw >= Self.cuts[Int(levels[place])] && draw <= Self.cuts[Int(levels[place]) + 1])
    }
    #expect(truncated(kernels, means, levels) == truncated(Self.portable, means, levels))
    // A cell that is as narrow as can be.
    let narrow: [Float] = [-.infinity, 0.5, Float(0.5).nextUp, .infinity]
    let ones = [UInt8](repeating: 1, count: 3)
    #expect(truncated(kernels, [0.5, -7, 40], ones, cuts: narrow).allSatisfy { $0 == narrow[1] || $0 == narrow[2] })
  }

  @Test func oneLevelIsAllOfTheNormal() {
    let draws = truncated(
      Self.fastest, [Float](repeating: 2, count: 500), [UInt8](repeating: 0, count: 500), cuts: [-.infinity, .infinity])
    for (draw, normal) in zip(draws, normals(Self.fastest, first: 0, count: 500)) {
      #expect(abs(draw - 2) - abs(normal) < 1e-5 && abs(draw - 2) - abs(normal) > -1e-5)
    }
  }

  // MARK: Ordered probit

  private static let cells: [(Float, Float)] = [
    (-1.12, 0.185), (-.infinity, -2.17), (1.695, .infinity), (-0.3, 0.4), (0.3, 0.31), (0.3, 0.3495), (0.3, 0.3505),
    (-20, 20), (2, 9),
  ]

  /// Means up to 40 standard deviations away, in every lane.
  private static let means: [Float] = (0..<67).map { Float($0 * $0 % 67) / 8 - 4 } + [8, -9, 13, -14, 25, -26, 40, -40]

  @Test(arguments: Kernels.available)
  func probitSumsAreTheBytesOfThePortableLoop(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    func bits(_ kernels: KernelSet, _ cell: (Float, Float), _ count: Int) -> [UInt64] {
      let s = kernels.probitSums(lower: cell.0, upper: cell.1, means: Self.means, count: count)
      return [s.value, s.lower, s.upper, s.lower_lower, s.lower_upper, s.upper_upper].map(\.bitPattern)
    }
    for cell in Self.cells {
      for count in 0...Self.means.count {
        if bits(kernels, cell, count) != bits(Self.portable, cell, count) { Issue.record("\(cell), \(count) means") }
      }
    }
  }

  @Test func probitSumsAndTheirDerivativesAreThoseInDouble() {
    for (lower, upper) in Self.cells {
      for mean in Self.means {
        let sums = Self.fastest.probitSums(lower: lower, upper: upper, means: [mean], count: 1)
        let (a, b) = (Double(lower) - Double(mean), Double(upper) - Double(mean))
        let value = logProbability(a, b)
        // The densities over the probability; the derivatives follow from them exactly.
        func ratio(_ x: Double) -> Double {
          x.isFinite ? exp(-x * x / 2 - log(2 * Double.pi) / 2 - value) : 0
        }
        let (p, q) = (ratio(a), ratio(b))
        let expected = [
          value, -p, q, a.isFinite ? p * (a - p) : 0, p * q, b.isFinite ? -q * (b + q) : 0,
        ]
        let found = [sums.value, sums.lower, sums.upper, sums.lower_lower, sums.lower_upper, sums.upper_upper]
        // Narrow cells are relative to 1 / width; a term that is the difference of two larger ones, to those.
        let scale = [max(abs(value), 1), max(p, 1), max(q, 1), p * (abs(a) + p), p * q, q * (abs(b) + q)]
        for place in 0..<6 {
          let bound = (upper - lower < 0.1 ? 4e-5 : 6e-6) * max(scale[place].isNaN ? 0 : scale[place], 1)
          if !(abs(found[place] - expected[place]) <= bound) {
            Issue.record("(\(lower), \(upper)) at \(mean), \(place): \(found[place]), not \(expected[place])")
          }
        }
      }
    }
  }

  @Test func derivativesAreTheSlopesOfTheSums() {
    let means = (0..<400).map { Float($0 % 80) / 20 - 2 }
    func sums(_ lower: Float, _ upper: Float) -> rk_probit_sums {
      Self.fastest.probitSums(lower: lower, upper: upper, means: means, count: means.count)
    }
    for (lower, upper) in [(-0.5, 0.75), (0.25, 1.5), (-2, -0.5)] as [(Float, Float)] {
      let h: Float = 1 / 64
      let here = sums(lower, upper)
      let (less, more) = (sums(lower - h, upper), sums(lower + h, upper))
      let (below, above) = (sums(lower, upper - h), sums(lower, upper + h))
      let step = Double(2 * h)
      func near(_ slope: Double, _ value: Double) -> Bool { abs(slope - value) < 2e-3 * max(abs(value), 100) }
      #expect(near((more.value - less.value) / step, here.lower))
      #expect(near((above.value - below.value) / step, here.upper))
      #expect(near((more.lower - less.lower) / step, here.lower_lower))
      #expect(near((above.lower - below.lower) / step, here.lower_upper))
      #expect(near((more.upper - less.upper) / step, here.lower_upper))
      #expect(near((above.upper - below.upper) / step, here.upper_upper))
    }
  }

  @Test func sumsStayFiniteThousandsOfStandardDeviationsOut() {
    for (lower, upper) in Self.cells {
      for mean in [300, -300, 5000, -5000, 1e7, -1e7] as [Float] {
        let s = Self.fastest.probitSums(lower: lower, upper: upper, means: [mean], count: 1)
        for x in [s.value, s.lower, s.upper, s.lower_lower, s.lower_upper, s.upper_upper] { #expect(x.isFinite) }
        let edge = mean > 0 ? Double(upper) - Double(mean) : Double(lower) - Double(mean)
        if edge.isFinite, abs(edge) > 100 {
          #expect(abs(s.value + edge * edge / 2 + log(abs(edge)) + log(2 * Double.pi) / 2) < 1e-6 * edge * edge)
        }
      }
    }
  }

  @Test(arguments: Kernels.available)
  func expectedRatingsAreTheSumOverTheCuts(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let (cuts, gaps): ([Float], [Float]) = ([-2.17, -1.12, 0.185, 1.695], [1, 0.5, 1.5, 1])
    let means = Self.means + [300, -300, 1e20, -1e20]
    func expected(_ kernels: KernelSet, _ count: Int) -> [Float] {
      var ratings = Array(means.prefix(count)) + [99]
      ratings.withUnsafeMutableBufferPointer {
        kernels.probitExpected(
          means: $0.baseAddress!, count: count, cuts: cuts, gaps: gaps, cutCount: 4, base: 1, into: $0.baseAddress!)
      }
      #expect(ratings.last == 99)
      return Array(ratings.dropLast())
    }
    for count in 0...means.count {
      let found = expected(kernels, count)
      #expect(found.map(\.bitPattern) == expected(Self.portable, count).map(\.bitPattern))
      for (rating, mean) in zip(found, means) {
        let exact = zip(cuts, gaps).reduce(1.0) {
          $0 + Double($1.1) * erfc((Double($1.0) - Double(mean)) / 2.0.squareRoot()) / 2
        }
        #expect(abs(Double(rating) - exact) < 1e-6)
      }
    }
  }
}
