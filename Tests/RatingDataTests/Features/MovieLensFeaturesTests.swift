import RatingData
import Testing
import _RatingTestSupport

/// MovieLens's own files, in small and, where they are at hand, in full.
@Suite struct MovieLensFeaturesTests {
  private static func item(_ id: Int, _ title: String, _ date: String, _ flags: [Int]) -> [UInt8] {
    // The titles of the data set are ISO 8859-1.
    title.unicodeScalars.reduce(into: Array("\(id)|".utf8)) { $0.append(UInt8($1.value)) }
      + Array(
        "|\(date)||http://us.imdb.com/x|\((0..<19).map { flags.contains($0) ? "1" : "0" }.joined(separator: "|"))\n"
          .utf8)
  }

  @Test func theHundredThousandsUsersAndItems() throws {
    let four = Vocabulary.numbers(1...4)
    let users = try FeatureTable.of(
      "1|24|M|technician|85711\n2|53|F|other|94043\n4|24|F|other|V0R2M\n9|7|M|none|1\n", four)
    #expect(users.source?.format == .movieLens100KUsers && users.source?.idsWithoutRow == 1)
    #expect(ReadFeatures(users, four).groups == ["age", "gender", "occupation", "zip"])
    #expect(
      ReadFeatures(users, four).rows == [
        ["1: <= 24 1.0", "2: > 24 1.0", "4: <= 24 1.0"], ["1: M 1.0", "2: F 1.0", "4: F 1.0"],
        ["1: technician 1.0", "2: other 1.0", "4: other 1.0"], ["1: 8 1.0", "2: 9 1.0", "4: V 1.0"],
      ])
    let bytes =
      Self.item(1, "Toy Story (1995)", "01-Jan-1995", [3, 4, 5, 8])
      + Self.item(2, "Mis\u{e9}rables, Les (1995)", "4-Feb-1971", [8])
      + Self.item(3, "unknown", "", [0]) + Self.item(4, "\"Nothing\" (1990)", "01-Jan-1990", [])
    for content in [bytes, Gzip.member(bytes)] {
      let items = try FeatureTable.of(content, four, .items)
      #expect(items.source?.format == .movieLens100KItems && items.source?.warnings.isEmpty == true)
      #expect(
        ReadFeatures(items, four).rows == [
          ["1: > 1990 1.0", "2: <= 1971 1.0", "4: (1971, 1990] 1.0"],
          ["1: Animation 0.25, Children's 0.25, Comedy 0.25, Drama 0.25", "2: Drama 1.0", "3: unknown 1.0"],
        ])
    }
  }

  @Test func theMillionsUsersAndMovies() throws {
    let three = Vocabulary.numbers(1...3)
    let users = try FeatureTable.of("1::F::1::10::48067\n2::M::56::16::70072\n3::M::25::15::55117\n", three)
    #expect(users.source?.format == .movieLensUsers)
    #expect(
      ReadFeatures(users, three).rows == [
        ["1: F 1.0", "2: M 1.0", "3: M 1.0"], ["1: 1 1.0", "2: 56 1.0", "3: 25 1.0"],
        ["1: 10 1.0", "2: 16 1.0", "3: 15 1.0"], ["1: 4 1.0", "2: 7 1.0", "3: 5 1.0"],
      ])
    #expect(users.groups[1].featureNames == ["1", "25", "56"])
    let latin =
      Array("1::\"Great\" (1995)::Action|Sci-Fi\n2::Caf".utf8) + [0xE9]
      + Array(" (1987)::Drama\n3::Numb3rs::War\n".utf8)
    let movies = try FeatureTable.of(latin, three, .items)
    #expect(movies.source?.format == .movieLensMovies)
    #expect(
      ReadFeatures(movies, three).rows == [
        ["1: > 1987 1.0", "2: <= 1987 1.0"], ["1: Action 0.5, Sci-Fi 0.5", "2: Drama 1.0", "3: War 1.0"],
      ])
  }

  @Test func theLatestMovies() throws {
    let vocabulary = Vocabulary.numbers(1...9)
    let text = """
      movieId,title,genres
      1,"American President, The (1995)",Comedy|Drama
      2,Dusk (1999) ,Horror
      3,Babylon 5,Sci-Fi
      4,Fawlty Towers (1975-1979),Comedy
      5,Big (Bigger) (2006\u{2013}2007),(no genres listed)
      6,2001 (no year),War
      7,Odd (19990),War
      8,"The ""Quoted"" (2001)",War
      9,Running (2003-),War

      """
    let table = try FeatureTable.of(text, vocabulary, .items)
    #expect(table.source?.format == .movieLensCSVMovies)
    let rows = ReadFeatures(table, vocabulary).rows
    #expect(
      rows[0] == [
        "1: (1975, 1995] 1.0", "2: (1995, 1999] 1.0", "4: <= 1975 1.0", "5: > 2003 1.0", "8: (1999, 2001] 1.0",
        "9: (2001, 2003] 1.0",
      ])
    #expect(
      rows[1].first == "1: Comedy 0.5, Drama 0.5" && rows[1].count == 8 && !rows[1].contains { $0.hasPrefix("5") })
  }

  @Test(.enabled(if: RealData.path("ml-100k/u.item") != nil, "RATINGBENCH_DATA has no ml-100k"))
  func theRealHundredThousand() throws {
    let ratings = try RatingDataset(contentsOf: try #require(RealData.path("ml-100k/u.data")))
    let users = try FeatureTable(
      contentsOf: try #require(RealData.path("ml-100k/u.user")), vocabulary: ratings.vocabularies.users, of: .users)
    #expect(users.groups.map(\.name) == ["age", "gender", "occupation", "zip"])
    #expect(users.groups.map(\.featureCount) == [10, 2, 21, 19])
    #expect(users.groups.allSatisfy { $0.values.count == 943 })
    #expect(
      users.source?.idsWithoutRow == 0 && users.source?.skippedRows == 0 && users.source?.warnings.isEmpty == true)
    let items = try FeatureTable(
      contentsOf: try #require(RealData.path("ml-100k/u.item")), vocabulary: ratings.vocabularies.items, of: .items)
    #expect(items.groups.map(\.name) == ["year", "genre"])
    // Item 267 has no date. Half of the films are of 1995 to 1997, so that years give fewer bins than ages.
    #expect(items.groups[0].values.count == 1681 && items.groups[1].values.count == 2893)
    #expect(items.groups[1].featureCount == 19 && items.groups[0].featureNames.last == "> 1997")
    #expect(items.source?.rows == 1682 && items.source?.idsWithoutRow == 0)
    let sums = (0..<1682).map {
      items.groups[1].values[items.groups[1].starts[$0]..<items.groups[1].starts[$0 + 1]].reduce(0, +)
    }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
    // A fold lacks some of the items: their rows are skipped.
    let fold = try RatingDataset(contentsOf: try #require(RealData.path("ml-100k/u1.base")))
    let some = try FeatureTable(
      contentsOf: try #require(RealData.path("ml-100k/u.item")), vocabulary: fold.vocabularies.items, of: .items)
    #expect(some.source?.skippedRows == 1682 - fold.itemCount && some.entityCount == fold.itemCount)
  }

  @Test(.enabled(if: RealData.path("ml-latest-small/movies.csv") != nil, "RATINGBENCH_DATA has no ml-latest-small"))
  func theRealLatestSmall() throws {
    let ratings = try RatingDataset(contentsOf: try #require(RealData.path("ml-latest-small/ratings.csv")))
    let table = try FeatureTable(
      contentsOf: try #require(RealData.path("ml-latest-small/movies.csv")), vocabulary: ratings.vocabularies.items,
      of: .items)
    #expect(table.groups.map(\.name) == ["year", "genre"] && table.groups.map(\.featureCount) == [10, 19])
    #expect(table.source?.rows == 9742 && table.source?.skippedRows == 18 && table.source?.idsWithoutRow == 0)
  }
}
