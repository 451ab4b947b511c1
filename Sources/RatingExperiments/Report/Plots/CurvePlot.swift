/// Test RMSE after each epoch.
struct CurvePlot {
  var series: ReportSeries
  var isWide: Bool

  private func points(_ row: SuiteReport.Row) -> [(epoch: Int, rmse: Double)] {
    let all = row.curve.compactMap { point in point.testRMSE.map { (point.epoch, $0) } }
    guard all.count > 120 else { return all }
    // Of long chains about a hundred points, ever further apart, and the last.
    var kept: [(Int, Double)] = []
    var next = 1.0
    for point in all where Double(point.0) >= next || point.0 == all.last!.0 {
      kept.append(point)
      next = max(Double(point.0) + 1, Double(point.0) * 1.05)
    }
    return kept
  }

  /// The rows that have a curve.
  static func places(_ series: ReportSeries) -> [Int] {
    series.rows.indices.filter { series.rows[$0].curve.contains { $0.testRMSE != nil } }
  }

  func image(id: String) -> String {
    let places = Self.places(series)
    let curves = places.map { points(series.rows[$0]) }
    let finals = curves.compactMap(\.last?.rmse)
    let all = curves.flatMap { $0.map(\.rmse) }
    let best = all.min() ?? 0
    let worstFinal = finals.max() ?? 1
    // What lies far above where all end up is cut off, so that the differences between them can be seen.
    let top = min(all.max() ?? 1, worstFinal + max(worstFinal - best, 0.02))
    let width = isWide ? 760.0 : 360.0
    let area = PlotArea(left: 62, top: 12, right: width - 12, bottom: isWide ? 350 : 270)
    var canvas = SVGCanvas(width: width, height: area.bottom + 46)
    let x = PlotScale(
      .logarithmic, from: 1, to: Double(curves.compactMap(\.last?.epoch).max() ?? 1), at: area.left, area.right)
    let pad = (top - best) * 0.05
    let y = PlotScale(.linear, from: best - pad, to: top + pad, at: area.bottom, area.top)
    PlotAxis(scale: x, title: "epoch or sweep", ticks: isWide ? 12 : 7).drawBottom(on: &canvas, area)
    PlotAxis(scale: y, title: "RMSE on the test ratings", ticks: 6).drawLeft(on: &canvas, area)
    canvas.clipped(to: area, id: "\(id)-clip") { canvas in
      let order = places.indices.sorted { a, b in
        (series.numbers[places[a]] == nil ? 0 : 1, a) < (series.numbers[places[b]] == nil ? 0 : 1, b)
      }
      for place in order {
        LineMark(
          points: curves[place].map { (x.position(Double($0.epoch)), y.position($0.rmse)) },
          style: series.style(places[place])
        ).draw(on: &canvas)
      }
    }
    for (place, curve) in zip(places, curves) {
      guard let last = curve.last, series.numbers[place] != nil else { continue }
      canvas.marker(
        series.style(place).shape, x.position(Double(last.epoch)), y.position(last.rmse), 4.4, series.style(place).fill,
        tooltip: series.rows[place].label)
    }
    return canvas.image(
      id: id, title: "Learning curves of \(FixedText.count(places.count, "algorithm"))",
      description: "RMSE on the test ratings after each epoch or sweep, unclipped, the mean over splits and seeds. "
        + "The table beside has the first, the best and the last epoch.")
  }
}
