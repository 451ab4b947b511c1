import Foundation
import RatingBench
import Testing
import _RatingTestSupport

@testable import prizecheck

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `--format junit`, read by an XML parser.
struct JUnitTests {
  /// An element with its attributes, text and elements.
  final class Element {
    let name: String
    let attributes: [String: String]
    var text = ""
    var children: [Element] = []

    init(_ name: String, _ attributes: [String: String]) { (self.name, self.attributes) = (name, attributes) }

    func all(_ name: String) -> [Element] {
      (self.name == name ? [self] : []) + children.flatMap { $0.all(name) }
    }
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var stack = [Element("", [:])]

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      let element = Element(name, attributes)
      stack.last!.children.append(element)
      stack.append(element)
    }

    func parser(_ parser: XMLParser, didEndElement: String, namespaceURI: String?, qualifiedName: String?) {
      stack.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { stack.last!.text += text }
  }

  static func read(_ xml: String) throws -> Element {
    let parser = XMLParser(data: Data(xml.utf8))
    let reader = Reader()
    parser.delegate = reader
    #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") \(xml)")
    let root = try #require(reader.stack[0].children.first)
    #expect(root.name == "testsuites")
    for suite in [root] + root.all("testsuite") {
      #expect(suite.attributes["tests"] == "\(suite.all("testcase").count)")
      #expect(suite.attributes["failures"] == "\(suite.all("failure").count)")
    }
    return root
  }

  @Test func aGoodSubmissionIsAPassingCase() throws {
    let folder = try TinyContest.folder()
    let run = try ToolRun([
      "validate", folder.path("p.csv"), "--questions", folder.path("questions.csv"), "--format", "junit",
    ])
    #expect(run.status == 0 && run.errors == "")
    let root = try Self.read(run.output)
    #expect(root.attributes == ["name": "prizecheck", "tests": "2", "failures": "0", "errors": "0"])
    let cases = root.all("testcase")
    #expect(cases.map { $0.attributes["classname"] } == ["prizecheck.predictions", "prizecheck.questions"])
    #expect(cases.map { $0.attributes["name"] } == ["valid", "valid"])
  }

  @Test func everyKindOfProblemIsAFailureWithItsLines() throws {
    let folder = try TinyContest.folder()
    let path = try folder.write("bad.csv", "user,item,prediction\n10,1,nan\n20,1,3\n20,1,3\n77,2,4\n88,2,2\n30,2,7\n")
    let run = try ToolRun([
      "validate", path, "--questions", folder.path("questions.csv"), "--rating-scale", "1...5", "--format", "junit",
    ])
    #expect(run.status == 65)
    let root = try Self.read(run.output)
    let failed = root.all("testcase").filter { !$0.all("failure").isEmpty }
    let places = failed.map { "\($0.attributes["name"] ?? "") \($0.attributes["line"] ?? "-")" }
    #expect(Set(places) == ["not-finite 2", "duplicate-pair 4", "unknown-user 5", "missing-rows -"], "\(run.output)")
    #expect(places.count == 4)
    let unknown = try #require(failed.first { $0.attributes["name"] == "unknown-user" }?.all("failure").first)
    #expect(
      unknown.attributes["type"] == "unknown-user" && unknown.attributes["message"]?.hasPrefix("user '77'") == true)
    #expect(unknown.text.contains("bad.csv:5: error") && unknown.text.contains("(2 times; first lines 5, 6)"))
    let warning = try #require(root.all("testcase").first { $0.attributes["name"] == "out-of-scale" })
    #expect(warning.all("failure").isEmpty && warning.all("system-out").first?.text.contains("bad.csv:7") == true)
  }

  @Test func theVerdictIsACase() throws {
    let qualifying = try Self.read(Documents.qualifying().junit)
    let won = try #require(qualifying.all("testcase").first { $0.attributes["name"] == "qualifies" })
    #expect(won.attributes["classname"] == "prizecheck.criterion" && won.all("failure").isEmpty)
    #expect(won.all("system-out").first?.text.contains("10.06%") == true)
    let folder = try TinyContest.folder()
    let run = try ToolRun([
      "check", folder.path("p.csv"), "--answers", folder.path("answers.csv"), "--baseline", "0.7", "--improvement",
      "10%",
      "--format", "junit",
    ])
    #expect(run.status == 1)
    #expect(
      run.output.contains("<system-out>all rows: RMSE 0.651920 (clipped 0.651920), MAE 0.600000, 5 rows</system-out>"))
    let failure = try #require(try Self.read(run.output).all("failure").first)
    #expect(
      failure.attributes["type"] == "does-not-qualify" && failure.attributes["message"]?.contains("0.6519") == true)
  }

  @Test func hostileNamesStayInTheirAttributes() throws {
    let root = try Self.read(ResultRenderingTests.hostile().junit)
    let test = try #require(root.all("testcase").first { $0.attributes["name"] == "duplicate-pair" })
    #expect(test.attributes["file"] == SafeText.line(ResultRenderingTests.hostileName))
    #expect(test.all("failure").first?.attributes["message"] == #"two\u{a}lines: 5%"#)
    #expect(root.all("script").isEmpty)
    let odd = "]]>&amp;<!--\u{0}\u{b}\u{fffe}\u{ffff}\u{85}é\u{1f600}\"'"
    let report = JUnitReport(suites: [
      .init(name: odd, cases: [.init(group: odd, name: odd, failure: .init(type: odd, message: odd, detail: odd))])
    ])
    let read = try Self.read(report.xml)
    let shown = #"]]>&amp;<!--\u{0}\u{b}\u{fffe}\u{ffff}\u{85}é😀"'"#
    #expect(read.all("testcase").first?.attributes["classname"] == shown)
    #expect(read.all("failure").first?.text == shown)
  }

  @Test func onlyTestsHaveATestReport() throws {
    let folder = try TinyContest.folder()
    let p = folder.path("p.csv")
    for command in ["compare", "blend"] {
      let run = try ToolRun([command, p, p, "--answers", folder.path("answers.csv"), "--format", "junit"])
      #expect(run.status == 64 && run.errors.contains("check, score and validate"), "\(run.errors)")
    }
  }
}
