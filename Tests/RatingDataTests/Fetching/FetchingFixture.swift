import Foundation
import Synchronization
import Testing
import _RatingTestSupport

@testable import RatingData

/// A folder to fetch into, a data set to fetch, and what must hold after each fetch: the whole data set, or nothing under its
/// name.
struct FetchingFixture {
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

  static func fingerprint(_ bytes: [UInt8]) throws -> FileFingerprint {
    let folder = try ScratchFolder()
    return try FileFingerprint(of: folder.write("file", bytes))
  }

  /// A data set of one archive.
  func entry(
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

  func fetcher(_ change: (inout FetchOptions) -> Void = { _ in }) -> DatasetFetcher {
    var options = FetchOptions(onEvent: { [events] in events.add($0) })
    options.policy.firstPause = 0.01
    options.policy.stallSeconds = 1
    change(&options)
    return DatasetFetcher(folder: cache, options: options)
  }

  func expectFetched(_ fetched: FetchedDataset, _ server: LoopbackServer? = nil) throws {
    #expect(fetched.path == "\(cache)/set" && fetched.ratingsPath == "\(cache)/set/ratings.dat")
    #expect(try ScratchFolder.names(in: fetched.path) == ["FETCHED.txt", "README", "ratings.dat"])
    #expect(try scratch.text("cache/set/README") == "terms")
    #expect(try ScratchFolder.names(in: "\(cache)/downloads") == [])
  }

  /// What the fetch failed with, once it is sure that nothing half-written was left: of a download at most a part file and
  /// what it is a part of.
  func failure(_ entry: DatasetCatalogue.Entry, _ fetcher: DatasetFetcher, keepsPart: Bool? = nil) throws
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
}
