import RatingBench

extension ScoreDetails {
  /// The tables with their headings, for text and Markdown.
  var tables: [(heading: String, table: TextTable)] {
    var tables: [(heading: String, table: TextTable)] = []
    if let table = metricTable { tables.append(("Metrics", table)) }
    if let strata {
      let rows = strata.set == .all ? "" : ", \(strata.set.rawValue) rows"
      tables += strata.strata.groups.map { ("Error by \($0.title)\(rows)", $0.table) }
      if let clipping = strata.strata.clipping {
        tables.append(("Clipping to \(clipping.scale)\(rows)", clipping.table))
      }
      tables.append(("Reliability\(rows)", strata.reliability.table))
    }
    return tables
  }

  /// A row for each metric and set.
  private var metricTable: TextTable? {
    if metrics.isEmpty { return nil }
    let rows = PrizeSet.allCases.flatMap { set in
      (metrics[set] ?? []).map { figure in
        [
          figure.metric.name, set.rawValue, Decimals.grouped(figure.count),
          figure.groups.map {
            Decimals.grouped($0) + (figure.leftOut > 0 ? " of \(Decimals.grouped($0 + figure.leftOut))" : "")
          }
            ?? "",
          figure.value.map { Decimals.text($0, digits: 6) } ?? "none",
        ]
      }
    }
    let hasGroups = rows.contains { !$0[3].isEmpty }
    let header = ["metric", "rows", "n", "users or items", "value"]
    return hasGroups
      ? TextTable(header: header, rows: rows)
      : TextTable(header: header.filter { $0 != header[3] }, rows: rows.map { [$0[0], $0[1], $0[2], $0[4]] })
  }
}

extension StratumGroup {
  /// A row for each stratum.
  var table: TextTable {
    TextTable(
      header: ["stratum", "n", "RMSE", "bias", "share of squared error"],
      rows: strata.map {
        [
          $0.label, Decimals.grouped($0.count), Decimals.text($0.rmse, digits: 6), Decimals.text($0.bias, digits: 6),
          Decimals.text(100 * $0.shareOfSquaredError, digits: 1) + "%",
        ]
      })
  }
}

extension ClippingGain {
  fileprivate var table: TextTable {
    TextTable(
      header: ["predictions outside", "RMSE", "RMSE clipped", "gain"],
      rows: [
        [
          Decimals.grouped(rowsOutside), Decimals.text(rmse, digits: 6), Decimals.text(rmseClipped, digits: 6),
          Decimals.text(gain, digits: 6),
        ]
      ])
  }
}

extension ReliabilityCurve {
  fileprivate var table: TextTable {
    TextTable(
      header: ["predicted", "n", "mean prediction", "mean answer", "difference"],
      rows: bins.map {
        [
          "\(Decimals.text($0.lower, digits: 2)) to \(Decimals.text($0.upper, digits: 2))", Decimals.grouped($0.count),
          Decimals.text($0.meanPrediction, digits: 4), Decimals.text($0.meanAnswer, digits: 4),
          Decimals.text($0.meanPrediction - $0.meanAnswer, digits: 4),
        ]
      })
  }
}
