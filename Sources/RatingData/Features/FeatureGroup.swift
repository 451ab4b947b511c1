/// Features of one kind, such as the genres of items: a sparse matrix with one row for each entity (a user, or an item) of
/// a vocabulary and one column for each feature.
///
/// Row e is made of the elements `starts[e]..<starts[e + 1]` of `features` and `values`. An entity of which nothing is
/// known has an empty row.
///
/// Memory: 8 bytes for each value, and 8 for each entity.
public struct FeatureGroup: Sendable, Hashable {
  /// What the column of the file is called.
  public let name: String
  /// What each feature stands for, such as `Comedy` or `(20, 24]`.
  public let featureNames: [String]
  /// Where each entity's row begins, and behind the last one the number of all values: one more than there are entities.
  public let starts: [Int]
  /// Feature indices, ascending within a row.
  public let features: [UInt32]
  /// Finite numbers, one for each of `features`.
  public let values: [Float]

  /// - Precondition: `starts` ascends from 0 to the number of `features`, which is that of `values`; within a row the
  ///   features ascend strictly; every feature has a name; every value is finite.
  public init(name: String, featureNames: [String], starts: [Int], features: [UInt32], values: [Float]) {
    precondition(
      features.count == values.count && starts.first == 0 && starts.last == features.count,
      "a feature group has starts from 0 to its number of features and values, got \(starts.first ?? -1) to "
        + "\(starts.last ?? -1) for \(features.count) features and \(values.count) values")
    for (entity, (start, end)) in zip(starts, starts.dropFirst()).enumerated() {
      precondition(start <= end && end <= features.count, "row \(entity) goes from \(start) to \(end)")
      for position in start..<end {
        precondition(
          features[position] < featureNames.count && (position == start || features[position - 1] < features[position]),
          "feature \(features[position]) of row \(entity) doesn't ascend below \(featureNames.count)")
        precondition(values[position].isFinite, "values are finite, got \(values[position]) in row \(entity)")
      }
    }
    self.name = name
    self.featureNames = featureNames
    self.starts = starts
    self.features = features
    self.values = values
  }

  /// The number of rows.
  public var entityCount: Int { starts.count - 1 }
  /// The number of columns.
  public var featureCount: Int { featureNames.count }
}
