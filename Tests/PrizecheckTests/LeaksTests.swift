import Foundation
import Testing
import _RatingTestSupport

/// `leaks` as users run it: its exit code, and where it points.
struct LeaksTests {
  let folder: ScratchFolder
  let train: String

  init() throws {
    folder = try ScratchFolder()
    train = try folder.write(
      "train.csv", "user,item,rating,timestamp\n1,1,5,100\n1,2,4,110\n2,1,3,120\n2,3,2,130\n3,3,4,140\n")
  }

  private func test(_ rows: String...) throws -> String {
    try folder.write("test.csv", "user,item,rating,timestamp\n" + rows.map { $0 + "\n" }.joined())
  }

  @Test func aCleanSplitExitsWith0() throws {
    let run = try ToolRun(["leaks", train, try test("1,3,4,200", "2,2,3,210")])
    #expect(run.status == 0 && run.errors == "" && run.output.hasPrefix("NO LEAK\n"), "\(run.output)\(run.errors)")
  }

  @Test func aLeakExitsWith1AndNamesItsLines() throws {
    let test = try test("1,3,4,200", "2,3,2,210", "1,3,4,220")
    let run = try ToolRun(["leaks", train, test])
    #expect(run.status == 1 && run.output.hasPrefix("2 KINDS OF LEAKS\n"), "\(run.output)")
    #expect(run.output.contains("leak: overlapping-pair, 1\n") && run.output.contains("leak: duplicate-in-test, 1\n"))
    #expect(run.output.contains("\(test):3, \(train):5: user 2, item 3"), "\(run.output)")
    #expect(run.output.contains("\(test):4: user 1, item 3"), "\(run.output)")
    let markdown = try ToolRun(["leaks", train, test, "--format", "markdown"])
    #expect(markdown.status == 1 && markdown.output.contains("| leak | overlapping-pair | 1 | "))
    let json = try ToolRun(["leaks", train, test, "--format", "json"])
    let findings = try #require(try json.object()["findings"] as? [[String: Any]])
    #expect(json.status == 1 && findings.map { $0["kind"] as? String } == ["overlapping-pair", "duplicate-in-test"])
    let example = try #require((findings[0]["examples"] as? [[String: Any]])?.first)
    #expect(example["training_line"] as? Int == 5 && example["test_line"] as? Int == 3)
    #expect(example["user"] as? String == "2" && example["item"] as? String == "3")
  }

  @Test func warningsAreNoLeaksUnlessOneSaysSo() throws {
    let test = try test("1,3,4,105", "9,9,3,210")
    let run = try ToolRun(["leaks", train, test])
    #expect(run.status == 0, "\(run.output)")
    for kind in ["later-rating-of-user", "later-rating-of-anybody", "user-only-in-test", "item-only-in-test"] {
      #expect(run.output.contains("warning: \(kind), 1\n"), "\(run.output)")
    }
    let byTime = try ToolRun(["leaks", train, test, "--chronological"])
    #expect(
      byTime.status == 1 && byTime.output.contains("leak: later-rating-of-user")
        && byTime.output.contains("warning: user-only"))
    #expect(try ToolRun(["leaks", train, test, "--strict"]).output.hasPrefix("4 KINDS OF LEAKS"))
  }

  @Test func answersInTheOrderOfTheirRatingsAreALeak() throws {
    let rows = (0..<60).map { "\(100 + $0 * 37 % 60),\($0 * 23 % 60),\(1 + $0 / 12)\n" }.joined()
    let path = try folder.write("sorted.csv", "user,item,rating\n" + rows)
    let run = try ToolRun(["leaks", train, path, "--columns", "user=1,item=2,rating=3"])
    #expect(run.status == 1 && run.output.contains("leak: order-tells-ratings, 1"), "\(run.output)\(run.errors)")
  }

  @Test func badDataIsToldOfBothFilesAndExitsWith65() throws {
    let one = try folder.write("one.csv", "user,item,rating\n1,1,x\n")
    let two = try folder.write("two.csv", "user,item,rating\n1,1,3\n1,y\n")
    let run = try ToolRun(["leaks", one, two, "--format", "json"])
    let files = FoundProblem.list("errors", of: try run.object()).map(\.file)
    #expect(run.status == 65 && Set(files) == [one, two])
    #expect(try ToolRun(["leaks", train, folder.path("none")]).status == 66)
    #expect(try ToolRun(["leaks", "-", "-"]).status == 64)
    #expect(try ToolRun(["leaks", train]).status == 64)
  }

  @Test(.enabled(if: RealData.path("ml-100k/u1.base") != nil, "RATINGBENCH_DATA has no ml-100k"))
  func movieLensFoldsAreCleanAndTheWholeSetIsNot() throws {
    let base = try #require(RealData.path("ml-100k/u1.base"))
    let test = try #require(RealData.path("ml-100k/u1.test"))
    let whole = try #require(RealData.path("ml-100k/u.data"))
    #expect(try ToolRun(["leaks", base, test]).status == 0)
    let run = try ToolRun(["leaks", whole, test, "--format", "json"])
    let findings = try #require(try run.object()["findings"] as? [[String: Any]])
    #expect(run.status == 1 && findings[0]["count"] as? Int == 20_000)
  }
}
