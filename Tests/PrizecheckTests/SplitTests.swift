import Foundation
import RatingBench
import Testing
import _RatingTestSupport

/// `split` as users run it: every row is in the part where it belongs, and nowhere else.
struct SplitTests {
  /// 40 users, of whom user u rated 10 + u % 7 items, one a day, as MovieLens 100K lays them out.
  static let rows: [(user: Int, item: Int, rating: Int, time: Int)] = (1...40).flatMap { user in
    (0..<(10 + user % 7)).map { place in
      (user, 1 + (user * 11 + place * 5) % 97, 1 + (user + place * place) % 5, 880_000_000 + place * 86_400 + user * 60)
    }
  }

  static let methods = [
    "random", "last", "time", "k-fold", "repeated", "leave-one-out", "given", "all-but", "rolling", "netflix",
  ]

  let folder: ScratchFolder
  let ratings: String

  init() throws {
    folder = try ScratchFolder()
    ratings = try folder.write("u.data", Self.text(Self.rows))
  }

  private static func text(_ rows: [(user: Int, item: Int, rating: Int, time: Int)]) -> String {
    rows.map { "\($0.user)\t\($0.item)\t\($0.rating)\t\($0.time)\n" }.joined()
  }

  private static let lines = Set(rows.map { "\($0.user),\($0.item),\($0.rating),\($0.time)" })

  @discardableResult
  private func split(_ method: String, _ more: [String] = [], of file: String? = nil, to name: String) throws -> ToolRun
  {
    let run = try ToolRun(["split", file ?? ratings, "--method", method, "--output", folder.path(name)] + more)
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    return run
  }

  /// The rows of a CSV part, which has this header.
  private func rows(_ name: String, header: String = "user,item,rating,timestamp") throws -> [String] {
    let lines = try folder.text(name).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.first == header && lines.last == "", "\(name)")
    return Array(lines.dropFirst().dropLast())
  }

  /// The two parts' rows: together all rows, each once.
  private func parts(_ name: String) throws -> (train: [String], test: [String]) {
    let (train, test) = (try rows("\(name)/train.csv"), try rows("\(name)/test.csv"))
    #expect(train.count + test.count == Self.rows.count)
    #expect(Set(train + test) == Self.lines)
    return (train, test)
  }

  /// The bytes of every file under a folder, by name.
  private func files(_ name: String) throws -> [String: Data] {
    let root = URL(fileURLWithPath: folder.path(name))
    var found: [String: Data] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: root.path)! {
      let url = root.appendingPathComponent(path)
      if !url.hasDirectoryPath, let data = FileManager.default.contents(atPath: url.path) { found[path] = data }
    }
    return found
  }

  private static func time(_ line: String) -> Int { Int(line.split(separator: ",").last!)! }
  private static func user(_ line: String) -> Int { Int(line.split(separator: ",")[0])! }

  @Test(arguments: [("0.1", 0.1), ("0.5", 0.5), ("0", 0), ("1", 1)])
  func randomTakesItsShare(_ text: String, _ share: Double) throws {
    try split("random", ["--test-fraction", text], to: "parts")
    #expect(try parts("parts").test.count == Int((share * Double(Self.rows.count)).rounded()))
  }

  @Test func lastHoldsOutTheLatestOfEachUser() throws {
    try split("last", ["--last", "3"], to: "parts")
    let (train, test) = try parts("parts")
    for user in 1...40 {
      let (early, late) = (train.filter { Self.user($0) == user }, test.filter { Self.user($0) == user })
      #expect(late.count == 3)
      #expect(early.map(Self.time).max()! < late.map(Self.time).min()!)
    }
  }

  @Test func timeCutsOnce() throws {
    try split("time", ["--test-fraction", "0.25"], to: "parts")
    let (train, test) = try parts("parts")
    #expect(abs(test.count * 4 - Self.rows.count) < 4)
    #expect(train.map(Self.time).max()! <= test.map(Self.time).min()!)
  }

  @Test func everyRowIsTestedInOneFold() throws {
    try split("k-fold", ["--folds", "4"], to: "folds")
    #expect(try ScratchFolder.names(in: folder.path("folds")) == ["fold-1", "fold-2", "fold-3", "fold-4"])
    let tests = try (1...4).flatMap { try parts("folds/fold-\($0)").test }
    #expect(tests.count == Self.rows.count && Set(tests) == Self.lines)
    let sizes = try (1...4).map { try parts("folds/fold-\($0)").test.count }
    #expect(sizes.max()! - sizes.min()! <= 1)
  }

  @Test func aCutTakesTheRatingsFromADayOn() throws {
    try split("time", ["--cut", "1997-11-25"], to: "parts")
    let (train, test) = try parts("parts")
    let cut = 880_416_000
    #expect(train.allSatisfy { Self.time($0) < cut } && test.allSatisfy { Self.time($0) >= cut } && !test.isEmpty)
    let run = try ToolRun(
      ["split", ratings, "--method", "time", "--cut", "2020-01-01", "--output", folder.path("none")])
    #expect(
      run.status == 65 && run.errors.contains("[unusable-split]") && run.errors.contains("1997-11-"), "\(run.errors)")
  }

  @Test func severalSplitsGetAFolderEach() throws {
    try split("repeated", ["--repetitions", "2", "--folds", "2"], to: "repeated")
    let names = ["repeat-1-fold-1", "repeat-1-fold-2", "repeat-2-fold-1", "repeat-2-fold-2"]
    #expect(try ScratchFolder.names(in: folder.path("repeated")) == names)
    for name in names { _ = try parts("repeated/\(name)") }
    try split("rolling", ["--windows", "2", "--sliding"], to: "rolling")
    #expect(try ScratchFolder.names(in: folder.path("rolling")) == ["window-1", "window-2"])
    // What was split can be split's own input.
    let run = try split(
      "predefined", ["--names", "repeat-2-fold-1", "--format", "json"], of: folder.path("repeated"), to: "again")
    #expect(try run.object()["plan"] as? String == "predefined repeat-2-fold-1")
    let again = try parts("again/repeat-2-fold-1")
    let before = try parts("repeated/repeat-2-fold-1")
    #expect(before.train == again.train && before.test == again.test)
    let missing = try ToolRun(
      ["split", folder.path("repeated"), "--method", "predefined", "--names", "u1", "--output", folder.path("none")])
    #expect(missing.status == 66 && missing.errors.contains("there are repeat-1-fold-1"), "\(missing.errors)")
  }

  @Test func netflixDealsTheLastNineOfEachUser() throws {
    let run = try split("netflix", ["--format", "json"], to: "prize")
    let names = ["judging", "membership", "probe", "qualifying", "train"].map { "\($0).csv" }
    #expect(try ScratchFolder.names(in: folder.path("prize")) == names)
    let (train, judging) = (try rows("prize/train.csv"), try rows("prize/judging.csv"))
    let probe = try rows("prize/probe.csv", header: "user,item,timestamp")
    #expect(Set(train + judging) == Self.lines && train.count + judging.count == Self.rows.count)
    func pair(_ line: String) -> String { line.split(separator: ",").prefix(2).joined(separator: ",") }
    #expect(Set(probe.map(pair)).isSubset(of: Set(train.map(pair))) && !probe.isEmpty)
    // The same rows as questions and as sets.
    let questions = try rows("prize/qualifying.csv", header: "user,item,timestamp")
    let sets = try rows("prize/membership.csv", header: "user,item,set")
    #expect(questions.map(pair) == judging.map(pair) && sets.map(pair) == judging.map(pair))
    // At most nine, at most half, the latest.
    for user in 1...40 {
      let all = Self.rows.filter { $0.user == user }.map(\.time).sorted()
      let heldOut = (probe + judging).filter { Self.user($0) == user }.map(Self.time).sorted()
      #expect(heldOut == all.suffix(min(9, all.count / 2)), "user \(user)")
    }
    let reported = try #require(try run.object()["parts"] as? [[String: Any]])
    let counts = Dictionary(uniqueKeysWithValues: reported.map { ($0["name"] as! String, $0["ratings"] as! Int) })
    #expect(
      counts == [
        "training": train.count, "probe": probe.count, "qualifying": judging.count,
        "quiz": sets.count { $0.hasSuffix(",quiz") }, "test": sets.count { $0.hasSuffix(",test") },
      ])
  }

  @Test func theNetflixLayoutHoldsTheSameRowsAndCanBeJudged() throws {
    try split("netflix", to: "csv")
    try split("netflix", ["--layout", "netflix"], to: "prize")
    let training = try RatingDataset(contentsOf: folder.path("prize"))
    #expect(training.count == (try rows("csv/train.csv").count))
    let questions = try ToolRun(
      ["sample", folder.path("prize/qualifying.txt"), "--output", folder.path("p.txt"), "--value", "3.5"])
    #expect(questions.status == 0, "\(questions.errors)")
    var scores: [[String: Any]] = []
    for (predictions, kind) in [("p.txt", "txt"), ("p.csv", "csv")] {
      if kind == "csv" {
        let made = try ToolRun(
          ["sample", folder.path("csv/qualifying.csv"), "--output", folder.path("p.csv"), "--value", "3.5"])
        #expect(made.status == 0, "\(made.errors)")
      }
      let source = kind == "txt" ? "prize" : "csv"
      let run = try ToolRun([
        "score", folder.path(predictions), "--answers", folder.path("\(source)/judging.\(kind)"), "--membership",
        folder.path("\(source)/membership.\(kind)"), "--format", "json",
      ])
      #expect(run.status == 0, "\(run.errors)")
      scores.append(try #require(try run.object()["scores"] as? [String: Any]))
    }
    for set in ["all", "quiz", "test"] {
      func value(_ index: Int, _ key: String) throws -> Double {
        try #require((scores[index][set] as? [String: Any])?[key] as? Double)
      }
      for key in ["n", "rmse", "mae"] { #expect(try value(0, key) == value(1, key), "\(set).\(key)") }
    }
  }

  @Test(arguments: SplitTests.methods)
  func theSameSeedGivesTheSameBytesAndAnotherSeedOthers(_ method: String) throws {
    try split(method, ["--seed", "7", "--threads", "1"], to: "one")
    try split(method, ["--seed", "7", "--threads", "3"], to: "two")
    let one = try files("one")
    #expect(one == (try files("two")) && !one.isEmpty)
    // No two ratings of these have the same time, so nothing is left to chance where time decides.
    try split(method, ["--seed", "8"], to: "three")
    #expect((one == (try files("three"))) == ["last", "time", "leave-one-out", "rolling"].contains(method))
  }

  @Test(arguments: SplitTests.methods)
  func thePartsDoNotDependOnTheOrderOfRows(_ method: String) throws {
    let other = try folder.write("reversed.data", Self.text(Self.rows.reversed()))
    try split(method, to: "one")
    try split(method, of: other, to: "two")
    let (one, two) = (try files("one"), try files("two"))
    func sorted(_ data: Data) -> [Substring] { String(decoding: data, as: UTF8.self).split(separator: "\n").sorted() }
    #expect(one.mapValues(sorted) == two.mapValues(sorted))
  }

  @Test(arguments: ["last", "time", "leave-one-out", "rolling", "netflix"])
  func whatGoesByTimeNeedsTimes(_ method: String) throws {
    try folder.write("timeless.csv", "user,item,rating\n1,1,3\n1,2,4\n")
    let run = try ToolRun(
      ["split", folder.path("timeless.csv"), "--method", method, "--output", folder.path("parts"), "--format", "json"])
    #expect(run.status == 65)
    let errors = FoundProblem.list("errors", of: try run.object())
    #expect(errors.map(\.code) == ["no-times"] && errors.first?.file == folder.path("timeless.csv"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("parts")))
  }

  @Test(arguments: [
    (["--method", "random", "--last", "2"], "--last belongs to last and netflix"),
    (["--method", "last", "--test-fraction", "0.2"], "--test-fraction belongs to random and time"),
    (["--method", "time", "--folds", "3"], "--folds belongs to k-fold and repeated"),
    (["--method", "k-fold", "--layout", "netflix"], "--layout netflix belongs to netflix"),
    (["--method", "random", "--test-fraction", "1.5"], "--test-fraction lies in 0...1, got 1.5"),
    (["--method", "k-fold", "--folds", "1"], "--folds lies in 2...1000, got 1"),
    (["--method", "thirds"], "The value 'thirds' is invalid for '--method <method>'"),
    (["--method", "random", "--cut", "1998-01-01"], "--cut belongs to time"),
    (["--method", "time", "--cut", "January"], "write a day"),
    (["--method", "time", "--cut", "1998-01-01", "--test-fraction", "0.1"], "either --cut or --test-fraction"),
    (["--method", "k-fold", "--repetitions", "2"], "--repetitions belongs to repeated"),
    (["--method", "last", "--held-out", "random"], "--held-out belongs to leave-one-out and given and all-but"),
    (["--method", "given", "--given", "0"], "--given is at least 1, got 0"),
    (["--method", "rolling", "--windows", "0"], "--windows lies in 1...1000, got 0"),
    (["--method", "time", "--sliding"], "--sliding belongs to rolling"),
    (["--method", "random", "--names", "u1"], "--names belongs to predefined"),
  ])
  func usageMistakesExit64(_ arguments: [String], _ hint: String) throws {
    let run = try ToolRun(["split", ratings, "--output", folder.path("parts")] + arguments)
    #expect(run.status == 64 && run.output == "")
    #expect(run.errors.contains(hint), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("parts")))
  }

  @Test func aFolderWithContentIsNotWrittenTo() throws {
    try folder.write("parts/mine.txt", "kept\n")
    let run = try ToolRun(["split", ratings, "--method", "random", "--output", folder.path("parts")])
    #expect(run.status == 73 && run.errors.contains("[output-exists]"), "\(run.errors)")
    #expect(try ScratchFolder.names(in: folder.path("parts")) == ["mine.txt"])
  }
}
