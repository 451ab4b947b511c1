/// A plot with its legend, caption, protocol and the table of its figures.
struct ReportFigure {
  /// The image for wide screens, and for narrow ones where that is another.
  var wide: String
  var narrow: String?
  /// The series in colour.
  var legend: ReportSeries?
  /// What the plot shows.
  var caption: String
  /// Where the figures come from.
  var protocolText: String
  var table: ReportTable

  var html: String {
    var out = "<figure>\n"
    if let narrow {
      out += "<div class=\"wide-plot\">\n\(wide)</div>\n<div class=\"narrow\">\n\(narrow)</div>\n"
    } else {
      out += wide
    }
    if let legend { out += Self.legend(legend) }
    out += "<figcaption>\(caption) <span class=\"where\">\(SafeMarkup.html(protocolText)).</span></figcaption>\n"
    out += "<details>\n<summary>Table of these figures</summary>\n\(table.html())</details>\n"
    return out + "</figure>\n"
  }

  private static func legend(_ series: ReportSeries) -> String {
    var out = "<ul class=\"legend\">\n"
    for row in series.shown {
      var canvas = SVGCanvas(width: 28, height: 12)
      let style = series.style(row)
      canvas.line(1, 6, 27, 6, style.line)
      canvas.marker(style.shape, 14, 6, 4, style.fill)
      out += "<li>\(canvas.decoration)\(SafeMarkup.html(series.rows[row].label))</li>\n"
    }
    return out + "</ul>\n"
  }
}

extension SVGCanvas {
  /// The image without a title, for what the text beside it says.
  var decoration: String {
    image(id: "", title: "", description: "").split(separator: "\n", omittingEmptySubsequences: true).enumerated()
      .filter { !$0.element.hasPrefix("<title") && !$0.element.hasPrefix("<desc") }
      .map { $0.offset == 0 ? "<svg viewBox=\"0 0 28 12\" aria-hidden=\"true\">" : String($0.element) }
      .joined(separator: "")
  }
}
