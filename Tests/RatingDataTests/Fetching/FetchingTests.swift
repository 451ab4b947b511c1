import Foundation
import Synchronization
import Testing
import _RatingTestSupport

@testable import RatingData

/// Downloads from servers that do all that servers do wrong. After each: the whole data set, or nothing under its name.
@Suite struct FetchingTests {
  typealias Step = LoopbackServer.Step

  /// An archive that compresses little, so that halves of it are halves.
  static let content: [UInt8] = {
    var random = SplitMix(3)
    let ratings = (0..<60_000).map { _ in "\(random.next() % 100_000)::\(random.next())\n" }.joined()
    return ZipBytes([.init("set/ratings.dat", ratings), .init("set/README", "terms")]).bytes
  }()
  static let other = ZipBytes([.init("set/ratings.dat", "another version\n")]).bytes
  static let half = content.count / 2

  let scratch: ScratchFolder
  let cache: String
  let events = Events()

  final class Events: Sendable {
    private let all = Mutex<[FetchEvent]>([])
    func add(_ event: FetchEvent) { all.withLock { $0.append(event) } }
    var notes: [String] {
      all.withLock { $0.compactMap { if case .note(let text) = $0 { text } else { nil } } }
    }
  }

  init() throws {
    scratch = try ScratchFolder()
    cache = scratch.path("cache")
  }

  private static func fingerprint(_ bytes: [UInt8]) throws -> FileFingerprint {
    let folder = try ScratchFolder()
    return try FileFingerprint(of: folder.write("file", bytes))
  }

  /// A data set of one archive.
  private func entry(
    _ addresses: [String], content: [UInt8]? = nil, members: [DatasetCatalogue.File] = []
  ) throws -> DatasetCatalogue.Entry {
    let found = try content.map(Self.fingerprint)
    let archive = DatasetCatalogue.File(
      name: "set.zip", url: addresses.first, mirrors: Array(addresses.dropFirst()), bytes: found?.bytes,
      sha256: found?.sha256)
    return DatasetCatalogue.Entry(
      name: "set", title: "A set", page: "https://example.org", licence: "none", citation: "nobody",
      ratingsFile: "ratings.dat", files: [archive] + members)
  }

  private func fetcher(_ change: (inout FetchOptions) -> Void = { _ in }) -> DatasetFetcher {
    var options = FetchOptions(onEvent: { [events] in events.add($0) })
    options.policy.firstPause = 0.01
    options.policy.stallSeconds = 1
    change(&options)
    return DatasetFetcher(folder: cache, options: options)
  }

  private func expectFetched(_ fetched: FetchedDataset, _ server: LoopbackServer? = nil) throws {
    #expect(fetched.path == "\(cache)/set" && fetched.ratingsPath == "\(cache)/set/ratings.dat")
    #expect(try ScratchFolder.names(in: fetched.path) == ["FETCHED.txt", "README", "ratings.dat"])
    #expect(try scratch.text("cache/set/README") == "terms")
    #expect(try ScratchFolder.names(in: "\(cache)/downloads") == [])
  }

  /// What the fetch failed with, once it is sure that nothing half-written was left: of a download at most a part file and
  /// what it is a part of.
  private func failure(_ entry: DatasetCatalogue.Entry, _ fetcher: DatasetFetcher, keepsPart: Bool? = nil) throws
    -> String
  {
    do {
      _ = try fetcher.fetch(entry)
      return "fetched"
    } catch {
      let part = "set-set.zip.part"
      let left = try ScratchFolder.names(in: "\(cache)/downloads")
      #expect(Set(left).isSubset(of: [part, "\(part).source"]), "\(left)")
      if let keepsPart { #expect(left.contains(part) == keepsPart, "\(left): \(error)") }
      let above = try ScratchFolder.names(in: cache)
      #expect(Set(above).isSubset(of: ["downloads", "set.lock", "hashes.txt"]), "\(above)")
      #expect(error.problems.count == 1 && error.problems[0].message.count > 20)
      return error.problems[0].code
    }
  }

  @Test(arguments: [true, false]) func aGoodServerIsAskedOnce(_ isKnown: Bool) throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(Self.content, $0))] }
    let entry = try entry(["\(server.url)/set.zip"], content: isKnown ? Self.content : nil)
    let fetched = try fetcher().fetch(entry)
    try expectFetched(fetched)
    #expect(!fetched.wasThere && fetched.sources.count == 1)
    #expect(fetched.sources[0].bytes == Self.content.count && fetched.sources[0].origin == "\(server.url)/set.zip")
    #expect(fetched.sources[0].isTrustedOnFirstUse == !isKnown && events.notes.isEmpty == isKnown)
    let again = try fetcher().fetch(entry)
    #expect(again.wasThere && again.path == fetched.path && server.requests.count == 1)
    #expect(server.requests[0].header["user-agent"]?.hasPrefix("prizecheck/") == true)
    #expect(server.requests[0].path == "/set.zip")
  }

  @Test func aCutDownloadIsGoneOnFrom() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.file(Self.content, request)
      return [.send(request.number == 0 ? Array(answer.prefix(Self.half)) : answer)]
    }
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/set.zip"])))
    let requests = server.requests
    #expect(requests.count == 2 && requests[0].header["range"] == nil)
    #expect(requests[1].offset > Self.half - 4_096 && requests[1].header["if-range"] == "\"v1\"")
  }

  @Test func aLaterFetchGoesOnFromThePartFile() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.file(Self.content, request)
      return [.send(request.number == 0 ? Array(answer.prefix(Self.half)) : answer)]
    }
    let entry = try entry(["\(server.url)/set.zip"])
    #expect(try failure(entry, fetcher { $0.policy.attempts = 1 }, keepsPart: true) == "download-failed")
    try expectFetched(try fetcher().fetch(entry))
    #expect(server.requests.count == 2 && server.requests[1].offset > 0)
  }

  @Test func aServerThatIgnoresRangesStartsAnew() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.answer(200, ["ETag": "\"v1\""], Self.content)
      return [.send(request.number == 0 ? Array(answer.prefix(Self.half)) : answer)]
    }
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/set.zip"], content: Self.content)))
    #expect(server.requests.map { $0.offset > 0 } == [false, true, false])
  }

  @Test func partsOfTwoVersionsAreNotPutTogether() throws {
    // The file changes between the two requests.
    let server = LoopbackServer { request in
      if request.number == 0 {
        return [.send(Array(LoopbackServer.file(Self.other + Self.content, request, tag: "\"v0\"").prefix(9_000)))]
      }
      return [.send(LoopbackServer.file(Self.content, request))]
    }
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/set.zip"])))
    #expect(server.requests.map { $0.offset > 0 } == [false, true, false])
  }

  @Test func withoutTagAndHashNothingIsResumed() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.file(Self.content, request, tag: nil)
      return [.send(request.number == 0 ? Array(answer.prefix(Self.half)) : answer)]
    }
    let entry = try entry(["\(server.url)/set.zip"])
    #expect(try failure(entry, fetcher { $0.policy.attempts = 1 }) == "download-failed")
    try expectFetched(try fetcher().fetch(entry))
    #expect(server.requests.map(\.offset) == [0, 0])
  }

  @Test func aPartThatIsWrongIsFetchedAnewOnce() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(Self.content, $0))] }
    try scratch.write("cache/downloads/set-set.zip.part", [UInt8](repeating: 7, count: 10_000))
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/set.zip"], content: Self.content)))
    #expect(server.requests.map(\.offset) == [10_000, 0])
  }

  @Test func aPartThatIsTheWholeFileNeedsNoRequest() throws {
    let server = LoopbackServer { _ in [.send(LoopbackServer.answer(500))] }
    try scratch.write("cache/downloads/set-set.zip.part", Self.content)
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/set.zip"], content: Self.content)))
    #expect(server.requests.isEmpty)
  }

  @Test func aStallIsGivenUpAndTriedAgain() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.file(Self.content, request)
      return request.number == 0 ? [.send(Array(answer.prefix(Self.half))), .stall] : [.send(answer)]
    }
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/set.zip"])))
    #expect(server.requests.map { $0.offset > 0 } == [false, true])
  }

  @Test func aServerThatOnlyStallsIsGivenUp() throws {
    let server = LoopbackServer { _ in [.stall] }
    let started = ContinuousClock.now
    let code = try failure(try entry(["\(server.url)/set.zip"]), fetcher { $0.policy.attempts = 2 }, keepsPart: false)
    #expect(code == "download-failed" && ContinuousClock.now - started < .seconds(20))
    #expect(server.requests.count == 2)
  }

  @Test func redirectsAreFollowedWithinBounds() throws {
    let server = LoopbackServer { request in
      request.path == "/moved.zip"
        ? [.send(LoopbackServer.answer(302, ["Location": "/set.zip"], Array("moved".utf8)))]
        : [.send(LoopbackServer.file(Self.content, request))]
    }
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/moved.zip"], content: Self.content)))
  }

  @Test(arguments: ["/loop", "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "//", ""])
  func redirectsThatLeadAstrayAreNot(_ location: String) throws {
    let server = LoopbackServer { _ in [.send(LoopbackServer.answer(301, ["Location": location], Array("moved".utf8)))]
    }
    let code = try failure(try entry(["\(server.url)/loop"]), fetcher { $0.policy.attempts = 2 })
    #expect(["download-failed", "bad-archive"].contains(code))
    #expect(server.requests.count <= 12)
  }

  @Test func aLengthThatIsTooLongIsNoFile() throws {
    let server = LoopbackServer { _ in
      [.send(LoopbackServer.answer(200, ["Content-Length": "\(Self.content.count + 1_000)"], Self.content))]
    }
    #expect(try failure(try entry(["\(server.url)/set.zip"]), fetcher()) == "download-failed")
    let known = try entry(["\(server.url)/set.zip"], content: Self.content)
    #expect(["download-failed", "wrong-size"].contains(try failure(known, fetcher())))
  }

  @Test func aLengthThatIsTooShortIsNoFile() throws {
    let server = LoopbackServer { _ in
      [.send(LoopbackServer.answer(200, ["Content-Length": "\(Self.half)"], Self.content))]
    }
    #expect(try failure(try entry(["\(server.url)/set.zip"]), fetcher(), keepsPart: false) == "bad-archive")
    let known = try entry(["\(server.url)/set.zip"], content: Self.content)
    #expect(try failure(known, fetcher()) != "fetched")
  }

  @Test func anAnswerWithoutLengthThatBreaksOffIsNoFile() throws {
    let server = LoopbackServer { request in
      [.send(LoopbackServer.answer(200, ["Content-Length": nil], Self.content.prefix(Self.half)))]
    }
    #expect(try failure(try entry(["\(server.url)/set.zip"]), fetcher(), keepsPart: false) == "bad-archive")
  }

  @Test func corruptBytesAreToldAndTheNextAddressIsTried() throws {
    var corrupt = Self.content
    corrupt[Self.half] ^= 0x20
    let bytes = corrupt
    let bad = LoopbackServer { [.send(LoopbackServer.file(bytes, $0))] }
    #expect(
      try failure(try entry(["\(bad.url)/set.zip"], content: Self.content), fetcher(), keepsPart: false) == "wrong-hash"
    )
    // Without a hash the check sum inside tells.
    #expect(try failure(try entry(["\(bad.url)/set.zip"]), fetcher(), keepsPart: false) == "bad-archive")
    let good = LoopbackServer { [.send(LoopbackServer.file(Self.content, $0))] }
    let entry = try entry(["\(bad.url)/set.zip", "\(good.url)/set.zip"], content: Self.content)
    let fetched = try fetcher().fetch(entry)
    try expectFetched(fetched)
    #expect(fetched.sources[0].origin == "\(good.url)/set.zip")
  }

  @Test(arguments: [404, 403, 410]) func aMissingFileIsLookedForAtTheNextAddress(_ status: Int) throws {
    let server = LoopbackServer { request in
      request.path == "/gone.zip"
        ? [.send(LoopbackServer.answer(status, [:], Array("<html>gone</html>".utf8)))]
        : [.send(LoopbackServer.file(Self.content, request))]
    }
    try expectFetched(
      try fetcher().fetch(try entry(["\(server.url)/gone.zip", "\(server.url)/set.zip"], content: Self.content)))
    #expect(server.requests.map(\.path) == ["/gone.zip", "/set.zip"])
    try FileManager.default.removeItem(atPath: "\(cache)/set")
    #expect(try failure(try entry(["\(server.url)/gone.zip"]), fetcher(), keepsPart: false) == "download-failed")
  }

  @Test(arguments: [500, 502, 503, 429]) func aPassingErrorIsWaitedFor(_ status: Int) throws {
    let server = LoopbackServer { request in
      [.send(request.number < 2 ? LoopbackServer.answer(status) : LoopbackServer.file(Self.content, request))]
    }
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/set.zip"])))
    #expect(server.requests.count == 3)
  }

  @Test func closedAndResetConnectionsAreTriedAgain() throws {
    let server = LoopbackServer { request in
      switch request.number {
      case 0: []
      case 1: [.reset]
      case 2: [.send(Array("HTTP/1.1 2".utf8))]
      default: [.send(LoopbackServer.file(Self.content, request))]
      }
    }
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/set.zip"], content: Self.content)))
    #expect(server.requests.count == 4)
    // Nobody listens there.
    #expect(try ScratchFolder.names(in: cache).contains("set"))
    try FileManager.default.removeItem(atPath: "\(cache)/set")
    let code = try failure(
      try entry(["http://127.0.0.1:1/set.zip"]), fetcher { $0.policy.attempts = 2 }, keepsPart: false)
    #expect(code == "download-failed")
  }

  @Test func moreThanExpectedIsNotTaken() throws {
    let endless = LoopbackServer { _ in
      let piece = [UInt8](repeating: 65, count: 1 << 16)
      return [.send(LoopbackServer.answer(200, ["Content-Length": nil]))] + Array(repeating: .send(piece), count: 2_000)
    }
    let known = try entry(["\(endless.url)/set.zip"], content: Self.content)
    #expect(try failure(known, fetcher(), keepsPart: false) == "wrong-size")
    let unknown = try entry(["\(endless.url)/set.zip"])
    #expect(try failure(unknown, fetcher { $0.policy.largestFile = 1 << 20 }, keepsPart: false) == "wrong-size")
    let announced = LoopbackServer { _ in
      [.send(LoopbackServer.answer(200, ["Content-Length": "99999999999"])), .stall]
    }
    #expect(try failure(try entry(["\(announced.url)/set.zip"]), fetcher(), keepsPart: false) == "wrong-size")
  }

  @Test func aPageInPlaceOfTheFileIsNoArchive() throws {
    let server = LoopbackServer { _ in [.send(LoopbackServer.answer(200, [:], Array("<html>Log in</html>".utf8)))] }
    #expect(try failure(try entry(["\(server.url)/set.zip"]), fetcher(), keepsPart: false) == "bad-archive")
  }

  @Test func theFirstFetchIsTrustedAndLaterOnesAreHeldToIt() throws {
    let version = Mutex(0)
    let server = LoopbackServer { request in
      [.send(LoopbackServer.file(version.withLock { $0 } == 0 ? Self.content : Self.other, request))]
    }
    let entry = try entry(["\(server.url)/set.zip"])
    #expect(try fetcher().fetch(entry).sources[0].isTrustedOnFirstUse)
    #expect(events.notes.count == 1 && events.notes[0].contains("trusting this first fetch"))
    try FileManager.default.removeItem(atPath: "\(cache)/set")
    try expectFetched(try fetcher().fetch(entry))
    #expect(events.notes.count == 2 && events.notes[1].contains("the same as at the first fetch"))
    try FileManager.default.removeItem(atPath: "\(cache)/set")
    version.withLock { $0 = 1 }
    #expect(["wrong-size", "wrong-hash"].contains(try failure(entry, fetcher(), keepsPart: nil)))
    // A damaged list is no reason to trust anew.
    let list = "\(cache)/hashes.txt"
    let intact = try String(contentsOfFile: list, encoding: .utf8)
    for damaged in ["0" + intact.dropFirst(64), intact + String(repeating: "x", count: 1 << 20)] {
      try damaged.write(toFile: list, atomically: true, encoding: .utf8)
      #expect(try failure(entry, fetcher(), keepsPart: nil) == "unreadable-file")
    }
    try FileManager.default.removeItem(atPath: list)
    #expect(try fetcher().fetch(entry).path == "\(cache)/set")
  }

  @Test func offlineAsksNobody() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(Self.content, $0))] }
    let entry = try entry(["\(server.url)/set.zip"], content: Self.content)
    #expect(try failure(entry, fetcher { $0.isOffline = true }) == "not-cached")
    #expect(server.requests.isEmpty)
    // A download that was complete, and not unpacked yet.
    try scratch.write("cache/downloads/set-set.zip", Self.content)
    try expectFetched(try fetcher { $0.isOffline = true }.fetch(entry))
    #expect(try fetcher { $0.isOffline = true }.fetch(entry).wasThere && server.requests.isEmpty)
  }

  @Test func localFilesAreCheckedAndKept() throws {
    let entry = try entry(["https://example.org/set.zip"], content: Self.content)
    let good = try scratch.write("my.zip", Self.content)
    let bad = try scratch.write("bad.zip", Self.other)
    func local(_ path: String) -> DatasetFetcher { fetcher { $0.localFiles = [path] } }
    #expect(["wrong-hash", "wrong-size"].contains(try failure(entry, local(bad))))
    #expect(try failure(entry, local(scratch.path("none.zip"))) == "unreadable-file")
    #expect(try failure(entry, local(scratch.path)) == "not-a-file")
    try expectFetched(try local(good).fetch(entry))
    #expect(FileManager.default.fileExists(atPath: good) && FileManager.default.fileExists(atPath: bad))
  }

  @Test func anotherPackingOfTheSameFilesWillDo() throws {
    let member = try Self.fingerprint(Array("terms".utf8))
    let file = DatasetCatalogue.File(name: "set/README", bytes: member.bytes, sha256: member.sha256)
    let entry = try entry(["https://example.org/set.zip"], content: Self.content, members: [file])
    let other = ZipBytes([.init("set/README", "terms"), .init("set/ratings.dat", "x") { $0.isDeflated = false }]).bytes
    let wrong = ZipBytes([.init("set/README", "TERMS"), .init("set/ratings.dat", "x")]).bytes
    let none = ZipBytes([.init("set/ratings.dat", "x")]).bytes
    func local(_ bytes: [UInt8]) throws -> DatasetFetcher {
      let path = try scratch.write("local.zip", bytes)
      return fetcher { $0.localFiles = [path] }
    }
    #expect(try failure(entry, local(wrong)) == "wrong-hash")
    #expect(try failure(entry, local(none)) == "bad-archive")
    try expectFetched(try local(other).fetch(entry))
  }

  @Test func onlyEncryptedAndOwnAddressesMayBeGiven() throws {
    let entry = try entry(["https://example.org/set.zip"])
    for address in [
      "http://example.org/set.zip", "ftp://example.org/x", "file:///etc/passwd", "-o/tmp/x", "https://", "https://a b",
    ] {
      #expect(try failure(entry, fetcher { $0.addresses = [address] }) == "bad-address", "\(address)")
    }
  }

  @Test func withoutCurlTheMessageSaysWhatToInstall() throws {
    let entry = try entry(["https://example.org/set.zip"])
    let without = fetcher { $0.policy.program = "no-such-curl" }
    #expect(try failure(entry, without, keepsPart: false) == "no-curl")
    do { _ = try without.fetch(entry) } catch { #expect(error.problems[0].message.contains("apt-get install curl")) }
  }

  @Test func fetchesOfOneSetAtOnceDownloadItOnce() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(Self.content, $0))] }
    let entry = try entry(["\(server.url)/set.zip"], content: Self.content)
    let fetcher = fetcher()
    let results = Mutex<[Bool]>([])
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      let fetched = try? fetcher.fetch(entry)
      results.withLock { $0.append(fetched?.wasThere == false) }
    }
    #expect(results.withLock { $0.count { $0 } } == 1 && server.requests.count == 1)
    #expect(try ScratchFolder.names(in: cache) == ["downloads", "set", "set.lock"])
  }

  @Test func whatAKilledFetchLeftIsRemoved() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(Self.content, $0))] }
    try scratch.write("cache/set.partial-99/ratings.dat", "half of")
    try scratch.write("cache/downloads/set-set.zip.part.source.partial-99", "half of")
    try expectFetched(try fetcher().fetch(try entry(["\(server.url)/set.zip"])))
    #expect(try ScratchFolder.names(in: cache) == ["downloads", "hashes.txt", "set", "set.lock"])
  }

  @Test func whatStandsUnderTheNameIsLeftAlone() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(Self.content, $0))] }
    try scratch.write("cache/set/mine.txt", "kept")
    let entry = try entry(["\(server.url)/set.zip"])
    do {
      _ = try fetcher().fetch(entry)
      Issue.record("fetched over a folder of somebody's")
    } catch { #expect(error.problems[0].code == "output-exists" && error.kind == .cannotWrite) }
    #expect(try ScratchFolder.names(in: "\(cache)/set") == ["mine.txt"] && server.requests.isEmpty)
  }

  @Test func anArchiveInsideIsUnpackedToo() throws {
    var inner = TarBytes()
    inner.add("training_set/mv_0000001.txt", "1:\n1,3,2005-01-01\n")
    var outer = TarBytes()
    outer.add("download/training_set.tar", String(decoding: inner.finished, as: UTF8.self))
    outer.add("download/probe.txt", "1:\n1\n")
    let bytes = Gzip.member(outer.finished)
    let path = try scratch.write("nf.tar.gz", bytes)
    var entry = try entry(["https://example.org/nf.tar.gz"], content: bytes)
    entry.files[0].name = "nf.tar.gz"
    let fetched = try fetcher { $0.localFiles = [path] }.fetch(entry)
    #expect(try ScratchFolder.names(in: fetched.path) == ["FETCHED.txt", "probe.txt", "training_set"])
    #expect(try RatingDataset(contentsOf: fetched.path).count == 1)
  }

  @Test func theCacheFolderFollowsTheEnvironment() {
    func folder(_ variables: [String: String]) -> String? { CacheFolder.folder { variables[$0] } }
    #expect(folder(["RATINGBENCH_CACHE": "/my/place", "HOME": "/home/me"]) == "/my/place")
    #expect(folder([:]) == nil)
    #if os(Linux)
      #expect(folder(["HOME": "/home/me"]) == "/home/me/.cache/ratingbench")
      #expect(folder(["HOME": "/home/me", "XDG_CACHE_HOME": "/caches"]) == "/caches/ratingbench")
      #expect(folder(["HOME": "/home/me", "XDG_CACHE_HOME": "relative"]) == "/home/me/.cache/ratingbench")
      #expect(
        folder(["HOME": "/home/me", "XDG_CACHE_HOME": "", "RATINGBENCH_CACHE": ""]) == "/home/me/.cache/ratingbench")
    #else
      #expect(folder(["HOME": "/Users/me"]) == "/Users/me/Library/Caches/ratingbench")
    #endif
  }
}
