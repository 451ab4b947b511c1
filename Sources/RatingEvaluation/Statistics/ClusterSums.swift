/// Squared errors added up by user (or by item): all that is needed of millions of rows.
///
/// One record for each cluster that has rows: the number of rows, then the sum of squared errors of each model. Everything
/// else works on these records, so that an interval costs O(users), whatever the number of rows.
///
/// Rows are added one after the other, in their order, so that the sums are the same bytes at any number of threads.
public struct ClusterSums: Sendable {
  public let models: Int
  /// The number of clusters that have rows.
  public let count: Int
  /// The number of rows.
  public let rows: Int
  /// `count` records of 1 + models numbers.
  let records: [Double]
  /// The mean squared error of each model over all rows.
  public let means: [Double]

  /// Adds up rows by user.
  ///
  /// - Complexity: O(rows x models), memory for the largest user number.
  public init(byUser rows: ErrorRows) { self.init(rows, by: rows.users) }

  /// Adds up rows by item; nil where items are not known.
  public init?(byItem rows: ErrorRows) {
    guard let items = rows.items else { return nil }
    self.init(rows, by: items)
  }

  private init(_ rows: ErrorRows, by clusters: [UInt32]) {
    let width = 1 + rows.models
    let largest = Int(clusters.max() ?? 0)
    var records = [Double](repeating: 0, count: (largest + 1) * width)
    records.withUnsafeMutableBufferPointer { records in
      clusters.withUnsafeBufferPointer { clusters in
        if rows.models == 1 {
          Self.add(rows.squaredErrors[0], clusters, to: records.baseAddress!)
        } else if rows.models == 2 {
          Self.add(rows.squaredErrors[0], rows.squaredErrors[1], clusters, to: records.baseAddress!)
        } else {
          for row in 0..<clusters.count { records[Int(clusters[row]) * width] += 1 }
          for (model, errors) in rows.squaredErrors.enumerated() {
            errors.withUnsafeBufferPointer { errors in
              for row in 0..<clusters.count { records[Int(clusters[row]) * width + 1 + model] += errors[row] }
            }
          }
        }
      }
    }
    self.init(records: records, models: rows.models)
  }

  // A cluster's numbers stand together: they are on one cache line, and rows come in no order of users.

  private static func add(
    _ errors: [Double], _ clusters: UnsafeBufferPointer<UInt32>, to records: UnsafeMutablePointer<Double>
  ) {
    errors.withUnsafeBufferPointer { errors in
      for row in 0..<clusters.count {
        let record = records + 2 * Int(clusters[row])
        record[0] += 1
        record[1] += errors[row]
      }
    }
  }

  private static func add(
    _ first: [Double], _ second: [Double], _ clusters: UnsafeBufferPointer<UInt32>,
    to records: UnsafeMutablePointer<Double>
  ) {
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        for row in 0..<clusters.count {
          let record = records + 3 * Int(clusters[row])
          record[0] += 1
          record[1] += first[row]
          record[2] += second[row]
        }
      }
    }
  }

  /// Takes records as they are, and leaves those of no rows out.
  ///
  /// - Precondition: there are whole records, at least one of them with rows.
  package init(records all: [Double], models: Int) {
    let width = 1 + models
    precondition(all.count % width == 0, "\(all.count) numbers are no records of \(width)")
    var used = 0
    for record in 0..<all.count / width where all[record * width] > 0 { used += 1 }
    precondition(used > 0, "sums are over at least 1 row, got none")
    let records = [Double](unsafeUninitializedCapacity: used * width) { records, filled in
      for record in 0..<all.count / width where all[record * width] > 0 {
        for place in 0..<width { records[filled + place] = all[record * width + place] }
        filled += width
      }
    }
    var totals = [Double](repeating: 0, count: width)
    for record in 0..<used {
      for place in 0..<width { totals[place] += records[record * width + place] }
    }
    self.models = models
    self.records = records
    count = used
    rows = Int(totals[0])
    means = totals.dropFirst().map { $0 / totals[0] }
  }

  /// The number of rows of a cluster; clusters stand in the order of their numbers, without those that have no rows.
  public func rows(ofCluster cluster: Int) -> Int { Int(records[cluster * (1 + models)]) }

  /// The sum of a model's squared errors in a cluster.
  public func sum(ofModel model: Int, inCluster cluster: Int) -> Double {
    records[cluster * (1 + models) + 1 + model]
  }

  /// The mean squared errors that a statistic is computed from.
  func means(for statistic: ErrorStatistic) -> (Double, Double) {
    let (first, second) = statistic.models
    return (means[first], second.map { means[$0] } ?? 0)
  }

  /// The statistic of all rows.
  public func value(of statistic: ErrorStatistic) -> Double {
    let means = means(for: statistic)
    return statistic.value(means.0, means.1)
  }

  /// Calls `body` with every cluster's share in the deviation of the statistic, n psi:
  /// the sum over its rows of slope_a (a - mean a) + slope_b (b - mean b).
  @inline(__always)
  func forEachInfluence(on statistic: ErrorStatistic, _ body: (Double) -> Void) {
    let (first, second) = statistic.models
    let means = means(for: statistic)
    let slopes = statistic.slopes(means.0, means.1)
    let width = 1 + models
    records.withUnsafeBufferPointer { records in
      var record = records.baseAddress!
      for _ in 0..<count {
        var influence = slopes.first * (record[1 + first] - record[0] * means.0)
        if let second { influence += slopes.second * (record[1 + second] - record[0] * means.1) }
        body(influence)
        record += width
      }
    }
  }

  /// The variance of the statistic where clusters are independent:
  /// G / (G - 1) x the sum of squared influences / n^2.
  ///
  /// - Precondition: there are at least 2 clusters.
  package func variance(of statistic: ErrorStatistic) -> Double {
    var sum = 0.0
    forEachInfluence(on: statistic) { sum += $0 * $0 }
    return Double(count) / Double(count - 1) * sum / (Double(rows) * Double(rows))
  }
}
