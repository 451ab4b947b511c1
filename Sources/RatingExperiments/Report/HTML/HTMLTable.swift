extension ReportTable {
  /// The table with its caption, in a box that scrolls by itself where it is too wide.
  ///
  /// - Parameter showsCaption: false where a heading above says the same; the caption is then for those who listen.
  func html(showsCaption: Bool = true) -> String {
    let title = SafeText.html(title)
    var out = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(title)\">\n<table>\n"
    out += "<caption\(showsCaption ? "" : " class=\"unseen\"")>\(title)</caption>\n<thead><tr>"
    for column in columns {
      out += "<th scope=\"col\"\(column.isNumber ? " class=\"n\"" : "")>\(SafeText.html(column.title))</th>"
    }
    out += "</tr></thead>\n<tbody>\n"
    for (place, row) in rows.enumerated() {
      out += marked.contains(place) ? "<tr class=\"best\">" : "<tr>"
      for (number, cell) in row.enumerated() {
        let text = SafeText.html(cell)
        if number == 0 {
          out += "<th scope=\"row\">\(text)</th>"
        } else {
          let style = columns[number].isNumber ? " class=\"n\"" : cell.count > 40 ? " class=\"wide\"" : ""
          out += "<td\(style)>\(text)</td>"
        }
      }
      out += "</tr>\n"
    }
    return out + "</tbody>\n</table>\n</div>\n"
  }
}
