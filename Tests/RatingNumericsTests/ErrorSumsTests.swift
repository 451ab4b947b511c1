import Testing

@testable import RatingNumerics

@Suite struct ErrorSumsTests {
  /// Numbers in -limit...limit from a generator so simple that the reference could repeat it.
  private func rows(_ count: Int, limit: Int64, seed: UInt64) -> (predictions: [Int64], answers: [Int64]) {
    var state = seed
    func next() -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64((state >> 1) % UInt64(2 * limit + 1)) - limit
    }
    var predictions: [Int64] = []
    var answers: [Int64] = []
    for _ in 0..<count {
      predictions.append(next())
      answers.append(next())
    }
    return (predictions, answers)
  }

  private func sums(_ predictions: ArraySlice<Int64>, _ answers: ArraySlice<Int64>) -> ErrorSums {
    var sums = ErrorSums()
    predictions.withUnsafeBufferPointer { p in
      answers.withUnsafeBufferPointer { a in
        sums.add(predictions: p.baseAddress!, answers: a.baseAddress!, count: p.count)
      }
    }
    return sums
  }

  /// The sums that Python's fractions give for the same rows.
  private static let references: [(Int, Int64, UInt64, UInt64, UInt128, UInt128, Int128)] = [
    (
      1000, 5_000_000_000_000_000, 1, 0, 17_463_802_042_507_031_491_114_491_556_167_407, 3_445_279_290_182_220_413,
      -32_118_108_407_275_693
    ),
    (
      3000, 1_000_000_000_000_000_000, 2, 5, 277_562_892_084_134_297_869_309_105_869_728_830_252,
      2_002_558_260_604_633_600_472, 52_265_618_356_503_242_352
    ),
    (
      257, 1_000_000_000_000_000_000, 3, 0, 183_756_197_153_224_763_985_490_421_519_499_066_184,
      172_176_015_004_071_127_210, 1_442_981_536_425_268_010
    ),
  ]

  @Test(arguments: 0..<3)
  func sumsAgreeWithRationalArithmetic(index: Int) {
    let (count, limit, seed, high, low, absolute, signed) = Self.references[index]
    let (predictions, answers) = rows(count, limit: limit, seed: seed)
    let whole = sums(predictions[...], answers[...])
    var single = ErrorSums()
    for (prediction, answer) in zip(predictions, answers) {
      single.add(prediction: FixedDecimal(units: prediction), answer: FixedDecimal(units: answer))
    }
    #expect(whole == single)
    #expect(whole.count == count)
    #expect(whole.squaresHigh == high)
    #expect(whole.squaresLow == low)
    #expect(whole.absolute == absolute)
    #expect(whole.signed == signed)
  }

  @Test func threeRowsByHand() {
    // Errors 0.5, -2 and 0.25: squares 0.25 + 4 + 0.0625 = 4.3125, absolute 2.75, signed -1.25.
    var sums = ErrorSums()
    for (prediction, answer) in [("3.5", "3"), ("1", "3"), ("5", "4.75")] {
      sums.add(prediction: FixedDecimal(text: prediction)!, answer: FixedDecimal(text: answer)!)
    }
    #expect(sums.count == 3)
    #expect(sums.squaresHigh == 0)
    #expect(sums.squaresLow == 4_312_500_000_000_000_000_000_000_000_000)
    #expect(sums.absolute == 2_750_000_000_000_000)
    #expect(sums.signed == -1_250_000_000_000_000)
  }

  @Test func squaresCarryIntoTheHighWord() {
    // (2 x 10^18)^2 x 1000 = 4 x 10^39 = 11 x 2^128 + the rest.
    var sums = ErrorSums()
    for index in 0..<1000 {
      let sign: Int64 = index % 2 == 0 ? 1 : -1
      sums.add(
        prediction: FixedDecimal(units: sign * 1_000_000_000_000_000_000),
        answer: FixedDecimal(units: -sign * 1_000_000_000_000_000_000))
    }
    #expect(sums.squaresHigh == 11)
    #expect(sums.squaresLow == 256_893_963_869_676_901_902_879_318_250_549_673_984)
    #expect(sums.absolute == 2_000_000_000_000_000_000_000)
    #expect(sums.signed == 0)
  }

  @Test func partsMergeInAnyOrder() {
    let (predictions, answers) = rows(2000, limit: 1_000_000_000_000_000_000, seed: 4)
    let whole = sums(predictions[...], answers[...])
    var stream = RandomStream(seed: 5, purpose: "error-sums")
    for _ in 0..<20 {
      var cuts = Set((0..<stream.below(30)).map { _ in stream.below(2000) })
      cuts.formUnion([0, 2000])
      let ends = cuts.sorted()
      var parts = zip(ends, ends.dropFirst()).map { sums(predictions[$0..<$1], answers[$0..<$1]) }
      parts.append(ErrorSums())
      stream.shuffle(&parts)
      var merged = ErrorSums()
      for part in parts { merged.merge(part) }
      #expect(merged == whole)
    }
  }

  @Test func rowsInAnyOrderGiveTheSameSums() {
    var (predictions, answers) = rows(500, limit: 1_000_000_000_000_000_000, seed: 6)
    let whole = sums(predictions[...], answers[...])
    var order = Array(0..<500)
    var stream = RandomStream(seed: 7, purpose: "error-sums-order")
    stream.shuffle(&order)
    (predictions, answers) = (order.map { predictions[$0] }, order.map { answers[$0] })
    #expect(sums(predictions[...], answers[...]) == whole)
  }
}
