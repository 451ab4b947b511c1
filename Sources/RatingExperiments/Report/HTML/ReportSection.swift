/// The part of a report about one data set divided in one way.
struct ReportSection {
  var group: SuiteReport.Group
  /// What ids in the page begin with.
  var id: String
  var report: SuiteReport
  var isTimed: Bool

  private var series: ReportSeries { ReportSeries(group.rows) }

  var html: String {
    var out = "<section>\n<h2>\(SafeText.html("\(group.data.name): \(group.split)"))</h2>\n"
    out += sentence + facts
    guard !group.rows.isEmpty else { return out + failures + "</section>\n" }
    out += intervals
    out += "<p class=\"note\">Bold: the algorithms that may be the best by the tests. Behind best: the paired "
    out += "difference from the first row, with its p-value after Holm's correction.</p>\n"
    out += group.scoreTable(isClipped: report.isClipped).html(showsCaption: false)
    out += failures
    out += group.partsTable.map { "<h3>Split by split</h3>\n" + $0.html(showsCaption: false) } ?? ""
    if isTimed { out += times }
    out += curves + usersFigure + whereTheErrorIs
    return out + "</section>\n"
  }

  /// The finding in words.
  private var sentence: String {
    guard let best = group.rows.first else { return "<p>No algorithm has a figure.</p>\n" }
    let equal = group.rows.filter { $0.rank == 1 }
    let name = "<b>\(SafeText.html(best.label))</b>"
    let figure = "\(FixedText.decimal(best.rmse.estimate, 4)) (95% interval \(best.intervalText))"
    let others =
      equal.count == 1
      ? group.rows.count > 1 ? "Tests tell it apart from all others." : ""
      : "Tests can't tell it apart from \(equal.dropFirst().map { SafeText.html($0.label) }.joined(separator: ", "))."
    return
      "<p>Lowest RMSE of \(FixedText.count(group.rows.count, "algorithm")): \(name) with \(figure). \(others)</p>\n"
  }

  private var facts: String {
    let data = group.data
    var facts = [
      ("ratings", FixedText.grouped(data.ratings)), ("users", FixedText.grouped(data.users)),
      ("items", FixedText.grouped(data.items)), ("scale", data.scale),
      ("mean rating", FixedText.decimal(data.mean, 3)), ("splits", FixedText.grouped(group.parts.count)),
      ("test ratings", FixedText.grouped(group.testRatings)),
    ]
    if group.coldUserRatings + group.coldItemRatings > 0 {
      facts.append(
        (
          "cold user / item",
          "\(FixedText.grouped(group.coldUserRatings)) / \(FixedText.grouped(group.coldItemRatings))"
        ))
    }
    var out = "<ul class=\"facts\">\n"
    for (label, text) in facts {
      out += "<li><span>\(SafeText.html(label))</span> <b>\(SafeText.html(text))</b></li>\n"
    }
    out += "</ul>\n<p class=\"note\">SHA-256 of the ratings \(SafeText.html(data.hash)).</p>\n"
    if let source = data.source {
      out +=
        "<p class=\"note\">\(SafeText.html("\(source.title). \(source.citation) Terms: \(source.licence)"))</p>\n"
    }
    return out
  }

  private var failures: String {
    group.failuresTable.map { "<h3>Without a figure</h3>\n" + $0.html(showsCaption: false) } ?? ""
  }

  private var common: String {
    group.protocolText + (report.isClipped ? "; predictions clipped to the scale" : "; predictions not clipped")
  }

  /// Common, and where the seconds come from.
  private var withMachine: String { common + "; " + report.machines.joined(separator: "; ") }

  private var intervals: String {
    "<h3>RMSE</h3>\n"
      + ReportFigure(
        plots: [
          ReportFigure.Plot(
            wide: IntervalPlot(series: series, isWide: true).image(id: "\(id)-rmse-w"),
            narrow: IntervalPlot(series: series, isWide: false).image(id: "\(id)-rmse-n"))
        ], legend: nil,
        caption:
          "<b>RMSE with 95% intervals, clustered by user.</b> Intervals say how far each figure may be off. Whether two "
          + "algorithms differ is a paired question: those that share a letter, joined by a bar at the right, can't be told "
          + "apart (paired tests by user, Holm's correction, 5%).",
        protocolText: common, tables: []
      ).html
  }

  private var times: String {
    "<h3>Accuracy and time</h3>\n"
      + ReportFigure(
        plots: [
          ReportFigure.Plot(
            wide: TimePlot(series: series, isWide: true).image(id: "\(id)-time-w"),
            narrow: TimePlot(series: series, isWide: false).image(id: "\(id)-time-n"))
        ], legend: nil,
        caption:
          "<b>RMSE against seconds of training.</b> The dotted line joins the algorithms than which none is both faster "
          + "and more accurate. Numbers are ranks by RMSE. \(farBehind)",
        protocolText: withMachine, tables: [group.numberedTimingTable]
      ).html
  }

  /// The algorithms that the plot of times leaves out.
  private var farBehind: String {
    let labels = group.rows.dropFirst(ReportSeries.near(group.rows)).map { SafeText.html($0.label) }
    return labels.isEmpty ? "" : "Far behind, and not in the plot: \(labels.joined(separator: ", "))."
  }

  private var curves: String {
    let places = CurvePlot.places(series)
    guard !places.isEmpty else { return "" }
    return "<h3>Learning curves</h3>\n"
      + ReportFigure(
        plots: [
          ReportFigure.Plot(
            wide: CurvePlot(series: series, isWide: true).image(id: "\(id)-curve-w"),
            narrow: CurvePlot(series: series, isWide: false).image(id: "\(id)-curve-n"))
        ], legend: ReportSeries(subset: series, places),
        caption:
          "<b>RMSE on the test ratings after each epoch or sweep</b>, not clipped, the mean over splits and seeds; "
          + "algorithms without a colour in grey. Nothing was chosen by these curves.",
        protocolText: group.protocolText, tables: [group.curveTable]
      ).html
  }

  private var usersFigure: String {
    guard StratumPlot.labels(series, "user-activity").count > 1 else { return "" }
    let title = "ratings of the user in training"
    return "<h3>RMSE against ratings per user</h3>\n"
      + ReportFigure(
        plots: [
          ReportFigure.Plot(
            wide: StratumPlot(series: series, group: "user-activity", axisTitle: title, isWide: true)
              .image(id: "\(id)-users-w"),
            narrow: StratumPlot(series: series, group: "user-activity", axisTitle: title).image(id: "\(id)-users-n"))
        ], legend: series,
        caption:
          "<b>RMSE by the number of ratings that the user has in training.</b> Columns: how the test ratings are spread.",
        protocolText: common, tables: [group.stratumTable("user-activity", title)]
      ).html
  }

  private var whereTheErrorIs: String {
    let strata = [
      ("item-activity", "ratings of the item in training"), ("rating", "true rating"), ("time", "time of the rating"),
    ].filter { StratumPlot.labels(series, $0.0).count > 1 }
    var plots = strata.map { name, title in
      ReportFigure.Plot(
        title: "RMSE by \(title)",
        wide: StratumPlot(series: series, group: name, axisTitle: title).image(id: "\(id)-\(name)"))
    }
    var tables = strata.map { group.stratumTable($0, $1) }
    if StratumPlot.labels(series, "cold-start").count > 1 {
      tables.append(group.stratumTable("cold-start", "whether user and item were seen in training"))
    }
    if series.shown.contains(where: { !series.rows[$0].reliability.isEmpty }) {
      plots.append(
        ReportFigure.Plot(
          title: "Reliability", wide: ReliabilityPlot(series: series).image(id: "\(id)-reliability")))
      tables.append(group.reliabilityTable(series))
    }
    guard !plots.isEmpty else { return "" }
    return "<h3>Where the error sits, and whether predictions mean what they say</h3>\n"
      + ReportFigure(
        plots: plots, legend: series,
        caption:
          "<b>RMSE of test ratings that have something in common, and mean rating by mean prediction.</b> Columns: how the "
          + "test ratings are spread. In the reliability plot, predictions on the dashed line mean what they say; a flatter "
          + "curve is of predictions that are too extreme, a steeper one of predictions that are too timid.",
        protocolText: common, tables: tables
      ).html
  }
}
