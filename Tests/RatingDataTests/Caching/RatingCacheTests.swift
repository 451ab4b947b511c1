import Foundation
import Testing
import _RatingTestSupport

@testable import RatingData

/// Ratings that come out of the cache are those of the files, whatever happened to either.
struct RatingCacheTests {
  let folder: ScratchFolder
  let notes = Notes()

  init() throws { folder = try ScratchFolder() }

  // MARK: What is read

  @Test(arguments: CachedInput.all)
  func theSecondReadingGivesWhatTheFirstGave(_ input: CachedInput) throws {
    let path = try input.write(to: folder)
    for policy in DuplicatePolicy.allCases {
      var options = ReadingOptions(duplicates: policy)
      let parsed = Outcome(path, options)
      options.cache = cache()
      for threads in [1, 2, 4] {
        options.threads = threads
        #expect(Outcome(path, options) == parsed, "\(input), \(policy)")
      }
    }
    #expect(notes.all == [])
    // Repeated pairs are resolved behind the cache.
    #expect(try files("ratings").count == 1)
    #expect(try files("inputs").count == 1)
  }

  @Test func whatIsReadIsReallyWhatTheCacheHolds() throws {
    let path = try CachedInput.delimited.write(to: folder)
    let first = Outcome(path, options())
    // The input with other ratings, and every sign of the one that was read.
    let other = try CachedInput.delimited.write(to: folder, seed: 2)
    #expect(other == path)
    let record = try #require(try files("inputs").first)
    let now = try contents(path)
    let forged = InputContents.forged(from: try #require(InputSignature(path)), like: try contents(record), path: path)
    try Data(try #require(forged)).write(to: URL(fileURLWithPath: record))
    #expect(Outcome(path, options()) == first)
    #expect(Outcome(path, ReadingOptions()) != first)
    #expect(try contents(path) == now)
  }

  @Test func anotherWayOfReadingIsAnotherEntry() throws {
    let path = try folder.write("r.csv", "user,item,rating,time\n1,2,3,5\n2,1,4,6\n3,1,2,7\n")
    var ways = [ReadingOptions()]
    ways.append(ReadingOptions(format: .csv))
    ways.append(ReadingOptions(columns: ColumnMap("user=2,item=1")))
    ways.append(ReadingOptions(columns: ColumnMap(user: .named("2"), item: .named("1"))))
    ways.append(ReadingOptions(columns: ColumnMap("rating=time,time=rating")))
    ways.append(ReadingOptions(scale: RatingScale(1...5)))
    ways.append(ReadingOptions(scale: RatingScale(1...5, step: 1)))
    ways.append(ReadingOptions(scale: RatingScale(0...10)))
    for _ in 0..<2 {
      for way in ways {
        var cached = way
        cached.cache = cache()
        #expect(Outcome(path, cached) == Outcome(path, way))
      }
    }
    // The way that fails leaves nothing.
    #expect(try files("ratings").count == ways.count - 1)
  }

  @Test func smallFilesStreamsAndHashesAreParsedEachTime() throws {
    let path = try CachedInput.delimited.write(to: folder)
    let size = try #require(InputSignature(path)).size
    var options = options()
    options.cache?.smallestInput = size + 1
    _ = try RatingDataset.read(path, options: options)
    options.cache?.smallestInput = 0
    options.hashesInput = true
    #expect(try RatingDataset.read(path, options: options).input.sha256?.count == 64)
    #expect(!FileManager.default.fileExists(atPath: folder.path("cache")))
    options.hashesInput = false
    options.cache?.smallestInput = size
    _ = try RatingDataset.read(path, options: options)
    #expect(try files("ratings").count == 1)
  }

  // MARK: What is known of the files

  @Test func aChangedFileIsReadAgainAndATouchedOneIsNot() throws {
    let path = try CachedInput.delimited.write(to: folder)
    let first = Outcome(path, options())
    let entry = try #require(try files("ratings").first)
    func touch(_ date: Date) throws {
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }
    try touch(Date(timeIntervalSince1970: 1_000_000_000))
    #expect(Outcome(path, options()) == first)
    #expect(try files("ratings") == [entry])
    // One byte, with the size and the time as they were.
    var bytes = try contents(path)
    let digit = try #require(bytes.lastIndex { (0x31...0x34).contains($0) })
    bytes[digit] += 1
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try touch(Date(timeIntervalSince1970: 1_000_000_000))
    #expect(Outcome(path, options()) != first)
    #expect(Outcome(path, options()) == Outcome(path, ReadingOptions()))
    #expect(try files("ratings").count == 2)
    #expect(notes.all == [])
  }

  @Test func theSameFilesElsewhereAreFound() throws {
    let path = try CachedInput.folder.write(to: folder)
    _ = try RatingDataset.read(path, options: options())
    let before = try files("ratings")
    let copy = folder.path("elsewhere")
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    #expect(Outcome(copy, options()) == Outcome(copy, ReadingOptions()))
    #expect(Outcome(copy + "/training_set", options()) == Outcome(copy + "/training_set", ReadingOptions()))
    #expect(try files("ratings") == before)
    let warnings = try RatingDataset.read(copy, options: options()).warnings
    #expect(warnings.contains { $0.file.hasPrefix(copy + "/") })
    // A file more, and one less, are other ratings.
    try FileManager.default.removeItem(atPath: copy + "/training_set/mv_0000002.txt")
    #expect(Outcome(copy, options()) == Outcome(copy, ReadingOptions()))
    #expect(try files("ratings").count == 2)
  }

  @Test func aRecordIsBelievedOnlyWhereTheFileHadRested() throws {
    let path = try CachedInput.delimited.write(to: folder)
    let signature = try #require(InputSignature(path))
    #expect(!signature.isSettled(at: InputSignature.now))
    #expect(signature.isSettled(at: InputSignature.now + 10_000_000_000))
    let known = InputContents.of([path], signatures: [signature], time: InputSignature.now, known: nil, threads: 1)
    var contents = try #require(known)
    let hash = contents.hashes[0]
    contents.hashes[0] ^= 1
    // Changed just before it was hashed: not believed. Long before: believed.
    for (time, expected) in [(contents.time, hash), (contents.time + 10_000_000_000, hash ^ 1)] {
      contents.time = time
      let again = InputContents.of([path], signatures: [signature], time: time, known: contents, threads: 1)
      #expect(again?.hashes == [expected])
    }
  }

  // MARK: The folder

  @Test func whatWasNotUsedForLongMakesRoom() throws {
    var options = options()
    var paths: [String] = []
    for seed in 1...3 {
      let path = try CachedInput.delimited.write(to: folder, seed: UInt64(seed), as: "r\(seed).csv")
      paths.append(path)
      _ = try RatingDataset.read(path, options: options)
      usleep(20_000)
    }
    let entries = cache().entries()
    #expect(entries.count == 3 && entries.allSatisfy { $0.contents?.ratings == CachedInput.rows && $0.flaw == nil })
    #expect(entries.first?.contents?.source.hasSuffix("/r3.csv") == true)
    // The first is used again, so that the second is the oldest.
    _ = try RatingDataset.read(paths[0], options: options)
    let each = entries[0].bytes
    options.cache?.capacity = each * 7 / 2
    let last = try CachedInput.delimited.write(to: folder, seed: 4, as: "r4.csv")
    _ = try RatingDataset.read(last, options: options)
    let left = Set(cache().entries().compactMap { $0.contents?.source.split(separator: "/").last.map(String.init) })
    #expect(left.contains("r4.csv") && left.contains("r1.csv") && !left.contains("r2.csv"), "\(left)")
    // What is larger than all the room isn't kept, and nothing is removed for it.
    options.cache?.capacity = each / 2
    let large = try CachedInput.delimited.write(to: folder, seed: 5, as: "r5.csv")
    #expect(Outcome(large, options) == Outcome(large, ReadingOptions()))
    #expect(cache().entries().count == left.count)
    #expect(notes.codes == ["cache-not-written"])
  }

  @Test func clearingRemovesWhatIsTheCachesOwn() throws {
    let path = try CachedInput.delimited.write(to: folder)
    _ = try RatingDataset.read(path, options: options())
    try folder.write("cache/notes.txt", "mine")
    try folder.write("cache/0123456789abcdef0123456789abcdef.ratings.partial-77-0", "left behind")
    let removed = try cache().clear()
    #expect(removed.files == 3 && removed.bytes > 0)
    #expect(try ScratchFolder.names(in: folder.path("cache")) == ["notes.txt"])
    #expect(try RatingCache(folder: folder.path("nowhere")).clear().files == 0)
  }

  @Test func aFolderThatCannotBeWrittenIsNoHindrance() throws {
    let path = try CachedInput.delimited.write(to: folder)
    try folder.write("file", "no folder")
    var options = options()
    options.cache?.folder = folder.path("file")
    #expect(Outcome(path, options) == Outcome(path, ReadingOptions()))
    options.cache?.folder = "/proc/nowhere/parsed"
    #expect(Outcome(path, options) == Outcome(path, ReadingOptions()))
    #expect(notes.codes == ["cache-not-written", "cache-not-written"])
  }

  @Test func nobodyElseMayReadTheFolder() throws {
    let path = try CachedInput.delimited.write(to: folder)
    _ = try RatingDataset.read(path, options: options())
    func mode(_ path: String) throws -> Int {
      try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }
    #expect(try mode(folder.path("cache")) == 0o700)
    for file in try files("ratings") + files("inputs") { #expect(try mode(file) == 0o600) }
  }

  @Test func manyReadersAndWritersAtOnceAllGetTheRatings() async throws {
    let path = try CachedInput.delimited.write(to: folder)
    let expected = Outcome(path, ReadingOptions())
    let options = options()
    let file = folder.path("cache")
    await withTaskGroup(of: Bool.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for round in 0..<20 {
            // Now and then the cache goes away under everybody.
            if worker == 0 && round % 5 == 4 { _ = try? RatingCache(folder: file).clear() }
            if Outcome(path, options) != expected { return false }
          }
          return true
        }
      }
      for await isRight in group { #expect(isRight) }
    }
    #expect(notes.all == [])
    #expect(try ScratchFolder.names(in: file).allSatisfy { !$0.contains(".partial-") })
  }

  // MARK: Helpers

  func cache() -> RatingCache {
    let notes = notes
    return RatingCache(folder: folder.path("cache"), smallestInput: 0) { notes.add($0) }
  }

  func options() -> ReadingOptions { ReadingOptions(cache: cache()) }

  func contents(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  func files(_ suffix: String) throws -> [String] {
    try ScratchFolder.names(in: folder.path("cache")).filter { $0.hasSuffix(".\(suffix)") }
      .map { folder.path("cache/\($0)") }
  }
}

extension InputContents {
  /// A record that says of a file with this signature that it holds what the file of another record holds.
  fileprivate static func forged(from signature: InputSignature, like record: [UInt8], path: String) -> [UInt8]? {
    let names = InputNames(path, files: [path])
    guard var contents = InputContents(record: record, names) else { return nil }
    contents.signatures = [signature]
    contents.time = InputSignature.now + 10_000_000_000
    return contents.record(names)
  }
}
