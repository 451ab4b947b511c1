import CRatingKernels
import Testing

@_spi(Benchmarks) @testable import RatingNumerics

/// Every length that leaves another rest, and some long ones.
let kernelLengths = Array(0...65) + [100, 127, 128, 129, 1000, 4099]

/// Numbers of both signs and several orders of magnitude.
func kernelNumbers(_ count: Int, index: UInt64) -> [Float] {
  var stream = RandomStream(seed: 42, purpose: "kernel-tests", index: index)
  return (0..<count).map { _ in Float(stream.normal() * (stream.uniform() < 0.2 ? 1000 : 1)) }
}

@Suite struct SumKernelTests {
  @Test(arguments: Kernels.available)
  func dotAgreesWithDoubleAtEveryLengthAndAlignment(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for length in kernelLengths {
      let a = kernelNumbers(length + 3, index: 0)
      let b = kernelNumbers(length + 3, index: 1)
      for (first, second) in [(0, 0), (1, 0), (0, 3), (3, 2)] {
        let value = a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            kernels.dot(a.baseAddress! + first, b.baseAddress! + second, count: length)
          }
        }
        var sum = 0.0
        var magnitude = 0.0
        for index in 0..<length {
          let term = Double(a[first + index]) * Double(b[second + index])
          sum += term
          magnitude += abs(term)
        }
        // A lane adds length / 64 products; 6 sums of accumulators and lanes follow.
        let bound = Double(length / 64 + 8) * 0x1p-24 * magnitude
        #expect(abs(Double(value) - sum) <= bound, "length \(length), starts \(first), \(second)")
      }
    }
  }

  @Test(arguments: Kernels.available)
  func dotGivesTheBytesOfThePortableLoop(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let portable = try #require(KernelSet(.portable))
    for length in kernelLengths {
      let a = kernelNumbers(length, index: 2)
      let b = kernelNumbers(length, index: 3)
      #expect(
        kernels.dot(a, b, count: length).bitPattern == portable.dot(a, b, count: length).bitPattern, "length \(length)")
    }
  }

  @Test(arguments: Kernels.available)
  func dotReadsNothingBehindTheEnd(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for length in 0...65 {
      let a = [Float](repeating: 1, count: length) + [Float](repeating: .nan, count: 80)
      #expect(kernels.dot(a, a, count: length) == Float(length))
    }
  }

  @Test(arguments: Kernels.available)
  func dotPassesOnWhatIsNotFinite(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for length in [1, 16, 17, 64, 100] {
      for position in [0, length / 2, length - 1] {
        var a = [Float](repeating: 1, count: length)
        let ones = a
        a[position] = .nan
        #expect(kernels.dot(a, ones, count: length).isNaN)
        a[position] = -.infinity
        #expect(kernels.dot(a, ones, count: length) == -.infinity)
      }
    }
  }

  @Test(arguments: Kernels.available)
  func squaredErrorAgreesWithPlainSumAtEveryLengthAndAlignment(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let portable = try #require(KernelSet(.portable))
    for length in kernelLengths {
      let ratings = kernelNumbers(length + 3, index: 4)
      let predictions = kernelNumbers(length + 3, index: 5).map { Double($0) / 3 }
      for (first, second) in [(0, 0), (1, 3)] {
        let (value, expected) = ratings.withUnsafeBufferPointer { ratings in
          predictions.withUnsafeBufferPointer { predictions in
            let (p, r) = (predictions.baseAddress! + first, ratings.baseAddress! + second)
            return (
              kernels.squaredError(predictions: p, ratings: r, count: length),
              portable.squaredError(predictions: p, ratings: r, count: length)
            )
          }
        }
        var sum = 0.0
        for index in 0..<length {
          let error = Double(ratings[second + index]) - predictions[first + index]
          sum += error * error
        }
        #expect(abs(value - sum) <= Double(length) * 0x1p-52 * sum, "length \(length)")
        #expect(value.bitPattern == expected.bitPattern, "length \(length)")
      }
    }
  }

  @Test func squaredErrorOfAFewRowsIsExact() {
    // (4 - 3.5)^2 + (1 - 3)^2 + (5 - 4.75)^2 = 0.25 + 4 + 0.0625
    #expect(Kernels.squaredError(predictions: [3.5, 3, 4.75], ratings: [4, 1, 5], count: 3) == 4.3125)
    #expect(Kernels.dot([1, 2, 3], [4, -5, 6], count: 3) == 12)
  }

  @Test func portableMultiplyAddRoundsOnce() {
    // Halfway between two floats but for the addend's share, both ways; subnormal; cancelling; zero; plain.
    let pairs: [(Float, Float, Float)] = [
      (1 + 0x1p-12, 1 + 0x1p-12, 0x1p-60), (1 + 0x1p-12, 1 + 0x1p-12, -0x1p-60), (1 + 0x1p-12, 1 + 0x1p-12, 0),
      (1, 1 + 0x1p-23, 0x1p-24), (0x1p-24, 1 + 0x1p-23, 1), (0x1p-24, 1 - 0x1p-24, 1), (-0x1p-24, 1 + 0x1p-23, -1),
      (0x1.fffffep-75, 0x1.fffffep-75, 0x1p-149), (0x1.8p-75, 0x1.8p-75, 0x1p-127), (3, 1 / 3, -1), (0, -5, 0),
      (0x1p-80, -0x1p-80, 0x1p-126), (0x1p-75, 0x1p-75, 0), (0x1.000002p-75, 0x1p-75, 0), (-0x1p-75, 0x1p-75, 0),
      (.greatestFiniteMagnitude, 2, -.greatestFiniteMagnitude), (.greatestFiniteMagnitude, 2, 0),
    ]
    for (a, b, c) in pairs {
      #expect(rk_portable_fma(a, b, c).bitPattern == c.addingProduct(a, b).bitPattern, "\(a) * \(b) + \(c)")
    }
    var stream = RandomStream(seed: 7, purpose: "fused-multiply-add")
    // Short mantissas meet halfway cases often; exponents reach into the subnormal numbers.
    func number() -> Float {
      let bits = UInt32(truncatingIfNeeded: stream.next())
      let mantissa = bits & 0x7F_FFFF & ~((1 << UInt32(stream.below(24))) - 1)
      let exponent = UInt32(stream.below(2) == 0 ? 110 + stream.below(34) : 1 + stream.below(80))
      return Float(bitPattern: bits & 0x8000_0000 | exponent << 23 | mantissa)
    }
    for _ in 0..<100_000 {
      let (a, b, c) = (number(), number(), number())
      let (got, expected) = (rk_portable_fma(a, b, c), c.addingProduct(a, b))
      if got.bitPattern != expected.bitPattern { Issue.record("\(a) * \(b) + \(c) is \(expected), got \(got)") }
    }
  }
}
