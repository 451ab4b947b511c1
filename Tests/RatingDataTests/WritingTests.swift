import Foundation
import Testing

@testable import RatingData
@testable import RatingNumerics

/// A temporary folder that goes when the test is over.
final class Scratch {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "ratingbench-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }
  func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
  var entries: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? [] }
}

@Suite struct RatingsCSVWriterTests {
  private func written(_ dataset: RatingDataset, columns: RatingsCSVWriter.Columns = .ratingAndTime) throws -> String {
    let scratch = try Scratch()
    let file = try OutputFile(scratch.path("out.csv"))
    try RatingsCSVWriter.write(dataset, columns: columns, to: file)
    try file.commit()
    return try scratch.text("out.csv")
  }

  @Test func rowsAreWrittenInOrderWithTimes() throws {
    let dataset = RatingDataset(
      users: [12, 3, 12], items: [7, 7, 9], ratings: [4, 3.5, 5], times: [0, 1_131_667_200, .max])
    #expect(
      try written(dataset) == "user,item,rating,timestamp\n12,7,4,0\n3,7,3.5,1131667200\n12,9,5,4294967295\n")
  }

  @Test func questionsHaveNoRating() throws {
    let dataset = RatingDataset(users: [1, 2], items: [5, 6], ratings: [4, 3], times: [10, 20])
    #expect(try written(dataset, columns: .time) == "user,item,timestamp\n1,5,10\n2,6,20\n")
  }

  @Test func idsThatNeedQuotesGetThem() throws {
    let dataset = RatingDataset(users: ["a,b", "say \"x\""], items: ["é", "two\rwords"], ratings: [1, -0.25])
    #expect(try written(dataset) == "user,item,rating\n\"a,b\",é,1\n\"say \"\"x\"\"\",\"two\rwords\",-0.25\n")
  }

  @Test func everyIdIsReadBackOrRefused() throws {
    let pieces = ["a", "é", "\n", "\r", "\r\n", " ", "\t", ",", ";", "\"", "\0", "::", "0", "-", "\u{FEFF}"]
    var readBack = 0
    for first in pieces + [""] {
      for second in pieces {
        for id in ["\(first)\(second)", "\(second)x\(first)", "\(first)"] {
          // A plain row behind it, so that the id's row is not all that the format is told by.
          let dataset = RatingDataset(users: [id, "b"], items: ["m", id], ratings: [1, 5])
          let scratch = try Scratch()
          let file = try OutputFile(scratch.path("out.csv"))
          let fault = Identifier(id).faultInCSV
          do throws(RatingDataError) {
            try RatingsCSVWriter.write(dataset, to: file)
            try file.commit()
          } catch {
            #expect(error.problems.map(\.code) == ["bad-identifier"] && fault != nil, "\(error)")
            continue
          }
          #expect(fault == nil)
          let read = try RatingDataset(contentsOf: scratch.path("out.csv"))
          #expect(read.vocabularies.users == dataset.vocabularies.users, "\(id.debugDescription)")
          #expect(read.vocabularies.items == dataset.vocabularies.items, "\(id.debugDescription)")
          readBack += 1
        }
      }
    }
    #expect(readBack > 200)
  }

  @Test func refusedIdsAreCountedAndTheFirstIsShown() throws {
    let dataset = RatingDataset(users: ["two\nlines", "b", "c\n"], items: ["m", "m", "n"], ratings: [1, 2, 3])
    let scratch = try Scratch()
    let file = try OutputFile(scratch.path("out.csv"))
    let error = try #require(throws: RatingDataError.self) { try RatingsCSVWriter.write(dataset, to: file) }
    #expect(error.problems.count == 1 && error.problems[0].count == 2 && error.kind == .badData)
    #expect(error.problems[0].file == scratch.path("out.csv"))
    #expect(error.problems[0].message.hasPrefix("user \"c\\n\" has a line break"))
  }

  @Test(arguments: [0, 1, -1, 2.5, -9.95, 0.1, 1e-7, 123_456, 1e20, 999, 1_000, -0.0] as [Float])
  func ratingsReadBackAsTheSameFloat(rating: Float) throws {
    let dataset = RatingDataset(users: [1], items: [1], ratings: [rating], scale: RatingScale(-1e21...1e21))
    let line = try written(dataset).split(separator: "\n")[1]
    #expect(Float(line.split(separator: ",")[2]) == rating)
  }

  @Test func emptyDataSetIsAHeader() throws {
    #expect(try written(RatingDataset(users: [Int](), items: [], ratings: [])) == "user,item,rating\n")
  }

  @Test func manyRowsCrossThePiecesUnharmed() throws {
    let count = 10_007
    let dataset = RatingDataset(
      users: (0..<count).map { $0 * 3 }, items: (0..<count).map { $0 % 50 }, ratings: (0..<count).map { Float($0 % 5) })
    let lines = try written(dataset).split(separator: "\n")
    #expect(lines.count == count + 1)
    for row in stride(from: 0, to: count, by: 11) { #expect(lines[row + 1] == "\(row * 3),\(row % 50),\(row % 5)") }
  }
}

@Suite struct PrizeFolderWriterTests {
  private static let rows = [
    PrizeRow(user: 30, item: 2, day: 10_906, stars: 5, part: .training),
    PrizeRow(user: 7, item: 1, day: 10_907, stars: 1, part: .probe),
    PrizeRow(user: 7, item: 2, day: 13_148, stars: 4, part: .quiz),
    PrizeRow(user: 9, item: 1, day: 12_000, stars: 2, part: .test),
    PrizeRow(user: 9, item: 1, day: 11_000, stars: 3, part: .training),
  ]

  @Test func filesAreByteForByteAsNetflixHadThem() throws {
    let scratch = try Scratch()
    let folder = try OutputFolder(scratch.path("set"))
    let writer = try PrizeFolderWriter(folder, items: 3, rows: 5, days: 10_906...13_148)
    try writer.append(Array(Self.rows[..<3]))
    try writer.append(Array(Self.rows[3...]))
    let summary = try writer.finish()
    try folder.commit()
    #expect(try scratch.text("set/training_set/mv_0000001.txt") == "1:\n7,1,1999-11-12\n9,3,2000-02-13\n")
    #expect(try scratch.text("set/training_set/mv_0000002.txt") == "2:\n30,5,1999-11-11\n")
    #expect(try scratch.text("set/probe.txt") == "1:\n7\n")
    #expect(try scratch.text("set/qualifying.txt") == "1:\n9,2002-11-09\n2:\n7,2005-12-31\n")
    #expect(try scratch.text("set/judging.txt") == "1:\n2,2002-11-09\n2:\n4,2005-12-31\n")
    #expect(try scratch.text("set/membership.txt") == "1:\ntest\n2:\nquiz\n")
    #expect(summary.training == 3 && summary.probe == 1 && summary.quiz == 1 && summary.test == 1)
    #expect(summary.movieFiles == 2, "a movie without training rows has no file")
    #expect(!FileManager.default.fileExists(atPath: scratch.path("set/training_set/mv_0000003.txt")))
  }

  @Test func bucketsOnDiskGiveTheSameBytes() throws {
    let rows = SyntheticPrize(SyntheticPrizeTests.small, seed: 1).rows(ofUsers: 0..<300)
    let scratch = try Scratch()
    for (name, perBucket) in [("one", 1_000_000), ("many", 700)] {
      let folder = try OutputFolder(scratch.path(name))
      let writer = try PrizeFolderWriter(
        folder, items: 120, rows: rows.count, days: 10_906...13_148, rowsPerBucket: perBucket)
      try writer.append(rows)
      _ = try writer.finish()
      try folder.commit()
    }
    let names = try FileManager.default.subpathsOfDirectory(atPath: scratch.path("one")).sorted()
    #expect(try FileManager.default.subpathsOfDirectory(atPath: scratch.path("many")).sorted() == names)
    for name in names where name.hasSuffix(".txt") {
      #expect(try scratch.text("one/\(name)") == scratch.text("many/\(name)"))
    }
  }

  @Test func fullPiecesComeBackFromDisk() throws {
    // More rows than a piece of a bucket holds, so that they are written while others still come.
    let order = try ItemOrder(items: 4, rows: 100_000, rowsPerBucket: 50_000)
    let rows = (0..<100_000).map {
      PrizeRow(user: UInt32($0), item: UInt32($0 * 7 % 4) + 1, day: 0, stars: 3, part: .training)
    }
    for start in stride(from: 0, to: rows.count, by: 9_999) {
      try order.append(Array(rows[start..<min(start + 9_999, rows.count)]))
    }
    var seen: [PrizeRow] = []
    let sorted = try order.sorted()
    #expect(sorted.count == 2)
    for bucket in 0..<2 {
      try sorted.forEachItem(ofBucket: bucket) { (item, some) throws(RatingDataError) in
        #expect(some.allSatisfy { Int($0.item) == item })
        #expect(zip(some, some.dropFirst()).allSatisfy { $0.user < $1.user }, "an item's rows keep their order")
        seen.append(contentsOf: some)
      }
    }
    #expect(seen.count == rows.count && Set(seen).count == rows.count)
  }

  @Test(arguments: [1, 3]) func otherLayoutsHoldTheFilesOneAfterAnother(threads: Int) throws {
    let rows = SyntheticPrize(SyntheticPrizeTests.small, seed: 1).rows(ofUsers: 0..<300)
    let scratch = try Scratch()
    for layout in PrizeFolderWriter.Layout.allCases {
      let folder = try OutputFolder(scratch.path(layout.rawValue))
      let writer = try PrizeFolderWriter(
        folder, layout: layout, items: 120, rows: rows.count, days: 10_906...13_148, threads: threads,
        rowsPerBucket: 700)
      try writer.append(rows)
      let summary = try writer.finish()
      try folder.commit()
      let made = try FileManager.default.subpathsOfDirectory(atPath: scratch.path(layout.rawValue))
      let bytes = try made.reduce(0) {
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("\(layout.rawValue)/\($1)"))
        return $0 + (attributes[.type] as? FileAttributeType == .typeRegular ? attributes[.size] as! Int : 0)
      }
      #expect(summary.bytes == bytes, "\(layout)")
      for name in ["probe.txt", "qualifying.txt", "judging.txt", "membership.txt"] {
        #expect(try scratch.text("\(layout.rawValue)/\(name)") == scratch.text("netflix/\(name)"))
      }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("netflix/training_set")).sorted()
    // Kaggle's files end with movies 4499, 9210, 13367 and 17770: of 120, with 30, 62, 90 and 120.
    for (volume, movies) in [1...30, 31...62, 63...90, 91...120].enumerated() {
      let wanted = try names.filter { movies.contains(Int($0.dropFirst(3).dropLast(4))!) }.map {
        try scratch.text("netflix/training_set/\($0)")
      }
      #expect(try scratch.text("kaggle/combined_data_\(volume + 1).txt") == wanted.joined())
    }
    // The archive, unpacked by the system's tar, is the folder.
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/bin/sh")
    tar.arguments = [
      "-c", "cd '\(scratch.path("tar"))' && tar -xf training_set.tar && diff -r training_set ../netflix/training_set",
    ]
    try tar.run()
    tar.waitUntilExit()
    #expect(tar.terminationStatus == 0)
    let archive = try #require(FileManager.default.contents(atPath: scratch.path("tar/training_set.tar")))
    #expect(archive.count % 10_240 == 0 && archive.suffix(1_024).allSatisfy { $0 == 0 })
  }

  @Test func splitOfADataSetIsWritten() throws {
    let scratch = try Scratch()
    let dataset = RatingDataset(
      users: [5, 5, 6], items: [10, 2, 10], ratings: [3, 4, 5], times: [86_399, 86_400, 1_131_667_200])
    let folder = try OutputFolder(scratch.path("set"))
    _ = try PrizeSplit(dataset, parts: [.training, .quiz, .probe]).write(to: folder)
    try folder.commit()
    #expect(try scratch.text("set/training_set/mv_0000010.txt") == "10:\n5,3,1970-01-01\n6,5,2005-11-11\n")
    #expect(try scratch.text("set/qualifying.txt") == "2:\n5,1970-01-02\n")
  }

  @Test func dataWithoutAPlaceInTheFormatIsRefused() throws {
    let scratch = try Scratch()
    func code(_ dataset: RatingDataset) throws -> String? {
      let folder = try OutputFolder(scratch.path("refused"))
      do {
        _ = try PrizeSplit(dataset, parts: Array(repeating: .training, count: dataset.count)).write(to: folder)
        return nil
      } catch { return error.problems[0].code }
    }
    #expect(try code(RatingDataset(users: [1], items: [1], ratings: [3])) == "no-times")
    #expect(try code(RatingDataset(users: [1], items: [1], ratings: [3.5], times: [1])) == "not-netflix")
    #expect(try code(RatingDataset(users: [1], items: [1], ratings: [6], times: [1])) == "not-netflix")
    #expect(try code(RatingDataset(users: [1], items: [0], ratings: [3], times: [1])) == "not-netflix")
    #expect(try code(RatingDataset(users: ["u"], items: ["i"], ratings: [3], times: [1])) == "not-netflix")
    #expect(scratch.entries.isEmpty, "nothing is left of a folder that was not committed")
  }
}

@Suite(.serialized) struct OutputFolderTests {
  @Test func appearsOnCommitOnly() throws {
    let scratch = try Scratch()
    let folder = try OutputFolder(scratch.path("a/b/set/"))
    try folder.makeFolder("inner")
    try folder.write("inner/x", [65])
    #expect(!FileManager.default.fileExists(atPath: scratch.path("a/b/set")))
    try folder.commit()
    #expect(try scratch.text("a/b/set/inner/x") == "A")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("a/b")) == ["set"])
  }

  @Test func leavesNothingWithoutCommit() throws {
    let scratch = try Scratch()
    do {
      let folder = try OutputFolder(scratch.path("set"))
      try folder.write("x", Array(repeating: 65, count: 1 << 20))
    }
    #expect(scratch.entries.isEmpty)
  }

  @Test func anEmptyFolderIsReplacedAndAFullOneRefused() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.path("set"), withIntermediateDirectories: false)
    let folder = try OutputFolder(scratch.path("set"))
    try folder.write("x", [65])
    try folder.commit()
    let error = #expect(throws: RatingDataError.self) { _ = try OutputFolder(scratch.path("set")) }
    #expect(error?.kind == .cannotWrite)
    #expect(error?.problems[0].code == "output-exists")
    #expect(throws: RatingDataError.self) { _ = try OutputFolder(scratch.path("set/x")) }
    #expect(try scratch.text("set/x") == "A")
  }

  @Test func interruptedToolRemovesIt() throws {
    let scratch = try Scratch()
    let folder = try OutputFolder(scratch.path("set"))
    try folder.makeFolder("inner")
    try folder.write("inner/x", [65])
    UnfinishedFiles.removeAll()
    #expect(scratch.entries.isEmpty)
    withExtendedLifetime(folder) {}
  }
}
