import RatingData
import Testing
import _RatingTestSupport

/// Small literal files of every format, and what is read from them.
@Suite struct ReadingFormatTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var format: RatingFormat
    var rows: [String]
    var columns: String?
    var forced: RatingFormat?
    var testDescription: String { name }
  }

  static let examples: [Example] = [
    Example(
      name: "Netflix, one movie", text: "8:\n1488844,3,2005-09-06\n822109,5,1999-12-31\n", format: .netflixTraining,
      rows: ["1488844 8 3.0 1125964800", "822109 8 5.0 946598400"]),
    Example(
      name: "Netflix, combined", text: "1:\n7,3,2005-09-06\n10:\n7,5,2005-05-13\n9,1,1970-01-01\n",
      format: .netflixTraining, rows: ["7 1 3.0 1125964800", "7 10 5.0 1115942400", "9 10 1.0 0"]),
    Example(
      name: "MovieLens 100K", text: "196\t242\t3\t881250949\n186\t302\t5\t891717742\n", format: .movieLens100K,
      rows: ["196 242 3.0 881250949", "186 302 5.0 891717742"]),
    Example(
      name: "MovieLens 1M and 10M", text: "1::1193::5::978300760\n2::661::3.5::978302109\n",
      format: .movieLensDoubleColon, rows: ["1 1193 5.0 978300760", "2 661 3.5 978302109"]),
    Example(
      name: "MovieLens CSV", text: "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n", format: .movieLensCSV,
      rows: ["1 31 2.5 1260759144"]),
    Example(name: "CSV without header", text: "1,2,3.5\n4,5,-6\n", format: .csv, rows: ["1 2 3.5", "4 5 -6.0"]),
    Example(
      name: "CSV, other order", text: "rating,item,user\n4,7,1\n", format: .csv, rows: ["1 7 4.0"]),
    Example(
      name: "RecBole", text: "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t7\t4\t881250949.5\n",
      format: .tsv, rows: ["1 7 4.0 881250949"]),
    Example(
      name: "Book-Crossing", text: "\"User-ID\";\"ISBN\";\"Book-Rating\"\n\"276725\";\"034545104X\";\"0\"\n",
      format: .csv,
      rows: ["276725 034545104X 0.0"]),
    Example(
      name: "Amazon, text ids and milliseconds",
      text: "user_id,parent_asin,rating,timestamp\nAGKA,B00X,5.0,1523093017534\n",
      format: .csv, rows: ["AGKA B00X 5.0 1523093017"]),
    Example(
      name: "bars, a column that means nothing", text: "user|comment|item|rating\n1|nice, really|2|3\n", format: .csv,
      rows: ["1 2 3.0"]),
    Example(
      name: "quoted text with commas and quotes", text: "user,item,rating\n\"a,b\",\"say \"\"x\"\"\",4\n", format: .csv,
      rows: ["a,b say \"x\" 4.0"]),
    Example(name: "TSV, three columns", text: "1\t2\t-9.95\n", format: .tsv, rows: ["1 2 -9.95"]),
    Example(name: "LIBMF", text: "0 3 4.5\n12 0 1\n", format: .libmf, rows: ["0 3 4.5", "12 0 1.0"]),
    Example(
      name: "dates",
      text: "user,item,rating,date\n1,2,3,2005-12-31\n1,3,3,2005-12-31 01:02:03\n1,4,3,2005-12-31T23:59:59Z\n",
      format: .csv, rows: ["1 2 3.0 1135987200", "1 3 3.0 1135990923", "1 4 3.0 1136073599"]),
    Example(
      name: "columns by name", text: "who,what,stars_given,when\nbob,x,2,7\n", format: .csv, rows: ["bob x 2.0 7"],
      columns: "user=who,item=what,rating=stars_given,time=when"),
    Example(
      name: "columns by number", text: "7,3,bob,x\n8,4,eve,y\n", format: .csv, rows: ["bob x 3.0 7", "eve y 4.0 8"],
      columns: "user=3,item=4,rating=2,time=1"),
    Example(
      name: "columns override names", text: "user,item,rating,score\n1,2,3,4\n", format: .csv, rows: ["1 2 4.0"],
      columns: "rating=score"),
    Example(
      name: "forced", text: "1\t2\t3\t4\n", format: .tsv, rows: ["1 2 3.0 4"], forced: .tsv),
    Example(
      name: "leading zeros and long numbers are text",
      text: "user,item,rating\n007,1,3\n7,1,4\n12345678901234567890,1,5\n123456789012345678,1,2\n", format: .csv,
      rows: ["007 1 3.0", "7 1 4.0", "12345678901234567890 1 5.0", "123456789012345678 1 2.0"]),
    Example(
      name: "numbers beyond 32 bits", text: "user,item,rating\n4294967295,1,3\n4294967296,2,4\n5,9999999999,5\n",
      format: .csv, rows: ["4294967295 1 3.0", "4294967296 2 4.0", "5 9999999999 5.0"]),
    Example(
      name: "text in two Unicode spellings", text: "user,item,rating\n\u{e9},1,3\ne\u{301},1,4\n", format: .csv,
      rows: ["\u{e9} 1 3.0", "e\u{301} 1 4.0"]),
    Example(
      name: "spaces around fields", text: "user,item,rating\n 1 , 2 , 3.5 \n", format: .csv, rows: ["1 2 3.5"]),
    Example(
      name: "exponents and signs", text: "user,item,rating\n1,1,+3.5\n1,2,35e-1\n1,3,.5\n", format: .csv,
      rows: ["1 1 3.5", "1 2 3.5", "1 3 0.5"]),
  ]

  @Test(arguments: examples)
  func everyFormatIsToldAndRead(_ example: Example) throws {
    var options = ReadingOptions(format: example.forced)
    options.columns = try example.columns.map { try #require(ColumnMap($0)) }
    #expect(try ReadRows.of(example.text, options) == ReadRows(example.format, example.rows))
  }

  @Test func folderOfMoviesIsReadInTheOrderOfItsNames() throws {
    let folder = try ScratchFolder()
    try folder.write("training_set/mv_0000002.txt", "2:\n5,3,2005-01-02\n")
    try folder.write("training_set/mv_0000001.txt", "1:\n5,4,2005-01-01\n6,1,2005-01-01\n")
    try folder.write("training_set/README", "not a movie")
    try folder.write("probe.txt", "1:\n5\n")
    for path in [folder.path, folder.path("training_set")] {
      let result = try RatingDataset.read(path)
      #expect(ReadRows(result).rows == ["5 1 4.0 1104537600", "6 1 1.0 1104537600", "5 2 3.0 1104624000"])
      #expect(result.input.format == .netflixTraining && result.input.bytes == 51)
    }
    try folder.write("kaggle/combined_data_1.txt", "1:\n5,4,2005-01-01\n2:\n5,3,2005-01-02\n")
    try folder.write("kaggle/combined_data_2.txt", "3:\n5,2,2005-01-03\n")
    #expect(try RatingDataset.read(folder.path("kaggle")).dataset.count == 3)
    try folder.write("training_set/mv_0000003.txt", "3:\nx,3,2005-01-02\n")
    try folder.write("training_set/mv_0000004.txt", "")
    do {
      _ = try RatingDataset.read(folder.path)
      Issue.record("bad files in a folder were read")
    } catch {
      #expect(error.problems.map(\.code) == ["bad-identifier", "empty-file"])
      #expect(error.problems.map { $0.file.suffix(14) } == ["mv_0000003.txt", "mv_0000004.txt"])
    }
  }

  @Test func aForcedFormatIsNotGuessed() {
    let text = "1,2,2005-01-01\n"
    #expect(
      problems { _ = try ReadRows.of(text, ReadingOptions(format: .netflixTraining)) } == ["row-before-header 1 [1]"])
    #expect(
      problems { _ = try ReadRows.of("1::2::3\n", ReadingOptions(format: .movieLens100K)) } == ["missing-column 1 []"])
  }

  @Test func scalesAreFixedByTheFormatGivenOrInferred() throws {
    let folder = try ScratchFolder()
    func scale(_ text: String, _ given: RatingScale? = nil) throws -> (RatingScale, Bool) {
      let result = try RatingDataset.read(try folder.write("r", text), options: ReadingOptions(scale: given))
      return (result.dataset.scale, result.scaleIsInferred)
    }
    #expect(try scale("1\t2\t3\t4\n") == (.wholeStars, false))
    #expect(try scale("userId,movieId,rating,timestamp\n1,2,0.5,4\n") == (.halfStars, false))
    #expect(try scale("1,2,-9.95\n1,3,7\n") == (RatingScale(-9.95...7), true))
    #expect(try scale("1,2,3\n") == (RatingScale(3...4), true))
    let jester = RatingScale(-10...10)
    #expect(try scale("1,2,-9.95\n", jester) == (jester, false))
    #expect(problems { _ = try scale("1,2,-10.01\n1,3,10\n", jester) } == ["out-of-scale 1 [1]"])
    #expect(problems { _ = try scale("1\t2\t0\t4\n1\t3\t6\t4\n") } == ["out-of-scale 2 [1, 2]"])
    #expect(
      problems { _ = try scale("3\t2\t196\t4\n4\t3\t60\t4\n1\t1\t6\t4\n") } == [
        "swapped-columns 2 [1, 2]", "out-of-scale 1 [3]",
      ])
    #expect(
      problems { _ = try ReadRows.of("1\t2\t2.5\t4\n", ReadingOptions(format: .movieLens100K)) } == [
        "out-of-scale 1 [1]"
      ])
    #expect(problems { _ = try scale("1::2::0.5::4\n1::3::3.3::4\n") } == ["out-of-scale 1 [2]"])
  }

  @Test func timesOutsideOf1970To2106AreRefused() {
    let text =
      "user,item,rating,timestamp\n1,1,3,4294967295\n1,2,3,1969-12-31\n1,3,3,2005-02-29\n1,4,3,soon\n1,5,3,2005-01-01 25:00:00\n"
    #expect(problems { _ = try ReadRows.of(text) } == ["bad-time 4 [3, 4, 5, 6]"])
  }

  @Test func duplicatesFollowTheirPolicy() throws {
    let text = "user,item,rating\n1,1,2\n2,1,5\n1,1,4\n3,1,3\n1,1,3\n2,1,5\n"
    func rows(_ policy: DuplicatePolicy) throws -> [String] {
      try ReadRows.of(text, ReadingOptions(duplicates: policy)).rows
    }
    #expect(problems { _ = try rows(.error) } == ["duplicate-pair 3 [4, 6, 7]"])
    #expect(try rows(.first) == ["1 1 2.0", "2 1 5.0", "3 1 3.0"])
    #expect(try rows(.last) == ["3 1 3.0", "1 1 3.0", "2 1 5.0"])
    #expect(try rows(.mean) == ["1 1 3.0", "2 1 5.0", "3 1 3.0"])
    #expect(try rows(.all).count == 6)
    let folder = try ScratchFolder()
    let path = try folder.write("r", text)
    let all = try RatingDataset.read(path, options: ReadingOptions(duplicates: .all))
    #expect(all.duplicates.pairs == 2 && all.duplicates.surplusRows == 3 && all.duplicates.conflicting == 1)
    let first = try RatingDataset.read(path, options: ReadingOptions(duplicates: .first))
    #expect(first.warnings.map(\.code) == ["duplicates-resolved"] && first.warnings[0].lines == [4, 6, 7])
  }

  @Test func columnMapsAreCheckedByName() {
    #expect(ColumnMap("user=1,item=2,rating=3,time=4") != nil)
    for bad in ["user", "user=0", "user=-1", "who=1", "user=1,,=", "=1"] { #expect(ColumnMap(bad) == nil, "\(bad)") }
    func read(_ map: String) throws { _ = try ReadRows.of("a,b,c\n1,2,3\n", ReadingOptions(columns: ColumnMap(map))) }
    #expect(problems { try read("user=x,item=b,rating=c") } == ["missing-column 1 []"])
    #expect(problems { try read("user=1,item=2,rating=9") } == ["missing-column 1 []"])
    #expect(problems { try read("user=a,item=b,rating=c") } == [])
  }
}
