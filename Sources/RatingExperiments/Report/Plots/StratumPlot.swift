/// The RMSE of rows that have something in common, such as users with few training ratings, and how many rows they are.
struct StratumPlot {
  var series: ReportSeries
  /// `user-activity`, `item-activity`, `rating`, `time`, `cold-start`.
  var group: String
  var axisTitle: String
  var isWide = false

  /// The strata of the group, in the order of the first row.
  static func labels(_ series: ReportSeries, _ group: String) -> [String] {
    series.rows.first?.strata.filter { $0.group == group }.map(\.label) ?? []
  }

  func image(id: String) -> String {
    let labels = Self.labels(series, group)
    let width = isWide ? 760.0 : 360.0
    let area = PlotArea(left: 62, top: 12, right: width - 12, bottom: isWide ? 300 : 230)
    var canvas = SVGCanvas(width: width, height: area.bottom + 46)
    func stratum(_ row: Int, _ label: String) -> CellResult.StratumErrors? {
      series.rows[row].strata.first { $0.group == group && $0.label == label }
    }
    let values = series.shown.flatMap { row in
      labels.compactMap { label in stratum(row, label).map { ($0.squares / Double($0.count)).squareRoot() } }
    }
    let low = values.min() ?? 0
    let high = values.max() ?? 1
    let pad = (high - low) * 0.08
    let bands = BandScale(count: labels.count, start: area.left, end: area.right)
    let y = PlotScale(.linear, from: low - pad, to: high + pad, at: area.bottom, area.top)
    PlotAxis(scale: y, title: "RMSE", ticks: 5).drawLeft(on: &canvas, area)
    // The share of the rows, as columns behind: the highest takes a third of the height.
    let counts = labels.map { label in stratum(0, label)?.count ?? 0 }
    let most = Double(counts.max() ?? 1)
    for (place, count) in counts.enumerated() {
      let height = Double(count) / most * area.height / 3
      ColumnMark(
        x: bands.center(place) - bands.width * 0.36, width: bands.width * 0.72, top: area.bottom - height,
        bottom: area.bottom
      ).draw(on: &canvas)
    }
    NamedAxis(scale: bands, names: labels, title: axisTitle).drawBottom(on: &canvas, area)
    for row in series.shown.reversed() {
      LineMark(
        points: labels.enumerated().compactMap { place, label in
          stratum(row, label).map {
            (bands.center(place), y.position(($0.squares / Double($0.count)).squareRoot()))
          }
        }, style: series.style(row), hasMarkers: true
      ).draw(on: &canvas)
    }
    return canvas.image(
      id: id, title: "RMSE by \(axisTitle)",
      description:
        "One line for each of \(FixedText.count(series.shown.count, "algorithm")); columns show how many test "
        + "ratings there are. The table beside has all figures.")
  }
}
