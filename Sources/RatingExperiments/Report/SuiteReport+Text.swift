extension SuiteReport {
  /// The report as text of at most so many tables, for a terminal.
  public func text(isTimed: Bool = true) -> String {
    var lines = [SafeText.line(title)]
    if !summary.isEmpty { lines.append(SafeText.line(summary)) }
    for group in groups {
      lines += ["", SafeText.line(group.protocolText)]
      for table in tables(group, isTimed: isTimed) { lines += ["", table.title] + table.textLines }
    }
    lines.append("")
    lines += protocolLines.map { "\($0.label): \($0.text)" }
    if isTimed { lines += machines.map { "machine: \(SafeText.line($0))" } }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The report as Markdown.
  public func markdown(isTimed: Bool = true) -> String {
    var lines = ["# \(SafeText.markdown(title))", ""]
    if !summary.isEmpty { lines += [SafeText.markdown(summary), ""] }
    for group in groups {
      lines += ["## \(SafeText.markdown("\(group.data.name): \(group.split)"))", ""]
      lines += [SafeText.markdown(group.protocolText) + ".", ""]
      for table in tables(group, isTimed: isTimed) {
        lines += ["### \(table.title)", ""] + table.markdownLines + [""]
      }
    }
    lines += ["## Protocol", ""]
    lines += protocolLines.map { "- \($0.label): \(SafeText.markdown($0.text))" }
    if isTimed { lines += machines.map { "- machine: \(SafeText.markdown($0))" } }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A LaTeX table for each group, for papers; needs the package booktabs.
  public var latex: String {
    var lines = ["% \(SafeText.latex(title)); needs \\usepackage{booktabs}"]
    for group in groups {
      let table = group.latexTable(isClipped: isClipped)
      let alignment = table.columns.map { $0.isNumber ? "r" : "l" }.joined()
      lines += [
        "\\begin{table}", "\\centering", "\\begin{tabular}{\(alignment)}", "\\toprule",
        table.columns.map { SafeText.latex($0.title) }.joined(separator: " & ") + " \\\\", "\\midrule",
      ]
      for (place, row) in table.rows.enumerated() {
        let cells = row.map { cell in
          let text = SafeText.latex(cell).replacing("...", with: "--")
          return table.marked.contains(place) ? "\\textbf{\(text)}" : text
        }
        lines.append(cells.joined(separator: " & ") + " \\\\")
      }
      lines += [
        "\\bottomrule", "\\end{tabular}",
        "\\caption{\(SafeText.latex(group.protocolText)). Intervals: 95\\%, clustered by user. "
          + "Bold: not to be told from the best.}", "\\end{table}",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A number as it is, and text that a spreadsheet takes as text.
  private static func field(_ text: String) -> String {
    SafeText.csv(Double(text) == nil ? SafeText.spreadsheet(text) : text)
  }

  /// One line for each algorithm in each group, with all figures to their last digit, for pandas and spreadsheets.
  ///
  /// Holds no times: a suite that is run again gives the same bytes.
  public var csv: String {
    let metrics = groups.first { !$0.rows.isEmpty }?.rows[0].metrics.map(\.name) ?? []
    var lines = [
      ([
        "data", "data_sha256", "split", "splits", "test_ratings", "test_users", "label", "algorithm", "rmse",
        "rmse_lower", "rmse_upper", "rmse_standard_error", "rank_group", "behind_best", "adjusted_p", "mean_of_splits",
        "deviation_of_splits", "deviation_of_seeds", isClipped ? "rmse_unclipped" : "rmse_clipped",
      ] + metrics.map { "metric_\($0)" } + ["settings"]).map(Self.field).joined(
        separator: ",")
    ]
    for group in groups {
      for row in group.rows {
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        let fields =
          [
            group.data.name, group.data.hash, group.split, String(group.parts.count), String(group.testRatings),
            String(group.testUsers), row.label, row.algorithm, number(row.rmse.estimate), number(row.rmse.lower),
            number(row.rmse.upper), number(row.rmse.standardError),
            row.letters, number(row.difference?.interval.estimate),
            number(row.difference?.adjustedP), number(row.meanOfParts), number(row.deviationOfParts),
            number(row.deviationOfSeeds), number(row.otherRMSE),
          ] + row.metrics.map { number($0.value) } + [row.settings]
        lines.append(fields.map(Self.field).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  func tables(_ group: Group, isTimed: Bool) -> [ReportTable] {
    let all: [ReportTable?] = [
      group.rows.isEmpty ? nil : group.scoreTable(isClipped: isClipped), group.partsTable,
      isTimed && !group.rows.isEmpty ? group.timingTable : nil, group.failuresTable,
    ]
    return all.compactMap { $0 }
  }
}

extension SuiteReport.Group {
  /// The columns that a paper prints.
  func latexTable(isClipped: Bool) -> ReportTable {
    let full = scoreTable(isClipped: isClipped)
    let kept = full.columns.indices.filter {
      ["algorithm", "RMSE", "95% interval", "group"].contains(full.columns[$0].title)
    }
    return ReportTable(
      full.title, kept.map { full.columns[$0] }, full.rows.map { row in kept.map { row[$0] } }, marked: full.marked)
  }
}

extension ReportTable {
  /// Aligned columns, two spaces between.
  var textLines: [String] {
    let all = [columns.map(\.title)] + rows.map { $0.map(SafeText.line) }
    let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { line += "  " }
        line += columns[column].isNumber ? space + cell : cell + space
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  var markdownLines: [String] {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    return [
      line(columns.map { SafeText.markdown($0.title) }), line(columns.map { $0.isNumber ? "--:" : ":--" }),
    ]
      + rows.enumerated().map { place, row in
        line(
          row.map { marked.contains(place) && !$0.isEmpty ? "**\(SafeText.markdown($0))**" : SafeText.markdown($0) }
        )
      }
  }
}
