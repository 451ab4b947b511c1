import Foundation
import Synchronization
import Testing
import _RatingTestSupport

@testable import RatingData

/// Downloads from servers that do all that servers do wrong.
@Suite struct DownloadTests {
  typealias Step = LoopbackServer.Step

  let fixture: FetchingFixture

  init() throws { fixture = try FetchingFixture() }

  @Test(arguments: [true, false]) func aGoodServerIsAskedOnce(_ isKnown: Bool) throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(FetchingFixture.content, $0))] }
    let entry = try fixture.entry(["\(server.url)/set.zip"], content: isKnown ? FetchingFixture.content : nil)
    let fetched = try fixture.fetcher().fetch(entry)
    try fixture.expectFetched(fetched)
    #expect(!fetched.wasThere && fetched.sources.count == 1)
    #expect(
      fetched.sources[0].bytes == FetchingFixture.content.count && fetched.sources[0].origin == "\(server.url)/set.zip")
    #expect(fetched.sources[0].isTrustedOnFirstUse == !isKnown && fixture.events.notes.isEmpty == isKnown)
    let again = try fixture.fetcher().fetch(entry)
    #expect(again.wasThere && again.path == fetched.path && server.requests.count == 1)
    #expect(server.requests[0].header["user-agent"]?.hasPrefix("prizecheck/") == true)
    #expect(server.requests[0].path == "/set.zip")
  }

  @Test func aCutDownloadIsGoneOnFrom() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.file(FetchingFixture.content, request)
      return [.send(request.number == 0 ? Array(answer.prefix(FetchingFixture.half)) : answer)]
    }
    try fixture.expectFetched(try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/set.zip"])))
    let requests = server.requests
    #expect(requests.count == 2 && requests[0].header["range"] == nil)
    #expect(requests[1].offset > FetchingFixture.half - 4_096 && requests[1].header["if-range"] == "\"v1\"")
  }

  @Test func aLaterFetchGoesOnFromThePartFile() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.file(FetchingFixture.content, request)
      return [.send(request.number == 0 ? Array(answer.prefix(FetchingFixture.half)) : answer)]
    }
    let entry = try fixture.entry(["\(server.url)/set.zip"])
    #expect(
      try fixture.failure(entry, fixture.fetcher { $0.policy.attempts = 1 }, keepsPart: true) == "download-failed")
    try fixture.expectFetched(try fixture.fetcher().fetch(entry))
    #expect(server.requests.count == 2 && server.requests[1].offset > 0)
  }

  @Test func aServerThatIgnoresRangesStartsAnew() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.answer(200, ["ETag": "\"v1\""], FetchingFixture.content)
      return [.send(request.number == 0 ? Array(answer.prefix(FetchingFixture.half)) : answer)]
    }
    try fixture.expectFetched(
      try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/set.zip"], content: FetchingFixture.content)))
    #expect(server.requests.map { $0.offset > 0 } == [false, true, false])
  }

  @Test func partsOfTwoVersionsAreNotPutTogether() throws {
    // The file changes between the two requests.
    let server = LoopbackServer { request in
      if request.number == 0 {
        return [
          .send(
            Array(
              LoopbackServer.file(FetchingFixture.other + FetchingFixture.content, request, tag: "\"v0\"").prefix(9_000)
            ))
        ]
      }
      return [.send(LoopbackServer.file(FetchingFixture.content, request))]
    }
    try fixture.expectFetched(try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/set.zip"])))
    #expect(server.requests.map { $0.offset > 0 } == [false, true, false])
  }

  @Test func withoutTagAndHashNothingIsResumed() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.file(FetchingFixture.content, request, tag: nil)
      return [.send(request.number == 0 ? Array(answer.prefix(FetchingFixture.half)) : answer)]
    }
    let entry = try fixture.entry(["\(server.url)/set.zip"])
    #expect(try fixture.failure(entry, fixture.fetcher { $0.policy.attempts = 1 }) == "download-failed")
    try fixture.expectFetched(try fixture.fetcher().fetch(entry))
    #expect(server.requests.map(\.offset) == [0, 0])
  }

  @Test func aPartThatIsWrongIsFetchedAnewOnce() throws {
    let server = LoopbackServer { [.send(LoopbackServer.file(FetchingFixture.content, $0))] }
    try fixture.scratch.write("cache/downloads/set-set.zip.part", [UInt8](repeating: 7, count: 10_000))
    try fixture.expectFetched(
      try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/set.zip"], content: FetchingFixture.content)))
    #expect(server.requests.map(\.offset) == [10_000, 0])
  }

  @Test func aPartThatIsTheWholeFileNeedsNoRequest() throws {
    let server = LoopbackServer { _ in [.send(LoopbackServer.answer(500))] }
    try fixture.scratch.write("cache/downloads/set-set.zip.part", FetchingFixture.content)
    try fixture.expectFetched(
      try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/set.zip"], content: FetchingFixture.content)))
    #expect(server.requests.isEmpty)
  }

  @Test func aStallIsGivenUpAndTriedAgain() throws {
    let server = LoopbackServer { request in
      let answer = LoopbackServer.file(FetchingFixture.content, request)
      return request.number == 0 ? [.send(Array(answer.prefix(FetchingFixture.half))), .stall] : [.send(answer)]
    }
    try fixture.expectFetched(try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/set.zip"])))
    #expect(server.requests.map { $0.offset > 0 } == [false, true])
  }

  @Test func aServerThatOnlyStallsIsGivenUp() throws {
    let server = LoopbackServer { _ in [.stall] }
    let started = ContinuousClock.now
    let code = try fixture.failure(
      try fixture.entry(["\(server.url)/set.zip"]), fixture.fetcher { $0.policy.attempts = 2 }, keepsPart: false)
    #expect(code == "download-failed" && ContinuousClock.now - started < .seconds(20))
    #expect(server.requests.count == 2)
  }

  @Test func redirectsAreFollowedWithinBounds() throws {
    let server = LoopbackServer { request in
      request.path == "/moved.zip"
        ? [.send(LoopbackServer.answer(302, ["Location": "/set.zip"], Array("moved".utf8)))]
        : [.send(LoopbackServer.file(FetchingFixture.content, request))]
    }
    try fixture.expectFetched(
      try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/moved.zip"], content: FetchingFixture.content)))
  }

  @Test(arguments: ["/loop", "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "//", ""])
  func redirectsThatLeadAstrayAreNot(_ location: String) throws {
    let server = LoopbackServer { _ in [.send(LoopbackServer.answer(301, ["Location": location], Array("moved".utf8)))]
    }
    let code = try fixture.failure(
      try fixture.entry(["\(server.url)/loop"]), fixture.fetcher { $0.policy.attempts = 2 })
    #expect(["download-failed", "bad-archive"].contains(code))
    #expect(server.requests.count <= 12)
  }

  @Test func aLengthThatIsTooLongIsNoFile() throws {
    let server = LoopbackServer { _ in
      [
        .send(
          LoopbackServer.answer(
            200, ["Content-Length": "\(FetchingFixture.content.count + 1_000)"], FetchingFixture.content))
      ]
    }
    #expect(try fixture.failure(try fixture.entry(["\(server.url)/set.zip"]), fixture.fetcher()) == "download-failed")
    let known = try fixture.entry(["\(server.url)/set.zip"], content: FetchingFixture.content)
    #expect(["download-failed", "wrong-size"].contains(try fixture.failure(known, fixture.fetcher())))
  }

  @Test func aLengthThatIsTooShortIsNoFile() throws {
    let server = LoopbackServer { _ in
      [.send(LoopbackServer.answer(200, ["Content-Length": "\(FetchingFixture.half)"], FetchingFixture.content))]
    }
    #expect(
      try fixture.failure(try fixture.entry(["\(server.url)/set.zip"]), fixture.fetcher(), keepsPart: false)
        == "bad-archive")
    let known = try fixture.entry(["\(server.url)/set.zip"], content: FetchingFixture.content)
    #expect(try fixture.failure(known, fixture.fetcher()) != "fetched")
  }

  @Test func anAnswerWithoutLengthThatBreaksOffIsNoFile() throws {
    let server = LoopbackServer { request in
      [.send(LoopbackServer.answer(200, ["Content-Length": nil], FetchingFixture.content.prefix(FetchingFixture.half)))]
    }
    #expect(
      try fixture.failure(try fixture.entry(["\(server.url)/set.zip"]), fixture.fetcher(), keepsPart: false)
        == "bad-archive")
  }

  @Test func corruptBytesAreToldAndTheNextAddressIsTried() throws {
    var corrupt = FetchingFixture.content
    corrupt[FetchingFixture.half] ^= 0x20
    let bytes = corrupt
    let bad = LoopbackServer { [.send(LoopbackServer.file(bytes, $0))] }
    #expect(
      try fixture.failure(
        try fixture.entry(["\(bad.url)/set.zip"], content: FetchingFixture.content), fixture.fetcher(), keepsPart: false
      ) == "wrong-hash"
    )
    // Without a hash the check sum inside tells.
    #expect(
      try fixture.failure(try fixture.entry(["\(bad.url)/set.zip"]), fixture.fetcher(), keepsPart: false)
        == "bad-archive")
    let good = LoopbackServer { [.send(LoopbackServer.file(FetchingFixture.content, $0))] }
    let entry = try fixture.entry(["\(bad.url)/set.zip", "\(good.url)/set.zip"], content: FetchingFixture.content)
    let fetched = try fixture.fetcher().fetch(entry)
    try fixture.expectFetched(fetched)
    #expect(fetched.sources[0].origin == "\(good.url)/set.zip")
  }

  @Test(arguments: [404, 403, 410]) func aMissingFileIsLookedForAtTheNextAddress(_ status: Int) throws {
    let server = LoopbackServer { request in
      request.path == "/gone.zip"
        ? [.send(LoopbackServer.answer(status, [:], Array("<html>gone</html>".utf8)))]
        : [.send(LoopbackServer.file(FetchingFixture.content, request))]
    }
    try fixture.expectFetched(
      try fixture.fetcher().fetch(
        try fixture.entry(["\(server.url)/gone.zip", "\(server.url)/set.zip"], content: FetchingFixture.content)))
    #expect(server.requests.map(\.path) == ["/gone.zip", "/set.zip"])
    try FileManager.default.removeItem(atPath: "\(fixture.cache)/set")
    #expect(
      try fixture.failure(try fixture.entry(["\(server.url)/gone.zip"]), fixture.fetcher(), keepsPart: false)
        == "download-failed")
  }

  @Test(arguments: [500, 502, 503, 429]) func aPassingErrorIsWaitedFor(_ status: Int) throws {
    let server = LoopbackServer { request in
      [
        .send(
          request.number < 2 ? LoopbackServer.answer(status) : LoopbackServer.file(FetchingFixture.content, request))
      ]
    }
    try fixture.expectFetched(try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/set.zip"])))
    #expect(server.requests.count == 3)
  }

  @Test func closedAndResetConnectionsAreTriedAgain() throws {
    let server = LoopbackServer { request in
      switch request.number {
      case 0: []
      case 1: [.reset]
      case 2: [.send(Array("HTTP/1.1 2".utf8))]
      default: [.send(LoopbackServer.file(FetchingFixture.content, request))]
      }
    }
    try fixture.expectFetched(
      try fixture.fetcher().fetch(try fixture.entry(["\(server.url)/set.zip"], content: FetchingFixture.content)))
    #expect(server.requests.count == 4)
    // Nobody listens there.
    #expect(try ScratchFolder.names(in: fixture.cache).contains("set"))
    try FileManager.default.removeItem(atPath: "\(fixture.cache)/set")
    let code = try fixture.failure(
      try fixture.entry(["http://127.0.0.1:1/set.zip"]), fixture.fetcher { $0.policy.attempts = 2 }, keepsPart: false)
    #expect(code == "download-failed")
  }

  @Test func moreThanExpectedIsNotTaken() throws {
    let endless = LoopbackServer { _ in
      let piece = [UInt8](repeating: 65, count: 1 << 16)
      return [.send(LoopbackServer.answer(200, ["Content-Length": nil]))] + Array(repeating: .send(piece), count: 2_000)
    }
    let known = try fixture.entry(["\(endless.url)/set.zip"], content: FetchingFixture.content)
    #expect(try fixture.failure(known, fixture.fetcher(), keepsPart: false) == "wrong-size")
    let unknown = try fixture.entry(["\(endless.url)/set.zip"])
    #expect(
      try fixture.failure(unknown, fixture.fetcher { $0.policy.largestFile = 1 << 20 }, keepsPart: false)
        == "wrong-size")
    let announced = LoopbackServer { _ in
      [.send(LoopbackServer.answer(200, ["Content-Length": "99999999999"])), .stall]
    }
    #expect(
      try fixture.failure(try fixture.entry(["\(announced.url)/set.zip"]), fixture.fetcher(), keepsPart: false)
        == "wrong-size")
  }

  @Test func aPageInPlaceOfTheFileIsNoArchive() throws {
    let server = LoopbackServer { _ in [.send(LoopbackServer.answer(200, [:], Array("<html>Log in</html>".utf8)))] }
    #expect(
      try fixture.failure(try fixture.entry(["\(server.url)/set.zip"]), fixture.fetcher(), keepsPart: false)
        == "bad-archive")
  }
}
