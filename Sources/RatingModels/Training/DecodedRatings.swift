import RatingNumerics

/// A stretch of `SparseRatings` as the kernels read it. Every piece of parallel work has its own, and uses it for one
/// stretch after the other.
///
/// Memory: 8 bytes for each rating of the longest stretch.
final class DecodedRatings {
  /// The indices of the other side.
  private(set) var others: UnsafeMutablePointer<UInt32>
  private(set) var values: UnsafeMutablePointer<Float>
  private(set) var count = 0
  private var capacity: Int

  /// - Parameter capacity: makes room for so many ratings; there will be more where they are needed.
  init(capacity: Int = 1024) {
    self.capacity = max(capacity, 1)
    others = .allocate(capacity: self.capacity)
    values = .allocate(capacity: self.capacity)
  }

  /// The ratings at these positions.
  convenience init(_ ratings: SparseRatings, _ positions: Range<Int>) {
    self.init(capacity: positions.count)
    read(ratings, positions)
  }

  deinit {
    others.deallocate()
    values.deallocate()
  }

  /// Reads the ratings at these positions; those that were read before are gone.
  ///
  /// - Complexity: O(positions).
  func read(_ ratings: SparseRatings, _ positions: Range<Int>) {
    if positions.count > capacity {
      others.deallocate()
      values.deallocate()
      capacity = max(positions.count, 2 * capacity)
      others = .allocate(capacity: capacity)
      values = .allocate(capacity: capacity)
    }
    ratings.others.decode(positions, into: others)
    ratings.values.decode(positions, into: values)
    count = positions.count
  }
}
