/// Finds the row of a (user, item) pair.
///
/// Open addressing with linear probing over 32-bit row numbers, at most half full.
final class PairTable {
  private let users: [Int64]
  private let items: [Int64]
  private let slots: UnsafeMutableBufferPointer<UInt32>
  private let mask: Int
  /// Rows whose pair occurred before.
  private(set) var repeated: [Int] = []

  private static let empty = UInt32.max

  /// - Precondition: fewer than 2^32 - 1 rows.
  init(users: [Int64], items: [Int64]) {
    precondition(users.count < Int(UInt32.max), "a pair table holds fewer than 2^32 rows, got \(users.count)")
    self.users = users
    self.items = items
    var size = 16
    while size < 2 * users.count { size *= 2 }
    slots = .allocate(capacity: size)
    slots.initialize(repeating: Self.empty)
    mask = size - 1
    for row in users.indices {
      var slot = Self.hash(users[row], items[row]) & mask
      while true {
        let other = slots[slot]
        if other == Self.empty {
          slots[slot] = UInt32(row)
          break
        }
        if users[Int(other)] == users[row] && items[Int(other)] == items[row] {
          repeated.append(row)
          break
        }
        slot = (slot + 1) & mask
      }
    }
  }

  deinit { slots.deallocate() }

  /// The row of the pair, or -1.
  func row(user: Int64, item: Int64) -> Int {
    var slot = Self.hash(user, item) & mask
    while true {
      let row = slots[slot]
      if row == Self.empty { return -1 }
      if users[Int(row)] == user && items[Int(row)] == item { return Int(row) }
      slot = (slot + 1) & mask
    }
  }

  @inline(__always)
  private static func hash(_ user: Int64, _ item: Int64) -> Int {
    var z = UInt64(bitPattern: user) &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(bitPattern: item) &* 0xc2b2_ae3d_27d4_eb4f
    z = (z ^ (z >> 29)) &* 0xbf58_476d_1ce4_e5b9
    return Int(truncatingIfNeeded: (z ^ (z >> 32)) & 0x7fff_ffff_ffff_ffff)
  }
}
