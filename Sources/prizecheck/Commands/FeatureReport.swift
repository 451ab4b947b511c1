import RatingBench

/// What `train` tells of side information.
struct FeatureReport {
  var table: FeatureTable
  var side: FeatureTable.Side

  var json: JSON {
    .object([
      "file": table.source.map { .string($0.file) }, "format": table.source.map { .string($0.format.rawValue) },
      "bytes": table.source.map { .integer($0.bytes) }, "sha256": table.source.map { .string($0.sha256) },
      "hash": .string(table.contentHash),
      "rows": table.source.map { .integer($0.rows) }, "skipped_rows": table.source.map { .integer($0.skippedRows) },
      "ids_without_row": table.source.map { .integer($0.idsWithoutRow) },
      "groups": .array(
        table.groups.map {
          .object([
            "name": .string($0.name), "features": .integer($0.featureCount), "values": .integer($0.values.count),
          ])
        }),
    ])
  }

  /// Indented by two spaces.
  var lines: [String] {
    let groups = table.groups.map { "\(SafeText.line($0.name)) \($0.featureCount)" }.joined(separator: ", ")
    let singular = side == .users ? "user" : "item"
    guard let source = table.source else { return ["  \(singular) features: \(groups)"] }
    func count(_ number: Int) -> String { Decimals.grouped(number) }
    let without =
      source.idsWithoutRow == 0
      ? "every \(singular) has a row"
      : "\(count(source.idsWithoutRow)) of \(count(table.entityCount)) \(side) have no row"
    return [
      "  \(singular) features: \(SafeText.line(source.file)) (\(source.format.rawValue)), SHA-256 \(source.sha256)",
      "    \(groups); \(without), \(count(source.skippedRows)) of \(count(source.rows)) rows are of other \(side)",
    ]
  }
}
