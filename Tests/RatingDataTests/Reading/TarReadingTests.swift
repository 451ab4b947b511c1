import Testing
import _RatingTestSupport

@testable import RatingData

/// Tar files of ratings: the same data set as from a folder, and clear errors for what is no such file.
@Suite struct TarReadingTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Movies whose files lie in a folder, in no order.
  private static let movies: [(name: String, text: String)] = (1...40).map { movie in
    let rows = (1...(movie * 7 % 50 + 1)).map {
      "\($0 * movie),\(1 + $0 % 5),200\($0 % 6)-0\(1 + $0 % 9)-1\($0 % 10)\n"
    }
    return ("mv_00000\(movie < 10 ? "0" : "")\(movie).txt", "\(movie):\n" + rows.joined())
  }.sorted { $0.text.count < $1.text.count }

  private static func tar(_ folder: String = "training_set/") -> TarBytes {
    var tar = TarBytes()
    if !folder.isEmpty { tar.add(folder, kind: "5") }
    for movie in movies { tar.add(folder + movie.name, movie.text) }
    return tar
  }

  private func read(_ bytes: [UInt8], _ threads: Int = 2) throws -> ReadingResult {
    try RatingDataset.read(
      try scratch.write("data.tar", bytes), options: ReadingOptions(threads: threads, hashesInput: true))
  }

  private func refusal(_ bytes: [UInt8]) throws -> [String] {
    var found: [[String]] = []
    for bytes in [bytes, Gzip.member(bytes)] { found.append(problems { _ = try read(bytes) }) }
    #expect(found[0] == found[1], "the same where it is compressed")
    return found[0]
  }

  @Test(arguments: [1, 2, 4])
  func tarFilesAreReadAsTheFolderOfTheirFiles(threads: Int) throws {
    for movie in Self.movies { try scratch.write("folder/\(movie.name)", movie.text) }
    let folder = try RatingDataset.read(scratch.path("folder"), options: ReadingOptions(threads: threads))
    var outer = TarBytes()
    outer.add("download/README", "read me")
    outer.add("download/probe.txt", "1:\n5\n")
    outer.add("download/training_set.tar", String(decoding: Self.tar().finished, as: UTF8.self))
    outer.add("download/movie_titles.txt", "1,2003,Dinosaur Planet\n")
    var inFolder = Self.tar("download/training_set/")
    inFolder.add("download/qualifying.txt", "1:\n5,2005-01-01\n")
    inFolder.add("download/._mv_0000001.txt", "clutter")
    for tar in [Self.tar(), Self.tar(""), Self.tar("./"), inFolder, outer] {
      for bytes in [tar.finished, Gzip.member(tar.finished)] {
        let result = try read(bytes, threads)
        #expect(result.dataset.contentHash == folder.dataset.contentHash)
        #expect(result.input.format == .netflixTraining && result.input.bytes == bytes.count)
        #expect(result.input.sha256 == (try FileFingerprint(of: scratch.path("data.tar")).sha256))
        #expect(result.warnings.isEmpty)
        let place = try #require(result.places.place(ofRow: 0))
        #expect(place.file.hasSuffix("mv_0000001.txt") && place.line == 2)
      }
    }
  }

  @Test func namesOfEveryKindAreRead() throws {
    let deep = (1...12).map { "folder-with-a-long-name-\($0)/" }.joined()
    var gnu = TarBytes()
    gnu.add("././@LongLink", deep + "mv_0000001.txt\u{0}", kind: "L")
    gnu.add("cut-off", "1:\n5,3,2005-01-01\n")
    var pax = TarBytes()
    let record = " path=\(deep)mv_0000001.txt\n"
    pax.add("header", "\(record.utf8.count + 3)\(record)", kind: "x")
    pax.add("cut-off", "1:\n5,3,2005-01-01\n")
    var prefixed = TarBytes()
    prefixed.add("mv_0000001.txt", "1:\n5,3,2005-01-01\n", prefix: "set/folder")
    var old = TarBytes()
    old.add("mv_0000001.txt", "1:\n5,3,2005-01-01\n", magic: "")
    for tar in [gnu, pax, prefixed, old] {
      for bytes in [tar.finished, Gzip.member(tar.finished)] {
        #expect(ReadRows(try read(bytes)).rows == ["5 1 3.0 1104537600"])
      }
    }
  }

  @Test func problemsOfMembersHaveTheirNamesAndLines() throws {
    var tar = Self.tar()
    tar.add("training_set/mv_0000050.txt", "50:\n5,3,2005-01-01\nx,3,2005-01-01\n")
    tar.add("training_set/mv_0000051.txt", "")
    tar.add("training_set/mv_0000052.txt", "52:\n7,9,2005-01-01\n")
    for bytes in [tar.finished, Gzip.member(tar.finished)] {
      do {
        _ = try read(bytes)
        Issue.record("bad members were read")
      } catch let error as RatingDataError {
        let found = error.problems.map { "\($0.code) \($0.lines) \($0.file.suffix(28))" }
        #expect(
          found == [
            "bad-identifier [3] /training_set/mv_0000050.txt", "empty-file [] /training_set/mv_0000051.txt",
            "out-of-scale [2] /training_set/mv_0000052.txt",
          ])
      }
    }
  }

  @Test func damagedTarFilesAreRefused() throws {
    let good = Self.tar().finished
    #expect(try refusal(Array(good.dropLast(1_024))) == ["bad-archive 1 []"])
    #expect(try refusal(Array(good.dropLast(512))) == ["bad-archive 1 []"])
    #expect(try refusal(Array(good.prefix(512 * 3 + 5))) == ["bad-archive 1 []"])
    #expect(try refusal(Array(good.prefix(512 * 2 + 100))) == ["bad-archive 1 []"])
    var flipped = good
    flipped[512 * 3 + 512 * ((Self.movies[0].text.utf8.count - 1) / 512) + 3] ^= 1
    #expect(try refusal(flipped) == ["bad-archive 1 []"])
    #expect(problems { _ = try read(Array(Gzip.member(good).dropLast(20))) } == ["truncated-gzip 1 []"])
  }

  @Test func whatIsNotInItsPlaceInATarFileIsRefused() throws {
    func tar(_ change: (inout TarBytes) -> Void) -> [UInt8] {
      var tar = Self.tar()
      change(&tar)
      return tar.finished
    }
    for kind in ["1", "2", "3", "S"] {
      #expect(
        try refusal(tar { $0.add("mv_0000099.txt", kind: Character(kind), link: "x") }) == ["unsafe-archive 1 []"])
    }
    for name in ["../mv_0000099.txt", "/mv_0000099.txt", "a/../../mv_0000099.txt"] {
      #expect(try refusal(tar { $0.add(name, "99:\n1,3,2005-01-01\n") }) == ["unsafe-archive 1 []"])
    }
    let sparse = "22 GNU.sparse.major=1\n"
    #expect(
      try refusal(
        tar {
          $0.add("header", sparse, kind: "x")
          $0.add("mv_0000099.txt", "99:\n1,3,2005-01-01\n")
        }) == ["unsafe-archive 1 []"])
    #expect(
      try refusal(tar { $0.add("training_set/mv_0000001.txt", "1:\n1,3,2005-01-01\n") }) == ["bad-archive 1 []"])
    #expect(try refusal(tar { $0.add("other/mv_0000001.txt", "1:\n1,3,2005-01-01\n") }) == ["unclear-folder 1 []"])
    #expect(
      try refusal(tar { $0.add("training_set/combined_data_1.txt", "1:\n1,3,2005-01-01\n") }) == ["unclear-folder 1 []"]
    )
    var none = TarBytes()
    none.add("README", "nothing else")
    #expect(try refusal(none.finished) == ["no-rows 1 []"])
    var broken = TarBytes()
    broken.add("set.tar", String(decoding: Self.tar().finished.dropLast(1_024), as: UTF8.self))
    #expect(try refusal(broken.finished) == ["bad-archive 1 []"])
  }
}
