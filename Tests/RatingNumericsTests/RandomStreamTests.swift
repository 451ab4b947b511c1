import Testing

@testable import RatingNumerics

@Suite struct RandomStreamTests {
  @Test(
    arguments: [
      // The vectors that the generator's authors publish with their code (Random123, philox4x32, 10 rounds).
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func philoxGivesThePublishedVectors(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    let out = RandomStream.philox(counter: (counter[0], counter[1], counter[2], counter[3]), key: (key[0], key[1]))
    #expect([out.0, out.1, out.2, out.3] == expected)
  }

  // Pinned: computed by an independent implementation in Python. A change here changes the results of every seed.
  @Test func theFirstNumbersOfAStreamArePinned() {
    func first(_ seed: UInt64, _ purpose: StreamPurpose, _ index: UInt64) -> [UInt64] {
      var stream = RandomStream(seed: Seed(seed), purpose: purpose, index: index)
      return (0..<5).map { _ in stream.next() }
    }
    #expect(
      first(1, "pinned", 0) == [
        0x44d1_2598_5c1c_6ac9, 0xd4f2_c25b_32ff_62b9, 0xa71a_843f_e367_b7e4, 0x45d3_00d2_0238_8224,
        0x10f2_7834_4c15_c7f8,
      ])
    #expect(
      first(1, "pinned", 1) == [
        0xcabd_d627_9fe8_96c3, 0x1262_b294_7318_a2b8, 0x23e1_272f_f337_c222, 0x44f3_b683_8f7e_263e,
        0xb09b_baba_270c_3b0a,
      ])
    #expect(
      first(2, "pinned", 0) == [
        0x5959_b77f_be8d_21d7, 0x1a92_34ed_cee9_c127, 0x719e_689a_81ef_b66e, 0xd6f2_a428_308a_6640,
        0xfe50_86d5_1dd7_65db,
      ])
    #expect(
      first(1, "other", 0) == [
        0x3ae6_0510_3611_771a, 0xf5dd_e3aa_f746_1f2c, 0xa8dc_2ddd_0ad5_6883, 0x5a5e_22d9_fadb_747d,
        0x6a60_bc80_1ce6_fcb6,
      ])
    #expect(
      first(.max, "pinned", .max) == [
        0xe606_56a5_6ebf_2355, 0xb7aa_97cb_6727_bd55, 0x93bc_7a51_36e0_fa45, 0xc4fe_d923_0d39_6e6b,
        0x20c6_9e11_6ac1_4142,
      ])
  }

  @Test func theFirstNormalsOfAStreamArePinned() {
    var stream = RandomStream(seed: 1, purpose: "pinned")
    let expected = [
      -0.6163968141078796758397, 0.9614189158815428744597, 0.3927511638782692879767, -0.6045142368773364659983,
    ]
    for value in expected { #expect(abs(stream.normal() - value) <= 4 * value.magnitude.ulp) }
  }

  @Test(arguments: [
    // 22 digits, from the inverse error function in arithmetic of 60 to 800 digits.
    (0.5000001, 2.506628273311648301162e-7), (0.25, -0.6744897501960817432022),
    (0.075, -1.43953147093845593495), (0.925, 1.439531470938456229063), (0.0749999, -1.439532177375900586417),
    (0.1, -1.281551565544600435335), (0.9, 1.281551565544600593487), (0.01, -2.326347874040841093075),
    (0.99, 2.326347874040840767637), (0.975, 1.959963984540053855604), (1e-5, -4.264890793922824610234),
    (1e-10, -6.3613409024040561991), (1.4e-11, -6.656723091518183635597), (1e-11, -6.706023155495136296102),
    (1e-16, -8.222082216130435615182), (1e-100, -21.27345356096532429418), (1e-300, -37.04709629936119923655),
    (0x1p-53, -8.209536151601386855631), (0.5, 0),
  ])
  func theNormalQuantileHasSixteenDigits(p: Double, expected: Double) {
    #expect(abs(RandomStream.normalQuantile(p) - expected) <= 4 * expected.magnitude.ulp)
  }

  @Test func theLargestAndSmallestNormalsAreFinite() {
    // The ends of the cells that `normal()` draws from.
    let cells = Double(UInt64.max >> 12)
    let (low, high) = (RandomStream.normalQuantile(0x1p-53), RandomStream.normalQuantile((cells + 0.5) * 0x1p-52))
    #expect(low == -high && low > -8.3 && low < -8.2)
  }

  @Test func uniformNumbersLieInTheUnitIntervalAndSpreadEvenly() {
    var stream = RandomStream(seed: 11, purpose: "uniform")
    let n = 100_000
    var bins = [Int](repeating: 0, count: 20)
    var sum = 0.0
    for _ in 0..<n {
      let x = stream.uniform()
      guard x >= 0, x < 1 else {
        Issue.record("\(x) is outside 0..<1")
        return
      }
      sum += x
      bins[Int(x * 20)] += 1
    }
    // Five standard deviations of the mean; the 0.9999 quantile of chi-squared with 19 degrees of freedom is 50.8.
    #expect(abs(sum / Double(n) - 0.5) < 5 * (1.0 / 12 / Double(n)).squareRoot())
    #expect(chiSquared(bins) < 50.8)
  }

  private func chiSquared(_ bins: [Int]) -> Double {
    let expected = Double(bins.reduce(0, +)) / Double(bins.count)
    return bins.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  @Test func wholeNumbersBelowABoundAreEquallyLikely() {
    var stream = RandomStream(seed: 12, purpose: "below")
    var bins = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { bins[stream.below(7)] += 1 }
    #expect(chiSquared(bins) < 27.9)  // The 0.9999 quantile with 6 degrees of freedom.
    for _ in 0..<10 { #expect(stream.below(1) == 0) }
    // 3 x 2^61 is where a plain remainder would favour the lower numbers by a third.
    let bound = 3 << 61
    var low = 0
    for _ in 0..<30_000 where stream.below(bound) < 1 << 61 { low += 1 }
    #expect(abs(Double(low) - 10_000) < 5 * (30_000.0 * 2 / 9).squareRoot())
  }

  @Test func normalsHaveTheMomentsAndTailsOfTheNormalDistribution() {
    var stream = RandomStream(seed: 13, purpose: "normal")
    let n = 200_000
    var sums = (0.0, 0.0, 0.0, 0.0)
    var beyondTwo = 0
    for _ in 0..<n {
      let x = stream.normal()
      sums.0 += x
      sums.1 += x * x
      sums.2 += x * x * x
      sums.3 += x * x * x * x
      if abs(x) > 2 { beyondTwo += 1 }
    }
    // Five standard errors: the k-th power of a normal has variance 1, 2, 15 and 96.
    let unit = 5 / Double(n).squareRoot()
    #expect(abs(sums.0 / Double(n)) < unit)
    #expect(abs(sums.1 / Double(n) - 1) < unit * 2.0.squareRoot())
    #expect(abs(sums.2 / Double(n)) < unit * 15.0.squareRoot())
    #expect(abs(sums.3 / Double(n) - 3) < unit * 96.0.squareRoot())
    #expect(abs(Double(beyondTwo) / Double(n) - 0.0455) < unit * (0.0455 * 0.9545).squareRoot())
  }

  @Test func streamsOfOtherSeedsPurposesAndIndicesShareNothing() {
    var seen: Set<UInt64> = []
    var drawn = 0
    for seed in 0..<4 as Range<UInt64> {
      for purpose in ["a", "b", "c"] {
        for index in [0, 1, 2, UInt64.max] {
          var stream = RandomStream(seed: Seed(seed), purpose: StreamPurpose(stringLiteral: purpose), index: index)
          for _ in 0..<100 { seen.insert(stream.next()) }
          drawn += 100
        }
      }
    }
    #expect(seen.count == drawn)
  }

  @Test func everyOrderOfThreeIsEquallyLikely() {
    var stream = RandomStream(seed: 14, purpose: "shuffle")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<12_000 {
      var elements = [0, 1, 2]
      stream.shuffle(&elements)
      counts[elements, default: 0] += 1
    }
    #expect(counts.count == 6)
    #expect(chiSquared(Array(counts.values)) < 25.8)  // The 0.9999 quantile with 5 degrees of freedom.
    var none: [Int] = []
    stream.shuffle(&none)
    #expect(none.isEmpty)
  }

  @Test func aCopyOfAStreamGoesOnAsTheStreamDoes() {
    var stream = RandomStream(seed: 15, purpose: "copy")
    _ = stream.next()
    var copy = stream
    #expect((0..<9).map { _ in stream.next() } == (0..<9).map { _ in copy.next() })
  }
}
