import RatingBench

/// Rows of cells in aligned columns: the first to the left, the others to the right, two spaces between.
struct TextTable {
  var header: [String]
  var rows: [[String]]

  /// The lines, without spaces at their ends.
  var lines: [String] {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 ? cell + space : "  " + space + cell
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The same as a Markdown table. Cells must be safe already.
  var markdownLines: [String] {
    let rule = header.indices.map { $0 == 0 ? ":--" : "--:" }
    return ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
  }
}

extension ResultDocument {
  /// The scores, a row for each set; nil where there are none.
  var scoreTable: TextTable? {
    if scores.isEmpty { return nil }
    let clipped = scores.values.contains { $0.clipped != nil }
    let rows = PrizeSet.allCases.compactMap { set in
      scores[set].map { scores in
        [
          set.rawValue, Self.grouped(scores.count), scores.roundedRMSE(decimals: decimals).description,
          "\(scores.rmse)",
        ]
          + (clipped ? [scores.clipped.map { "\($0.roundedRMSE(decimals: 6))" } ?? ""] : [])
          + ["\(scores.unclipped.roundedMAE(decimals: 6))"]
      }
    }
    return TextTable(
      header: ["rows", "n", "RMSE rounded", "RMSE"] + (clipped ? ["RMSE clipped"] : []) + ["MAE"], rows: rows)
  }

  /// `2,817,131`.
  private static func grouped(_ count: Int) -> String {
    var out = ""
    let digits = String(count)
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { out += "," }
      out.append(digit)
    }
    return out
  }
}
