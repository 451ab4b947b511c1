import Foundation
import RatingBench
import Testing
import _RatingTestSupport

/// `generate` as users run it.
struct GenerateTests {
  let folder: ScratchFolder
  static let size = ["--users", "80", "--items", "30", "--ratings", "1500"]

  init() throws { folder = try ScratchFolder() }

  @discardableResult
  private func generate(_ more: [String], to name: String) throws -> ToolRun {
    let run = try ToolRun(["generate", "--output", folder.path(name)] + more)
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    return run
  }

  private func files(_ name: String) throws -> [String: Data] {
    let root = folder.path(name)
    var found: [String: Data] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: root)! {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
      if !isFolder.boolValue { found[path] = FileManager.default.contents(atPath: "\(root)/\(path)") }
    }
    return found
  }

  @Test func writesTheFilesOfAContestAsItReportsThem() throws {
    let report = try generate(Self.size + ["--format", "json"], to: "prize").object()
    let files = try files("prize")
    let movies = files.keys.filter { $0.hasPrefix("training_set/mv_") }
    #expect(movies.count == report["movie_files"] as? Int)
    #expect(
      Set(files.keys).subtracting(movies) == [
        "judging.txt", "membership.txt", "movie_titles.txt", "probe.txt", "qualifying.txt",
      ])
    #expect(files.values.reduce(0) { $0 + $1.count } == report["bytes"] as? Int)
    let training = try RatingDataset(contentsOf: folder.path("prize"))
    #expect(training.count == report["training"] as? Int)
    func rows(_ name: String) -> [Substring] {
      String(decoding: files[name] ?? Data(), as: UTF8.self).split(separator: "\n").filter { !$0.hasSuffix(":") }
    }
    #expect(rows("probe.txt").count == report["probe"] as? Int)
    for name in ["qualifying.txt", "judging.txt", "membership.txt"] {
      #expect(rows(name).count == report["qualifying"] as? Int, "\(name)")
    }
    #expect(rows("membership.txt").count { $0 == "quiz" } == report["quiz"] as? Int)
    #expect(rows("membership.txt").count { $0 == "test" } == report["test"] as? Int)
  }

  @Test func theSameSeedGivesTheSameBytesOnAnyNumberOfThreads() throws {
    for (name, more) in [("a", ["--threads", "1"]), ("b", ["--threads", "4"]), ("c", ["--seed", "6"])] {
      try generate(Self.size + ["--seed", "5"].filter { _ in name != "c" } + more, to: name)
    }
    let (a, b, c) = (try files("a"), try files("b"), try files("c"))
    #expect(a == b && a.count > 6)
    #expect(a["judging.txt"] != c["judging.txt"])
  }

  @Test func aFractionOfTheUsersHasTheirRatingsOfTheWholeSet() throws {
    try generate(Self.size, to: "whole")
    try generate(Self.size + ["--fraction", "0.25"], to: "part")
    func rows(_ name: String) throws -> Set<String> {
      var rows: Set<String> = []
      for (file, data) in try files(name) where file.hasPrefix("training_set/") {
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst() {
          rows.insert("\(file):\(line)")
        }
      }
      return rows
    }
    let (whole, part) = (try rows("whole"), try rows("part"))
    #expect(part.isStrictSubset(of: whole) && !part.isEmpty)
    #expect(Set(part.map { $0.split(separator: ":")[1].split(separator: ",")[0] }).count <= 20)
  }

  @Test(arguments: [
    (["--users", "10"], "--users, --items and --ratings come together"),
    (["--preset", "demo"] + size, "either --preset or --users"),
    (["--fraction", "0"], "--fraction is above 0 and at most 1"),
    (["--threads", "0"], "--threads is at least 1"),
    (["--users", "10", "--items", "5", "--ratings", "51"], "got 51"),
    (["--preset", "huge"], "'demo'"),
  ])
  func usageMistakesExit64(_ arguments: [String], _ hint: String) throws {
    let run = try ToolRun(["generate", "--output", folder.path("prize")] + arguments)
    #expect(run.status == 64 && run.output == "")
    #expect(run.errors.contains(hint), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("prize")))
  }

  @Test func aFolderWithContentIsNotWrittenTo() throws {
    try folder.write("prize/mine.txt", "kept\n")
    let run = try ToolRun(["generate", "--output", folder.path("prize")] + Self.size)
    #expect(run.status == 73 && run.output == "", "\(run.errors)")
    #expect(try ScratchFolder.names(in: folder.path("prize")) == ["mine.txt"])
  }
}
