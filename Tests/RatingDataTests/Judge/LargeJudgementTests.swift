import Testing
import _RatingTestSupport

@testable import RatingData

/// Files of many parts, which are judged side by side: the same sums, and the problems and lines of one walk.
@Suite struct LargeJudgementTests {
  /// About 6 MB of predictions and 14 MB of answers, and a movie that is larger than a part. A quarter of it without
  /// optimization, for the thread sanitizer's sake.
  private static func contest() throws -> JudgedContest {
    #if DEBUG
      return try JudgedContest(movies: 300) { $0 == 150 ? 250_000 : 100 + $0 }
    #else
      return try JudgedContest(movies: 300) { $0 == 150 ? 400_000 : 1000 + $0 * 13 }
    #endif
  }

  /// About 2 MB of predictions as CSV: three parts.
  private static func smallContest() throws -> JudgedContest { try JudgedContest(movies: 100) { 1000 + $0 * 13 } }

  /// A file of the contest with some lines changed, from 0.
  private static func write(
    _ contest: JudgedContest, _ name: String, from source: String, _ change: (inout [Substring]) -> Void
  ) throws {
    var lines = try contest.folder.text(source).split(separator: "\n", omittingEmptySubsequences: false)
    change(&lines)
    try contest.folder.write(name, lines.joined(separator: "\n"))
  }

  @Test func partsAddUpToTheWhole() throws {
    let contest = try Self.contest()
    let expected = (contest.sums(), contest.sums(\.isQuiz), contest.sums { !$0.isQuiz })
    for threads in [1, 2, 4] {
      let judgement = try contest.judge("p.txt", "a.txt", questions: "q.txt", membership: "m.txt", threads: threads)
      #expect(judgement.all == expected.0 && judgement.quiz == expected.1 && judgement.test == expected.2)
    }
    #expect(try contest.judge("p.txt", "t.txt", threads: 2).all == expected.0)
    #expect(try contest.judge("p.csv", "t.txt", threads: 2).all == expected.0)
    #expect(try contest.judge("p.csv", "a.csv", questions: "q.csv", membership: "m.csv", threads: 4).quiz == expected.1)
  }

  @Test func warningsHaveTheLinesOfTheFile() throws {
    let contest = try Self.contest()
    let count = try contest.folder.text("p.txt").split(separator: "\n").count
    let places = stride(from: 20_001, to: count, by: count / 7).map { $0 }
    try Self.write(contest, "odd.txt", from: "p.txt") { lines in
      for place in places where !lines[place].hasSuffix(":") { lines[place] = "7.5\r" }
      lines.removeLast()
    }
    try contest.folder.write("odd.gz", Gzip.member(try contest.folder.text("odd.txt").utf8, level: 1))
    func warnings(_ name: String, _ threads: Int) throws -> [String] {
      try contest.judge(name, "a.txt", threads: threads).warnings.map {
        "\($0.code) \($0.count) \($0.lines) \($0.message)"
      }
    }
    let one = try warnings("odd.txt", 1)
    #expect(try warnings("odd.txt", 4) == one && warnings("odd.gz", 1) == one)
    #expect(
      one.count == 3
        && one.contains {
          $0.hasPrefix("carriage-returns") && $0.contains(places.map { "\($0 + 1)" }.joined(separator: ", "))
        }, "\(one)")
  }

  @Test func errorsHaveTheLinesOfTheFile() throws {
    let contest = try Self.contest()
    let lines = try contest.folder.text("p.txt").split(separator: "\n")
    let place = try #require(lines.indices.last { lines[$0].hasSuffix(":") })
    let rows = lines.count - place - 1
    func found(_ name: String, _ threads: Int = 2) -> [String] {
      problems { _ = try contest.judge(name, "a.txt", questions: "q.txt", membership: "m.txt", threads: threads) }
    }
    try Self.write(contest, "bad.txt", from: "p.txt") { lines in
      lines[place + 1] = "x"
      lines[place / 2] = "nan"
    }
    #expect(found("bad.txt") == ["not-finite 1 [\(place / 2 + 1)]", "not-a-number 1 [\(place + 2)]"])
    try Self.write(contest, "missing.txt", from: "p.txt") { $0.remove(at: place + 3) }
    #expect(found("missing.txt") == ["missing-rows 1 [\(place + 1)]"])
    try Self.write(contest, "extra.txt", from: "p.txt") { $0.insert("3", at: place + 3) }
    #expect(found("extra.txt") == ["extra-rows 1 [\(place + 1)]"])
    try Self.write(contest, "gone.txt", from: "p.txt") { $0.removeSubrange(place...(place + rows)) }
    #expect(found("gone.txt") == ["missing-rows 1 []"])
    try Self.write(contest, "repeated.txt", from: "p.txt") { $0.insert("300:", at: place + 3) }
    #expect(found("repeated.txt") == ["missing-rows 1 [\(place + 1)]", "wrong-order 1 [\(place + 4)]"])
    try Self.write(contest, "renamed.txt", from: "p.txt") { $0[place] = "301:" }
    #expect(found("renamed.txt") == ["extra-rows 1 [\(place + 1)]", "missing-rows 1 []"])
    let before = try #require(lines[..<place].lastIndex { $0.hasSuffix(":") })
    try Self.write(contest, "swapped.txt", from: "p.txt") { lines in
      let last = Array(lines[place...(place + rows)])
      lines.removeSubrange(place...(place + rows))
      lines.insert(contentsOf: last, at: before)
    }
    #expect(found("swapped.txt") == ["wrong-order 1 [\(before + rows + 2)]"])
    // A row moved to another movie leaves the number of rows as it is.
    try Self.write(contest, "moved.txt", from: "p.txt") { lines in
      let row = lines.remove(at: place + 1)
      lines.insert(row, at: place)
    }
    #expect(found("moved.txt") == ["extra-rows 1 [\(before + 1)]", "missing-rows 1 [\(place + 2)]"])
    for name in ["missing.txt", "extra.txt", "swapped.txt", "moved.txt"] { #expect(found(name, 1) == found(name, 4)) }
  }

  @Test func rowsThatAreLookedUpAreWarnedOfByTheLinesOfTheFile() throws {
    let contest = try Self.smallContest()
    let count = contest.rows.count
    let places = stride(from: 20_001, to: count, by: count / 7).map { $0 }
    try Self.write(contest, "odd.csv", from: "p.csv") { lines in
      for place in places { lines[place] = "\(lines[place].prefix { $0 != "." })5.5\r" }
      lines.removeLast()
    }
    try contest.folder.write("odd.gz", Gzip.member(try contest.folder.text("odd.csv").utf8, level: 1))
    func outcome(_ name: String, _ threads: Int) throws -> [String] {
      let judgement = try contest.judge(name, "a.csv", threads: threads)
      return ["\(judgement.all)"]
        + judgement.warnings.map { "\($0.code) \($0.count) \($0.lines) \($0.message)" }
    }
    let one = try outcome("odd.csv", 1)
    #expect(try outcome("odd.csv", 4) == one && outcome("odd.gz", 1) == one)
    #expect(one.contains { $0.hasPrefix("carriage-returns") && $0.contains("\(places.map { $0 + 1 })") }, "\(one)")
    #expect(one.contains { $0.hasPrefix("no-final-newline 1 [\(count + 1)]") }, "\(one)")
  }

  @Test func rowsThatAreLookedUpAreFaultyByTheLinesOfTheFile() throws {
    let contest = try Self.smallContest()
    let count = contest.rows.count
    func found(_ name: String, _ threads: Int) -> [String] {
      problems { _ = try contest.judge(name, "a.csv", threads: threads) }
    }
    typealias Change = (inout [Substring]) -> Void
    let cases: [(name: String, change: Change, problems: [String])] = [
      ("bad", { $0[count - 5] = "7,x,y,4" }, ["field-count 1 [\(count - 4)]"]),
      // Far apart, so that no one part has both.
      ("twice", { $0[count] = $0[1] }, ["duplicate-pair 1 [\(count + 1)]", "missing-rows 1 []"]),
      ("more", { $0.insert($0[1], at: count) }, ["duplicate-pair 1 [\(count + 1)]"]),
      ("short", { $0.remove(at: count / 2) }, ["missing-rows 1 []"]),
      ("other", { $0[count / 2] = "3,999999,4" }, ["unknown-item 1 [\(count / 2 + 1)]", "missing-rows 1 []"]),
      ("text", { $0[count / 2] = "anna,1,4" }, ["unknown-user 1 [\(count / 2 + 1)]", "missing-rows 1 []"]),
    ]
    for (name, change, problems) in cases {
      try Self.write(contest, "\(name).csv", from: "p.csv", change)
      #expect(found("\(name).csv", 1) == problems && found("\(name).csv", 4) == problems, "\(name)")
    }
  }
}
