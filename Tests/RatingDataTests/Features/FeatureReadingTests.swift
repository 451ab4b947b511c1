import RatingData
import Testing
import _RatingTestSupport

/// Files with a header: groups, features and weights.
@Suite struct FeatureReadingTests {
  @Test func everyTextIsAFeatureAndSeveralInACellShareTheirWeight() throws {
    let vocabulary = Vocabulary.texts("a", "b", "c", "d", "e")
    let text = """
      user,job,likes
      c,writer,x|y
      a,none,y;x ; z|x
      e,,
      b,writer,|
      stranger,doctor,q

      """
    for (delimiter, format) in [(",", FeatureFormat.csv), ("\t", .tsv)] {
      let table = try FeatureTable.of(text.replacing(",", with: delimiter), vocabulary)
      let third = Float(1) / 3
      #expect(
        ReadFeatures(table, vocabulary).rows == [
          ["a: none 1.0", "b: writer 1.0", "c: writer 1.0"],
          ["a: x \(third), y \(third), z \(third)", "c: x 0.5, y 0.5"],
        ])
      #expect(table.groups.map(\.name) == ["job", "likes"] && table.groups.map(\.featureCount) == [2, 3])
      #expect(table.entityCount == 5 && table.featureCount == 5)
      let source = try #require(table.source)
      #expect(source.format == format && source.rows == 5 && source.skippedRows == 1 && source.idsWithoutRow == 1)
      #expect(source.warnings.isEmpty && source.bytes == text.utf8.count && source.sha256.count == 64)
    }
  }

  @Test func moreThanTwentyDifferentNumbersArePutIntoTenBins() throws {
    let vocabulary = Vocabulary.numbers(1...30)
    func table(_ count: Int, of ids: Int = 30) throws -> FeatureGroup {
      let rows = (1...ids).map { "\($0),\(1900 + $0 % count)\n" }
      return try FeatureTable.of("id,year\n" + rows.joined(), vocabulary).groups[0]
    }
    #expect(try table(20).featureNames == (1900..<1920).map(String.init))
    // 21 years: 1901...1909 twice, the others once. Of 30 values the third, sixth, ... are the cut points.
    let bins = try table(21)
    #expect(
      bins.featureNames == [
        "<= 1901", "(1901, 1903]", "(1903, 1904]", "(1904, 1906]", "(1906, 1907]", "(1907, 1909]", "(1909, 1911]",
        "(1911, 1914]", "(1914, 1917]", "> 1917",
      ])
    #expect(bins.values.allSatisfy { $0 == 1 } && bins.starts == Array(0...30))
    // Id 1 is of 1901, id 20 of 1920, id 21 of 1900.
    #expect(bins.features[0] == 0 && bins.features[19] == 9 && bins.features[20] == 0 && bins.features[1] == 1)
    let negative = (1...30).map { "\($0),\(-$0).5\n" }.joined()
    let ascending = try FeatureTable.of("id,balance\n" + negative, vocabulary).groups[0]
    #expect(ascending.featureNames.first == "<= -28.5" && ascending.featureNames.last == "> -4.5")
  }

  @Test func rowsOfOtherIDsHaveNoSay() throws {
    let vocabulary = Vocabulary.numbers(1...40)
    let known = (1...40).map { "\($0),\($0 * 10),\($0 % 3)\n" }
    let strangers = (100...200).map { "\($0),\($0 * 7),text\($0)\n" }
    let alone = try FeatureTable.of("id,income,kind\n" + known.joined(), vocabulary)
    let mixed = try FeatureTable.of("id,income,kind\n" + (strangers + known).joined(), vocabulary)
    #expect(alone.groups == mixed.groups && alone.contentHash == mixed.contentHash)
    #expect(mixed.source?.skippedRows == 101 && mixed.source?.rows == 141 && mixed.source?.idsWithoutRow == 0)
    #expect(alone.source?.sha256 != mixed.source?.sha256)
  }

  @Test func theOrderOfTheRowsDoesNotMatter() throws {
    var random = SplitMix(4)
    let vocabulary = Vocabulary.numbers(1...60)
    var rows = (1...60).map { "\($0),\(random.below(1000)),\(["\u{e9}", "e\u{301}", "z|a", "10", "9"][$0 % 5])\n" }
    let first = try FeatureTable.of("id,n,t\n" + rows.joined(), vocabulary)
    // Whole numbers by value, then texts by their bytes; letters that look alike stay apart.
    #expect(
      first.groups[1].featureNames.map { Array($0.utf8) }
        == ["9", "10", "a", "e\u{301}", "z", "\u{e9}"].map { Array($0.utf8) })
    for _ in 0..<5 {
      rows.shuffle(using: &random)
      #expect(try FeatureTable.of("id,n,t\n" + rows.joined(), vocabulary).groups == first.groups)
    }
  }

  @Test func quotedCellsHoldDelimitersAndQuotes() throws {
    let vocabulary = Vocabulary.texts("m1", "m2", "x,y")
    let text = "\"item\";\"ta\"\"g\"\nm1;\"a,b\"\n\"x,y\";\"say \"\"hi\"\"\"\nm2;\"one;two\"\n"
    let table = try FeatureTable.of(text, vocabulary, .items)
    #expect(table.groups[0].name == "ta\"g")
    #expect(
      ReadFeatures(table, vocabulary).rows == [["m1: a,b 1.0", "m2: one 0.5, two 0.5", "x,y: say \"hi\" 1.0"]])
  }

  @Test func cellsThatAreNotUTF8AreLatin1() throws {
    let bytes =
      Array("id,name\n1,Caf".utf8) + [0xE9, 0x0A] + Array("2,Caf\u{e9}\n3,na".utf8) + [0xEF] + Array("ve\n".utf8)
    let table = try FeatureTable.of(bytes, .numbers(1...3))
    #expect(
      ReadFeatures(table, .numbers(1...3)).rows == [["1: Caf\u{e9} 1.0", "2: Caf\u{e9} 1.0", "3: na\u{ef}ve 1.0"]])
  }

  @Test func plainGzipAndPipesGiveTheSameTable() throws {
    let folder = try ScratchFolder()
    let vocabulary = Vocabulary.numbers(1...50_000)
    // More than one chunk of a stream.
    let text = "id,zip,n\n" + (1...50_000).map { "\($0),0\($0 * 7919 % 10_000)|\($0 % 97),\($0 % 1013)\n" }.joined()
    let plain = try FeatureTable(contentsOf: folder.write("plain", text), vocabulary: vocabulary, of: .users)
    let packed = try FeatureTable(
      contentsOf: folder.write("packed", Gzip.member(text.utf8)), vocabulary: vocabulary, of: .users)
    #expect(plain.groups == packed.groups && plain.source?.rows == 50_000)
    #expect(plain.source?.sha256 != packed.source?.sha256 && packed.source?.sha256.count == 64)
    #expect(plain.groups.map(\.featureCount) == [10_097, 10])
    let ends = try FeatureTable.of("\u{feff}id,a\r\n1,x\r\n2,y", .numbers(1...2))
    #expect(ends.source?.warnings.map(\.code) == ["byte-order-mark", "carriage-returns", "no-final-newline"])
    #expect(ReadFeatures(ends, .numbers(1...2)).rows == [["1: x 1.0", "2: y 1.0"]])
  }

  @Test func columnsThatWereHardlyMeantAreWarnedOf() throws {
    let vocabulary = Vocabulary.numbers(1...50)
    func warnings(_ cell: (Int) -> String) throws -> [String] {
      let table = try FeatureTable.of("id,a,b\n" + (1...50).map { "\($0),\(cell($0)),z\n" }.joined(), vocabulary)
      return try #require(table.source).warnings.map { "\($0.code) \($0.lines)" }
    }
    #expect(try warnings { $0 == 7 ? "unknown" : "\($0 % 30)" } == ["mixed-column [8]"])
    #expect(try warnings { $0 == 3 ? "5|6" : "\($0 % 30)" } == ["mixed-column [4]"])
    #expect(try warnings { "name \($0)" } == ["useless-column [2]"])
    #expect(try warnings { _ in "" } == ["useless-column []"])
    #expect(try warnings { "0\($0 % 30)" } == [] && warnings { "\($0 % 30)" } == [] && warnings { "t\($0 % 30)" } == [])
  }

  @Test(arguments: [
    ("12", 12.0), ("-1.5", -1.5), ("+3e2", 300), ("0", 0), ("0.25", 0.25), ("-0", 0), ("007", nil), ("1e400", nil),
    ("nan", nil), ("0x10", nil), (".5", nil), ("5.", nil), ("", nil), ("1 2", nil), ("\u{661}", nil), ("1e", nil),
    ("--1", nil),
  ])
  func numbersAreWrittenAsNumbers(_ text: String, _ value: Double?) throws {
    // Thirty other numbers make it bins, unless this one is none.
    let rows = (1...30).map { "\($0),\($0)\n" }.joined() + "31,\"\(text)\"\n"
    let group = try FeatureTable.of("id,a\n" + rows, .numbers(1...31)).groups[0]
    #expect((group.featureCount == 10) == (value != nil || text.isEmpty))
  }

  @Test func aTableInMemoryIsItsGroups() {
    let group = FeatureGroup(
      name: "g", featureNames: ["a", "b"], starts: [0, 1, 1, 3], features: [1, 0, 1], values: [1, 0.5, 0.5])
    let table = FeatureTable([group])
    #expect(table.entityCount == 3 && table.featureCount == 2 && table.source == nil)
    let other = FeatureGroup(
      name: "g", featureNames: ["a", "c"], starts: [0, 1, 1, 3], features: [1, 0, 1], values: [1, 0.5, 0.5])
    #expect(table.contentHash == FeatureTable([group]).contentHash)
    #expect(table.contentHash != FeatureTable([other]).contentHash)
    #expect(table.contentHash != FeatureTable([group, group]).contentHash)
  }
}
