import RatingData
import Testing
import _RatingTestSupport

/// Bad files of features: all problems at once, with their lines.
@Suite struct FeatureProblemTests {
  private func found(_ bytes: [UInt8], _ side: FeatureTable.Side = .users) -> [String] {
    problems { _ = try FeatureTable.of(bytes, .numbers(1...5), side) }
  }

  private func found(_ text: String, _ side: FeatureTable.Side = .users) -> [String] { found(Array(text.utf8), side) }

  @Test func allProblemsOfAFileAreToldAtOnce() {
    let lines = [
      "id,a", "1,x", "1,y", "2", "", "3,\"x", ",z", "2,x,y", "9,x", "9,y", "5,\"a\"b",
    ]
    let bytes = Array(lines.map { $0 + "\n" }.joined().utf8) + [0xE9, 0x2C, 0x78, 0x0A]
    #expect(
      found(bytes) == [
        "duplicate-id 2 [3, 10]", "field-count 2 [4, 8]", "blank-line 1 [5]", "bad-quoting 2 [6, 11]",
        "missing-value 1 [7]", "bad-identifier 1 [12]",
      ])
  }

  @Test func theMessageSaysWhatWasFoundAndHowToMendIt() throws {
    let error = #expect(throws: RatingDataError.self) {
      try FeatureTable.of("id,a\n1,x\n2,y\n1,z\n2,z\n", .numbers(1...5))
    }
    let problem = try #require(error?.problems.first)
    #expect(error?.kind == .badData && problem.count == 2 && problem.lines == [4, 5])
    #expect(problem.message.contains("user '1' has a row before on line 2; give each id one row"))
  }

  @Test func movieLensFieldsAreChecked() {
    let users = ["1|24|M|writer|85711", "2|old|F|other|94043", "3||M|writer|1", "4|33|F|lawyer", "5|-3|F||"]
    #expect(found(users.map { $0 + "\n" }.joined()) == ["not-a-number 1 [2]", "field-count 1 [4]"])
    func item(_ id: Int, _ date: String, _ flags: String) -> String {
      "\(id)|Title (1995)|\(date)||http://x|" + flags.map(String.init).joined(separator: "|") + "\n"
    }
    let none = String(repeating: "0", count: 19)
    let items =
      item(1, "01-Jan-1995", none) + item(2, "1995", none) + item(3, "4-Feb-1971", "2" + none.dropFirst())
      + item(4, "", none) + item(5, "01-Jan-95", none.dropFirst() + "x") + item(1, "", none)
    #expect(
      found(items, .items) == ["bad-date 2 [2, 5]", "bad-flag 2 [3, 5]", "duplicate-id 1 [6]"])
  }

  @Test func filesThatAreNoFeaturesAreRefused() throws {
    #expect(found("") == ["empty-file 1 []"])
    #expect(found("\n\n") == ["no-rows 1 []"])
    #expect(found("id,age\n") == ["no-rows 1 []"])
    #expect(found("hello\nthere\n") == ["unknown-format 1 []"])
    #expect(found("id,a\n1,\0\n") == ["binary-data 1 []"])
    #expect(found([UInt8](repeating: 0x41, count: 100_000)) == ["line-too-long 1 [1]"])
    #expect(found("id,a\n1,x\n2," + String(repeating: "y", count: 70_000)) == ["line-too-long 1 [3]"])
    #expect(found("1,24,M\n2,53,F\n") == ["missing-header 1 [1]"])
    #expect(found("id,,a\n1,2,3\n") == ["missing-header 1 [1]"])
    #expect(found("id,a,b,a\n1,2,3,4\n") == ["duplicate-column 1 [1]"])
    #expect(found("196\t242\t3\t881250949\n186\t302\t3\t891717742\n") == ["missing-header 1 [1]"])
    #expect(found("id,a\n77,x\n78,y\n") == ["no-rows 1 []"])
    #expect(found("id,a\n1,\n2,\n") == ["missing-column 1 []"])
    #expect(found("id,a\n1,x\n2") == ["truncated-line 1 [3]"])
    #expect(found(Array(Gzip.member("id,a\n1,x\n".utf8).dropLast(4))) == ["truncated-gzip 1 []"])
    #expect(
      problems { _ = try FeatureTable(contentsOf: "/nothing/here", vocabulary: .empty, of: .users) } == [
        "missing-file 1 []"
      ])
    let folder = try ScratchFolder()
    #expect(
      problems { _ = try FeatureTable(contentsOf: folder.path, vocabulary: .empty, of: .users) } == ["not-a-file 1 []"])
    #expect(problems { _ = try FeatureTable.of("id,a\n1,x\n", .empty) } == ["no-rows 1 []"])
  }

  @Test func usersWhereItemsAreDueAreRefused() {
    let none = String(repeating: "|0", count: 19)
    for (text, side) in [
      ("1|24|M|writer|85711\n", FeatureTable.Side.items), ("1::F::1::10::48067\n", .items),
      ("1|Toy Story (1995)|01-Jan-1995||u\(none)\n", .users), ("1::Toy Story (1995)::Comedy\n", .users),
      ("movieId,title,genres\n1,Toy Story (1995),Comedy\n", .users), ("userId,age\n1,2\n", .items),
      ("item_id:token,year\n1,2\n", .users),
    ] {
      #expect(found(text, side) == ["wrong-role 1 []"], "\(text)")
      #expect(found(text, side == .users ? .items : .users).isEmpty, "\(text)")
    }
  }
}
