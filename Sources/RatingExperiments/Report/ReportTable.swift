/// A table of a report in a form that every format can print.
struct ReportTable: Sendable {
  struct Column: Sendable {
    var title: String
    /// Numbers stand to the right, text to the left.
    var isNumber = true
  }

  var title: String
  var columns: [Column]
  var rows: [[String]]
  /// Rows to be set in bold: the best group.
  var marked: Set<Int> = []

  init(_ title: String, _ columns: [Column], _ rows: [[String]], marked: Set<Int> = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.marked = marked
  }
}

extension SuiteReport.Group {
  /// The main table.
  func scoreTable(isClipped: Bool) -> ReportTable {
    var columns = [
      ReportTable.Column(title: "algorithm", isNumber: false), .init(title: "RMSE"), .init(title: "95% interval"),
      .init(title: "group"), .init(title: "behind best"), .init(title: "p"),
    ]
    let hasSeeds = rows.contains { $0.deviationOfSeeds != nil }
    if hasSeeds { columns.append(.init(title: "s.d. by seed")) }
    columns.append(.init(title: isClipped ? "unclipped" : "clipped"))
    let names = rows.first?.metrics.map(\.name) ?? []
    columns += names.map { .init(title: $0) }
    let cells = rows.map { row in
      var cells = [
        row.label, FixedText.decimal(row.rmse.estimate, 4), row.intervalText,
        row.letters,
        row.difference.map { FixedText.decimal($0.interval.estimate, 4) } ?? "",
        row.difference.map { Self.pText($0.adjustedP) } ?? "",
      ]
      if hasSeeds { cells.append(row.deviationOfSeeds.map { FixedText.decimal($0, 4) } ?? "") }
      cells.append(FixedText.decimal(row.otherRMSE, 4))
      return cells + row.metrics.map { $0.value.map { FixedText.decimal($0, 4) } ?? "none" }
    }
    return ReportTable(
      "RMSE", columns, cells, marked: Set(rows.indices.filter { rows[$0].rank == 1 }))
  }

  /// The RMSE of each split.
  var partsTable: ReportTable? {
    guard parts.count > 1 else { return nil }
    return ReportTable(
      "RMSE of each split",
      [.init(title: "algorithm", isNumber: false)] + parts.map { .init(title: $0) }
        + [.init(title: "mean"), .init(title: "s.d.")],
      rows.map { row in
        [row.label] + row.parts.map { FixedText.decimal($0, 4) }
          + [FixedText.decimal(row.meanOfParts, 4), row.deviationOfParts.map { FixedText.decimal($0, 4) } ?? ""]
      })
  }

  /// What each algorithm was set to.
  var settingsTable: ReportTable {
    ReportTable(
      "Hyper-parameters",
      [.init(title: "algorithm", isNumber: false), .init(title: "settings", isNumber: false)],
      rows.map { row in
        let searched = row.search.map { search in
          "; searched: \(search); chosen: "
            + zip(parts, row.chosen).map { "\($0): \($1)" }.joined(separator: "; ")
        }
        return [row.label, row.settings + (searched ?? "")]
      })
  }

  /// How long it took.
  var timingTable: ReportTable {
    let hasSearch = rows.contains { $0.timing.search > 0 }
    return ReportTable(
      "Seconds",
      [.init(title: "algorithm", isNumber: false), .init(title: "training"), .init(title: "prediction")]
        + (hasSearch ? [.init(title: "search")] : []) + [.init(title: "RMSE")],
      rows.map { row in
        [row.label, FixedText.seconds(row.timing.training), FixedText.seconds(row.timing.prediction)]
          + (hasSearch ? [FixedText.seconds(row.timing.search)] : []) + [FixedText.decimal(row.rmse.estimate, 4)]
      })
  }

  var failuresTable: ReportTable? {
    guard !failures.isEmpty else { return nil }
    return ReportTable(
      "Without a figure", [.init(title: "algorithm", isNumber: false), .init(title: "why", isNumber: false)],
      failures.map { [$0.label, $0.message] })
  }

  static func pText(_ p: Double) -> String {
    p < 0.0001 ? "< 0.0001" : FixedText.decimal(p, p < 0.01 ? 4 : 3)
  }
}

extension SuiteReport.Row {
  /// `0.8871...0.9059`.
  var intervalText: String { "\(FixedText.decimal(rmse.lower, 4))...\(FixedText.decimal(rmse.upper, 4))" }
}
