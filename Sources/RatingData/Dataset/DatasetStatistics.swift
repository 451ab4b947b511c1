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

  /// - Complexity: O(ratings + users + items).
  public init(_ dataset: RatingDataset) {
    ratings = dataset.count
    mean = dataset.mean
    var seenUsers = [Bool](repeating: false, count: dataset.userCount)
    var seenItems = [Bool](repeating: false, count: dataset.itemCount)
    var counts: [Float: Int] = [:]
    var squares = 0.0
    var low = Float.infinity
    var high = -Float.infinity
    var span: (first: UInt32, last: UInt32)?
    let mean = mean
    dataset.withUnsafeColumns { columns in
      for row in 0..<columns.users.count {
        seenUsers[Int(columns.users[row])] = true
        seenItems[Int(columns.items[row])] = true
        let rating = columns.ratings[row]
        low = min(low, rating)
        high = max(high, rating)
        let distance = Double(rating) - mean
        squares += distance * distance
      }
      if let first = columns.times?.min(), let last = columns.times?.max() { span = (first, last) }
      for rating in columns.ratings {
        counts[rating, default: 0] += 1
        if counts.count > 20 { break }
      }
      if counts.count > 20 {
        counts = [:]
        let width = (high - low) / 10
        var bins = [Int](repeating: 0, count: 10)
        for rating in columns.ratings { bins[min(9, Int((rating - low) / width))] += 1 }
        for (bin, count) in bins.enumerated() { counts[low + Float(bin) * width] = count }
      }
    }
    users = seenUsers.count { $0 }
    items = seenItems.count { $0 }
    density = users > 0 && items > 0 ? Double(ratings) / (Double(users) * Double(items)) : 0
    // Through the shortest decimal text, so that -9.95 stays -9.95.
    func decimal(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
    minimum = ratings > 0 ? decimal(low) : 0
    maximum = ratings > 0 ? decimal(high) : 0
    standardDeviation = ratings > 0 ? (squares / Double(ratings)).squareRoot() : 0
    histogram = counts.sorted { $0.key < $1.key }.map { (decimal($0.key), $0.value) }
    times = span
  }
}
