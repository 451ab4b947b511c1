import Foundation
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingData

/// The fast field reader against a slow one that follows its documentation.
@Suite struct FieldScannerTests {
  /// The bytes with the room behind them that the scanner may look at, filled with what looks like more of the field.
  private func scan<Value>(_ text: String, _ body: (inout BytePointer) -> Value) -> (value: Value, read: Int) {
    let bytes = Array(text.utf8)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + FieldScanner.overread)
    defer { memory.deallocate() }
    memory.initialize(repeating: UInt8(ascii: "7"), count: bytes.count + FieldScanner.overread)
    memory.update(from: bytes, count: bytes.count)
    var p = BytePointer(memory)
    let value = body(&p)
    return (value, p - BytePointer(memory))
  }

  private func slowWhole(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard (1...16).contains(digits.count), digits == "0" || digits.first != "0" else { return nil }
    return Int64(digits)
  }

  @Test func wholeNumbersOfEveryLengthAgree() {
    var random = SplitMix(1)
    for length in 0...20 {
      for _ in 0..<500 {
        let digits = (0..<length).map { _ in String(random.next() % 10) }.joined()
        for end in [",", "\n", ":", ".", " ", "/", "\t", "-"] {
          let text = digits + end
          let (value, read) = scan(text) { FieldScanner.wholeNumber(&$0) }
          if let expected = slowWhole(text) {
            #expect(value == expected && read == length, "\(text.debugDescription)")
          } else {
            #expect(value == -1, "\(text.debugDescription)")
          }
        }
      }
    }
  }

  private func slowDecimal(_ text: String) -> (Int64, Int)? {
    let body = text.prefix { $0.isNumber || $0 == "." || $0 == "-" }
    var rest = body[...]
    let isNegative = rest.first == "-"
    if isNegative { rest = rest.dropFirst() }
    let whole = rest.prefix { $0.isNumber }
    guard (1...3).contains(whole.count) else { return nil }
    rest = rest.dropFirst(whole.count)
    var units = Int64(whole)! * FixedDecimal.unitsPerOne
    var length = whole.count + (isNegative ? 1 : 0)
    if rest.first == "." {
      let fraction = rest.dropFirst().prefix { $0.isNumber }
      guard (1...8).contains(fraction.count) else { return nil }
      units += Int64(fraction + String(repeating: "0", count: 15 - fraction.count))!
      length += 1 + fraction.count
    }
    return (isNegative ? -units : units, length)
  }

  @Test func decimalsAgree() {
    var random = SplitMix(2)
    func digits(_ count: Int) -> String { (0..<count).map { _ in String(random.next() % 10) }.joined() }
    for whole in 0...5 {
      for fraction in -1...10 {
        for sign in ["", "-", "+", "--"] {
          for end in [",", "\n", "e", ".", " ", "\t"] {
            for _ in 0..<20 {
              let text = sign + digits(whole) + (fraction < 0 ? "" : "." + digits(fraction)) + end
              let (value, read) = scan(text) { FieldScanner.decimal(&$0) }
              guard let (expected, length) = slowDecimal(text) else {
                #expect(value == FieldScanner.noDecimal, "\(text.debugDescription)")
                continue
              }
              #expect(value == expected && read == length, "\(text.debugDescription): \(value), \(read)")
            }
          }
        }
      }
    }
  }

  @Test func anyBytesAreReadOrRefusedAsTheSlowWayDoes() {
    var random = SplitMix(3)
    let alphabet = Array("0123456789.-+,:\n \tenaif/;")
    for _ in 0..<50_000 {
      let text =
        String((0..<(1 + Int(random.next() % 20))).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] })
        + "\n"
      let (whole, _) = scan(text) { FieldScanner.wholeNumber(&$0) }
      #expect(whole == slowWhole(text) ?? -1, "\(text.debugDescription)")
      let (decimal, _) = scan(text) { FieldScanner.decimal(&$0) }
      #expect(decimal == slowDecimal(text)?.0 ?? FieldScanner.noDecimal, "\(text.debugDescription)")
    }
  }

  @Test func everyDayOf136YearsIsTheCalendarsDay() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    var number = 0
    for year in 1970...2105 {
      for month in 1...12 {
        let first = try #require(calendar.date(from: DateComponents(year: year, month: month, day: 1)))
        #expect(Int(first.timeIntervalSince1970) == number * 86_400)
        let days = try #require(calendar.range(of: .day, in: .month, for: first)).count
        for day in 0...32 {
          func padded(_ value: Int, _ width: Int) -> String {
            String(repeating: "0", count: width - String(value).count) + String(value)
          }
          let text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))\n"
          let fast = scan(text) { FieldScanner.day($0) }.value
          let slow = Array(text.utf8.dropLast()).withUnsafeBufferPointer { TimeText.day($0) }
          let expected = (1...days).contains(day) ? number + day - 1 : nil
          #expect(fast == expected ?? -1 && slow == expected, "\(text)")
          if let expected {
            let date = CalendarTime(UInt32(expected * 86_400)).date
            #expect(date == (year, month, day))
          }
        }
        number += days
      }
    }
    for text in [
      "1969-12-31", "2106-01-01", "0000-01-01", "2005-00-10", "2005-13-10", "2005/01/01", "2005-1-01\n", "20050-1-01",
      "2005-0a-01",
    ] {
      #expect(scan(text + "\n") { FieldScanner.day($0) }.value == -1, "\(text)")
    }
  }
}
