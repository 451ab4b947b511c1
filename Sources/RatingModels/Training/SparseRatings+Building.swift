import RatingData
import RatingNumerics

extension SparseRatings {
  /// The ratings by user, or by item; the same for any number of threads.
  ///
  /// - Parameter days: whether to keep the days; data without times has none.
  /// - Complexity: O(ratings + keys), in parallel; beside the result 12 bytes for each of at most 8,388,608 ratings.
  init(_ dataset: RatingDataset, by key: Key, days: Bool = false, threads: Int?) {
    self.init(dataset, by: key, Summary(dataset, threads: threads), days: days, threads: threads)
  }

  /// The ratings by user and by item: what is counted for both is counted once.
  static func both(
    _ dataset: RatingDataset, days: Bool = false, threads: Int?
  ) -> (byUser: SparseRatings, byItem: SparseRatings) {
    let summary = Summary(dataset, threads: threads)
    return (
      SparseRatings(dataset, by: .user, summary, days: days, threads: threads),
      SparseRatings(dataset, by: .item, summary, days: days, threads: threads)
    )
  }

  /// What has to be known of all ratings before the first is put in its place.
  private struct Summary {
    let counts: (users: [UInt32], items: [UInt32])
    let codes: RatingCodes

    init(_ dataset: RatingDataset, threads: Int?) {
      counts = dataset.ratingCounts(Parallel.rowPieces(dataset.count, threads: threads), threads: threads)
      codes = dataset.withUnsafeColumns { RatingCodes($0.ratings, threads: threads) }
    }
  }

  private init(_ dataset: RatingDataset, by key: Key, _ summary: Summary, days: Bool, threads: Int?) {
    var starts = [0]
    for count in key == .user ? summary.counts.users : summary.counts.items { starts.append(starts.last! + Int(count)) }
    let isShort = (key == .user ? dataset.itemCount : dataset.userCount) <= 1 << 16
    let table = summary.codes.values
    self = dataset.withUnsafeColumns { columns in
      let (keys, others) = key == .user ? (columns.users, columns.items) : (columns.items, columns.users)
      var sort = RatingSort(keys: keys, others: others, starts: starts, threads: threads)
      sort.times = days ? columns.times : nil
      guard summary.codes.isExact else {
        let values = Values.plain(sort.sorted(columns.ratings))
        if isShort {
          let sorted = sort.sorted(as: UInt16.self, UInt8.self)
          return SparseRatings(starts: starts, others: .short(sorted.others), values: values, days: sorted.days)
        }
        let sorted = sort.sorted(as: UInt32.self, UInt8.self)
        return SparseRatings(starts: starts, others: .long(sorted.others), values: values, days: sorted.days)
      }
      sort.ratings = (columns.ratings, summary.codes)
      switch (isShort, table.count <= 1 << 8) {
      case (true, true):
        let sorted = sort.sorted(as: UInt16.self, UInt8.self)
        return SparseRatings(
          starts: starts, others: .short(sorted.others), values: .bytes(sorted.codes, table), days: sorted.days)
      case (true, false):
        let sorted = sort.sorted(as: UInt16.self, UInt16.self)
        return SparseRatings(
          starts: starts, others: .short(sorted.others), values: .shorts(sorted.codes, table), days: sorted.days)
      case (false, true):
        let sorted = sort.sorted(as: UInt32.self, UInt8.self)
        return SparseRatings(
          starts: starts, others: .long(sorted.others), values: .bytes(sorted.codes, table), days: sorted.days)
      case (false, false):
        let sorted = sort.sorted(as: UInt32.self, UInt16.self)
        return SparseRatings(
          starts: starts, others: .long(sorted.others), values: .shorts(sorted.codes, table), days: sorted.days)
      }
    }
  }
}
