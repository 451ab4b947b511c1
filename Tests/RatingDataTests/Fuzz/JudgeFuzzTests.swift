import Foundation
import Testing
import _RatingTestSupport

@testable import RatingData

/// Damaged files of one contest through the judge: it ends, and the sums or the problems are the same with one thread and
/// with four, plain and compressed.
@Suite struct JudgeFuzzTests {
  private static let contest: [String: [UInt8]] = [
    "p.txt": "1:\n3.5\n3.25\n2:\n4\n2.75\n1.5\n",
    "p.csv": "user,item,prediction\n10,1,3.5\n20,1,3.25\n10,2,4\n30,2,2.75\n20,2,1.5\n",
    "q.txt": "1:\n10,2005-01-01\n20,2005-01-02\n2:\n10,2005-02-01\n30,2005-02-02\n20,2005-02-03\n",
    "q.csv": "user,item\n10,1\n20,1\n10,2\n30,2\n20,2\n", "probe.txt": "1:\n10\n20\n2:\n10\n30\n20\n",
    "a.txt": "1:\n4,2005-01-01\n3,2005-01-02\n2:\n5,2005-02-01\n2,2005-02-02\n1,2005-02-03\n",
    "a.csv": "user,item,rating\n20,2,1\n10,1,4\n20,1,3\n10,2,5\n30,2,2\n",
    "t.txt": "1:\n10,4,2005-01-01\n20,3,2005-01-02\n2:\n10,5,2005-02-01\n30,2,2005-02-02\n20,1,2005-02-03\n",
    "m.txt": "1:\nquiz\ntest\n2:\ntest\nquiz\nquiz\n",
    "m.csv": "user,item,set\n10,1,quiz\n20,1,test\n10,2,test\n30,2,quiz\n20,2,quiz\n",
  ].mapValues { Array($0.utf8) }

  private static func outcome(_ judge: SubmissionJudge) -> [String] {
    do {
      let judgement = try judge.judge()
      return ["\(judgement.all)", "\(judgement.quiz as Any)", "\(judgement.test as Any)", "\(judgement.rows)"]
        + judgement.warnings.map { "\($0)" }
    } catch {
      #expect(error.problems.contains { $0.severity == .error })
      return error.problems.map { "\($0)" }
    }
  }

  @Test func judgeFuzz() throws {
    let folder = try ScratchFolder()
    var mutator = Mutator(random: SplitMix(FuzzClock.seed &+ 3))
    var clock = FuzzClock()
    let names = Self.contest.keys.sorted()
    let others = names.map { Self.contest[$0]! }
    while clock.next() {
      for name in names { try folder.write(name, Self.contest[name]!) }
      func file(_ names: [String]) -> String { folder.path(mutator.pick(names)) }
      var judge = SubmissionJudge(
        predictions: .file(file(["p.txt", "p.csv"])), answers: file(["a.txt", "a.csv", "t.txt"]),
        questions: mutator.random.below(2) == 0 ? nil : file(["q.txt", "q.csv", "probe.txt"]),
        membership: mutator.random.below(2) == 0 ? nil : file(["m.txt", "m.csv"]), options: ReadingOptions(threads: 1))
      var damaged: [(String, [UInt8])] = []
      for _ in 0..<(1 + mutator.random.below(2)) {
        let name = mutator.pick(names)
        if damaged.contains(where: { $0.0 == name }) { continue }
        let bytes = mutator.mutated(Self.contest[name]!, others: others)
        try folder.write(name, bytes)
        damaged.append((name, bytes))
      }
      let one = Self.outcome(judge)
      judge.options.threads = 4
      let four = Self.outcome(judge)
      let text = damaged.map { "\($0.0): \(String(decoding: $0.1, as: UTF8.self).debugDescription)" }.joined(
        separator: "\n")
      try #require(four == one, "\(text)")
      for (name, bytes) in damaged where !bytes.starts(with: [0x1f, 0x8b]) && !bytes.isEmpty {
        try folder.write(name, Gzip.member(bytes, level: 1))
      }
      let packed = Self.outcome(judge)
      try #require(packed == one, "\(text)\n\(one)\n\(packed)")
    }
    clock.report("judge")
  }
}
