import Foundation
import Testing
import _RatingTestSupport

/// `fetch` as users run it: what it prints, and what it leaves behind.
struct FetchTests {
  static let archive: [UInt8] = {
    var random = SplitMix(5)
    let rows = (0..<40_000).map { "\($0 % 600 + 1),\($0),\(1 + random.below(5)),\(random.below(1_000_000))\n" }.joined()
    return ZipBytes([
      .init("ml-latest-small/README.txt", "terms"), .init("ml-latest-small/movies.csv", "movieId,title,genres\n"),
      .init("ml-latest-small/ratings.csv", "userId,movieId,rating,timestamp\n" + rows),
    ]).bytes
  }()

  let folder: ScratchFolder
  let cache: String

  init() throws {
    folder = try ScratchFolder()
    cache = folder.path("cache")
  }

  private func fetch(_ arguments: [String], environment: [String: String]? = nil) throws -> ToolRun {
    try ToolRun(["fetch"] + arguments, environment: environment ?? ["RATINGBENCH_CACHE": cache])
  }

  private func names(_ inside: String = "") throws -> [String] {
    try ScratchFolder.names(in: inside.isEmpty ? cache : "\(cache)/\(inside)")
  }

  @Test func theFolderAloneGoesToStandardOutput() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(Self.archive, $0))] }
    let run = try fetch(["ml-latest-small", "--url", "\(server.url)/small.zip"])
    #expect(run.status == 0 && run.output == "\(cache)/ml-latest-small\n", "\(run.output)\(run.errors)")
    for part in ["Terms: Research use", "Cite: F. Maxwell Harper", "trusting this first fetch", "README.txt has"] {
      #expect(run.errors.contains(part), "\(part): \(run.errors)")
    }
    #expect(try names() == ["downloads", "hashes.txt", "ml-latest-small", "ml-latest-small.lock"])
    #expect(try names("downloads") == [])
    #expect(try names("ml-latest-small") == ["FETCHED.txt", "README.txt", "movies.csv", "ratings.csv"])
    let described = try ToolRun(["describe", "\(cache)/ml-latest-small/ratings.csv", "--format", "json"])
    #expect(try described.object()["ratings"] as? Int == 40_000)
    // There already: nobody is asked, and there is nothing to say.
    let again = try fetch(["ml-latest-small"])
    #expect(again.status == 0 && again.output == run.output && again.errors == "" && server.requests.count == 1)
    let list = try fetch(["--list"])
    #expect(
      list.output.contains("in \(cache)")
        && list.output.split(separator: "\n").contains { $0.hasPrefix("ml-latest-small") && $0.hasSuffix("yes") })
  }

  @Test func anInterruptedFetchLeavesAPartFileAndGoesOnFromIt() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.file(Self.archive, request)
      return request.number == 0 ? [.send(Array(answer.prefix(answer.count / 2))), .stall] : [.send(answer)]
    }
    let process = Process()
    process.executableURL = ToolRun.tool
    process.arguments = ["fetch", "ml-latest-small", "--url", "\(server.url)/small.zip"]
    process.environment = ProcessInfo.processInfo.environment.merging(["RATINGBENCH_CACHE": cache]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let part = "\(cache)/downloads/ml-latest-small-ml-latest-small.zip.part"
    func size() -> Int { (try? FileManager.default.attributesOfItem(atPath: part)[.size] as? Int) ?? 0 }
    let start = ContinuousClock.now
    while size() < Self.archive.count / 3, ContinuousClock.now - start < .seconds(30) { usleep(20_000) }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try names() == ["downloads", "ml-latest-small.lock"])
    #expect(try names("downloads").allSatisfy { $0.hasSuffix(".part") || $0.hasSuffix(".part.source") })
    #expect(size() > 0)
    let run = try fetch(["ml-latest-small", "--url", "\(server.url)/small.zip"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(server.requests.count == 2 && server.requests[1].offset > 0)
    #expect(try names("downloads") == [])
  }

  @Test func aFailedFetchSaysWhyAndLeavesNothing() throws {
    let server = LoopbackServer { _ in [.send(LoopbackServer.answer(404))] }
    let run = try fetch(["ml-1m", "--url", "\(server.url)/gone.zip"])
    #expect(run.status == 66 && run.output == "" && run.errors.contains("the server answered 404"), "\(run.errors)")
    #expect(run.errors.contains("[download-failed]"))
    let wrong = LoopbackServer { [.send(LoopbackServer.file(Self.archive, $0))] }
    let other = try fetch(["ml-1m", "--url", "\(wrong.url)/x.zip"])
    #expect(other.status == 65 && other.errors.contains("wrong-") && other.output == "", "\(other.errors)")
    #expect(try names() == ["downloads", "ml-1m.lock"] && names("downloads") == [])
    let offline = try fetch(["ml-10m", "--offline"])
    #expect(offline.status == 66 && offline.errors.contains("[not-cached]"))
    let without = try fetch(
      ["ml-1m", "--url", "https://example.org/x"], environment: ["RATINGBENCH_CACHE": cache, "PATH": folder.path])
    #expect(without.status == 66 && without.errors.contains("[no-curl]"), "\(without.errors)")
  }

  @Test(arguments: [
    ([], "name a data set"), (["ml-2m"], "there is no data set \"ml-2m\"; there are ml-100k"),
    (["ml-1m", "--list"], "--list takes no data set"),
    (["ml-1m", "--offline", "--url", "https://x"], "--url downloads"),
  ])
  func usageMistakesExit64(_ arguments: [String], _ hint: String) throws {
    let run = try fetch(arguments)
    #expect(run.status == 64 && run.output == "" && run.errors.contains(hint), "\(run.errors)")
  }

  @Test func aMissingFileOfADataSetsNameHintsAtFetch() throws {
    let run = try ToolRun(["describe", "ml-100k"])
    #expect(run.status == 66 && run.errors.contains("prizecheck fetch ml-100k"), "\(run.errors)")
  }

  @Test(.enabled(if: RealData.path("ml-100k/u.data") != nil, "RATINGBENCH_DATA has no ml-100k"))
  func aPackingOfOnesOwnOfMovieLensIsTaken() throws {
    let source = try #require(RealData.path("ml-100k"))
    let entries = try ScratchFolder.names(in: source).map { name in
      ZipBytes.Entry("ml-100k/\(name)", try Data(contentsOf: URL(fileURLWithPath: "\(source)/\(name)")))
    }
    let file = try folder.write("mine.zip", ZipBytes(entries).bytes)
    let run = try fetch(["ml-100k", "--from-file", file])
    #expect(run.status == 0, "\(run.errors)")
    #expect(FileManager.default.contentsEqual(atPath: "\(cache)/ml-100k/u.data", andPath: "\(source)/u.data"))
    var changed = entries
    changed[1].content[0] = UInt8(ascii: "9")
    let bad = try folder.write("bad.zip", ZipBytes(changed).bytes)
    let refused = try fetch(["ml-100k", "--from-file", bad, "--directory", folder.path("other")])
    #expect(
      refused.status == 65 && refused.errors.contains("u.data") && refused.errors.contains("[wrong-hash]"),
      "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("other/ml-100k")))
  }
}
