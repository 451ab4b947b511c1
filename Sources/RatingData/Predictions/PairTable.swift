import RatingNumerics

/// Finds the rows of (user, item) pairs.
///
/// Open addressing with linear probing, at most two thirds full. A slot holds a row and 32 bits of its pair's hash, so
/// that hardly any other pair is ever compared. Memory is slower than all else here: pairs are looked up in batches, the
/// slots of a whole batch first, so that the processor fetches many of them at a time.
final class PairTable: @unchecked Sendable {
  private let users: [Int64]
  private let items: [Int64]
  /// Low half: the row. High half: the low half of the hash. Never changed once it is taken.
  private let slots: UnsafeMutableBufferPointer<UInt64>
  /// Rows whose pair occurred before.
  private(set) var repeated: [Int] = []

  private static let empty = UInt64.max
  private static let batchSize = RowBatch.capacity

  /// - Precondition: fewer than 2^31 rows.
  /// - Complexity: O(rows), 12 bytes a row.
  init(users: [Int64], items: [Int64]) {
    precondition(users.count < 1 << 31, "a pair table holds fewer than 2^31 rows, got \(users.count)")
    self.users = users
    self.items = items
    slots = .allocate(capacity: users.count + users.count / 2 + 16)
    LargePages.advise(slots.baseAddress, byteCount: slots.count * MemoryLayout<UInt64>.stride)
    slots.initialize(repeating: Self.empty)
    var repeated: [Int] = []
    users.withUnsafeBufferPointer { users in
      items.withUnsafeBufferPointer { items in
        withUnsafeTemporaryAllocation(of: Probe.self, capacity: Self.batchSize) { probes in
          for start in stride(from: 0, to: users.count, by: Self.batchSize) {
            let count = min(Self.batchSize, users.count - start)
            begin(probes, users.baseAddress! + start, items.baseAddress! + start, count: count)
            for k in 0..<count {
              let row = start + k
              var (slot, content) = (home(probes[k].hash), probes[k].content)
              while true {
                // Rows of this batch may have come here since.
                if content == Self.empty { content = slots[slot] }
                if content == Self.empty {
                  slots[slot] = probes[k].hash << 32 | UInt64(row)
                  break
                }
                let other = Int(content & 0xffff_ffff)
                if Self.agrees(content, probes[k].hash) && users[other] == users[row] && items[other] == items[row] {
                  repeated.append(row)
                  break
                }
                slot = next(slot)
                content = slots[slot]
              }
            }
          }
        }
      }
    }
    self.repeated = repeated
  }

  deinit { slots.deallocate() }

  /// The row of the pair, or -1.
  func row(user: Int64, item: Int64) -> Int {
    let hash = Self.hash(user, item)
    var slot = home(hash)
    while slots[slot] != Self.empty {
      let row = Int(slots[slot] & 0xffff_ffff)
      if Self.agrees(slots[slot], hash) && users[row] == user && items[row] == item { return row }
      slot = next(slot)
    }
    return -1
  }

  /// Writes the rows of `count` pairs to `found`, -1 where there is none.
  ///
  /// - Parameter expected: the row that the first pair is likely to have. Files mostly stand in the order of the questions
  ///   that they answer, and then nothing needs to be searched. Becomes the row behind the last pair's.
  /// - Precondition: `count` is at most `RowBatch.capacity`.
  func find(
    users wantedUsers: UnsafePointer<Int64>, items wantedItems: UnsafePointer<Int64>, count: Int, expected: inout Int,
    into found: UnsafeMutablePointer<Int>
  ) {
    guard count > 0 else { return }
    users.withUnsafeBufferPointer { users in
      items.withUnsafeBufferPointer { items in
        var first = 0
        while first < count, expected < users.count, users[expected] == wantedUsers[first],
          items[expected] == wantedItems[first]
        {
          found[first] = expected
          expected += 1
          first += 1
        }
        guard first < count else { return }
        withUnsafeTemporaryAllocation(of: Probe.self, capacity: count - first) { probes in
          begin(probes, wantedUsers + first, wantedItems + first, count: count - first)
          for k in 0..<(count - first) {
            var slot = home(probes[k].hash)
            while probes[k].content != Self.empty && !Self.agrees(probes[k].content, probes[k].hash) {
              slot = next(slot)
              probes[k].content = slots[slot]
            }
          }
          for k in first..<count {
            let content = probes[k - first].content
            let row = Int(content & 0xffff_ffff)
            if content == Self.empty {
              found[k] = -1
            } else if users[row] == wantedUsers[k] && items[row] == wantedItems[k] {
              found[k] = row
            } else {
              found[k] = self.row(user: wantedUsers[k], item: wantedItems[k])
            }
          }
        }
        expected = found[count - 1] + 1
      }
    }
  }

  /// A search that has begun: the hash of its pair, and what the slot held that was looked at last.
  private struct Probe {
    var hash: UInt64
    var content: UInt64
  }

  private func begin(
    _ probes: UnsafeMutableBufferPointer<Probe>, _ users: UnsafePointer<Int64>, _ items: UnsafePointer<Int64>,
    count: Int
  ) {
    for k in 0..<count {
      let hash = Self.hash(users[k], items[k])
      probes[k] = Probe(hash: hash, content: slots[home(hash)])
    }
  }

  /// The high half of the hash says where the search starts, the low half is kept in the slot.
  @inline(__always)
  private func home(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(truncatingIfNeeded: slots.count)) >> 32)
  }

  @inline(__always)
  private func next(_ slot: Int) -> Int { slot + 1 == slots.count ? 0 : slot + 1 }

  @inline(__always)
  private static func agrees(_ content: UInt64, _ hash: UInt64) -> Bool {
    UInt32(truncatingIfNeeded: content >> 32) == UInt32(truncatingIfNeeded: hash)
  }

  @inline(__always)
  private static func hash(_ user: Int64, _ item: Int64) -> UInt64 {
    var z = UInt64(bitPattern: user) &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(bitPattern: item) &* 0xc2b2_ae3d_27d4_eb4f
    z = (z ^ (z >> 29)) &* 0xbf58_476d_1ce4_e5b9
    return z ^ (z >> 32)
  }
}
