import Foundation
import RatingData
import RatingModels
import Testing
import _RatingTestSupport

@testable import RatingExperiments

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportTests {
  /// Names that would do harm in one format or another.
  static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]> --> &amp; &#0; </title></style>",
    "a|b`c`[d](http://e.example)*f*_g_", "=HYPERLINK(\"http://e.example\")", "\\input{/etc/passwd} $x^2$ %_#&{}~",
    "\u{1b}[2J\u{202e}gnp.exe\u{0}\r\nline", "javascript:alert(1)", "' onload='alert(1)",
  ]

  private func report(labels: [String], dataName: String = "planted", title: String = "A title") throws -> SuiteReport {
    let folder = try ScratchFolder()
    var text = "user,item,rating,time\n"
    ExperimentData.ratings.withUnsafeColumns { columns in
      for row in columns.users.indices {
        text += "\(columns.users[row]),\(columns.items[row]),\(Int(columns.ratings[row])),\(columns.times![row])\n"
      }
    }
    try folder.write("ratings.csv", text)
    let algorithms = labels.enumerated().map { place, label in
      SuiteAlgorithm(
        ["item-mean", "biases", "biased-mf"][place % 3], label: label,
        settings: place % 3 == 2 ? [.init("epochs", "3"), .init("factors", "\(2 + place)")] : [])
    }
    let suite = Suite(
      name: "test", title: title, summary: title,
      data: [SuiteData(name: dataName, path: folder.path("ratings.csv"), scale: .wholeStars)],
      splits: [try SuiteSplit("k-fold 2"), try SuiteSplit("time 20%")], algorithms: algorithms, threads: 1)
    return try SuiteReport(SuiteRunner(suite).run())
  }

  @Test func thePageIsWellFormedAndLoadsNothing() throws {
    let page = try PageReader(report(labels: ["item-mean", "biases", "biased-mf"]).html())
    #expect(page.problem == nil)
    #expect(page.count("svg") > 10)
    #expect(page.count("script") == 0 && page.count("link") == 0 && page.count("img") == 0 && page.count("iframe") == 0)
    #expect(page.references == [], "references to elsewhere")
    // Each plot says what it is to those who can't see it, and its figures are in a table.
    #expect(page.unlabelledImages == 0)
    #expect(page.count("figure") == page.count("figcaption") && page.count("figure") <= page.count("table"))
    #expect(page.duplicateIDs == [])
  }

  @Test func hostileNamesStayText() throws {
    let report = try report(labels: Self.hostile, dataName: Self.hostile[0], title: Self.hostile[1])
    let html = report.html()
    let page = try PageReader(html)
    #expect(page.problem == nil)
    #expect(page.count("script") == 0 && page.count("img") == 0)
    #expect(page.references == [])
    #expect(page.eventHandlers == [])
    for name in Self.hostile where !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0 == "\u{202e}" }) {
      #expect(page.text.contains(name), "\(name) is not shown as it is")
    }
    #expect(!html.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202e}" })
    for text in [report.text(), report.markdown(), report.latex] {
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202e}" })
    }
    #expect(!report.markdown().contains("<script") && !report.markdown().contains("](http"))
    #expect(!report.latex.contains("\\input{"))
    #expect(report.csv.contains(",\"'=HYPERLINK"))
  }

  /// Every row of the CSV has as many fields as the header, whatever the names.
  @Test func theCSVIsATable() throws {
    let csv = try report(labels: Self.hostile).csv
    var rows: [[String]] = [[""]]
    var isQuoted = false
    for scalar in csv.unicodeScalars {
      switch scalar {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: rows[rows.count - 1].append("")
      case "\n" where !isQuoted: rows.append([""])
      default: rows[rows.count - 1][rows.last!.count - 1].unicodeScalars.append(scalar)
      }
    }
    rows.removeLast()
    #expect(rows.count == 1 + 2 * Self.hostile.count)
    #expect(Set(rows.map(\.count)).count == 1)
  }

  @Test func aReportWithoutTimesHasNone() throws {
    let report = try report(labels: ["item-mean", "biases"])
    #expect(report.html().contains("seconds of training"))
    let bare = report.html(isTimed: false)
    #expect(!bare.contains("Accuracy and time") && !bare.contains(Machine.current.system))
    #expect(!report.text(isTimed: false).contains("Seconds"))
  }
}

/// A page read as XML: which elements it has, and what they point to.
final class PageReader: NSObject, XMLParserDelegate {
  private(set) var problem: String?
  private(set) var text = ""
  private var counts: [String: Int] = [:]
  private(set) var references: [String] = []
  private(set) var eventHandlers: [String] = []
  private var ids: [String] = []
  private(set) var unlabelledImages = 0

  init(_ html: String) throws {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    if !parser.parse() { problem = parser.parserError.map { "line \(parser.lineNumber): \($0)" } ?? "no XML" }
    // What style sheets could load.
    for word in ["url(", "@import", "http:", "https:", "src="] {
      let start = html.range(of: "<style>")?.upperBound ?? html.startIndex
      let end = html.range(of: "</style>")?.lowerBound ?? html.endIndex
      if html[start..<end].contains(word) { references.append(word) }
    }
  }

  func count(_ element: String) -> Int { counts[element] ?? 0 }

  var duplicateIDs: [String] { Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted() }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    counts[element, default: 0] += 1
    for (name, value) in attributes {
      if name.lowercased().hasPrefix("on") { eventHandlers.append("\(name)=\(value)") }
      if ["href", "src", "xlink:href", "action", "data", "srcset", "poster"].contains(name) {
        references.append("\(name)=\(value)")
      }
      if name == "id" { ids.append(value) }
    }
    if element == "svg", attributes["aria-hidden"] != "true", (attributes["aria-label"] ?? "").isEmpty {
      unlabelledImages += 1
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
