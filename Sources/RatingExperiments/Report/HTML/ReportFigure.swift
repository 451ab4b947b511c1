/// Plots with their legend, caption, protocol and the tables of their figures.
struct ReportFigure {
  /// An image for wide screens, and another for narrow ones where there is one.
  struct Plot {
    /// Stands above the plot, where there are several in a figure.
    var title: String?
    var wide: String
    var narrow: String?
  }

  var plots: [Plot]
  /// The series in colour.
  var legend: ReportSeries?
  /// What the plots show; HTML.
  var caption: String
  /// Where the figures come from.
  var protocolText: String
  var tables: [ReportTable]

  var html: String {
    var out = "<figure>\n"
    if plots.count > 1 { out += "<div class=\"panels\">\n" }
    for plot in plots {
      if plots.count > 1 { out += "<div>\n" }
      if let title = plot.title { out += "<h4>\(SafeText.html(title))</h4>\n" }
      if let narrow = plot.narrow {
        out += "<div class=\"wide-plot\">\n\(plot.wide)</div>\n<div class=\"narrow\">\n\(narrow)</div>\n"
      } else {
        out += plot.wide
      }
      if plots.count > 1 { out += "</div>\n" }
    }
    if plots.count > 1 { out += "</div>\n" }
    if let legend { out += Self.legend(legend) }
    out += "<figcaption>\(caption) <span class=\"where\">\(SafeText.html(protocolText)).</span></figcaption>\n"
    if !tables.isEmpty {
      let name = tables.count == 1 ? "Table of these figures" : "Tables of these figures"
      out += "<details>\n<summary>\(name)</summary>\n\(tables.map { $0.html() }.joined())</details>\n"
    }
    return out + "</figure>\n"
  }

  private static func legend(_ series: ReportSeries) -> String {
    var out = "<ul class=\"legend\">\n"
    for row in series.shown {
      var canvas = SVGCanvas(width: 28, height: 12)
      let style = series.style(row)
      canvas.line(1, 6, 27, 6, style.line)
      canvas.marker(style.shape, 14, 6, 4, style.fill)
      out += "<li>\(canvas.decoration)\(SafeText.html(series.rows[row].label))</li>\n"
    }
    return out + "</ul>\n"
  }
}
