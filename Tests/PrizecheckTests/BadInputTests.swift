import Foundation
import Testing
import _RatingTestSupport

/// Bad files in every place where the tool reads one: the exit code, the stable code, its count and lines, and no score.
@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var file: TinyContest.File
    var bytes: [UInt8]
    /// The expected errors: code, count and lines.
    var errors: [(code: String, count: Int, lines: [Int])]

    var testDescription: String { "\(file.rawValue): \(name)" }

    init(_ name: String, _ file: TinyContest.File, _ bytes: [UInt8], _ errors: [(String, Int, [Int])]) {
      (self.name, self.file, self.bytes) = (name, file, bytes)
      self.errors = errors.map { (code: $0.0, count: $0.1, lines: $0.2) }
    }

    /// The good file with some lines (from 1) replaced.
    init(_ name: String, _ file: TinyContest.File, _ changes: [Int: String], _ errors: [(String, Int, [Int])]) {
      var lines = file.lines
      for (line, text) in changes { lines[line - 1] = text }
      self.init(name, file, Array(lines.map { $0 + "\n" }.joined().utf8), errors)
    }

    init(_ name: String, _ file: TinyContest.File, lines: [String], _ errors: [(String, Int, [Int])]) {
      self.init(name, file, Array(lines.map { $0 + "\n" }.joined().utf8), errors)
    }
  }

  private static func without(_ file: TinyContest.File, _ line: Int) -> [String] {
    var lines = file.lines
    lines.remove(at: line - 1)
    return lines
  }

  /// What can happen to any file.
  static let anyFile: [Case] = TinyContest.File.allCases.flatMap { file -> [Case] in
    let good = Array(file.text.utf8)
    let gzip = Gzip.member(good)
    var corrupt = gzip
    corrupt[gzip.count - 6] ^= 0xff
    let junk = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    let isBlocks = TinyContest.File.blocks.contains(file)
    var blank = file.lines
    blank.insert("", at: 2)
    return [
      Case("empty", file, [], [("empty-file", 1, [])]),
      Case("blank lines alone", file, Array("\n\n\n".utf8), [("no-rows", 1, [])]),
      Case(isBlocks ? "movie line only" : "header only", file, lines: [file.lines[0]], [("no-rows", 1, [])]),
      Case("a blank line", file, lines: blank, [("blank-line", 1, [3])]),
      Case("binary junk", file, junk, [("binary-data", 1, [])]),
      Case("text at the end", file, lines: file.lines + ["xxxxxxxxx"], textAtTheEnd(file)),
      Case("gzip cut off", file, Array(gzip.dropLast(9)), [("truncated-gzip", 1, [])]),
      Case("gzip damaged", file, corrupt, [("corrupt-gzip", 1, [])]),
      Case("one long line", file, [UInt8](repeating: UInt8(ascii: "1"), count: 200_000), [("line-too-long", 1, [1])]),
      Case(
        "a long line later", file, good + [UInt8](repeating: UInt8(ascii: "1"), count: 200_000),
        [("line-too-long", 1, [file.lines.count + 1])]),
    ]
  }

  private static func textAtTheEnd(_ file: TinyContest.File) -> [(String, Int, [Int])] {
    let line = file.lines.count + 1
    switch file {
    case .predictions: return [("not-a-number", 1, [line]), ("extra-rows", 1, [4])]
    case .membership: return [("bad-set", 1, [line]), ("extra-rows", 1, [4])]
    case .answers: return [("field-count", 1, [line]), ("extra-rows", 1, [4])]
    default: return [("field-count", 1, [line])]
    }
  }

  static let predictions: [Case] = [
    Case("NaN", .predictions, [2: "NaN"], [("not-finite", 1, [2])]),
    Case("infinities", .predictions, [2: "inf", 3: "-Infinity"], [("not-finite", 2, [2, 3])]),
    Case("1e400", .predictions, [6: "1e400"], [("out-of-range", 1, [6])]),
    Case("2000", .predictions, [6: "2000"], [("out-of-range", 1, [6])]),
    Case("decimal comma", .predictions, [2: "3,5", 3: "3,25"], [("decimal-comma", 2, [2, 3])]),
    Case("text", .predictions, [5: "good"], [("not-a-number", 1, [5])]),
    Case(
      "two kinds", .predictions, [2: "x", 5: "nan", 6: "y"], [("not-a-number", 2, [2, 6]), ("not-finite", 1, [5])]),
    Case("missing row", .predictions, lines: without(.predictions, 3), [("missing-rows", 1, [1])]),
    Case(
      "missing movie", .predictions, lines: Array(TinyContest.File.predictions.lines[..<3]), [("missing-rows", 1, [])]),
    Case("surplus row", .predictions, lines: TinyContest.File.predictions.lines + ["3"], [("extra-rows", 1, [4])]),
    Case(
      "surplus movie", .predictions, lines: TinyContest.File.predictions.lines + ["3:", "3"], [("extra-rows", 1, [8])]),
    Case(
      "movies swapped", .predictions, lines: ["2:", "4", "2.75", "1.5", "1:", "3.5", "3.25"], [("wrong-order", 1, [5])]),
    Case(
      "movie repeated", .predictions, lines: ["1:", "3.5", "1:", "3.25", "2:", "4", "2.75", "1.5"],
      [("missing-rows", 1, [1]), ("wrong-order", 1, [3])]),
    Case(
      "empty block", .predictions, lines: TinyContest.File.predictions.lines + ["3:"],
      [("empty-block", 1, [8]), ("extra-rows", 1, [8])]),
    Case(
      "row first", .predictions, lines: ["3.5"] + TinyContest.File.predictions.lines, [("row-before-header", 1, [1])]),
    Case(
      "bad movie line", .predictions, [4: "two:"],
      [("bad-header", 1, [4]), ("extra-rows", 1, [1]), ("missing-rows", 1, [])]),
    Case("cut off", .predictions, Array("1:\n3.5\n3.25\n2:\n4\n2.75\n-".utf8), [("truncated-line", 1, [7])]),
    Case("a surplus field", .predictions, [2: "3.5;4"], [("not-a-number", 1, [2])]),
    Case("NaN", .predictionsCSV, [2: "10,1,nan"], [("not-finite", 1, [2])]),
    Case("1e400", .predictionsCSV, [2: "10,1,1e400"], [("out-of-range", 1, [2])]),
    Case("decimal comma", .predictionsCSV, [2: "10,1,3,5"], [("field-count", 1, [2])]),
    Case("quoted decimal comma", .predictionsCSV, [2: "10,1,\"3,5\""], [("decimal-comma", 1, [2])]),
    Case("no prediction", .predictionsCSV, [2: "10,1,"], [("missing-value", 1, [2])]),
    Case("no user", .predictionsCSV, [2: ",1,3"], [("missing-value", 1, [2])]),
    Case("missing row", .predictionsCSV, lines: without(.predictionsCSV, 4), [("missing-rows", 1, [])]),
    Case(
      "row twice", .predictionsCSV, lines: TinyContest.File.predictionsCSV.lines + ["10,1,3"],
      [("duplicate-pair", 1, [7])]),
    Case(
      "row twice, another missing", .predictionsCSV, [3: "10,1,3"],
      [("duplicate-pair", 1, [3]), ("missing-rows", 1, [])]),
    Case(
      "unknown user", .predictionsCSV, lines: TinyContest.File.predictionsCSV.lines + ["99,1,3"],
      [("unknown-user", 1, [7])]),
    Case(
      "unknown item", .predictionsCSV, lines: TinyContest.File.predictionsCSV.lines + ["10,99,3"],
      [("unknown-item", 1, [7])]),
    Case(
      "unknown pair", .predictionsCSV, lines: TinyContest.File.predictionsCSV.lines + ["30,1,3"],
      [("unknown-pair", 1, [7])]),
    Case(
      "leading zeros", .predictionsCSV, [2: "010,1,3.5"], [("unknown-user", 1, [2]), ("missing-rows", 1, [])]),
    Case(
      "id of 25 digits", .predictionsCSV, [2: "1000000000000000000000010,1,3.5"],
      [("unknown-user", 1, [2]), ("missing-rows", 1, [])]),
    Case(
      "columns swapped", .predictionsCSV,
      lines: ["user,item,prediction", "1,10,3.5", "1,20,3.25", "2,10,4", "2,30,2.75", "2,20,1.5"],
      [("swapped-columns", 5, [2, 3, 4, 5, 6])]),
    Case("open quote", .predictionsCSV, [2: "\"10,1,3.5"], [("bad-quoting", 1, [2])]),
    Case(
      "cut off", .predictionsCSV, Array("user,item,prediction\n10,1,3.5\n20,1".utf8),
      [("truncated-line", 1, [3]), ("missing-rows", 4, [])]),
    Case("no prediction column", .predictionsCSV, [1: "user,item,comment"], [("missing-column", 1, [])]),
  ]

  static let answers: [Case] = [
    Case("NaN", .answers, [2: "nan,2005-01-01"], [("not-finite", 1, [2])]),
    Case("outside the scale", .answers, [2: "6,2005-01-01"], [("out-of-scale", 1, [2])]),
    Case("half a star", .answers, [2: "3.5,2005-01-01"], [("out-of-scale", 1, [2])]),
    Case("no date", .answers, [2: "4"], [("field-count", 1, [2])]),
    Case("no such day", .answers, [2: "4,2005-02-29"], [("bad-date", 1, [2])]),
    Case("decimal comma", .answers, [2: "4,0,2005-01-01"], [("field-count", 1, [2])]),
    Case("missing row", .answers, lines: without(.answers, 3), [("missing-rows", 1, [1])]),
    Case(
      "movie line with a tail", .answers, [4: "4,2005-02-02:"],
      [("bad-header", 1, [4]), ("extra-rows", 1, [1]), ("missing-rows", 1, [])]),
    Case("questions instead", .answers, Array(TinyContest.File.questions.text.utf8), [("wrong-role", 1, [])]),
    Case("predictions instead", .answers, Array(TinyContest.File.predictions.text.utf8), [("wrong-role", 1, [])]),
    Case("NaN", .answersCSV, [2: "10,1,nan"], [("not-finite", 1, [2])]),
    Case("row twice", .answersCSV, lines: TinyContest.File.answersCSV.lines + ["10,1,3"], [("duplicate-pair", 1, [7])]),
    Case("no rating column", .answersCSV, Array(TinyContest.File.questionsCSV.text.utf8), [("missing-column", 1, [])]),
  ]

  static let questions: [Case] = [
    Case("text for a customer", .questions, [2: "ten,2005-01-01"], [("bad-identifier", 1, [2])]),
    Case("customer of 19 digits", .questions, [2: "1000000000000000000,2005-01-01"], [("bad-identifier", 1, [2])]),
    Case("no such day", .questions, [2: "10,2005-13-01", 3: "20,1969-12-31"], [("bad-date", 2, [2, 3])]),
    Case("no date", .questions, [3: "20"], [("field-count", 1, [3])]),
    Case("no user", .questionsCSV, [2: ",1"], [("missing-value", 1, [2])]),
    Case(
      "asked twice", .questionsCSV, lines: TinyContest.File.questionsCSV.lines + ["10,1"], [("duplicate-pair", 1, [7])]),
    Case("one column", .questionsCSV, Array("user\n1\n2\n".utf8), [("unknown-format", 1, [])]),
    Case(
      "a blank line before the header", .questionsCSV, lines: [""] + TinyContest.File.questionsCSV.lines,
      [("blank-line", 1, [1])]),
  ]

  static let membership: [Case] = [
    Case("another word", .membership, [2: "probe"], [("bad-set", 1, [2])]),
    Case("missing row", .membership, lines: without(.membership, 3), [("missing-rows", 1, [1])]),
    Case("questions instead", .membership, Array(TinyContest.File.questions.text.utf8), [("wrong-role", 1, [])]),
    Case("answers instead", .membership, Array(TinyContest.File.answers.text.utf8), [("wrong-role", 1, [])]),
    Case("no set column", .membershipCSV, Array(TinyContest.File.questionsCSV.text.utf8), [("missing-column", 1, [])]),
    Case("ratings instead", .membershipCSV, Array(TinyContest.File.answersCSV.text.utf8), [("missing-column", 1, [])]),
    Case("another word", .membershipCSV, [2: "10,1,probe"], [("bad-set", 1, [2])]),
    Case("missing row", .membershipCSV, lines: without(.membershipCSV, 3), [("missing-rows", 1, [])]),
    Case(
      "unknown user", .membershipCSV, lines: TinyContest.File.membershipCSV.lines + ["99,1,quiz"],
      [("unknown-user", 1, [7])]),
  ]

  static let ratings: [Case] = [
    Case("answers without customers", .training, Array(TinyContest.File.answers.text.utf8), [("wrong-role", 1, [])]),
    Case("predictions instead", .training, Array(TinyContest.File.predictions.text.utf8), [("wrong-role", 1, [])]),
    Case("infinity", .training, [2: "10,inf,2005-01-01"], [("not-finite", 1, [2])]),
    Case("outside the scale", .training, [2: "10,0,2005-01-01", 3: "20,6,2005-01-02"], [("out-of-scale", 2, [2, 3])]),
    Case("columns swapped", .training, [2: "4,100,2005-01-01"], [("swapped-columns", 1, [2])]),
    Case(
      "row first", .training, lines: ["10,4,2005-01-01"] + TinyContest.File.training.lines,
      [("row-before-header", 1, [1])]),
    Case("NaN", .ratingsCSV, [2: "10,1,NaN"], [("not-finite", 1, [2])]),
    Case("1e400", .ratingsCSV, [2: "10,1,1e400"], [("out-of-range", 1, [2])]),
    Case(
      "invalid UTF-8", .ratingsCSV, Array("user,item,rating\n".utf8) + [0xff, 0xfe] + Array(",1,4\n".utf8),
      [("bad-identifier", 1, [2])]),
    Case("unknown header", .ratingsCSV, [1: "a,b,c"], [("missing-column", 1, [])]),
    Case(
      "all at once", .ratingsCSV, [2: "10,1,nan", 3: "20,1", 4: "", 5: "30,2,x", 6: ",2,1"],
      [
        ("not-finite", 1, [2]), ("field-count", 1, [3]), ("blank-line", 1, [4]), ("not-a-number", 1, [5]),
        ("missing-value", 1, [6]),
      ]),
    Case(
      "the first ten of twenty", .ratingsCSV, lines: ["user,item,rating"] + (1...20).map { "\($0),1,x" },
      [("not-a-number", 20, Array(2...11))]),
  ]

  static let cases = anyFile + predictions + answers + questions + membership + ratings

  @Test(arguments: cases)
  func badFilesAreRefusedWithTheirCodeAndLines(_ bad: Case) throws {
    let folder = try TinyContest.folder()
    let path = try folder.write("bad-" + bad.file.rawValue, bad.bytes)
    let run = try ToolRun(bad.file.arguments(reading: path, in: folder))
    #expect(run.status == 65, "\(run.output)\(run.errors)")
    let result = try run.object()
    let errors = FoundProblem.list("errors", of: result)
    #expect(errors.map(\.code) == bad.errors.map(\.code), "\(errors)")
    #expect(errors.map(\.count) == bad.errors.map(\.count), "\(errors)")
    #expect(errors.map(\.lines) == bad.errors.map(\.lines), "\(errors)")
    #expect(errors.allSatisfy { $0.file == path && !$0.message.isEmpty })
    #expect(result["scores"] == nil && result["verdict"] == nil && result["criterion"] == nil)
    #expect(run.output.split(separator: "\n").count == 1)
    for error in errors { #expect(run.errors.contains("[\(error.code)]")) }
  }

  @Test(arguments: TinyContest.File.allCases)
  func missingFilesAndFoldersAreExit66(file: TinyContest.File) throws {
    let folder = try TinyContest.folder()
    for (path, code) in [(folder.path("nothing"), "missing-file"), (folder.path, "not-a-file")] {
      // A folder of training files is read as ratings, questions and answers.
      if path == folder.path { try FileManager.default.removeItem(atPath: folder.path("mv_0000001.txt")) }
      let run = try ToolRun(file.arguments(reading: path, in: folder))
      #expect(run.status == 66)
      #expect(FoundProblem.list("errors", of: try run.object()).map(\.code) == [code], "\(run.output)")
    }
  }

  @Test(arguments: TinyContest.File.allCases)
  func goodFilesAreTaken(file: TinyContest.File) throws {
    let folder = try TinyContest.folder()
    let run = try ToolRun(file.arguments(reading: folder.path(file.rawValue), in: folder))
    #expect(run.status == 0, "\(run.output)\(run.errors)")
  }

  /// What is odd and harmless: accepted, with a warning where something was changed.
  @Test(arguments: TinyContest.File.allCases)
  func oddFilesAreTakenWithAWarning(file: TinyContest.File) throws {
    let folder = try TinyContest.folder()
    let good = Array(file.text.utf8)
    let half = good.count / 2
    let odd: [(name: String, bytes: [UInt8], warning: String?)] = [
      ("crlf", Array(file.lines.map { $0 + "\r\n" }.joined().utf8), "carriage-returns"),
      ("bom", [0xEF, 0xBB, 0xBF] + good, "byte-order-mark"),
      ("no-final-newline", Array(good.dropLast()), "no-final-newline"),
      ("gzip.txt", Gzip.member(good), nil),
      ("members.dat", Gzip.member(good[..<half]) + Gzip.member(good[half...]), nil),
      ("padded.gz", Gzip.member(good) + [0, 0, 0, 0], nil),
    ]
    let plain = try ToolRun(file.arguments(reading: folder.path(file.rawValue), in: folder))
    for (name, bytes, warning) in odd {
      let path = try folder.write(name, bytes)
      let run = try ToolRun(file.arguments(reading: path, in: folder))
      #expect(run.status == plain.status, "\(name): \(run.output)\(run.errors)")
      let result = try run.object()
      if file == .training || file == .ratingsCSV {
        let codes = (result["warnings"] as? [[String: Any]] ?? []).map { $0["code"] as? String }
        #expect(codes == (warning.map { [$0] } ?? []), "\(name)")
      } else {
        let codes = FoundProblem.list("warnings", of: result).filter { $0.file == path && $0.code != "no-membership" }
          .map(\.code)
        #expect(codes == (warning.map { [$0] } ?? []), "\(name)")
        #expect(run.output.scores == plain.output.scores, "\(name)")
      }
    }
  }

  @Test(arguments: TinyContest.File.allCases)
  func standardInputAndPipesAreRead(file: TinyContest.File) throws {
    let folder = try TinyContest.folder()
    let good = folder.path(file.rawValue)
    let plain = try ToolRun(file.arguments(reading: good, in: folder))
    let piped = try ToolRun(file.arguments(reading: "-", in: folder), input: good)
    #expect(
      piped.status == plain.status && piped.output.scores == plain.output.scores, "\(piped.output)\(piped.errors)")
    let fifo = folder.path("fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    let writer = Thread { try? Data(file.text.utf8).write(to: URL(fileURLWithPath: fifo), options: []) }
    writer.start()
    let streamed = try ToolRun(file.arguments(reading: fifo, in: folder), seconds: 20)
    #expect(streamed.status == plain.status && streamed.output.scores == plain.output.scores, "\(streamed.output)")
  }

  /// A format that is forced must hold what is asked of the file.
  @Test func forcedFormatsWithoutWhatIsNeededAreRefused() throws {
    let folder = try TinyContest.folder()
    for format in ["netflix-qualifying", "netflix-probe", "netflix-membership"] {
      for file in [TinyContest.File.predictions, .training] {
        let run = try ToolRun(
          file.arguments(reading: folder.path(file.rawValue), in: folder) + ["--input-format", format])
        #expect(run.status == 65, "\(format): \(run.output)\(run.errors)")
        #expect(FoundProblem.list("errors", of: try run.object()).map(\.code) == ["wrong-role"])
      }
    }
  }

  @Test func messagesNeverQuoteAnswers() throws {
    let folder = try TinyContest.folder()
    // 4.75 is nowhere else in any file, so that a message that holds it quotes it.
    let rows = [
      "4.75", "4.75,", "4.75,2005-01-01x", "4.75:", "4.75,2005-01-01,1", "\"4.75\",2005-01-01", "4.75x,2005-01-01",
    ]
    for row in rows {
      let path = try folder.write(
        "secret.txt", "1:\n\(row)\n4,2005-01-01\n2:\n3,2005-01-01\n3,2005-01-01\n3,2005-01-01\n")
      for format in ["json", "text", "markdown", "github", "csv"] {
        var arguments = TinyContest.File.answers.arguments(reading: path, in: folder)
        arguments[arguments.count - 1] = format
        let run = try ToolRun(arguments)
        #expect(run.status == 65)
        #expect(!run.output.contains("4.75") && !run.errors.contains("4.75"), "\(row): \(run.output)\(run.errors)")
      }
    }
    for row in ["10,1,4.75x", "10,1,4.75,1", "10,1,\"4.75", "4.75", "10,1,4,75"] {
      let path = try folder.write("secret.csv", "user,item,rating\n\(row)\n20,1,3\n10,2,5\n30,2,2\n20,2,1\n")
      let run = try ToolRun(TinyContest.File.answersCSV.arguments(reading: path, in: folder))
      #expect(run.status == 65)
      #expect(!run.output.contains("4.75") && !run.errors.contains("4.75"), "\(row): \(run.output)\(run.errors)")
    }
  }
}

extension String {
  /// What a result says of scores and verdict, from `"scores"` to `"validation"`.
  fileprivate var scores: Substring {
    guard let from = range(of: "\"scores\""), let to = range(of: "\"validation\"") else { return "" }
    return self[from.lowerBound..<to.lowerBound]
  }
}
