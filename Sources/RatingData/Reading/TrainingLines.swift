import RatingNumerics

/// Reads lines `CustomerID,Rating,Date` with whole stars: the regular rows of a training set, sixteen bytes at a time.
enum TrainingLines {
  /// Where rows go.
  struct Target {
    var users: UnsafeMutablePointer<UInt32>
    var ratings: UnsafeMutablePointer<Float>
    /// Seconds since 1970.
    var times: UnsafeMutablePointer<UInt32>
    /// The number of rows there is room for.
    var capacity: Int
  }

  /// Decodes regular rows until another line, the end, or the end of the room; `p` then stands at the start of the line
  /// that was not decoded.
  ///
  /// A row is regular if its customer is a whole number below 2^32 - 1 without leading zeros, its rating a digit d for
  /// which bit d of `ratings` is set, and its date a day of the years 1970 to 2105.
  ///
  /// - Returns: the number of rows, and the largest customer.
  /// - Precondition: `FieldScanner.overread` bytes behind `end` are readable, and don't go on with the last line.
  static func decode(
    from p: inout BytePointer, to end: BytePointer, ratings allowed: UInt16, into target: Target
  ) -> (rows: Int, largest: UInt32) {
    let (users, ratings, times) = (target.users, target.ratings, target.times)
    let capacity = target.capacity
    return monthStarts.withUnsafeBufferPointer { months in
      let months = months.baseAddress!
      var q = p
      var rows = 0
      var largest: UInt32 = 0
      while q < end && rows < capacity {
        var r = q
        let (count, value) = FieldScanner.digits8(r)
        if count == 0 || (r.pointee == UInt8(ascii: "0") && count > 1) { break }
        var user = value
        if count == 8 {
          let whole = FieldScanner.wholeNumber(&r)
          if whole < 0 || whole >= Int64(UInt32.max) { break }
          user = UInt64(whole)
        } else {
          r += count
        }
        // ",R,YYYY-" and "Y-MM-DD" with its line break: bytes from the lowest, 0 to 9 where a digit is due, else 0.
        let head = FieldScanner.load8(r) ^ 0x2D30_3030_302C_302C
        let tail = FieldScanner.load8(r + 6) ^ 0x0A30_302D_3030_2D30
        let wrong =
          ((head &+ 0x7F76_7676_767F_767F) | head | (tail &+ 0x7F76_767F_7676_7F76) | tail) & 0x8080_8080_8080_8080
        let rating = (head &>> 8) & 0xFF
        if wrong != 0 || (allowed &>> UInt16(truncatingIfNeeded: rating)) & 1 == 0 { break }
        let pairs = ((head &>> 24) & 0xFFFF_FFFF) &* 10 &+ ((head &>> 32) & 0xFF_FFFF)
        let year = (pairs & 0xFF) &* 100 &+ ((pairs &>> 16) & 0xFF)
        let month = ((tail &>> 16) & 0xFF) &* 10 &+ ((tail &>> 24) & 0xFF)
        let day = ((tail &>> 40) & 0xFF) &* 10 &+ ((tail &>> 48) & 0xFF)
        let years = year &- 1970
        if years >= 136 || month > 15 { break }
        let start = months[Int(years &<< 4 | month)]
        // The number of days stands in the low bits; 0 for a month that is none.
        if day &- 1 >= UInt64(start & 31) { break }
        users[rows] = UInt32(truncatingIfNeeded: user)
        ratings[rows] = Float(Int32(truncatingIfNeeded: rating))
        times[rows] = (start &>> 5 &+ UInt32(truncatingIfNeeded: day) &- 1) &* 86_400
        largest = max(largest, UInt32(truncatingIfNeeded: user))
        rows &+= 1
        q = r + 14
      }
      p = q
      return (rows, largest)
    }
  }

  /// For month m of year 1970 + y, at 16 y + m: its first day since 1970-01-01, times 32, plus its number of days.
  private static let monthStarts: [UInt32] = (0..<(136 * 16)).map { index in
    let (year, month) = (1970 + index / 16, index % 16)
    let first = FieldScanner.dayNumber(year: year, month: month, day: 1)
    guard first >= 0 else { return 0 }
    let days = (28...31).last { FieldScanner.dayNumber(year: year, month: month, day: $0) >= 0 }!
    return UInt32(first * 32 + days)
  }
}
