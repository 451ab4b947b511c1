extension SuiteReport {
  /// The report as one HTML file that needs nothing else: no network, no fonts, no script.
  ///
  /// It holds tables and plots (SVG), adapts to light and dark and to narrow screens, and every name in it is escaped.
  ///
  /// - Parameter isTimed: false leaves out seconds and machine, so that a suite that is run again from the beginning gives
  ///   the same bytes.
  public func html(isTimed: Bool = true) -> String {
    var out = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
      <title>\(SafeText.html(title))</title>
      <style>
      \(ReportStyle.css)
      </style>
      </head>
      <body>
      <header>
      <h1>\(SafeText.html(title))</h1>

      """
    if !summary.isEmpty { out += "<p class=\"lead\">\(SafeText.html(summary))</p>\n" }
    out += "</header>\n<main>\n"
    for (number, group) in groups.enumerated() {
      out += ReportSection(group: group, id: "g\(number + 1)", report: self, isTimed: isTimed).html
    }
    out += "<section>\n<h2>Protocol</h2>\n<dl class=\"protocol\">\n"
    let machines = isTimed ? machines.map { ProtocolLine(label: "machine", text: $0) } : []
    for line in protocolLines + machines {
      out += "<dt>\(SafeText.html(line.label))</dt><dd>\(SafeText.html(line.text))</dd>\n"
    }
    out += "</dl>\n"
    for (number, group) in groups.enumerated() where !group.rows.isEmpty {
      let name = groups.count > 1 ? "Hyper-parameters: \(group.data.name), \(group.split)" : "Hyper-parameters"
      out += "<h3 id=\"s\(number + 1)\">\(SafeText.html(name))</h3>\n" + group.settingsTable.html(showsCaption: false)
    }
    out += "</section>\n</main>\n<footer>\n<p>Made by prizecheck benchmark from the suite "
    out += "\(SafeText.html(name)). Nothing in this file is loaded from elsewhere.</p>\n</footer>\n</body>\n</html>\n"
    return out
  }
}
