/// Up to `capacity` rows of a file in columns: what decoders fill and everything else consumes.
///
/// Small enough to stay in the first cache levels between the two.
final class RowBatch {
  static let capacity = 2048

  /// Users and items as codes: a whole number of at least 0 is itself, text is the negative code of `IdentifierCodes`.
  /// Formats without users have `RowBatch.noUser`.
  let users: UnsafeMutablePointer<Int64>
  let items: UnsafeMutablePointer<Int64>
  /// Ratings or predictions in units of 10^-15; in a membership file 0 for quiz and 1 for test.
  let values: UnsafeMutablePointer<Int64>
  /// Seconds since 1970, where the format has times.
  let times: UnsafeMutablePointer<UInt32>
  /// Line numbers from 1.
  let lines: UnsafeMutablePointer<Int>
  var count = 0

  static let noUser = Int64.min

  init() {
    users = .allocate(capacity: Self.capacity)
    items = .allocate(capacity: Self.capacity)
    values = .allocate(capacity: Self.capacity)
    times = .allocate(capacity: Self.capacity)
    lines = .allocate(capacity: Self.capacity)
    users.initialize(repeating: Self.noUser, count: Self.capacity)
    items.initialize(repeating: 0, count: Self.capacity)
    values.initialize(repeating: 0, count: Self.capacity)
    times.initialize(repeating: 0, count: Self.capacity)
    lines.initialize(repeating: 0, count: Self.capacity)
  }

  deinit {
    users.deallocate()
    items.deallocate()
    values.deallocate()
    times.deallocate()
    lines.deallocate()
  }

  @inline(__always)
  func append(user: Int64, item: Int64, value: Int64, time: UInt32, line: Int) {
    users[count] = user
    items[count] = item
    values[count] = value
    times[count] = time
    lines[count] = line
    count &+= 1
  }
}
