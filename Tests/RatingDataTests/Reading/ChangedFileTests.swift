import Foundation
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingData

/// Files that are cut short, written to or replaced while they are read: an error, never a crash and never a data set.
@Suite struct ChangedFileTests {
  private static let rows = 400_000

  private static func text(_ kind: String) -> String {
    var text = kind == "csv" ? "user,item,rating\n" : ""
    for row in 0..<rows {
      if kind != "csv" && row % 5_000 == 0 { text += "\(1 + row / 5_000):\n" }
      text += kind == "csv" ? "\(row),\(row % 50),3\n" : "\(1 + row),3,2005-01-01\n"
    }
    return text
  }

  /// Reads, and calls `change` after the first piece.
  private func read(_ path: String, changing change: @escaping @Sendable () -> Void) -> [String] {
    nonisolated(unsafe) var isFirst = true
    let options = ReadingOptions(threads: 1) { _ in
      if isFirst { change() }
      isFirst = false
    }
    return problems { _ = try RatingDataset.read(path, options: options) }
  }

  @Test(arguments: ["blocks", "csv"], [0, 1, 4096, 3 << 20])
  func aFileThatIsCutShortMeanwhileIsAnError(kind: String, kept: Int) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("ratings.txt", Self.text(kind))
    #expect(read(path) { truncate(path, kept) } == ["changed-file 1 []"])
  }

  @Test func aFileThatIsWrittenToMeanwhileIsAnError() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("ratings.txt", Self.text("blocks"))
    #expect(
      read(path) {
        let file = fopen(path, "r+")!
        fputs("2", file)
        fclose(file)
        // Times of files may be coarse.
        var times = [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)]
        utimes(path, &times)
      } == ["changed-file 1 []"])
    try folder.write("ratings.txt", Self.text("blocks"))
    #expect(
      read(path) {
        let file = fopen(path, "a")!
        fputs("9,3,2005-01-01\n", file)
        fclose(file)
      } == ["changed-file 1 []"])
  }

  @Test func compressedFilesAndTarFilesThatAreCutShortAreErrors() throws {
    let folder = try ScratchFolder()
    var random = SplitMix(3)
    var text = ""
    for row in 0..<Self.rows {
      if row % 5_000 == 0 { text += "\(1 + row / 5_000):\n" }
      text += "\(random.next() % 1_000_000_000),3,2005-01-01\n"
    }
    let gzip = try folder.write("ratings.gz", Gzip.member(text.utf8, level: 1))
    let size = try #require(FileStamp(ofRegularFile: gzip)).size
    #expect(size > 2 << 20)
    #expect(read(gzip) { truncate(gzip, size / 2) } == ["changed-file 1 []"])
    var tar = TarBytes()
    tar.add("mv_0000001.txt", Self.text("blocks"))
    let path = try folder.write("set.tar", tar.finished)
    #expect(read(path) { truncate(path, 2 << 20) } == ["changed-file 1 []"])
  }

  @Test func filesOfAFolderThatVanishShrinkOrAreReplacedAreErrors() throws {
    let folder = try ScratchFolder()
    let text = Self.text("blocks")
    for movie in 1...4 { try folder.write("mv_000000\(movie).txt", text) }
    let (second, third) = (folder.path("mv_0000002.txt"), folder.path("mv_0000003.txt"))
    // Small files are opened when their turn comes.
    for movie in 5...9 { try folder.write("mv_000000\(movie).txt", "\(movie):\n1,3,2005-01-01\n") }
    let (fifth, sixth, seventh) = (
      folder.path("mv_0000005.txt"), folder.path("mv_0000006.txt"), folder.path("mv_0000007.txt")
    )
    #expect(
      read(folder.path) {
        truncate(second, 100)
        truncate(third, 0)
        unlink(fifth)
        rename(sixth, seventh)
      }.sorted()
        == [
          "changed-file 1 []", "changed-file 1 []", "changed-file 1 []", "missing-file 1 []", "missing-file 1 []",
        ])
  }

  @Test func theMessageSaysWhatWasExpectedAndFound() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("ratings.txt", Self.text("blocks"))
    let size = try #require(FileStamp(ofRegularFile: path)).size
    nonisolated(unsafe) var isFirst = true
    do {
      _ = try RatingDataset.read(
        path,
        options: ReadingOptions(threads: 1) { _ in
          if isFirst { truncate(path, 5) }
          isFirst = false
        })
      Issue.record("a file that was cut short was read")
    } catch {
      #expect(error.kind == .badData)
      #expect(
        error.problems[0].message
          == "has 5 bytes; it had \(size) when reading began; copy it again, and don't change it while it is read")
    }
  }

  /// The judge maps its files: what they lose reads as zeros, and is noted.
  @Test func mappedFilesThatAreCutShortReadAsZeros() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("file", [UInt8](repeating: 1, count: 1 << 20))
    let input = try InputFile(path)
    guard case .mapped(let bytes) = input.content else {
      Issue.record("a plain file is mapped")
      return
    }
    #expect(input.change == nil)
    truncate(path, 4096)
    #expect(bytes[4095] == 1 && bytes[500_000] == 0 && bytes[(1 << 20) - 1] == 0)
    #expect(input.change?.problems.map(\.code) == ["changed-file"])
    // Many at a time, side by side.
    let paths = try (0..<40).map { try folder.write("many-\($0)", [UInt8](repeating: 1, count: 100_000)) }
    let inputs = try paths.map { try InputFile($0) }
    Parallel.forEach(paths.count, threads: 4) { index in
      if index % 2 == 0 { truncate(paths[index], 0) }
      guard case .mapped(let bytes) = inputs[index].content else { return }
      _ = bytes.reduce(0) { $0 &+ $1 }
    }
    #expect(inputs.indices.allSatisfy { (inputs[$0].change != nil) == ($0 % 2 == 0) })
  }

  @Test func judgedFilesThatAreCutShortAreErrors() throws {
    let folder = try ScratchFolder()
    let predictions = try folder.write("p.txt", "1:\n" + String(repeating: "3.5\n", count: 50_000))
    let answers = try folder.write("a.txt", "1:\n" + String(repeating: "4,2005-01-01\n", count: 50_000))
    let inputs = try JudgeInputs(SubmissionJudge(predictions: .file(predictions), answers: answers))
    truncate(answers, 5_000)
    #expect(problems { _ = try inputs.judge() } == ["changed-file 1 []"])
  }
}
