/// RMSE with its interval, one line for each algorithm, best first; brackets join those that can't be told apart.
struct IntervalPlot {
  var series: ReportSeries
  var isWide: Bool

  private var rows: [SuiteReport.Row] { series.rows }

  func image(id: String) -> String {
    let names = rows.flatMap(\.groupNames)
    // A group of one needs no bar.
    let groups = names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      .filter { name in names.count { $0 == name } > 1 }
    let letterWidth = max(Double(rows.map(\.letters.count).max() ?? 0) * 8 + 10, groups.isEmpty ? 42 : 26)
    let rowHeight = isWide ? 26.0 : 38.0
    let labelWidth = isWide ? min(Double(rows.map(\.label.count).max() ?? 0) * 7.2 + 14, 270) : 4
    let bracketWidth = Double(groups.count) * (isWide ? 13 : 9) + 6
    let width = isWide ? 760.0 : 360.0
    let area = PlotArea(
      left: labelWidth, top: 22, right: width - bracketWidth - letterWidth - (isWide ? 58 : 4),
      bottom: 22 + Double(rows.count) * rowHeight + 6)
    var canvas = SVGCanvas(width: width, height: area.bottom + 46)
    let near = ReportSeries.near(rows)
    let lower = rows.map(\.rmse.lower).min() ?? 0
    let upper = rows.prefix(near).map(\.rmse.upper).max() ?? 1
    let pad = (upper - lower) * 0.04
    let scale = PlotScale(
      .linear, from: lower - pad, to: upper + pad, at: area.left + (isWide ? 0 : 6), area.right - (isWide ? 0 : 6))
    PlotAxis(scale: scale, title: "RMSE with 95% interval, lower is better", ticks: isWide ? 7 : 4)
      .drawBottom(on: &canvas, area)
    let numbers = isWide ? width - bracketWidth - letterWidth - 4 : area.right
    if isWide { canvas.text("RMSE", numbers, 14, "tick", .end) }
    canvas.text("group", width - bracketWidth - letterWidth + (isWide ? 6 : 8), 14, "tick")
    for (place, row) in rows.enumerated() {
      let top = area.top + Double(place) * rowHeight
      let y = isWide ? top + rowHeight / 2 : top + rowHeight - 11
      let label = Self.short(row.label, isWide ? 36 : 34)
      if isWide {
        canvas.text(label, area.left - 10, y + 4.5, "label", .end)
        canvas.text(FixedText.decimal(row.rmse.estimate, 4), numbers, y + 4.5, "number", .end)
      } else {
        canvas.text(label, area.left, y - 11, "label")
        canvas.text(FixedText.decimal(row.rmse.estimate, 4), numbers, y - 11, "number", .end)
      }
      canvas.text(
        row.letters, width - bracketWidth - letterWidth + 8, isWide ? y + 4.5 : y - 11,
        row.rank == 1 ? "letter first" : "letter")
      guard place < near else {
        canvas.text("beyond the axis \u{2192}", area.right - 2, y + 4.5, "tick", .end)
        continue
      }
      WhiskerMark(
        center: scale.position(row.rmse.estimate), lower: scale.position(row.rmse.lower),
        upper: scale.position(row.rmse.upper), y: y, style: series.style(place),
        tooltip: "\(row.label): \(FixedText.decimal(row.rmse.estimate, 4)), \(row.intervalText)"
      ).draw(on: &canvas)
    }
    drawBrackets(on: &canvas, groups, area, rowHeight, width - bracketWidth)
    return canvas.image(
      id: id, title: "RMSE of \(FixedText.count(rows.count, "algorithm")) with 95% intervals",
      description: rows.first.map {
        "Lowest: \($0.label) with \(FixedText.decimal($0.rmse.estimate, 4)) (\($0.intervalText)). "
          + "Bars at the right join algorithms that tests can't tell apart. The table has all figures."
      } ?? "")
  }

  private func drawBrackets(
    on canvas: inout SVGCanvas, _ groups: [String], _ area: PlotArea, _ rowHeight: Double, _ left: Double
  ) {
    for (number, group) in groups.enumerated() {
      let places = rows.indices.filter { rows[$0].groupNames.contains(group) }
      guard let first = places.first, let last = places.last else { continue }
      let x = left + Double(number) * (isWide ? 13 : 9) + 8
      canvas.line(
        x, area.top + Double(first) * rowHeight + 5, x, area.top + Double(last + 1) * rowHeight - 5,
        group == rows.first?.groupNames.first ? "bracket first" : "bracket")
    }
  }

  static func short(_ text: String, _ count: Int) -> String {
    text.count <= count ? text : text.prefix(count - 1) + "…"
  }
}

extension SuiteReport.Row {
  /// The names of its groups: of `ab` these are `a` and `b`.
  var groupNames: [String] {
    letters.reduce(into: []) { names, character in
      if character.isNumber, !names.isEmpty {
        names[names.count - 1].append(character)
      } else {
        names.append(String(character))
      }
    }
  }
}
