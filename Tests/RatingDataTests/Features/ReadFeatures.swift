import RatingData
import _RatingTestSupport

/// A table as a test compares it: for each group the features of each id that has any, such as `a: x 0.5, y 0.5`.
struct ReadFeatures: Equatable {
  var groups: [String]
  var rows: [[String]]

  init(_ table: FeatureTable, _ vocabulary: Vocabulary) {
    groups = table.groups.map(\.name)
    rows = table.groups.map { group in
      (0..<group.entityCount).compactMap { entity in
        let row = (group.starts[entity]..<group.starts[entity + 1]).map {
          "\(group.featureNames[Int(group.features[$0])]) \(group.values[$0])"
        }
        return row.isEmpty ? nil : "\(vocabulary[entity]): \(row.joined(separator: ", "))"
      }
    }
  }
}

extension FeatureTable {
  /// Reads bytes from a file of their own.
  static func of(_ bytes: some Collection<UInt8>, _ vocabulary: Vocabulary, _ side: Side = .users) throws
    -> FeatureTable
  {
    let folder = try ScratchFolder()
    return try FeatureTable(contentsOf: try folder.write("features", bytes), vocabulary: vocabulary, of: side)
  }

  static func of(_ text: String, _ vocabulary: Vocabulary, _ side: Side = .users) throws -> FeatureTable {
    try of(Array(text.utf8), vocabulary, side)
  }
}

extension Vocabulary {
  static func numbers(_ range: ClosedRange<Int>) -> Vocabulary { Vocabulary(range.map { Identifier(Int64($0)) }) }

  static func texts(_ texts: String...) -> Vocabulary { Vocabulary(texts.map { Identifier($0) }) }
}
