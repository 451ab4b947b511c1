// The tables that stand beside plots.

extension SuiteReport.Group {
  /// Seconds, with the ranks that the plot shows.
  var numberedTimingTable: ReportTable {
    var table = timingTable
    table.columns.insert(.init(title: "rank"), at: 1)
    for row in table.rows.indices { table.rows[row].insert(String(row + 1), at: 1) }
    return table
  }

  /// The first, the best and the last epoch of each curve.
  var curveTable: ReportTable {
    ReportTable(
      "RMSE on the test ratings, unclipped",
      [
        .init(title: "algorithm", isNumber: false), .init(title: "first epoch"), .init(title: "lowest"),
        .init(title: "at epoch"), .init(title: "last"), .init(title: "at epoch"), .init(title: "training, last"),
      ],
      rows.compactMap { row in
        let points = row.curve.filter { $0.testRMSE != nil }
        guard let first = points.first, let last = points.last,
          let lowest = points.min(by: { $0.testRMSE! < $1.testRMSE! })
        else { return nil }
        return [
          row.label, FixedText.decimal(first.testRMSE!, 4), FixedText.decimal(lowest.testRMSE!, 4),
          String(lowest.epoch),
          FixedText.decimal(last.testRMSE!, 4), String(last.epoch), FixedText.decimal(last.trainingRMSE, 4),
        ]
      })
  }

  /// RMSE of each stratum, for all algorithms.
  func stratumTable(_ name: String, _ title: String) -> ReportTable {
    let strata = rows.first?.strata.filter { $0.group == name } ?? []
    let total = Double(max(strata.reduce(0) { $0 + $1.count }, 1))
    var lines = [["share of ratings"] + strata.map { "\(FixedText.decimal(100 * Double($0.count) / total, 1))%" }]
    lines += rows.map { row in
      [row.label]
        + strata.map { wanted in
          row.strata.first { $0.group == name && $0.label == wanted.label }
            .map { FixedText.decimal(($0.squares / Double($0.count)).squareRoot(), 4) } ?? ""
        }
    }
    return ReportTable(
      "RMSE by \(title)", [.init(title: "algorithm", isNumber: false)] + strata.map { .init(title: $0.label) }, lines)
  }

  /// Mean rating over mean prediction, bin by bin, of the algorithms that the plot shows.
  func reliabilityTable(_ series: ReportSeries) -> ReportTable {
    ReportTable(
      "Mean prediction and mean rating",
      [
        .init(title: "algorithm", isNumber: false), .init(title: "predictions from"), .init(title: "ratings"),
        .init(title: "mean prediction"), .init(title: "mean rating"),
      ],
      series.shown.flatMap { place in
        let row = series.rows[place]
        return row.reliability.map { bin in
          [
            row.label, FixedText.decimal(bin.lower, 2), FixedText.grouped(bin.count),
            FixedText.decimal(bin.meanPrediction, 3), FixedText.decimal(bin.meanAnswer, 3),
          ]
        }
      })
  }
}
