import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingData

/// Files of several pieces: the same data set however they are cut, compressed and shared among threads.
@Suite struct LargeFileReadingTests {
  /// More than two pieces of 4 MiB, of every kind of identifier.
  private static func text(_ kind: String) -> String {
    var random = SplitMix(5)
    var text = ""
    var movie = 0
    if kind != "blocks" { text += "user,item,rating,timestamp\n" }
    for row in 0..<600_000 {
      let rating = 1 + random.next() % 5
      switch kind {
      case "blocks":
        if row % 900 == 0 {
          movie += 1
          text += "\(movie):\n"
        }
        text += "\(1 + (row % 900) * 7),\(rating),200\(row % 6)-0\(1 + row % 9)-1\(row % 10)\n"
      case "numbers": text += "\(row % 7919),\(row / 7919),\(rating).5,\(1_000_000_000 + row)\n"
      case "wide": text += "\((row % 7919) * 1_000_003),\(row / 7919),\(rating),\(1_000_000_000 + row)\n"
      default:
        text += "u\(row % 7919)\(row % 3 == 0 ? "\u{e9}" : "e\u{301}"),\(row / 7919),\(rating),\(1_000_000_000 + row)\n"
      }
    }
    return text
  }

  @Test(arguments: ["blocks", "numbers", "wide", "text"])
  func theDataSetDependsOnTheContentAlone(kind: String) throws {
    let folder = try ScratchFolder()
    let text = Self.text(kind)
    let plain = try folder.write("plain", text)
    let gzip = try folder.write("gzip", Gzip.member(text.utf8, level: 1))
    #expect(text.utf8.count > 2 * RatingReader.pieceSize)
    let one = try RatingDataset.read(plain, options: ReadingOptions(threads: 1))
    #expect(one.dataset.count == 600_000)
    for (path, threads) in [(plain, 2), (plain, 4), (gzip, 1), (gzip, 4)] {
      let other = try RatingDataset.read(path, options: ReadingOptions(threads: threads))
      #expect(other.dataset.contentHash == one.dataset.contentHash, "\(path) with \(threads) threads")
      #expect(other.dataset.vocabularies == one.dataset.vocabularies)
    }
  }

  @Test func problemsHaveTheLinesOfTheFileInEveryPiece() throws {
    let folder = try ScratchFolder()
    for kind in ["blocks", "numbers"] {
      var lines = Self.text(kind).split(separator: "\n").map(String.init)
      // In the first, the second and the last piece.
      let places = [100, 290_000, 290_001, lines.count - 5]
      for place in places { lines[place] = "x,y,z" }
      lines[400_000] += "\r"
      let text = lines.joined(separator: "\n") + "\n"
      let plain = try folder.write("plain", text)
      let gzip = try folder.write("gzip", Gzip.member(text.utf8, level: 1))
      var found: [[Problem]] = []
      for (path, threads) in [(plain, 1), (plain, 4), (gzip, 1)] {
        do {
          _ = try RatingDataset.read(path, options: ReadingOptions(threads: threads))
          Issue.record("bad lines were read")
        } catch {
          found.append(
            error.problems.map {
              Problem($0.severity, $0.code, file: "", count: $0.count, lines: $0.lines, message: $0.message)
            })
        }
      }
      #expect(found[0] == found[1] && found[0] == found[2], "\(found)")
      #expect(found[0].first?.lines == places.map { $0 + 1 })
      #expect(found[0].last?.code == "carriage-returns" && found[0].last?.lines == [400_001])
    }
  }

  @Test func duplicatesAcrossPiecesHaveTheirLines() throws {
    let folder = try ScratchFolder()
    let text = Self.text("numbers")
    let lines = text.split(separator: "\n")
    let path = try folder.write("plain", text + lines[5] + "\n" + lines[400_000] + "\n")
    for threads in [1, 4] {
      #expect(
        problems { _ = try RatingDataset.read(path, options: ReadingOptions(threads: threads)) }
          == ["duplicate-pair 2 [600002, 600003]"])
    }
  }
}
