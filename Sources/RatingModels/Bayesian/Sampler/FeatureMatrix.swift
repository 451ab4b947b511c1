import RatingNumerics

/// A group of features of a side's rows, sparse: by row and by feature.
final class FeatureMatrix: Sendable {
  let rowCount: Int
  let featureCount: Int
  /// The features of row k, and their weights, are at `starts[k]..<starts[k + 1]`.
  let starts: [Int]
  let features: [UInt32]
  let weights: [Float]
  /// The rows that have feature j are at `featureStarts[j]..<featureStarts[j + 1]`.
  let featureStarts: [Int]
  let rows: [UInt32]
  let rowWeights: [Float]

  /// - Complexity: O(rows + features + entries).
  init(starts: [Int], features: [UInt32], weights: [Float], featureCount: Int) {
    rowCount = starts.count - 1
    self.featureCount = featureCount
    self.starts = starts
    self.features = features
    self.weights = weights
    var featureStarts = [Int](repeating: 0, count: featureCount + 1)
    for feature in features { featureStarts[Int(feature) + 1] += 1 }
    for feature in 0..<featureCount { featureStarts[feature + 1] += featureStarts[feature] }
    var next = featureStarts
    var rows = [UInt32](repeating: 0, count: features.count)
    var rowWeights = [Float](repeating: 0, count: features.count)
    for row in 0..<rowCount {
      for place in starts[row]..<starts[row + 1] {
        let feature = Int(features[place])
        rows[next[feature]] = UInt32(row)
        rowWeights[next[feature]] = weights[place]
        next[feature] += 1
      }
    }
    self.featureStarts = featureStarts
    self.rows = rows
    self.rowWeights = rowWeights
  }

  /// Every row of the other side that a row is known to have a rating with, each weighing (the number of them)^(-1/2).
  convenience init(implicit starts: [Int], others: [UInt32], otherCount: Int) {
    var weights = [Float](repeating: 0, count: others.count)
    for row in 0..<starts.count - 1 where starts[row] < starts[row + 1] {
      let weight = 1 / Float(starts[row + 1] - starts[row]).squareRoot()
      for place in starts[row]..<starts[row + 1] { weights[place] = weight }
    }
    self.init(starts: starts, features: others, weights: weights, featureCount: otherCount)
  }

  func hasFeatures(_ row: Int) -> Bool { starts[row] < starts[row + 1] }
}
