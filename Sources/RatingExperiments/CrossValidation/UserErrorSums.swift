import RatingData
import RatingEvaluation

/// Squared errors added up by user, over several splits of one data set.
struct UserErrorSums {
  /// For each user the number of rows and the sum of squared errors.
  private var records: [Double] = []

  /// Adds the rows of a test half, in their order.
  mutating func add(_ predictions: Predictions, _ test: RatingDataset) {
    if records.count < 2 * test.userCount {
      records += [Double](repeating: 0, count: 2 * test.userCount - records.count)
    }
    test.withUnsafeColumns { columns in
      for row in 0..<columns.users.count {
        let place = 2 * Int(columns.users[row])
        let error = predictions.values[row] - Double(columns.ratings[row])
        records[place] += 1
        records[place + 1] += error * error
      }
    }
  }

  var sums: ClusterSums { ClusterSums(records: records, models: 1) }
}
