import Foundation
import Synchronization
import Testing
import _RatingTestSupport

@testable import RatingData

/// What is fetched from elsewhere than a faulty server, what is trusted, and what becomes of the folders.
@Suite struct FetchingTests {
  let fixture: FetchingFixture

  init() throws { fixture = try FetchingFixture() }

  @Test func theFirstFetchIsTrustedAndLaterOnesAreHeldToIt() throws {
    let version = Mutex(0)
    let server = LoopbackServer { request in
      [
        .send(
          LoopbackServer.file(version.withLock { $0 } == 0 ? FetchingFixture.content : FetchingFixture.other, request))
      ]
    }
    let entry = try fixture.entry(["\(server.url)/set.zip"])
    #expect(try fixture.fetcher().fetch(entry).sources[0].isTrustedOnFirstUse)
    #expect(fixture.events.notes.count == 1 && fixture.events.notes[0].contains("trusting this first fetch"))
    try FileManager.default.removeItem(atPath: "\(fixture.cache)/set")
    try fixture.expectFetched(try fixture.fetcher().fetch(entry))
    #expect(fixture.events.notes.count == 2 && fixture.events.notes[1].contains("the same as at the first fetch"))
    try FileManager.default.removeItem(atPath: "\(fixture.cache)/set")
    version.withLock { $0 = 1 }
    #expect(["wrong-size", "wrong-hash"].contains(try fixture.failure(entry, fixture.fetcher(), keepsPart: nil)))
    // A damaged list is no reason to trust anew.
    let list = "\(fixture.cache)/hashes.txt"
    let intact = try String(contentsOfFile: list, encoding: .utf8)
    for damaged in ["0" + intact.dropFirst(64), intact + String(repeating: "x", count: 1 << 20)] {
      try damaged.write(toFile: list, atomically: true, encoding: .utf8)
      #expect(try fixture.failure(entry, fixture.fetcher(), keepsPart: nil) == "unreadable-file")
    }
    try FileManager.default.removeItem(atPath: list)
    #expect(try fixture.fetcher().fetch(entry).path == "\(fixture.cache)/set")
  }

  @Test func offlineAsksNobody() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(FetchingFixture.content, $0))] }
    let entry = try fixture.entry(["\(server.url)/set.zip"], content: FetchingFixture.content)
    #expect(try fixture.failure(entry, fixture.fetcher { $0.isOffline = true }) == "not-cached")
    #expect(server.requests.isEmpty)
    // A download that was complete, and not unpacked yet.
    try fixture.scratch.write("cache/downloads/set-set.zip", FetchingFixture.content)
    try fixture.expectFetched(try fixture.fetcher { $0.isOffline = true }.fetch(entry))
    #expect(try fixture.fetcher { $0.isOffline = true }.fetch(entry).wasThere && server.requests.isEmpty)
  }

  @Test func localFilesAreCheckedAndKept() throws {
    let entry = try fixture.entry(["https://example.org/set.zip"], content: FetchingFixture.content)
    let good = try fixture.scratch.write("my.zip", FetchingFixture.content)
    let bad = try fixture.scratch.write("bad.zip", FetchingFixture.other)
    func local(_ path: String) -> DatasetFetcher { fixture.fetcher { $0.localFiles = [path] } }
    #expect(["wrong-hash", "wrong-size"].contains(try fixture.failure(entry, local(bad))))
    #expect(try fixture.failure(entry, local(fixture.scratch.path("none.zip"))) == "unreadable-file")
    #expect(try fixture.failure(entry, local(fixture.scratch.path)) == "not-a-file")
    try fixture.expectFetched(try local(good).fetch(entry))
    #expect(FileManager.default.fileExists(atPath: good) && FileManager.default.fileExists(atPath: bad))
  }

  @Test func anotherPackingOfTheSameFilesWillDo() throws {
    let member = try FetchingFixture.fingerprint(Array("terms".utf8))
    let file = DatasetCatalogue.File(name: "set/README", bytes: member.bytes, sha256: member.sha256)
    let entry = try fixture.entry(["https://example.org/set.zip"], content: FetchingFixture.content, members: [file])
    let other = ZipBytes([.init("set/README", "terms"), .init("set/ratings.dat", "x") { $0.isDeflated = false }]).bytes
    let wrong = ZipBytes([.init("set/README", "TERMS"), .init("set/ratings.dat", "x")]).bytes
    let none = ZipBytes([.init("set/ratings.dat", "x")]).bytes
    func local(_ bytes: [UInt8]) throws -> DatasetFetcher {
      let path = try fixture.scratch.write("local.zip", bytes)
      return fixture.fetcher { $0.localFiles = [path] }
    }
    #expect(try fixture.failure(entry, local(wrong)) == "wrong-hash")
    #expect(try fixture.failure(entry, local(none)) == "bad-archive")
    try fixture.expectFetched(try local(other).fetch(entry))
  }

  @Test func onlyEncryptedAndOwnAddressesMayBeGiven() throws {
    let entry = try fixture.entry(["https://example.org/set.zip"])
    for address in [
      "http://example.org/set.zip", "ftp://example.org/x", "file:///etc/passwd", "-o/tmp/x", "https://", "https://a b",
    ] {
      #expect(try fixture.failure(entry, fixture.fetcher { $0.addresses = [address] }) == "bad-address", "\(address)")
    }
  }

  @Test func withoutCurlTheMessageSaysWhatToInstall() throws {
    let entry = try fixture.entry(["https://example.org/set.zip"])
    let without = fixture.fetcher { $0.policy.program = "no-such-curl" }
    #expect(try fixture.failure(entry, without, keepsPart: false) == "no-curl")
    do { _ = try without.fetch(entry) } catch { #expect(error.problems[0].message.contains("apt-get install curl")) }
  }

  @Test func fetchesOfOneSetAtOnceDownloadItOnce() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(FetchingFixture.content, $0))] }
    let entry = try fixture.entry(["\(server.url)/set.zip"], content: FetchingFixture.content)
    let fetcher = fixture.fetcher()
    let results = Mutex<[Bool]>([])
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      let fetched = try? fetcher.fetch(entry)
      results.withLock { $0.append(fetched?.wasThere == false) }
    }
    #expect(results.withLock { $0.count { $0 } } == 1 && server.requests.count == 1)
    #expect(try ScratchFolder.names(in: fixture.cache) == ["downloads", "set", "set.lock"])
  }

  @Test func whatAKilledFetchLeftIsRemoved() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(FetchingFixture.content, $0))] }
    try fixture.scratch.write("cache/set.partial-99/ratings.dat", "half of")
    try fixture.scratch.write("cache/downloads/set-set.zip.part.source.partial-99", "half of")
    try fixture.expectFetched(try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/set.zip"])))
    #expect(try ScratchFolder.names(in: fixture.cache) == ["downloads", "hashes.txt", "set", "set.lock"])
  }

  @Test func whatStandsUnderTheNameIsLeftAlone() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(FetchingFixture.content, $0))] }
    try fixture.scratch.write("cache/set/mine.txt", "kept")
    let entry = try fixture.entry(["\(server.url)/set.zip"])
    do {
      _ = try fixture.fetcher().fetch(entry)
      Issue.record("fetched over a folder of somebody's")
    } catch { #expect(error.problems[0].code == "output-exists" && error.kind == .cannotWrite) }
    #expect(try ScratchFolder.names(in: "\(fixture.cache)/set") == ["mine.txt"] && server.requests.isEmpty)
  }

  @Test func anArchiveInsideIsUnpackedToo() throws {
    var inner = TarBytes()
    inner.add("training_set/mv_0000001.txt", "1:\n1,3,2005-01-01\n")
    var outer = TarBytes()
    outer.add("download/training_set.tar", String(decoding: inner.finished, as: UTF8.self))
    outer.add("download/probe.txt", "1:\n1\n")
    let bytes = Gzip.member(outer.finished)
    let path = try fixture.scratch.write("nf.tar.gz", bytes)
    var entry = try fixture.entry(["https://example.org/nf.tar.gz"], content: bytes)
    entry.files[0].name = "nf.tar.gz"
    let fetched = try fixture.fetcher { $0.localFiles = [path] }.fetch(entry)
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
