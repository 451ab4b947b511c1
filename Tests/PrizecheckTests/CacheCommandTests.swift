import Foundation
import RatingBench
import Testing
import _RatingTestSupport

/// The cache of parsed ratings as users meet it.
struct CacheCommandTests {
  let folder: ScratchFolder
  let large: String
  let cache: String

  init() throws {
    folder = try ScratchFolder()
    large = try LargeInput.write(to: folder)
    cache = folder.path("caches/parsed")
  }

  private func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ToolRun {
    try ToolRun(
      arguments, environment: ["RATINGBENCH_CACHE": folder.path("caches")].merging(environment) { $1 })
  }

  private func ratingsFiles() throws -> [String] {
    guard FileManager.default.fileExists(atPath: cache) else { return [] }
    return try ScratchFolder.names(in: cache).filter { $0.hasSuffix(".ratings") }
  }

  @Test func theSecondReadingSaysTheSame() throws {
    let parsed = try run(["describe", large, "--no-cache"])
    #expect(parsed.status == 0 && parsed.errors == "")
    #expect(try ratingsFiles() == [])
    let first = try run(["describe", large])
    #expect(first.status == 0 && first.output == parsed.output)
    #expect(first.errors.hasPrefix("kept the parsed ratings in \(cache)/") && first.errors.contains("--no-cache"))
    #expect(try ratingsFiles().count == 1)
    let second = try run(["describe", large])
    #expect(second.status == 0 && second.output == parsed.output && second.errors == "")
    // Other commands find the same file, which was kept with repeated pairs counted.
    let model = folder.path("model")
    let train = ["train", large, "--algorithm", "biases", "--save"]
    #expect(try run(train + [model]).errors == "")
    #expect(try run(train + [folder.path("other"), "--no-cache"]).status == 0)
    #expect(FileManager.default.contentsEqual(atPath: model, andPath: folder.path("other")))
    #expect(try ratingsFiles().count == 1)
  }

  @Test func smallFilesAreNotKept() throws {
    let small = try folder.write("small.csv", "user,item,rating\n1,2,3\n2,1,4\n")
    #expect(try run(["describe", small]).status == 0)
    #expect(try run(["describe", small, "--cache", folder.path("here")]).status == 0)
    #expect(try ratingsFiles() == [] && !FileManager.default.fileExists(atPath: folder.path("here")))
  }

  @Test func damageIsToldListedAndRepaired() throws {
    let first = try run(["describe", large])
    let file = "\(cache)/\(try #require(try ratingsFiles().first))"
    let good = try Data(contentsOf: URL(fileURLWithPath: file))
    var bytes = good
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: file))
    let verified = try run(["cache", "verify"])
    #expect(verified.status == 65 && verified.output.contains("damaged") && verified.output.contains("block "))
    // Its head is whole.
    #expect(try run(["cache", "list"]).output.contains("600,000"))
    let again = try run(["describe", large])
    #expect(again.status == 0 && again.output == first.output)
    #expect(
      again.errors.hasPrefix("\(file): warning: its ratings are damaged") && again.errors.contains("[cache-rebuilt]"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == good)
    #expect(try run(["cache", "verify"]).status == 0)
  }

  @Test func listAndClear() throws {
    #expect(try run(["cache"]).output.hasPrefix("nothing is kept\n"))
    _ = try run(["describe", large])
    try folder.write("caches/parsed/mine.txt", "stays")
    let list = try run(["cache", "list"])
    #expect(list.status == 0 && list.output.contains("/large.csv") && list.output.contains("600,000"))
    let cleared = try run(["cache", "clear"])
    #expect(cleared.status == 0 && cleared.output.hasPrefix("removed 2 files"))
    #expect(try ScratchFolder.names(in: cache) == ["mine.txt"])
    #expect(try run(["cache", "clear"]).output.hasPrefix("removed 0 files"))
  }

  @Test func withoutAPlaceNothingIsKept() throws {
    let none = try ToolRun(
      ["describe", large], removing: ["HOME", "RATINGBENCH_CACHE", "XDG_CACHE_HOME"])
    #expect(none.status == 0 && none.errors == "")
    let list = try ToolRun(["cache", "list"], removing: ["HOME", "RATINGBENCH_CACHE", "XDG_CACHE_HOME"])
    #expect(list.status == 64 && list.errors.contains("--directory"))
    let both = try run(["describe", large, "--cache", "x", "--no-cache"])
    #expect(both.status == 64 && both.errors.contains("exclude each other"))
  }

  @Test func aFolderThatCannotBeWrittenIsAWarning() throws {
    let run = try run(["describe", large, "--cache", "/proc/nowhere"])
    #expect(run.status == 0 && run.errors.contains("[cache-not-written]") && run.output.contains("600,000"))
  }
}
