import Foundation
import Testing
import _RatingTestSupport

@testable import RatingData

/// Folders whose files are smaller and larger than a piece: the same data set by any number of threads, and however it
/// lies in files.
@Suite struct FolderReadingTests {
  /// Movies of very different sizes, among them some of several pieces.
  private static let movies: [String] = {
    var random = SplitMix(11)
    return (1...30).map { movie in
      var text = "\(movie):\n"
      for row in 0..<(movie % 10 == 3 ? 130_000 : movie * 40) {
        text += "\(1 + row * 17 + movie),\(1 + random.next() % 5),\(1999 + row % 7)-0\(1 + row % 9)-\(10 + row % 19)\n"
      }
      return text
    }
  }()

  private static func name(_ movie: Int) -> String { "mv_00000\(movie < 10 ? "0" : "")\(movie).txt" }

  @Test func aFolderCombinedFilesATarFileAndAStreamAreOneDataSet() throws {
    let folder = try ScratchFolder()
    var tar = TarBytes()
    for (index, movie) in Self.movies.enumerated() {
      try folder.write("folder/\(Self.name(index + 1))", movie)
      try folder.write("packed/\(Self.name(index + 1)).gz", Gzip.member(movie.utf8, level: 1))
      // Some of them compressed, whatever their names.
      try folder.write(
        "mixed/\(Self.name(index + 1))", index % 4 == 2 ? Gzip.member(movie.utf8, level: 1) : Array(movie.utf8))
      tar.add("training_set/\(Self.name(index + 1))", movie)
    }
    let text = Self.movies.joined()
    #expect(text.utf8.count > 7 * RatingReader.pieceSize)
    try folder.write("kaggle/combined_data_1.txt", Self.movies[..<9].joined())
    try folder.write("kaggle/combined_data_2.txt", Self.movies[9..<23].joined())
    try folder.write("kaggle/combined_data_3.txt", Self.movies[23...].joined())
    try folder.write("one.txt", text)
    try folder.write("one.gz", Gzip.member(text.utf8, level: 1))
    try folder.write("set.tar", tar.finished)
    try folder.write("set.tgz", Gzip.member(tar.finished, level: 1))
    let reference = try RatingDataset.read(folder.path("one.txt"), options: ReadingOptions(threads: 1))
    for name in ["folder", "packed", "mixed", "kaggle", "one.txt", "one.gz", "set.tar", "set.tgz"] {
      for threads in [1, 2, 4] {
        let result = try RatingDataset.read(folder.path(name), options: ReadingOptions(threads: threads))
        #expect(
          result.dataset.contentHash == reference.dataset.contentHash, "\(name) with \(threads) threads")
      }
    }
  }

  @Test func problemsInEveryPartOfALargeFolderHaveTheirPlaces() throws {
    let folder = try ScratchFolder()
    var movies = Self.movies
    // In the last part of a file of several, and in a small file behind it.
    movies[2] += "5,3,2005-02-30\n"
    movies[3] += "\n6,3,2005-01-01\n"
    // A movie line at the very end of a part, without rows.
    movies[12] += "1000:\n"
    for (index, movie) in movies.enumerated() { try folder.write("folder/\(Self.name(index + 1))", movie) }
    var found: [[String]] = []
    for threads in [1, 2, 4] {
      do {
        _ = try RatingDataset.read(folder.path("folder"), options: ReadingOptions(threads: threads))
        Issue.record("bad files were read")
      } catch {
        found.append(error.problems.map { "\($0.code) \($0.lines) \(RatingFiles.name($0.file))" })
      }
    }
    #expect(
      found[0] == [
        "bad-date [130002] mv_0000003.txt", "blank-line [162] mv_0000004.txt", "empty-block [130002] mv_0000013.txt",
      ])
    #expect(found[1] == found[0] && found[2] == found[0])
  }

  @Test func duplicatesInAFolderHaveTheirPlaces() throws {
    let folder = try ScratchFolder()
    try folder.write("mv_0000001.txt", "1:\n5,3,2005-01-01\n")
    try folder.write("mv_0000002.txt", "2:\n5,3,2005-01-01\n6,3,2005-01-01\n5,4,2005-01-01\n")
    do {
      _ = try RatingDataset.read(folder.path)
      Issue.record("duplicates were read")
    } catch {
      #expect(
        error.problems.map { "\($0.code) \($0.lines) \(RatingFiles.name($0.file))" }
          == ["duplicate-pair [4] mv_0000002.txt"])
    }
  }

  @Test func linesThatAreCutByPiecesAreWhole() throws {
    // Every offset of a line at the end of a piece, with and without movie lines there.
    let folder = try ScratchFolder()
    let row = "1234567,3,2005-01-01\n"
    for shift in 0...(row.utf8.count + 4) {
      var text = "1:\n" + String(repeating: "7,1,2001-01-01\n", count: 1)
      text =
        "\(String(repeating: "1", count: 1 + shift % 18)):\n" + String(repeating: "9", count: 1 + shift % 9)
        + ",3,2005-01-01\n"
      var users = 0
      while text.utf8.count < RatingReader.pieceSize + 200 {
        users += 1
        text += "\(1_000_000 + users),3,2005-01-01\n"
        if users % 1_000 == 999 { text += "\(2 + users):\n" }
      }
      let path = try folder.write("ratings", text)
      let gzip = try folder.write("ratings.gz", Gzip.member(text.utf8, level: 1))
      let result = try RatingDataset.read(path, options: ReadingOptions(threads: 2))
      #expect(result.dataset.count == users + 1)
      #expect(try RatingDataset(contentsOf: gzip).contentHash == result.dataset.contentHash)
    }
  }

  @Test func progressGoesUpToTheWhole() throws {
    let folder = try ScratchFolder()
    let text = Self.movies[2]
    for movie in 1...3 { try folder.write("folder/\(Self.name(movie))", "\(movie):\n" + text.dropFirst(3)) }
    let gzip = try folder.write("r.gz", Gzip.member(text.utf8, level: 1))
    for path in [folder.path("folder"), gzip] {
      nonisolated(unsafe) var reports: [ReadingProgress] = []
      let options = ReadingOptions(threads: 2) { reports.append($0) }
      let result = try RatingDataset.read(path, options: options)
      let last = try #require(reports.last)
      #expect(last.isLast && last.rows == result.dataset.count && last.bytes == result.input.bytes)
      #expect(last.totalBytes == result.input.bytes)
      #expect(reports.dropLast().allSatisfy { !$0.isLast })
      #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.bytes <= $1.bytes && $0.rows <= $1.rows })
    }
    try folder.write("bad", "nothing, that is known")
    nonisolated(unsafe) var reports: [ReadingProgress] = []
    _ = problems {
      _ = try RatingDataset.read(folder.path("bad"), options: ReadingOptions { reports.append($0) })
    }
    #expect(reports.last?.isLast == true && reports.last?.rows == 0)
  }
}
