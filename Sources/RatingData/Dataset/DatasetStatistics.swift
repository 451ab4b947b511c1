import RatingNumerics

/// Counts and moments of a data set.
public struct DatasetStatistics: Sendable {
  public let ratings: Int
  /// Users and items that have at least one rating.
  public let users: Int
  public let items: Int
  /// ratings / (users x items).
  public let density: Double
  public let minimum: Double
  public let maximum: Double
  public let mean: Double
  /// The square root of the mean squared distance from the mean (divided by n).
  public let standardDeviation: Double
  /// Each rating that occurs with its count, ascending; bins of a tenth of the range, named by their lower bound, where
  /// there are more than 20 different ones.
  public let histogram: [(rating: Double, count: Int)]
  /// The first and the last time, in seconds since 1970, where there are times.
  public let times: (first: UInt32, last: UInt32)?

  /// - Complexity: O(ratings + users + items), in parallel; the result doesn't depend on the number of threads.
  public init(_ dataset: RatingDataset, threads: Int? = nil) {
    let parts = Self.parts(of: dataset, threads: threads) { Part(dataset, rows: $0) }
    var whole = Part()
    for part in parts { whole.merge(part) }
    ratings = dataset.count
    mean = ratings > 0 ? whole.sum / Double(ratings) : 0
    let center = mean
    let squares = Self.parts(of: dataset, threads: threads) { rows in
      dataset.withUnsafeColumns { columns in
        rows.reduce(into: 0.0) { sum, row in
          let distance = Double(columns.ratings[row]) - center
          sum += distance * distance
        }
      }
    }
    standardDeviation = ratings > 0 ? (squares.reduce(0, +) / Double(ratings)).squareRoot() : 0
    users = Self.distinct(dataset.userCount, dataset, threads: threads) { $0.users }
    items = Self.distinct(dataset.itemCount, dataset, threads: threads) { $0.items }
    density = users > 0 && items > 0 ? Double(ratings) / (Double(users) * Double(items)) : 0
    // Through the shortest decimal text, so that -9.95 stays -9.95.
    func decimal(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
    minimum = ratings > 0 ? decimal(whole.low) : 0
    maximum = ratings > 0 ? decimal(whole.high) : 0
    if let counts = whole.counts {
      histogram = counts.sorted { $0.rating < $1.rating }.map { (decimal($0.rating), $0.count) }
    } else {
      let low = whole.low
      let width = (whole.high - low) / 10
      let bins = Self.parts(of: dataset, threads: threads) { rows -> [Int] in
        var bins = [Int](repeating: 0, count: 10)
        dataset.withUnsafeColumns { columns in
          for row in rows { bins[min(9, Int((columns.ratings[row] - low) / width))] += 1 }
        }
        return bins
      }
      histogram = (0..<10).map { bin in
        (decimal(low) + (decimal(whole.high) - decimal(low)) * Double(bin) / 10, bins.reduce(0) { $0 + $1[bin] })
      }
    }
    times = whole.times
  }

  /// What is known of some rows.
  private struct Part: Sendable {
    var sum = 0.0
    var low = Float.infinity
    var high = -Float.infinity
    var times: (first: UInt32, last: UInt32)?
    /// nil where there are more than `ValueCounter.most` different ratings.
    var counts: [(rating: Float, count: Int)]? = []

    init() {}

    init(_ dataset: RatingDataset, rows: Range<Int>) {
      dataset.withUnsafeColumns { columns in
        var counter = ValueCounter()
        for row in rows {
          let rating = columns.ratings[row]
          sum += Double(rating)
          low = min(low, rating)
          high = max(high, rating)
          counter.add(rating)
        }
        counts = counter.counts
        if let column = columns.times, !rows.isEmpty {
          let part = column[rows]
          times = (part.min()!, part.max()!)
        }
      }
    }

    mutating func merge(_ other: Part) {
      sum += other.sum
      low = min(low, other.low)
      high = max(high, other.high)
      if let span = other.times {
        times = times.map { (min($0.first, span.first), max($0.last, span.last)) } ?? span
      }
      guard counts != nil, let more = other.counts else {
        counts = nil
        return
      }
      for (rating, count) in more {
        if let known = counts!.firstIndex(where: { $0.rating == rating }) {
          counts![known].count += count
        } else {
          counts!.append((rating, count))
        }
      }
      if counts!.count > ValueCounter.most { counts = nil }
    }
  }

  /// The values of pieces of rows whose size depends on nothing else, in order.
  private static func parts<Value: Sendable>(
    of dataset: RatingDataset, threads: Int?, _ body: @Sendable (Range<Int>) -> Value
  ) -> [Value] {
    let size = 1 << 20
    return Parallel.map((dataset.count + size - 1) / size, threads: threads) { piece in
      body(piece * size..<min((piece + 1) * size, dataset.count))
    }
  }

  /// The number of different values in a column.
  private static func distinct(
    _ count: Int, _ dataset: RatingDataset, threads: Int?,
    column: @Sendable (UnsafeRatingColumns) -> UnsafeBufferPointer<UInt32>
  ) -> Int {
    var seen = [Bool](repeating: false, count: count)
    dataset.withUnsafeColumns { columns in
      seen.withUnsafeMutableBufferPointer { seen in for index in column(columns) { seen[Int(index)] = true } }
    }
    return seen.count { $0 }
  }
}

/// Counts how often each of a few different values occurs.
private struct ValueCounter {
  /// More different values than this are not counted.
  static let most = 20

  private static let size = 64
  private var values = [Float](repeating: .nan, count: size)
  private var occurrences = [Int](repeating: 0, count: size)
  private var distinct = 0

  mutating func add(_ value: Float) {
    guard distinct <= Self.most else { return }
    // 0 and -0 are one value.
    var slot = Int(truncatingIfNeeded: ((value + 0).bitPattern &* 0x9E37_79B1) >> 26)
    while values[slot] != value {
      if values[slot].isNaN {
        values[slot] = value
        distinct += 1
        break
      }
      slot = (slot + 1) % Self.size
    }
    occurrences[slot] += 1
  }

  /// nil where there were more than `most`.
  var counts: [(rating: Float, count: Int)]? {
    guard distinct <= Self.most else { return nil }
    return (0..<Self.size).filter { occurrences[$0] > 0 }.map { (values[$0], occurrences[$0]) }
  }
}
