/// Mean answers by prediction: of a calibrated model all lie on the diagonal.
struct ReliabilityPlot {
  var series: ReportSeries

  func image(id: String) -> String {
    let area = PlotArea(left: 62, top: 12, right: 348, bottom: 298)
    var canvas = SVGCanvas(width: 360, height: area.bottom + 46)
    let bins = series.shown.flatMap { series.rows[$0].reliability }
    let values = bins.flatMap { [$0.meanPrediction, $0.meanAnswer] }
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let pad = (high - low) * 0.04
    let x = PlotScale(.linear, from: low - pad, to: high + pad, at: area.left, area.right)
    let y = PlotScale(.linear, from: low - pad, to: high + pad, at: area.bottom, area.top)
    PlotAxis(scale: x, title: "mean prediction", ticks: 5).drawBottom(on: &canvas, area)
    PlotAxis(scale: y, title: "mean rating", ticks: 5).drawLeft(on: &canvas, area)
    canvas.line(area.left, area.bottom, area.right, area.top, "diagonal")
    for row in series.shown.reversed() {
      LineMark(
        points: series.rows[row].reliability.map { (x.position($0.meanPrediction), y.position($0.meanAnswer)) },
        style: series.style(row), hasMarkers: true
      ).draw(on: &canvas)
    }
    return canvas.image(
      id: id, title: "Reliability of predictions",
      description: "Mean rating of the test ratings whose prediction lies in a bin, over their mean prediction, for "
        + "\(FixedText.count(series.shown.count, "algorithm")). On the diagonal predictions mean what they say.")
  }
}
