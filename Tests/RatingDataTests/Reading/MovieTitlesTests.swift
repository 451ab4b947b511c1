import RatingData
import Testing
import _RatingTestSupport

@Suite struct MovieTitlesTests {
  private func read(_ bytes: [UInt8]) throws -> MovieTitles {
    let folder = try ScratchFolder()
    return try MovieTitles.read(try folder.write("movie_titles.txt", bytes))
  }

  @Test func linesAreSplitAtTheirFirstTwoCommas() throws {
    let text =
      "1,2003,Dinosaur Planet\n72,1974,At Home Among Strangers, A Stranger Among His Own\n4388,NULL,Ancient Civilizations\n"
    for bytes in [Array(text.utf8), Gzip.member(text.utf8)] {
      let titles = try read(bytes)
      #expect(
        titles.movies == [
          .init(item: 1, year: 2003, title: "Dinosaur Planet"),
          .init(item: 72, year: 1974, title: "At Home Among Strangers, A Stranger Among His Own"),
          .init(item: 4388, year: nil, title: "Ancient Civilizations"),
        ])
      #expect(titles[72]?.year == 1974 && titles[2] == nil && titles.warnings.isEmpty)
    }
  }

  @Test func titlesAreLatin1() throws {
    let titles = try read(Array("1,2001,Am".utf8) + [0xE9] + Array("lie".utf8) + [0x0A])
    #expect(titles[1]?.title == "Am\u{E9}lie")
  }

  @Test func aMissingLastLineBreakIsAWarning() throws {
    let titles = try read(Array("1,2003,A\r\n2,2004,B".utf8))
    #expect(titles.movies.count == 2 && titles.warnings.map(\.code) == ["carriage-returns", "no-final-newline"])
  }

  @Test func allProblemsAreToldAtOnce() {
    let lines = [
      "1,1890,first", "2,1889,too old", "3,2006,too new", "4,null,lower case", "x,2000,no number", "5,2000,", "6,2000",
      "", "1,2005,twice", "7,NULL,a, b", "99999999999999999999,2000,long",
    ]
    #expect(
      problems { _ = try read(Array(lines.map { $0 + "\n" }.joined().utf8)) } == [
        "bad-year 3 [2, 3, 4]", "bad-identifier 2 [5, 11]", "missing-value 1 [6]", "field-count 1 [7]",
        "blank-line 1 [8]", "duplicate-movie 1 [9]",
      ])
  }

  @Test func filesThatAreNoTitlesAreRefused() throws {
    #expect(problems { _ = try read([]) } == ["empty-file 1 []"])
    #expect(problems { _ = try read(Array("1,2000,\0\n".utf8)) } == ["binary-data 1 [1]"])
    #expect(problems { _ = try read([UInt8](repeating: 0x41, count: 100_000)) } == ["line-too-long 1 [1]"])
    #expect(problems { _ = try read(Array(Gzip.member("1,2000,A\n".utf8).dropLast(3))) } == ["truncated-gzip 1 []"])
    #expect(problems { _ = try read(Array("1,2000,A\n2,20".utf8)) } == ["truncated-line 1 [2]"])
    #expect(problems { _ = try MovieTitles.read("/nothing/here") } == ["missing-file 1 []"])
  }

  @Test(.enabled(if: RealData.path("netflix-titles/movie_titles.txt") != nil, "RATINGBENCH_DATA has no netflix-titles"))
  func theNetflixTitlesAreRead() throws {
    let titles = try MovieTitles.read(try #require(RealData.path("netflix-titles/movie_titles.txt")))
    #expect(titles.movies.count == 17_770 && titles.movies.count { $0.year == nil } == 7)
    #expect(titles[1]?.title == "Dinosaur Planet" && titles[17_770]?.year == 2003)
    #expect(titles.warnings.isEmpty)
  }

  @Test func theSyntheticTitlesAreRead() throws {
    let path = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let titles = try MovieTitles.read("/\(path)/datasets/synthetic-prize/movie_titles.txt")
    #expect(titles.movies.count > 100 && titles.warnings.isEmpty)
  }
}
