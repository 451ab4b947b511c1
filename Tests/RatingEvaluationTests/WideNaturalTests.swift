import RatingNumerics
import Testing

@testable import RatingEvaluation

struct WideNaturalTests {
  let one = WideNatural(1)

  @Test func doublesAreRoundedOnceAndTiesGoToEven() {
    // 1 + 2^-53 lies in the middle of 1 and the next Double; anything more, however little, is rounded up.
    let middle = (one << 53) + one
    #expect(WideNatural.quotient(middle, one << 53) == 1)
    #expect(WideNatural.quotient((middle << 40) + one, one << 93) == 1 + 0x1p-52)
    #expect(WideNatural.quotient((one << 53) + WideNatural(3), one << 53) == 1 + 0x1p-51)
    #expect(WideNatural.squareRoot(middle * middle, one << 106) == 1)
    #expect(WideNatural.squareRoot((middle * middle << 60) + one, one << 166) == 1 + 0x1p-52)
    #expect(WideNatural.squareRoot(WideNatural(2), one) == 2.0.squareRoot())
    #expect(WideNatural.quotient(WideNatural(0), one) == 0)
  }

  @Test func divisionAndRootLeaveWhatTheySay() {
    var random = RandomStream(seed: Seed(8), purpose: "wide", index: 0)
    for round in 0..<200 {
      var a = WideNatural(random.next())
      for _ in 0..<(round % 5) { a = a * WideNatural(random.next()) + WideNatural(random.next()) }
      let divisor = WideNatural(random.next() >> UInt64(round % 64)) * WideNatural(random.next()) + one
      let (quotient, remainder) = a.dividing(by: divisor)
      #expect(quotient * divisor + remainder == a && remainder < divisor)
      let (root, left) = a.squareRoot()
      #expect(root * root + left == a && a < (root + one) * (root + one))
      var less = a
      less -= left
      #expect(less == root * root)
    }
  }
}
