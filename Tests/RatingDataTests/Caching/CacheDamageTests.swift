import Foundation
import Testing
import _RatingTestSupport

@testable import RatingData

/// A damaged, cut off, foreign or hostile file of the cache never gives wrong ratings, and never ends the process.
struct CacheDamageTests {
  let folder: ScratchFolder
  let notes = Notes()
  /// The input, the file of the cache that it made, and that file's bytes.
  let path: String
  let file: String
  let good: [UInt8]
  let expected: Outcome

  init() throws {
    folder = try ScratchFolder()
    path = try CachedInput.folder.write(to: folder)
    expected = Outcome(path, ReadingOptions())
    #expect(Outcome(path, ReadingOptions(cache: Self.cache(folder, notes))) == expected)
    let name = try #require(ScratchFolder.names(in: folder.path("cache")).first { $0.hasSuffix(".ratings") })
    file = folder.path("cache/\(name)")
    good = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
  }

  private static func cache(_ folder: ScratchFolder, _ notes: Notes) -> RatingCache {
    RatingCache(folder: folder.path("cache"), smallestInput: 0) { notes.add($0) }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(descriptor) }
    let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    try #require(written == bytes.count)
  }

  /// What is wrong with these bytes as a file of the cache; nil where it gives a data set, which is then looked through.
  private func flaw(_ bytes: [UInt8]) throws -> String? {
    let path = folder.path("candidate")
    try write(bytes, to: path)
    do throws(CacheFlaw) {
      guard let parsed = try ParsedFile.open(path, InputNames("x", files: ["x"])) else { return "there is no file" }
      let columns = try parsed.columns(threads: 1)
      let (users, items) = (parsed.details.vocabularies.users.count, parsed.details.vocabularies.items.count)
      for row in 0..<columns.count {
        #expect(columns.users[row] < users && columns.items[row] < items && columns.ratings[row].isFinite)
        _ = parsed.details.places.place(ofRow: row)
      }
      return nil
    } catch {
      return error.description
    }
  }

  @Test func everyDamagedByteIsFoundOut() throws {
    #expect(try flaw(good) == nil)
    var random = SplitMix(1)
    for place in good.indices {
      var bytes = good
      bytes[place] ^= UInt8(1 << random.below(8))
      #expect(try flaw(bytes) != nil, "a bit of byte \(place) of \(good.count) was changed")
      bytes[place] = good[place] &+ UInt8(1 + random.below(255))
      #expect(try flaw(bytes) != nil, "byte \(place) of \(good.count) was changed")
    }
  }

  @Test func everyLengthButTheRightOneIsFoundOut() throws {
    for length in 0..<good.count where length < 200 || length % 7 == 0 || length > good.count - 100 {
      #expect(try flaw(Array(good[..<length])) != nil, "cut off after \(length) of \(good.count) bytes")
    }
    #expect(try flaw(good + [0]) == "it was cut off, or has grown")
    #expect(try flaw(good + good) != nil)
    #expect(try flaw([]) == "it is no file of parsed ratings")
    #expect(try flaw([UInt8](repeating: 0, count: good.count)) == "it is no file of parsed ratings")
    #expect(try flaw(Array("user,item,rating\n1,2,3\n".utf8) + good) == "it is no file of parsed ratings")
  }

  /// The reader gets the ratings of the input, a message, and a cache that is whole again.
  @Test func damageIsRepairedWithAMessage() throws {
    var random = SplitMix(FuzzSeed.value)
    let clean = Outcome(path, ReadingOptions(cache: Self.cache(folder, notes)))
    #expect(clean == expected && notes.all == [])
    for round in 0..<150 {
      notes.removeAll()
      var bytes = good
      switch round % 5 {
      case 0: bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
      case 1: bytes.removeSubrange(random.below(bytes.count)...)
      case 2: bytes = (0..<random.below(300)).map { _ in UInt8(random.below(256)) }
      case 3: bytes.insert(UInt8(random.below(256)), at: random.below(bytes.count))
      default:
        let start = random.below(bytes.count)
        for place in start..<min(start + 4096, bytes.count) { bytes[place] = 0 }
      }
      if bytes == good { continue }
      try write(bytes, to: file)
      #expect(Outcome(path, ReadingOptions(cache: Self.cache(folder, notes))) == expected, "round \(round)")
      #expect(notes.codes == ["cache-rebuilt"], "round \(round)")
      #expect(notes.all.first?.file == file && notes.all.first?.message.contains(path) == true)
      #expect(Array(try Data(contentsOf: URL(fileURLWithPath: file))) == good, "round \(round)")
    }
  }

  @Test func aFileOfOtherRatingsOrVersionsIsNotUsed() throws {
    let other = try CachedInput.delimited.write(to: folder, as: "other")
    #expect(Outcome(other, ReadingOptions(cache: Self.cache(folder, notes))) == Outcome(other, ReadingOptions()))
    let names = try ScratchFolder.names(in: folder.path("cache")).filter { $0.hasSuffix(".ratings") }
    let foreign = try #require(names.map { folder.path("cache/\($0)") }.first { $0 != file })
    try write(Array(try Data(contentsOf: URL(fileURLWithPath: foreign))), to: file)
    #expect(Outcome(path, ReadingOptions(cache: Self.cache(folder, notes))) == expected)
    var newer = good
    newer[8] = 99
    try write(newer, to: file)
    #expect(Outcome(path, ReadingOptions(cache: Self.cache(folder, notes))) == expected)
    #expect(notes.codes == ["cache-rebuilt", "cache-rebuilt"])
    #expect(notes.all[0].message.hasPrefix("it is of other ratings"))
    #expect(notes.all[1].message.hasPrefix("it has version 99, this program writes version 1"))
  }

  @Test func aDamagedRecordIsMadeAnew() throws {
    let name = try #require(ScratchFolder.names(in: folder.path("cache")).first { $0.hasSuffix(".inputs") })
    let record = folder.path("cache/\(name)")
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: record)))
    let names = InputNames(path, files: try RatingFiles.expand(path))
    #expect(InputContents(record: bytes, names) != nil)
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1 << 3
      #expect(InputContents(record: damaged, names) == nil, "byte \(place)")
      #expect(InputContents(record: Array(bytes[..<place]), names) == nil, "cut off after \(place) bytes")
    }
    try write([1, 2, 3], to: record)
    #expect(Outcome(path, ReadingOptions(cache: Self.cache(folder, notes))) == expected)
    #expect(Array(try Data(contentsOf: URL(fileURLWithPath: record))).count == bytes.count)
    #expect(notes.all == [])
  }

  /// Whoever makes the hashes fit gets no further than to a flaw, or to ratings inside their vocabularies.
  @Test func hashesThatFitDoNotMakeAFileTrusted() throws {
    var random = SplitMix(FuzzSeed.value)
    var found: Set<String> = []
    let end = ContinuousClock.now + .seconds(FuzzSeed.seconds)
    var rounds = 0
    while ContinuousClock.now < end || rounds < 2000 {
      rounds += 1
      var bytes = good
      for _ in 0...random.below(3) {
        let place = random.below(3) == 0 ? 12 + random.below(28) : 64 + random.below(bytes.count - 64)
        switch random.below(4) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)]
        case 2: bytes[place] ^= UInt8(1 << random.below(8))
        default:
          let length = min([1, 4, 8][random.below(3)], bytes.count - place)
          for byte in place..<place + length { bytes[byte] = 0xff }
        }
      }
      seal(&bytes)
      if let flaw = try flaw(bytes) { found.insert(String(flaw.prefix { !$0.isNumber })) }
    }
    // Not one check alone stands between such files and the caller.
    #expect(found.count > 10, "\(found)")
  }

  /// Makes all hashes fit, as far as the numbers in the head let tell where what they are about stands.
  private func seal(_ bytes: inout [UInt8]) {
    func number(_ place: Int) -> Int {
      let value = bytes[place..<place + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return value < 1 << 32 ? Int(value) : 0
    }
    func put(_ hash: UInt64, at place: Int) {
      for byte in 0..<8 { bytes[place + byte] = UInt8(truncatingIfNeeded: hash >> UInt64(8 * byte)) }
    }
    func hash(_ range: Range<Int>) -> UInt64 { bytes.withUnsafeBytes { ByteHash.of(.init(rebasing: $0[range])) } }
    let headEnd = 64 + number(24)
    if headEnd <= bytes.count {
      var start = headEnd
      for block in 0..<ParsedFile.blockCount(rows: number(16)) where 64 + 16 * block + 16 <= headEnd {
        let end = start + number(64 + 16 * block)
        if end > bytes.count { break }
        put(hash(start..<end), at: 64 + 16 * block + 8)
        start = end
      }
      put(hash(64..<headEnd), at: 40)
    }
    put(hash(0..<56), at: 56)
  }
}

/// As `FuzzClock` has them.
enum FuzzSeed {
  static let value = ProcessInfo.processInfo.environment["RATINGBENCH_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
  static let seconds = ProcessInfo.processInfo.environment["RATINGBENCH_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
}
