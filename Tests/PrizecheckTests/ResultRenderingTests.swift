import Foundation
import RatingBench
import Testing

@testable import prizecheck

struct ResultRenderingTests {
  /// A name that attacks a terminal, a table, HTML, a spreadsheet and a workflow log.
  static let hostileName = "=a|b<script>\u{1b}[2J\n::error::x,y:z%0A@you `c` ##[set-env]\u{202e}"

  static func hostile() throws -> ResultDocument {
    var input = predictionsInput
    input.file = hostileName
    let problem = Problem(
      .error, "duplicate-pair", file: hostileName, count: 2, lines: [4, 5], message: "two\nlines: 5%")
    return ResultDocument(inputs: [input], problems: [problem])
  }

  @Test func textTellsTheVerdictFirst() throws {
    #expect(
      try Documents.qualifying().text(color: false) == """
        QUALIFIES  netflix-grand-prize: 10.06% (0.8567, threshold 0.8572)
        The RMSE on all rows is 0.856704, rounded 0.8567, not above the threshold 0.8572; that is 10.06% below the \
        baseline 0.9525; 10% is asked.

        rows  n  RMSE rounded      RMSE  RMSE clipped       MAE
        all   2        0.8567  0.856704      0.850000  0.856704

        p.txt:7: warning: the prediction 5.3 is outside 1...5 (3 times; first lines 7, 9, 12) [out-of-scale]
        judging.txt: warning: netflix-grand-prize is judged on the test rows, and nothing says which rows those are: \
        all 2 rows were judged; give their sets with --membership [no-membership]

        """)
    #expect(Documents.valid.text(color: false) == "VALID  p.txt\n")
    #expect(try Documents.scored().text(color: false).hasPrefix("RMSE 1.250  p.txt\n\n"))
    #expect(
      Documents.bad.text(color: false).hasPrefix(
        "NOT VALID  p.txt: 1 kind of error; nothing was scored\n\np.txt:4: error"))
  }

  @Test func colourIsOnlyThereWhereAskedFor() throws {
    #expect(try Documents.qualifying().text(color: true).hasPrefix("\u{1b}[1;32mQUALIFIES\u{1b}[0m  netflix"))
    #expect(Documents.bad.text(color: true).hasPrefix("\u{1b}[1;31mNOT VALID\u{1b}[0m"))
    for document in try Documents.every() {
      for format in OutputFormat.allCases { #expect(!document.rendered(as: format, color: false).contains("\u{1b}")) }
    }
  }

  @Test func manyRowsAreGroupedInThousands() throws {
    let document = ResultDocument(inputs: [], scores: ScoresBySet(all: try scores("1", rows: 12_345)))
    #expect(document.text(color: false).contains("\nall   12,345        1.0000   1.0  1.000000\n"))
  }

  @Test func hostileNamesCannotForgeTerminalLines() throws {
    let text = try Self.hostile().text(color: false)
    #expect(!text.contains("\u{1b}") && !text.contains("\u{202e}"))
    #expect(text.split(separator: "\n").count == 2)
    #expect(text.contains(#"\u{1b}[2J\u{a}::error"#))
  }

  @Test func markdownEscapesNames() throws {
    let markdown = try Self.hostile().markdown
    #expect(!markdown.contains("<script") && !markdown.contains("@you") && !markdown.contains("`"))
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.count == 3)
    // Only the table's own six bars are left in the row.
    #expect(rows[2].filter { $0 == "|" }.count == 6)
    #expect(SafeText.markdown("a_b|c https://x") == "a&#95;b&#124;c https&#58;//x")
  }

  @Test func markdownShowsScoresAsATable() throws {
    let markdown = try Documents.withMembership(.netflixQuiz).markdown
    #expect(markdown.hasPrefix("## QUALIFIES: netflix-quiz: 10.09% (0.8554, threshold 0.8563)\n\nThe RMSE"))
    #expect(markdown.contains("| rows | n | RMSE rounded | RMSE | MAE |\n| :-- | --: | --: | --: | --: |\n| all | 2 |"))
    #expect(markdown.contains("\n| quiz | 1 | 0.8554 | 0.8554 | 0.855400 |\n"))
    #expect(markdown.contains("### Warnings\n\n| code | file |"))
  }

  @Test func csvIsFlatAndQuoted() throws {
    let csv = try Documents.qualifying().json.csv
    #expect(
      csv.hasPrefix(
        "key,value\r\nschema,prizecheck.result/1\r\ntool.version,\(Tool.version)\r\ninputs.0.role,predictions\r\n"))
    #expect(csv.contains("\r\nscores.all.rmse_rounded,0.8567\r\n"))
    #expect(csv.contains("\r\nverdict.qualifies,true\r\n"))
    #expect(csv.contains("\r\nvalidation.warnings.0.lines,7 9 12\r\n"))
    #expect(csv.contains("\r\nverdict.reason,\"the RMSE on all rows is 0.856704, rounded"))
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-", "'-"), ("@x", "'@x"), ("\tx", "'\tx"), ("a=1", "a=1"),
    ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("=\"x\"\n", "\"'=\"\"x\"\"\n\""), ("\r\nx", "\"'\r\nx\""),
  ])
  func csvFieldsNeverBeginAFormula(_ text: String, _ field: String) {
    #expect(JSON.object(["k": .string(text)]).csv == "key,value\r\nk,\(field)\r\n")
    #expect(JSON.object(["k": .number(-1.5)]).csv == "key,value\r\nk,-1.5\r\n")
  }

  @Test func githubAnnotationsPointAtTheLine() throws {
    let lines = Documents.bad.githubCommands.split(separator: "\n")
    #expect(lines[0] == "::error file=p.txt,line=4,title=duplicate-pair::user 5 and item 6 were predicted before")
    #expect(
      lines[1] == "::warning file=p.txt,line=7,title=out-of-scale::the prediction 5.3 is outside 1...5 "
        + "(3 times; first lines 7, 9, 12)")
    #expect(lines[2] == "::error title=prizecheck::NOT VALID: p.txt: 1 kind of error; nothing was scored")
    let good = try Documents.qualifying().githubCommands
    #expect(good.contains("\n::notice title=prizecheck::QUALIFIES: netflix-grand-prize: 10.06%25 (0.8567, threshold"))
    #expect(good.hasSuffix("\nall   2        0.8567  0.856704      0.850000  0.856704\n"))
  }

  @Test func hostileNamesCannotForgeWorkflowCommands() throws {
    let lines = try Self.hostile().githubCommands.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines[0] == "::error file==a|b<script>\u{1b}[2J%0A%3A%3Aerror%3A%3Ax%2Cy%3Az%250A@you `c` ##[set-env]\u{202e},"
        + "line=4,title=duplicate-pair::two%0Alines: 5%25 (2 times; first lines 4, 5)")
    #expect(SafeText.logLine("x ##[set-env]") == "x # # [set-env]")
    #expect(
      ResultDocument(inputs: [], problems: [Problem(.error, "empty", file: "-", message: "no rows")])
        .githubCommands.hasPrefix("::error title=empty::no rows\n"))
  }

  @Test func theJobsSummaryIsAppendedTo() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "before\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(Documents.valid.appendGitHubSummary(to: path))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "before\n## VALID: p.txt\n")
    #expect(Documents.valid.appendGitHubSummary(to: nil))
    #expect(!Documents.valid.appendGitHubSummary(to: "/nowhere/summary.md"))
  }
}
