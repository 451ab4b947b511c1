/// RMSE against the seconds of training.
struct TimePlot {
  var series: ReportSeries
  var isWide: Bool

  func image(id: String) -> String {
    // Those far behind are named in the caption.
    let rows = Array(series.rows.prefix(ReportSeries.near(series.rows)))
    let width = isWide ? 760.0 : 360.0
    let area = PlotArea(left: 62, top: 14, right: width - 14, bottom: isWide ? 380 : 300)
    var canvas = SVGCanvas(width: width, height: area.bottom + 46)
    let seconds = rows.map { max($0.timing.training, 0.0001) }
    let errors = rows.map(\.rmse.estimate)
    let pad = ((errors.max() ?? 1) - (errors.min() ?? 0)) * 0.06
    let x = PlotScale(
      .logarithmic, from: (seconds.min() ?? 1) / 1.4, to: (seconds.max() ?? 1) * 1.4, at: area.left, area.right)
    let y = PlotScale(
      .linear, from: (errors.min() ?? 0) - pad, to: (errors.max() ?? 1) + pad, at: area.bottom, area.top)
    PlotAxis(scale: x, title: "seconds of training, logarithmic", ticks: isWide ? 9 : 6).drawBottom(on: &canvas, area)
    PlotAxis(scale: y, title: "RMSE", ticks: 6).drawLeft(on: &canvas, area)
    drawFrontier(on: &canvas, seconds, errors, x, y, area)
    for row in rows.indices {
      canvas.marker(
        series.style(row).shape, x.position(seconds[row]), y.position(errors[row]), 5, series.style(row).fill,
        tooltip: "\(row + 1). \(rows[row].label): \(FixedText.decimal(errors[row], 4)), "
          + "\(FixedText.seconds(seconds[row])) s")
    }
    PointLabels(
      labels: rows.indices.map { row in
        PointLabels.Label(
          x: x.position(seconds[row]), y: y.position(errors[row]),
          text: isWide ? IntervalPlot.short(rows[row].label, 30) : String(row + 1), short: String(row + 1))
      }, area: area
    ).draw(on: &canvas)
    return canvas.image(
      id: id, title: "RMSE against seconds of training",
      description:
        "Lower and further to the left is better; a line joins the algorithms than which none is both faster "
        + "and more accurate. Numbers are ranks by RMSE; the table beside has all figures.")
  }

  /// The algorithms than which none is both faster and more accurate.
  private func drawFrontier(
    on canvas: inout SVGCanvas, _ seconds: [Double], _ errors: [Double], _ x: PlotScale, _ y: PlotScale,
    _ area: PlotArea
  ) {
    var points: [(x: Double, y: Double)] = []
    var best = Double.infinity
    for row in seconds.indices.sorted(by: { (seconds[$0], errors[$0]) < (seconds[$1], errors[$1]) })
    where errors[row] < best {
      let place = (x: x.position(seconds[row]), y: y.position(errors[row]))
      if let last = points.last { points.append((place.x, last.y)) }
      points.append(place)
      best = errors[row]
    }
    if let last = points.last { points.append((area.right, last.y)) }
    canvas.path(points, "frontier")
  }
}
