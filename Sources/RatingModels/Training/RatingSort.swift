import RatingData
import RatingNumerics

/// A stable counting sort of rows by key, for more rows and keys than fit in the caches.
///
/// Writing each row straight to its place among many keys would wait for memory at nearly every step. So rows are taken
/// in large batches. A batch is first dealt into at most 256 buckets of neighbouring keys, which writes to few places at
/// a time; then each bucket's rows go to their places, which are near each other and meet again while they are cached.
///
/// The result does not depend on the number of threads: buckets keep the order of rows.
struct RatingSort {
  private static let rowsInBatch = 1 << 23
  private static let mostBuckets = 256
  private static let secondsInDay: UInt32 = 86_400

  /// A row on its way.
  private struct Record {
    var key: UInt32
    var other: UInt32
    var code: UInt16
    var day: UInt16
  }

  private let keys: UnsafeBufferPointer<UInt32>
  private let others: UnsafeBufferPointer<UInt32>
  private let starts: [Int]
  private let threads: Int?
  /// Ratings, where their places in a table are sorted too.
  var ratings: (values: UnsafeBufferPointer<Float>, codes: RatingCodes)?
  /// Times, where days are sorted too.
  var times: UnsafeBufferPointer<UInt32>?

  /// - Parameter starts: where the rows of each key begin, and where the last one's end.
  init(keys: UnsafeBufferPointer<UInt32>, others: UnsafeBufferPointer<UInt32>, starts: [Int], threads: Int?) {
    self.keys = keys
    self.others = others
    self.starts = starts
    self.threads = threads
  }

  /// The columns by key; `codes` is empty where no ratings are given.
  func sorted<Other: FixedWidthInteger & Sendable, Code: FixedWidthInteger & Sendable>(
    as _: Other.Type, _: Code.Type
  ) -> (others: [Other], codes: [Code], days: [UInt16]?) {
    var (codes, days): ([Code], [UInt16]) = ([], [])
    let others = Self.column(keys.count) { (others: UnsafeMutablePointer<Other>) in
      codes = Self.column(ratings == nil ? 0 : keys.count) { (codes: UnsafeMutablePointer<Code>) in
        days = Self.column(times == nil ? 0 : keys.count) { days in
          place(others, ratings == nil ? nil : codes, times == nil ? nil : days)
        }
      }
    }
    return (others, codes, times == nil ? nil : days)
  }

  /// Numbers by key, one for each row.
  func sorted(_ numbers: UnsafeBufferPointer<Float>) -> [Float] {
    numbers.withMemoryRebound(to: UInt32.self) { bits in
      Self.column(keys.count) { (target: UnsafeMutablePointer<Float>) in
        target.withMemoryRebound(to: UInt32.self, capacity: keys.count) { place(bits, $0) }
      }
    }
  }

  /// As above.
  func sorted(_ numbers: UnsafeBufferPointer<UInt32>) -> [UInt32] {
    Self.column(keys.count) { place(numbers, $0) }
  }

  private func place(_ numbers: UnsafeBufferPointer<UInt32>, _ target: UnsafeMutablePointer<UInt32>) {
    RatingSort(keys: keys, others: numbers, starts: starts, threads: threads)
      .place(target, nil as UnsafeMutablePointer<UInt8>?, nil)
  }

  private static func column<Element>(
    _ count: Int, _ fill: (UnsafeMutablePointer<Element>) -> Void
  ) -> [Element] {
    [Element](unsafeUninitializedCapacity: max(count, 1)) { buffer, initialized in
      LargePages.advise(buffer.baseAddress, byteCount: count * MemoryLayout<Element>.stride)
      fill(buffer.baseAddress!)
      initialized = count
    }
  }

  private func place<Other: FixedWidthInteger & Sendable, Code: FixedWidthInteger & Sendable>(
    _ others: UnsafeMutablePointer<Other>, _ codes: UnsafeMutablePointer<Code>?, _ days: UnsafeMutablePointer<UInt16>?
  ) {
    let size = min(keys.count, Self.rowsInBatch)
    let memory = UnsafeMutablePointer<Record>.allocate(capacity: max(size, 1))
    LargePages.advise(memory, byteCount: size * MemoryLayout<Record>.stride)
    defer { memory.deallocate() }
    let keyCount = starts.count - 1
    // The fewest bits that leave no more than the most buckets.
    let shift = Int.bitWidth - (max(keyCount - 1, 0) / Self.mostBuckets).leadingZeroBitCount
    let buckets = (max(keyCount - 1, 0) >> shift) + 1
    var next = starts
    next.withUnsafeMutableBufferPointer { next in
      nonisolated(unsafe) let (next, records) = (next.baseAddress!, memory)
      nonisolated(unsafe) let (others, codes, days) = (others, codes, days)
      for first in stride(from: 0, to: keys.count, by: Self.rowsInBatch) {
        let ends = deal(first..<min(first + size, keys.count), shift: shift, buckets: buckets, into: records)
        Parallel.forEach(buckets, threads: threads) { bucket in
          for index in (bucket == 0 ? 0 : ends[bucket - 1])..<ends[bucket] {
            let record = records[index]
            let position = next[Int(record.key)]
            next[Int(record.key)] = position &+ 1
            others[position] = Other(truncatingIfNeeded: record.other)
            if let codes { codes[position] = Code(truncatingIfNeeded: record.code) }
            if let days { days[position] = record.day }
          }
        }
      }
    }
  }

  /// Deals a batch into buckets, the rows of each in their order. Returns where each bucket ends.
  private func deal(
    _ batch: Range<Int>, shift: Int, buckets: Int, into records: UnsafeMutablePointer<Record>
  ) -> [Int] {
    let parts = Parallel.rowPieces(batch.count, threads: threads).map { rows in
      batch.lowerBound + rows.lowerBound..<batch.lowerBound + rows.upperBound
    }
    nonisolated(unsafe) let (keys, others, times, records) = (keys, others, times, records)
    nonisolated(unsafe) let ratings = ratings
    let counts = Parallel.map(parts.count, threads: threads) { part in
      var counts = [Int](repeating: 0, count: buckets)
      counts.withUnsafeMutableBufferPointer { counts in
        for row in parts[part] { counts[Int(keys[row]) >> shift] &+= 1 }
      }
      return counts
    }
    // Where each part's rows of each bucket go.
    var (places, ends, end) = (counts, [Int](repeating: 0, count: buckets), 0)
    for bucket in 0..<buckets {
      for part in parts.indices {
        places[part][bucket] = end
        end += counts[part][bucket]
      }
      ends[bucket] = end
    }
    let begins = places
    Parallel.forEach(parts.count, threads: threads) { part in
      var next = begins[part]
      next.withUnsafeMutableBufferPointer { next in
        func deal(_ code: (Int) -> UInt16, _ day: (Int) -> UInt16) {
          for row in parts[part] {
            let key = keys[row]
            let place = next[Int(key) >> shift]
            next[Int(key) >> shift] = place &+ 1
            records[place] = Record(key: key, other: others[row], code: code(row), day: day(row))
          }
        }
        let day = { (row: Int) -> UInt16 in times.map { UInt16(truncatingIfNeeded: $0[row] / Self.secondsInDay) } ?? 0 }
        if let (values, codes) = ratings {
          codes.withCoder { coder in deal({ coder.code(values[$0]) }, day) }
        } else {
          deal({ _ in 0 }, day)
        }
      }
    }
    return ends
  }
}
