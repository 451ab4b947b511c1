import Foundation
import Testing
import _RatingTestSupport

/// Input that is made to exhaust time or memory: refused, or read, within bounds of both.
@Suite(.serialized) struct HostileInputTests {
  /// Seconds that no case needs a tenth of on a usual machine.
  private static let patience = 60

  private static func bytes(_ parts: (inout [UInt8]) -> Void) -> [UInt8] {
    var bytes: [UInt8] = []
    parts(&bytes)
    return bytes
  }

  /// Members of `text` repeated, which expand to `mebibytes`.
  private static func bomb(_ text: String, mebibytes: Int) -> [UInt8] {
    let size = 4 << 20
    var plain: [UInt8] = []
    plain.reserveCapacity(size + text.utf8.count)
    while plain.count < size { plain.append(contentsOf: text.utf8) }
    let member = Gzip.member(plain, level: 9)
    return (0..<(mebibytes / 4)).flatMap { _ in member }
  }

  @Test(arguments: ["10,1,3\n", "\n", "10,1,3,x\n", "1:\n"])
  func gzipBombsAreRefusedAsRatings(line: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("bomb.gz", Self.bomb(line, mebibytes: 640))
    let run = try MeasuredRun(["describe", path, "--format", "json"], in: folder.path, seconds: Self.patience)
    #expect(run.status == 65, "\(run)")
    // Blank lines and movie lines alone are refused before they are expanded.
    #expect(["gzip-bomb", "no-rows"].contains(run.errorCodes.last), "\(run.output)")
    #expect(run.peakMebibytes < 900, "\(run.peakMebibytes) MiB")
  }

  @Test func gzipBombsAreRefusedAsPredictions() throws {
    let folder = try TinyContest.folder()
    for (file, line) in [
      (TinyContest.File.predictions, "1:\n3\n"), (.predictionsCSV, "10,1,3\n"), (.membership, "1:\nquiz\n"),
    ] {
      let path = try folder.write("bomb.gz", Self.bomb(line, mebibytes: 640))
      let run = try MeasuredRun(file.arguments(reading: path, in: folder), in: folder.path, seconds: Self.patience)
      #expect(run.status == 65, "\(run)")
      #expect(run.errorCodes.contains("gzip-bomb"), "\(run.output)")
      #expect(run.peakMebibytes < 300, "\(file): \(run.peakMebibytes) MiB")
    }
  }

  /// A sparse file of 1 GiB whose last line goes on to the end.
  private func longLine(_ start: String, in folder: ScratchFolder) throws -> String {
    let path = try folder.write("long.txt", start)
    #expect(truncate(path, 1 << 30) == 0)
    return path
  }

  @Test(arguments: [TinyContest.File.predictions, .answersCSV, .questions, .membershipCSV, .training])
  func aLineOfAGibibyteEndsTheReading(file: TinyContest.File) throws {
    let folder = try TinyContest.folder()
    for (start, code) in [("", "binary-data"), (file.text, "binary-data")] {
      let path = try longLine(start, in: folder)
      let run = try MeasuredRun(file.arguments(reading: path, in: folder), in: folder.path, seconds: Self.patience)
      #expect(run.status == 65, "\(run)")
      #expect(run.errorCodes == [code], "\(run.output)")
      #expect(run.seconds < 10 && run.peakMebibytes < 100, "\(run.seconds) s, \(run.peakMebibytes) MiB")
    }
    // Behind the part that tells the format.
    let rows = (0..<20_000).map { _ in file.lines.last! + "\n" }.joined()
    let path = try longLine(file.text + rows + "1", in: folder)
    let run = try MeasuredRun(file.arguments(reading: path, in: folder), in: folder.path, seconds: Self.patience)
    #expect(run.status == 65, "\(run)")
    #expect(run.errorCodes.contains("line-too-long"), "\(run.output)")
    #expect(run.seconds < 20, "\(run.seconds) s")
  }

  @Test func aLongLineInGzipEndsTheReading() throws {
    let folder = try TinyContest.folder()
    for file in TinyContest.File.allCases {
      let path = try folder.write("long.gz", Gzip.member(file.text.utf8) + Self.bomb("1", mebibytes: 64))
      let run = try MeasuredRun(file.arguments(reading: path, in: folder), in: folder.path, seconds: Self.patience)
      #expect(run.status == 65 && run.errorCodes.contains("line-too-long"), "\(run)")
      #expect(run.seconds < 10 && run.peakMebibytes < 100, "\(run.seconds) s, \(run.peakMebibytes) MiB")
    }
  }

  @Test func tenMillionMovieLinesAreRead() throws {
    let folder = try TinyContest.folder()
    func movies(_ row: String) -> [UInt8] {
      Self.bytes { bytes in
        bytes.reserveCapacity(300 << 20)
        for movie in 1...10_000_000 { bytes.append(contentsOf: "\(movie):\n\(row)".utf8) }
      }
    }
    // Ratings of ten million movies are a data set.
    var path = try folder.write("movies.txt", movies("7,3,2005-01-01\n"))
    var run = try MeasuredRun(["describe", path, "--format", "json"], in: folder.path, seconds: Self.patience)
    #expect(run.status == 0 && run.output.contains("\"items\":10000000,"), "\(run)")
    #expect(run.peakMebibytes < 1500, "\(run.peakMebibytes) MiB")
    path = try folder.write("movies.txt", movies(""))
    run = try MeasuredRun(["describe", path, "--format", "json"], in: folder.path, seconds: Self.patience)
    #expect(run.status == 65 && run.errorCodes == ["no-rows"], "\(run)")
    for file in [TinyContest.File.predictions, .questions] {
      path = try folder.write("movies.txt", movies(file.lines[1] + "\n"))
      run = try MeasuredRun(file.arguments(reading: path, in: folder), in: folder.path, seconds: Self.patience)
      #expect(run.status == 65 && !run.errorCodes.isEmpty, "\(run)")
      #expect(run.peakMebibytes < 1000, "\(file): \(run.peakMebibytes) MiB")
    }
  }

  @Test func aMovieOfThreeMillionRowsIsJudged() throws {
    let folder = try ScratchFolder()
    let count = 3_000_000
    let predictions = try folder.write(
      "p.txt",
      Self.bytes {
        $0 += Array("1:\n".utf8)
        for row in 0..<count { $0 += "\(1 + row % 4).5\n".utf8 }
      })
    let answers = try folder.write(
      "a.txt",
      Self.bytes {
        $0 += Array("1:\n".utf8)
        for row in 0..<count { $0 += "\(1 + row % 4),2005-01-01\n".utf8 }
      })
    let run = try MeasuredRun(
      ["score", predictions, "--answers", answers, "--format", "json"], in: folder.path, seconds: Self.patience)
    #expect(run.status == 0 && run.output.contains("\"all\":{\"n\":3000000,\"rmse\":0.5,"), "\(run)")
    #expect(run.peakMebibytes < 150, "\(run.peakMebibytes) MiB")
    let few = try folder.write("few.txt", "1:\n4,2005-01-01\n")
    let mismatch = try MeasuredRun(
      ["score", predictions, "--answers", few, "--format", "json"], in: folder.path, seconds: Self.patience)
    #expect(mismatch.status == 65 && mismatch.errorCodes == ["extra-rows"], "\(mismatch)")
  }

  @Test func millionsOfBadLinesAreCounted() throws {
    let folder = try TinyContest.folder()
    let path = try folder.write(
      "bad.csv",
      Self.bytes { bytes in
        bytes += "user,item,prediction\n".utf8
        for row in 0..<3_000_000 { bytes += "u\(row),1,x\n".utf8 }
      })
    for file in [TinyContest.File.predictionsCSV, .answersCSV, .ratingsCSV] {
      let run = try MeasuredRun(
        file.arguments(reading: path, in: folder)
          + (file == .predictionsCSV ? [] : ["--columns", "user=1,item=2,rating=3"]),
        in: folder.path, seconds: Self.patience)
      #expect([64, 65].contains(run.status), "\(run)")
      #expect(run.peakMebibytes < 1000, "\(run.peakMebibytes) MiB")
    }
  }
}
