import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ratings in columns: user index, item index, rating and, where the source has them, time. A value: only
/// `remove(_:threads:)` changes it.
///
/// The columns live in one object that owns its memory; copies share it. Row order is the source's.
///
/// Memory: 12 bytes for each rating, 16 with times.
public struct RatingDataset: Sendable {
  public let vocabularies: Vocabularies
  /// The scale that the format fixes, the caller gave, or the reader inferred.
  public let scale: RatingScale
  var columns: RatingColumns

  init(vocabularies: Vocabularies, scale: RatingScale, columns: RatingColumns) {
    self.vocabularies = vocabularies
    self.scale = scale
    self.columns = columns
  }

  public var count: Int { columns.count }
  public var hasTimes: Bool { columns.times != nil }
  public var userCount: Int { vocabularies.users.count }
  public var itemCount: Int { vocabularies.items.count }

  /// The columns, each of `count` elements, valid until `body` returns.
  public func withUnsafeColumns<Result, Failure: Error>(
    _ body: (UnsafeRatingColumns) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(columns) {} }
    return try body(
      UnsafeRatingColumns(
        users: UnsafeBufferPointer(start: columns.users, count: columns.count),
        items: UnsafeBufferPointer(start: columns.items, count: columns.count),
        ratings: UnsafeBufferPointer(start: columns.ratings, count: columns.count),
        times: columns.times.map { UnsafeBufferPointer(start: $0, count: columns.count) }))
  }

  /// The rows at these positions, in this order, with the same vocabularies and scale.
  ///
  /// - Precondition: every position is in `0..<count`.
  /// - Complexity: O(rows.count).
  public func selecting(rows: [Int]) -> RatingDataset {
    let selected = RatingColumns.allocate(count: rows.count, times: hasTimes)
    withUnsafeColumns { source in
      for (target, row) in rows.enumerated() {
        precondition(row >= 0 && row < count, "row \(row) is outside a data set of \(count)")
        selected.users[target] = source.users[row]
        selected.items[target] = source.items[row]
        selected.ratings[target] = source.ratings[row]
        if let times = source.times { selected.times![target] = times[row] }
      }
    }
    return RatingDataset(vocabularies: vocabularies, scale: scale, columns: selected)
  }

  /// The users, items and times without the ratings: what a model is asked.
  public var pairs: RatingPairs {
    withUnsafeColumns {
      RatingPairs(users: Array($0.users), items: Array($0.items), times: $0.times.map { Array($0) })
    }
  }

  /// The mean rating; 0 for an empty data set. Summed in Double in row order.
  public var mean: Double {
    guard count > 0 else { return 0 }
    return withUnsafeColumns { $0.ratings.reduce(into: 0.0) { $0 += Double($1) } } / Double(count)
  }
}

/// The columns of a data set, valid inside `withUnsafeColumns` only.
public struct UnsafeRatingColumns {
  /// User indices.
  public let users: UnsafeBufferPointer<UInt32>
  /// Item indices.
  public let items: UnsafeBufferPointer<UInt32>
  public let ratings: UnsafeBufferPointer<Float>
  /// Seconds since 1970-01-01 00:00 UTC; nil where the source has no times.
  public let times: UnsafeBufferPointer<UInt32>?
}

/// The memory behind a data set. Written only while it is being made; once it is inside a `RatingDataset`, only where no
/// other shares it.
final class RatingColumns: @unchecked Sendable {
  private(set) var count: Int
  let users: UnsafeMutablePointer<UInt32>
  let items: UnsafeMutablePointer<UInt32>
  let ratings: UnsafeMutablePointer<Float>
  let times: UnsafeMutablePointer<UInt32>?
  private let release: () -> Void

  init(
    count: Int, users: UnsafeMutablePointer<UInt32>, items: UnsafeMutablePointer<UInt32>,
    ratings: UnsafeMutablePointer<Float>, times: UnsafeMutablePointer<UInt32>?, release: @escaping () -> Void
  ) {
    self.count = count
    self.users = users
    self.items = items
    self.ratings = ratings
    self.times = times
    self.release = release
  }

  deinit { release() }

  /// Keeps these stretches of rows of each piece, which are moved together; the memory of the others stays.
  func keep(_ stretches: [[Range<Int>]], of pieces: [Range<Int>], threads: Int?) {
    func compact<Value>(_ column: UnsafeMutablePointer<Value>) {
      nonisolated(unsafe) let column = column
      Parallel.forEach(pieces.count, threads: threads) { piece in
        var target = pieces[piece].lowerBound
        for stretch in stretches[piece] {
          (column + target).update(from: column + stretch.lowerBound, count: stretch.count)
          target += stretch.count
        }
      }
      var target = 0
      for (piece, kept) in zip(pieces, stretches) {
        let count = kept.reduce(0) { $0 + $1.count }
        (column + target).update(from: column + piece.lowerBound, count: count)
        target += count
      }
    }
    compact(users)
    compact(items)
    compact(ratings)
    if let times { compact(times) }
    count = stretches.joined().reduce(0) { $0 + $1.count }
  }

  /// Columns that own their memory, which is not initialized.
  static func allocate(count: Int, times: Bool) -> RatingColumns {
    let columns = (0..<(times ? 4 : 3)).map { _ in LargeMemory.allocate(bytes: 4 * count) }
    return RatingColumns(
      count: count, users: columns[0].bindMemory(to: UInt32.self, capacity: count),
      items: columns[1].bindMemory(to: UInt32.self, capacity: count),
      ratings: columns[2].bindMemory(to: Float.self, capacity: count),
      times: times ? columns[3].bindMemory(to: UInt32.self, capacity: count) : nil
    ) {
      for column in columns { free(column) }
    }
  }
}

/// Memory for large columns.
enum LargeMemory {
  private static let hugePage = 2 << 20

  /// Memory that is not initialized, to be given back with `free`. Large pieces are asked for in huge pages, which saves
  /// most of the time that first touching them takes.
  static func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= 2 * hugePage else { return malloc(max(bytes, 1))! }
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, hugePage, bytes) == 0, let memory else { return malloc(bytes)! }
    #if os(Linux)
      madvise(memory, bytes, MADV_HUGEPAGE)
    #endif
    return memory
  }
}
