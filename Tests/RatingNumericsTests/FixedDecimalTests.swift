import Testing

@testable import RatingNumerics

@Suite struct FixedDecimalTests {
  private func scan(_ text: String) -> (units: Int64, outcome: FixedDecimal.Scan, read: Int) {
    // A copy without anything behind it, so that a memory checker sees a read past the end.
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, text.utf8.count))
    defer { bytes.deallocate() }
    _ = bytes.update(fromContentsOf: Array(text.utf8))
    var cursor = UnsafePointer(bytes.baseAddress!)
    let start = cursor
    let (value, outcome) = FixedDecimal.scan(&cursor, end: start + text.utf8.count)
    return (value.units, outcome, cursor - start)
  }

  private static let one: Int64 = 1_000_000_000_000_000

  @Test(
    arguments: [
      ("0", 0, .exact), ("-0", 0, .exact), ("-0.000", 0, .exact), ("0e999999999999999999999", 0, .exact),
      ("1", one, .exact), ("+1", one, .exact), ("-1", -one, .exact), ("3.", 0, .malformed), (".5", one / 2, .exact),
      ("-.25", -one / 4, .exact), ("3.6", 3_600_000_000_000_000, .exact),
      ("000003.60000000000000000000000", 3_600_000_000_000_000, .exact),
      ("1e3", 1000 * one, .exact), ("1E+3", 1000 * one, .exact), ("10e-1", one, .exact),
      ("123456e-5", 1_234_560_000_000_000, .exact),
      // The end of the range.
      ("1000", 1000 * one, .exact), ("-1000.000", -1000 * one, .exact), ("1000.000000000000001", 0, .outOfRange),
      ("1000.0000000000000001", 0, .outOfRange), ("1000.00000000000000000000000001", 0, .outOfRange),
      ("999.999999999999999", 1000 * one - 1, .exact), ("999.9999999999999995", 1000 * one, .rounded),
      ("999.9999999999999994", 1000 * one - 1, .rounded), ("-1001", 0, .outOfRange), ("1e4", 0, .outOfRange),
      ("1e400", 0, .outOfRange), ("1e99999999999999999999", 0, .outOfRange),
      ("12345678901234567890123", 0, .outOfRange),
      ("18446744073709551616", 0, .outOfRange), ("0.1e4", 1000 * one, .exact),
      // Half to even at the 16th digit, and what lies behind it.
      ("0.0000000000000005", 0, .rounded), ("0.0000000000000015", 2, .rounded), ("0.0000000000000025", 2, .rounded),
      ("0.00000000000000250", 2, .rounded), ("0.00000000000000251", 3, .rounded), ("-0.0000000000000035", -4, .rounded),
      ("0.000000000000000500000000000000000000000000000001", 1, .rounded),
      ("0.0000000000000004999999999999999999999", 0, .rounded),
      ("1.0000000000000005", one, .rounded), ("1.0000000000000015", one + 2, .rounded),
      ("1.00000000000000050000000000000000000000000001", one + 1, .rounded), ("1e-15", 1, .exact),
      ("5e-16", 0, .rounded),
      ("15e-16", 2, .rounded), ("1e-999999999999", 0, .rounded), ("9999999999999999999e-35", 0, .rounded),
      ("9999999999999999999e-34", 1, .rounded), ("5000000000000000000e-34", 0, .rounded),
      ("50000000000000000001e-35", 1, .rounded), ("-15000000000000000000e-34", -2, .rounded),
      // No number.
      ("", 0, .malformed), ("-", 0, .malformed), ("+", 0, .malformed), (".", 0, .malformed), ("-.", 0, .malformed),
      ("e5", 0, .malformed), ("1e", 0, .malformed), ("1e+", 0, .malformed), ("nan", 0, .malformed),
      ("inf", 0, .malformed),
      ("--1", 0, .malformed), (" 1", 0, .malformed), ("1.e5", 0, .malformed), (",5", 0, .malformed),
    ] as [(String, Int64, FixedDecimal.Scan)])
  func textIsReadAsWritten(text: String, units: Int64, outcome: FixedDecimal.Scan) {
    let result = scan(text)
    #expect(result.units == units)
    #expect(result.outcome == outcome)
    #expect(result.read == (outcome == .malformed ? 0 : text.utf8.count))
  }

  // Random texts with what rational arithmetic (Python's fractions) makes of them.
  @Test(
    arguments: [
      ("-606.979190748337887", -606_979_190_748_337_887, .exact),
      ("-0.012904047", -12_904_047_000_000, .exact),
      ("9.251027346468695896935049258", 9_251_027_346_468_696, .rounded),
      ("9.1771516204661", 9_177_151_620_466_100, .exact),
      ("-9.48", -9_480_000_000_000_000, .exact),
      ("+7.0364942055526675000", 7_036_494_205_552_668, .rounded),
      ("-4.848506950699205", -4_848_506_950_699_205, .exact),
      ("-0.9005474995252559446109e-7", -90_054_750, .rounded),
      ("+0.19553721539743150000", 195_537_215_397_432, .rounded),
      ("-8.64696062307986850000000000", -8_646_960_623_079_868, .rounded),
      ("-590.128430886091524870533181234", -590_128_430_886_091_525, .rounded),
      ("-0000000009E15", 0, .outOfRange),
      ("-795.01017018875251550000e-2", -7_950_101_701_887_525, .rounded),
      ("0.860960575667033500000000000000000000", 860_960_575_667_034, .rounded),
      ("-792.916205101749410e17", 0, .outOfRange),
      ("-890.32379645965861683626E+5", 0, .outOfRange),
      ("-0.792243", -792_243_000_000_000, .exact),
      ("-0.46999434047632950000", -469_994_340_476_330, .rounded),
      ("-00000000000000.07331343342290450000000000000000000", -73_313_433_422_904, .rounded),
      ("-0.4161784185574415000000000000000", -416_178_418_557_442, .rounded),
      ("8.77421128896514450000000000000000000000e-21", 0, .rounded),
      ("0.6388292345407665000000000", 638_829_234_540_766, .rounded),
      ("0.33830871942271e15", 0, .outOfRange),
      ("+5.5219015313637515000000000000000000", 5_521_901_531_363_752, .rounded),
      ("-8.30345278323029650000000", -8_303_452_783_230_296, .rounded),
      ("+33.67033167325915190447473840e-2", 336_703_316_732_592, .rounded),
      ("-000632.0280703853757505000000000000000000000e-15", -632, .rounded),
      ("0.71e14", 0, .outOfRange),
      ("00000005.61594171330229050000000000000", 5_615_941_713_302_290, .rounded),
      ("-0000000000000204.391756", -204_391_756_000_000_000, .exact),
      ("+9.318074155371856500E8", 0, .outOfRange),
      ("0.3978653967679e+3", 397_865_396_767_900_000, .exact),
      ("-2.0e-15", -2, .exact),
      ("-5.421746713274652500000000001", -5_421_746_713_274_653, .rounded),
      ("-10.280200375580723500000000000000000", -10_280_200_375_580_724, .rounded),
      ("-0.685824020070778500000000000000000000", -685_824_020_070_778, .rounded),
      ("0.05998172441615", 59_981_724_416_150, .exact),
      ("-00000000000004.6504305596840265000000000000e+7", 0, .outOfRange),
      ("00000000000000000000000980.2760260224322085000000000000000", 980_276_026_022_432_208, .rounded),
      ("-961E22", 0, .outOfRange),
      ("-0.79678847287639424254e-19", 0, .rounded),
      ("-0000117.69584178975", -117_695_841_789_750_000, .exact),
      ("-0.5959554442198", -595_955_444_219_800, .exact),
      ("-3.472758298879016689403e-16", 0, .rounded),
      ("-8.6685045856751e11", 0, .outOfRange),
      ("-629.3564E-11", -6_293_564, .exact),
      ("-0.8637244831291E-0", -863_724_483_129_100, .exact),
      ("2.6386946411175105000000000000000E-9", 2_638_695, .rounded),
    ] as [(String, Int64, FixedDecimal.Scan)])
  func randomTextAgreesWithRationalArithmetic(text: String, units: Int64, outcome: FixedDecimal.Scan) {
    let result = scan(text)
    #expect(result.units == units)
    #expect(result.outcome == outcome)
  }

  @Test(arguments: [
    ("3.5,7", 3), ("3.5\n", 3), ("3:", 1), ("12abc", 2), ("1.5.2", 3), ("4 5", 1), ("-2e1x", 4), ("0x10", 1),
  ])
  func theScanStopsBehindTheNumber(text: String, read: Int) {
    let result = scan(text)
    #expect(result.outcome == .exact)
    #expect(result.read == read)
  }

  @Test func aNumberOfManyDigitsCostsNoMore() {
    let zeros = String(repeating: "0", count: 1_100_000)
    #expect(scan(zeros + "1").units == Self.one)
    #expect(scan("0." + zeros + "1").outcome == .rounded)
    // An exponent that undoes a long row of zeros.
    #expect(scan("0." + zeros + "1e1100001").units == Self.one)
    #expect(scan("1" + zeros + "e-1100000").units == Self.one)
  }

  @Test func fractionsOfAnyLengthRoundAsWideIntegersDo() {
    var stream = RandomStream(seed: 21, purpose: "fixed-decimal")
    for _ in 0..<20_000 {
      let whole = stream.below(1000)
      let length = stream.below(28)
      var digits = (0..<length).map { _ in stream.below(10) }
      // Every other one lies near a halfway case.
      if length > 16, stream.below(2) == 0 {
        digits[15] = 5
        for index in 16..<length { digits[index] = 0 }
        if stream.below(2) == 0 { digits[length - 1] = 1 }
      }
      var fraction: UInt128 = 0
      for digit in digits { fraction = fraction * 10 + UInt128(digit) }
      var units = UInt128(whole) * UInt128(Self.one)
      var exact = true
      if length <= 15 {
        for _ in length..<15 { fraction *= 10 }
        units += fraction
      } else {
        var divisor: UInt128 = 1
        for _ in 15..<length { divisor *= 10 }
        let (quotient, remainder) = fraction.quotientAndRemainder(dividingBy: divisor)
        units += quotient
        exact = remainder == 0
        if remainder * 2 > divisor || (remainder * 2 == divisor && units & 1 == 1) { units += 1 }
      }
      let text = "-\(whole)" + (length == 0 ? "" : "." + digits.map(String.init).joined())
      let result = scan(text)
      if result.units != -Int64(units) || result.outcome != (exact ? .exact : .rounded) {
        Issue.record("\(text): expected -\(units), got \(result)")
      }
    }
  }

  @Test(
    arguments: [
      (0, "0"), (1, "0.000000000000001"), (-1, "-0.000000000000001"), (one, "1"), (-36 * one / 10, "-3.6"),
      (1000 * one, "1000"), (-1000 * one + 1, "-999.999999999999999"), (857_250_001_000_000, "0.857250001"),
    ] as [(Int64, String)])
  func descriptionIsTheShortestText(units: Int64, text: String) {
    #expect(FixedDecimal(units: units).description == text)
    #expect(FixedDecimal(text: text)?.units == units)
  }

  @Test func descriptionAndTextGoRound() {
    var stream = RandomStream(seed: 22, purpose: "fixed-decimal-text")
    for _ in 0..<5000 {
      let limit = 1000 * Int(Self.one)
      let value = FixedDecimal(
        units: Int64(stream.below(2 * limit + 1) - limit) / [1, 1000, 1_000_000_000][stream.below(3)])
      #expect(FixedDecimal(value.description) == value)
    }
  }

  @Test func textAroundANumberIsRefused() {
    for text in ["", " 1", "1 ", "1,5", "1.", "0x1", "1e400", "1001", "nan", "१"] {
      #expect(FixedDecimal(text: text) == nil, "\(text)")
    }
  }

  @Test func doublesAreTakenAsTheyPrint() {
    #expect(FixedDecimal(0.1)?.units == Self.one / 10)
    #expect(FixedDecimal(-3.857250001)?.units == -3_857_250_001_000_000)
    #expect(FixedDecimal(1e-7)?.units == 100_000_000)
    #expect(FixedDecimal(Double.leastNonzeroMagnitude)?.units == 0)
    #expect(FixedDecimal(1000.0)?.units == 1000 * Self.one)
    let outside: [Double] = [(1000.0 as Double).nextUp, -.infinity, .nan, 1e300]
    for value in outside { #expect(FixedDecimal(value) == nil) }
    #expect(FixedDecimal(units: 3_600_000_000_000_000).doubleValue == 3.6)
    #expect(FixedDecimal(-3 as Int) < FixedDecimal(2 as Int))
  }
}
