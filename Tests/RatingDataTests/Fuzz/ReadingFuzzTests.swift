import Foundation
import Testing
import _RatingTestSupport

@testable import RatingData

/// Damaged files of every format through the readers: they end, with a data set or with problems, and both are the same
/// with one thread and with four, plain and compressed.
@Suite struct ReadingFuzzTests {
  static let good: [[UInt8]] = [
    "1:\n1488844,3,2005-09-06\n822109,5,1999-12-31\n2:\n7,1,2005-01-01\n822109,2,2000-02-29\n",
    "1:\n1488844,2005-09-06\n822109,1999-12-31\n2:\n7,2005-01-01\n",
    "1:\n1488844\n822109\n2:\n7\n", "1:\n3.5\n-2.75\n2:\n4.123456789\n",
    "1:\n3,2005-09-06\n4,2005-09-07\n2:\n5,2005-01-01\n",
    "1:\nquiz\ntest\n2:\nquiz\n", "196\t242\t3\t881250949\n186\t302\t5\t891717742\n22\t377\t1\t878887116\n",
    "1::1193::5::978300760\n2::661::3.5::978302109\n",
    "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n",
    "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t7\t4\t881250949.5\n",
    "\"User-ID\";\"ISBN\";\"Book-Rating\"\n\"276725\";\"034545104X\";\"0\"\n\"a\"\"b\";\"c;d\";\"5\"\n",
    "user,item,prediction\nalice,m1,3.5\nbob,m2,4\n\u{e9},m1,2\n", "user,item,set\n1,2,quiz\n3,4,test\n",
    "user|comment|item|rating|date\n1|nice|2|3|2005-12-31 01:02:03\n", "0 3 4.5\n12 0 1\n7 7 3\n",
    "1,2003,Dinosaur Planet\n72,1974,At Home, Among\n4388,NULL,Ancient\n",
  ].map { Array($0.utf8) }

  /// What came of reading a file: the content's hash, or the problems.
  private static func outcome(_ path: String, _ options: ReadingOptions) -> [String] {
    do {
      let result = try RatingDataset.read(path, options: options)
      return [result.dataset.contentHash, "\(result.input.format)", "\(result.dataset.scale)", "\(result.duplicates)"]
        + result.warnings.map { "\($0.code) \($0.count) \($0.lines)" }
    } catch {
      #expect(!error.problems.isEmpty && error.problems.contains { $0.severity == .error })
      for problem in error.problems {
        #expect(
          problem.lines.count <= Problem.listedLines && problem.lines == problem.lines.sorted() && problem.count >= 1)
      }
      return error.problems.map { "\($0.severity) \($0.code) \($0.count) \($0.lines) \($0.message)" }
    }
  }

  @Test func ratingsFuzz() throws {
    let folder = try ScratchFolder()
    var mutator = Mutator(random: SplitMix(FuzzClock.seed))
    var clock = FuzzClock()
    let policies: [DuplicatePolicy] = [.error, .first, .last, .mean, .all]
    while clock.next() {
      let bytes = mutator.mutated(mutator.pick(Self.good), others: Self.good)
      try folder.write("input", bytes)
      var options = ReadingOptions(duplicates: mutator.pick(policies), threads: 1)
      if mutator.random.below(4) == 0 { options.format = mutator.pick(RatingFormat.allCases) }
      if mutator.random.below(8) == 0 {
        options.columns = ColumnMap(mutator.pick(["user=1,item=2,rating=3", "user=2,item=1", "rating=rating"]))
      }
      if mutator.random.below(8) == 0 { options.scale = RatingScale(-10...10) }
      let path = folder.path("input")
      let one = Self.outcome(path, options)
      options.threads = 4
      try #require(Self.outcome(path, options) == one, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
      // Compressed content is not compressed twice.
      if !bytes.starts(with: [0x1f, 0x8b]), !bytes.isEmpty {
        try folder.write("input", Gzip.member(bytes, level: 1))
        try #require(Self.outcome(path, options) == one, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
      }
    }
    clock.report("ratings")
  }

  @Test func questionsAndTitlesFuzz() throws {
    let folder = try ScratchFolder()
    var mutator = Mutator(random: SplitMix(FuzzClock.seed &+ 1))
    var clock = FuzzClock()
    let vocabularies = Vocabularies(
      users: Vocabulary([Identifier(7), Identifier(1)]), items: Vocabulary([Identifier(2)]))
    while clock.next() {
      let path = try folder.write("input", mutator.mutated(mutator.pick(Self.good), others: Self.good))
      let output = folder.path("output")
      if let asked = try? QuestionSet.read(path, vocabularies: vocabularies) {
        // A sample for the questions is a submission for them.
        try asked.writeSample(value: 3, to: output)
        let judge = SubmissionJudge(predictions: .file(output), answers: nil, questions: path)
        if asked.rowsAreDistinct || asked.input.format.isBlocks {
          let rows = try? judge.judge().rows
          let bytes = try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
          #expect(rows == asked.count, "\(bytes.debugDescription)")
        }
      }
      _ = try? MovieTitles.read(path)
    }
    clock.report("questions and titles")
  }

  @Test func gzipFuzz() throws {
    let folder = try ScratchFolder()
    var mutator = Mutator(random: SplitMix(FuzzClock.seed &+ 2))
    var clock = FuzzClock()
    let packed = Self.good.map { Gzip.member($0) }
    while clock.next() {
      var bytes = mutator.pick(packed)
      if mutator.random.below(3) == 0 { bytes += mutator.pick(packed) }
      bytes = mutator.mutated(bytes, others: packed)
      let path = try folder.write("input", bytes)
      #expect(Self.outcome(path, ReadingOptions(threads: 1)) == Self.outcome(path, ReadingOptions(threads: 4)))
    }
    clock.report("gzip")
  }
}

extension QuestionSet {
  fileprivate var rowsAreDistinct: Bool { Set(zip(rows.users, rows.items).map { [$0, $1] }).count == count }
}
