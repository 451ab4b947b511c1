import Testing

@testable import RatingEvaluation

struct PrizeDecimalTests {
  @Test(arguments: [
    ("0.9525", "0.9525"), (".9525", "0.9525"), ("1", "1"), ("0.95250", "0.95250"), ("000.5", "0.5"), ("2000", "2000"),
    ("1.000000000000001", "1.000000000000001"), ("0", "0"), ("2000.000000000000000", "2000.000000000000000"),
  ])
  func textIsKept(_ text: String, _ printed: String) throws {
    #expect(try PrizeDecimal(text: text).description == printed)
  }

  @Test(arguments: [
    "", ".", "1.", "-1", "+1", "1e0", "0,95", "1.2.3", "nan", " 1", "0x1", "2000.1", "20000.000000000000000",
    "99999999999999999999999999999999999999999999", "0.0000000000000001", "\u{0661}",
  ])
  func otherTextIsRefused(_ text: String) {
    #expect(code { _ = try PrizeDecimal(text: text) } == .badDecimal)
  }

  @Test func equalityAndOrderAreByValue() {
    #expect(PrizeDecimal("0.95") == PrizeDecimal("0.950"))
    #expect(Set<PrizeDecimal>(["0.95", "0.950"]).count == 1)
    #expect(PrizeDecimal("0.8572") < PrizeDecimal("0.85720001"))
    #expect(PrizeDecimal("0.9525").doubleValue == 0.9525)
  }

  @Test(arguments: ["10%", "0%", "9.34%", "0.5%", "99.999%"])
  func improvementsAreKeptAsWritten(_ text: String) throws {
    #expect(try Improvement(text: text).description == text)
  }

  @Test(arguments: [
    ("10", "write 10%, not 10"), ("0.1", "write 10% or 0.1%, whichever is meant, not 0.1"), ("100%", "below 100%"),
    ("-5%", "no percentage"), ("%", "no percentage"), ("10 %", "no percentage"), ("ten", "no percentage"),
    ("0", "write 0%, not 0"), ("", "no percentage"), ("10%%", "no percentage"), ("0.125", "write 12.5% or 0.125%"),
  ])
  func improvementsWithoutTheirSignAreRefused(_ text: String, _ advice: String) {
    do {
      _ = try Improvement(text: text)
      Issue.record("\(text) was taken")
    } catch {
      #expect(error.code == .badImprovement)
      #expect(error.message.contains(advice), "\(error.message)")
    }
  }

  @Test(
    arguments: [
      (".8712", ".9514", "8.43"), (".8616", ".9514", "9.44"), (".8558", ".9514", "10.05"), (".8554", ".9514", "10.09"),
      (".8553", ".9514", "10.10"), (".8567", ".9525", "10.06"), (".8625", ".9514", "9.34"), (".9514", ".9514", "0.00"),
      ("0", "1", "100.00"), ("2", "1", "-100.00"),
      // exact ties go down: 0.005% and -0.005% and 12.345%
      ("0.99995", "1", "0.00"), ("1.00005", "1", "-0.01"), ("0.87655", "1", "12.34"), ("0.876549", "1", "12.35"),
      ("2000", "0.000000000000001", "-199999999999999999900.00"),
    ] as [(PrizeDecimal, PrizeDecimal, String)])
  func percentagesAreTheAnnouncedOnes(_ score: PrizeDecimal, _ baseline: PrizeDecimal, _ percent: String) {
    #expect(PrizePercent(of: score, below: baseline).description == percent)
  }
}
