import Foundation
import Testing
import _RatingTestSupport

@testable import RatingData

/// Archives as people make them, and as nobody should.
@Suite struct UnpackingTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Unpacks into `out`, which then has its name.
  private func unpack(_ bytes: [UInt8], named name: String, limits: UnpackLimits = UnpackLimits()) throws {
    let path = try scratch.write("archive", bytes)
    let folder = try OutputFolder(scratch.path("out"))
    try ArchiveUnpacker(limits: limits).unpack(path, named: name, into: folder)
    try folder.commit()
  }

  /// The files of a folder by their paths.
  private func files(_ folder: String = "out") -> [String: String] {
    let root = scratch.path(folder)
    var found: [String: String] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: root)! {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
      if !isFolder.boolValue {
        found[path] = FileManager.default.contents(atPath: "\(root)/\(path)").map {
          String(decoding: $0, as: UTF8.self)
        }
      }
    }
    return found
  }

  /// The problem's code, once it is sure that nothing was left of the attempt.
  private func refusal(_ bytes: [UInt8], named name: String, limits: UnpackLimits = UnpackLimits()) throws -> String? {
    var code: String?
    do { try unpack(bytes, named: name, limits: limits) } catch let error as RatingDataError {
      #expect(error.kind == .badData && error.problems.count == 1)
      code = error.problems[0].code
    }
    #expect(try ScratchFolder.names(in: scratch.path("")) == ["archive"], "what is left of \(name)")
    return code
  }

  static let long = String(repeating: "1::2::3::4\n", count: 40_000)

  @Test func zipFilesComeOutAsTheyWentIn() throws {
    var zip = ZipBytes([
      .init("set/", "") { $0.isDeflated = false }, .init("set/ratings.dat", Self.long),
      .init("set/README", "read me") { $0.isDeflated = false }, .init("set/deep/er/empty.txt"),
      .init("__MACOSX/set/._README", "clutter"), .init("set/.DS_Store", "clutter"), .init("./set/dot.txt", "dot"),
    ])
    let expected = [
      "set/ratings.dat": Self.long, "set/README": "read me", "set/deep/er/empty.txt": "", "set/dot.txt": "dot",
    ]
    try unpack(zip.bytes, named: "set.zip")
    #expect(files() == expected)
    try FileManager.default.removeItem(atPath: scratch.path("out"))
    zip.isZip64 = true
    zip.comment = Array("a comment with PK\u{5}\u{6} in it".utf8)
    try unpack(zip.bytes, named: "set.zip")
    #expect(files() == expected)
  }

  @Test func tarFilesComeOutAsTheyWentIn() throws {
    let longName = "set/" + String(repeating: "n", count: 150) + ".txt"
    var tar = TarBytes()
    tar.add("set/", kind: "5")
    tar.add("set/ratings.dat", Self.long)
    tar.add("file.txt", "prefixed", prefix: "set/folder")
    tar.add("././@LongLink", longName + "\u{0}", kind: "L")
    tar.add("set/cut-off", "GNU")
    let paxName = "set/ä" + String(repeating: "p", count: 120)
    let record = " path=\(paxName)\n"
    tar.add("pax", "\(record.utf8.count + 3)\(record)", kind: "x")
    tar.add("set/cut-off", "pax")
    tar.add("set/old.txt", "no magic", magic: "")
    let expected = [
      "set/ratings.dat": Self.long, "set/folder/file.txt": "prefixed", longName: "GNU", paxName: "pax",
      "set/old.txt": "no magic",
    ]
    try unpack(tar.finished, named: "set.tar")
    #expect(files() == expected)
    try FileManager.default.removeItem(atPath: scratch.path("out"))
    // A gzipped one, of several members, whatever it is called.
    let half = tar.finished.count / 2
    try unpack(Gzip.member(tar.finished[..<half]) + Gzip.member(tar.finished[half...]), named: "download")
    #expect(files() == expected)
  }

  @Test func singleFilesKeepTheirNames() throws {
    try unpack(Gzip.member(Array(Self.long.utf8)), named: "ratings.tsv.gz")
    #expect(files() == ["ratings.tsv": Self.long])
    try FileManager.default.removeItem(atPath: scratch.path("out"))
    try unpack(Array("1,2,3\n".utf8), named: "ratings.csv")
    #expect(files() == ["ratings.csv": "1,2,3\n"])
  }

  static let evilNames = [
    "../evil", "/evil", "a/../../evil", "a/..", "..", "C:/evil", "c:evil", "\\evil", "a\\..\\..\\evil", "a\u{0}b",
    "a\nb",
    "", String(repeating: "x", count: 300), String(repeating: "a/", count: 40) + "f",
    String(repeating: "abcdefgh/", count: 200) + "f",
  ]

  @Test(arguments: evilNames.indices) func namesThatLeadOutAreRefused(_ index: Int) throws {
    let name = Self.evilNames[index]
    #expect(try refusal(ZipBytes([.init("ok", "ok"), .init(name, "evil")]).bytes, named: "a.zip") == "unsafe-archive")
    guard name.utf8.count < 100, !name.contains("\u{0}"), !name.isEmpty else { return }
    var tar = TarBytes()
    tar.add("ok", "ok")
    tar.add(name, "evil")
    #expect(try refusal(tar.finished, named: "a.tar") == "unsafe-archive")
    #expect(try refusal(Gzip.member(tar.finished), named: "a.tar.gz") == "unsafe-archive")
  }

  @Test func namesThatAreNoTextAreRefused() throws {
    let zip = ZipBytes([.init("x", "x") { $0.name = [0x66, 0xff, 0xfe] }])
    #expect(try refusal(zip.bytes, named: "a.zip") == "unsafe-archive")
  }

  @Test(arguments: [("1", 0o100644), ("2", 0o120777), ("3", 0o020644), ("6", 0o010644)] as [(String, UInt32)])
  func linksAndDevicesAreRefused(_ kind: String, _ mode: UInt32) throws {
    var tar = TarBytes()
    tar.add("link", kind: Character(kind), link: "/etc/passwd")
    tar.add("link/file", "through the link")
    #expect(try refusal(tar.finished, named: "a.tar") == "unsafe-archive")
    guard mode != 0o100644 else { return }
    let zip = ZipBytes([.init("link", "/etc") { $0.mode = mode }, .init("link/file", "through the link")])
    #expect(try refusal(zip.bytes, named: "a.zip") == "unsafe-archive")
  }

  @Test(arguments: [["a", "a"], ["a", "A"], ["a", "a/b"], ["a/b", "a"], ["É", "é"], ["a/b", "A/B"]])
  func namesThatMeetAreRefused(_ names: [String]) throws {
    #expect(try refusal(ZipBytes(names.map { .init($0, "x") }).bytes, named: "a.zip") == "unsafe-archive")
    var tar = TarBytes()
    for name in names { tar.add(name, "x") }
    #expect(try refusal(tar.finished, named: "a.tar") == "unsafe-archive")
  }

  @Test func bombsAreRefused() throws {
    let zeros = [UInt8](repeating: 0, count: 4 << 20)
    var small = UnpackLimits()
    small.freeBytes = 1 << 20
    #expect(try refusal(ZipBytes([.init("zeros", zeros)]).bytes, named: "a.zip", limits: small) == "archive-bomb")
    #expect(try refusal(Gzip.member(zeros), named: "zeros.gz", limits: small) == "archive-bomb")
    var bytes = UnpackLimits()
    bytes.bytes = 100_000
    #expect(try refusal(ZipBytes([.init("long", Self.long)]).bytes, named: "a.zip", limits: bytes) == "archive-bomb")
    var tar = TarBytes()
    tar.add("long", Self.long)
    #expect(try refusal(tar.finished, named: "a.tar", limits: bytes) == "archive-bomb")
    var few = UnpackLimits()
    few.entries = 9
    let many = (0..<10).map { ZipBytes.Entry("file\($0)") }
    #expect(try refusal(ZipBytes(many).bytes, named: "a.zip", limits: few) == "archive-bomb")
    try unpack(ZipBytes(Array(many.dropLast())).bytes, named: "a.zip", limits: few)
  }

  @Test func overlappingFilesAreRefused() throws {
    let zip = ZipBytes([.init("a", Self.long), .init("a", Self.long) { $0.sharesBytesOf = 0 }])
    #expect(try refusal(zip.bytes, named: "a.zip") == "unsafe-archive")
  }

  @Test func damagedZipFilesAreRefused() throws {
    let good = ZipBytes([.init("a.txt", Self.long), .init("b.txt", "stored") { $0.isDeflated = false }]).bytes
    // Cut off anywhere.
    for length in stride(from: 4, to: good.count, by: max(1, good.count / 97)) {
      #expect(try refusal(Array(good[..<length]), named: "a.zip") == "bad-archive", "\(length) of \(good.count) bytes")
    }
    func changed(_ change: (inout ZipBytes.Entry) -> Void) -> [UInt8] {
      ZipBytes([.init("ok", "ok"), .init("a.txt", Self.long, change)]).bytes
    }
    #expect(try refusal(changed { $0.crc = 1 }, named: "a.zip") == "bad-archive")
    #expect(try refusal(changed { $0.statedSize = 10 }, named: "a.zip") == "bad-archive")
    #expect(try refusal(changed { $0.statedSize = 1 << 30 }, named: "a.zip") == "bad-archive")
    #expect(try refusal(changed { $0.localName = Array("b.txt".utf8) }, named: "a.zip") == "bad-archive")
    #expect(try refusal(changed { $0.method = 12 }, named: "a.zip") == "bad-archive")
    #expect(try refusal(changed { $0.method = 0 }, named: "a.zip") == "bad-archive")
    #expect(try refusal(changed { $0.flags = 1 }, named: "a.zip") == "unsafe-archive")
    #expect(try refusal(Array("<html>not found</html>".utf8), named: "a.zip") == "bad-archive")
    #expect(try refusal(Array("1,2,3\n".utf8), named: "a.csv.gz") == "bad-archive")
  }

  @Test func damagedTarFilesAreRefused() throws {
    var tar = TarBytes()
    tar.add("a.txt", Self.long)
    tar.add("b.txt", "end")
    for length in [600, 4_096, tar.bytes.count - 512, tar.bytes.count, tar.bytes.count + 512] {
      #expect(try refusal(Array(tar.finished[..<length]), named: "a.tar") == "bad-archive", "\(length) bytes")
    }
    var changed = tar.finished
    changed[3] ^= 1
    #expect(try refusal(changed, named: "a.tar") == "bad-archive")
    let zipped = Gzip.member(tar.finished)
    #expect(try refusal(Array(zipped.dropLast(4)), named: "a.tgz") == "truncated-gzip")
    var broken = zipped
    broken[broken.count - 6] ^= 0x55
    #expect(try refusal(broken, named: "a.tgz") == "corrupt-gzip")
  }

  /// Whatever bytes are changed, there is the whole folder or an error, and nothing beside it.
  @Test func changedArchivesNeverCrash() throws {
    var tar = TarBytes()
    tar.add("set/a.txt", "some text")
    tar.add("set/b.txt", Self.long)
    let zip = ZipBytes([.init("set/a.txt", "some text"), .init("set/b.txt", Self.long)])
    var random = SplitMix(4)
    for (name, good) in [
      ("a.zip", zip.bytes), ("a.tar", Array(tar.finished.prefix(3_000))), ("a.tgz", Gzip.member(tar.finished)),
    ] {
      for _ in 0..<300 {
        var bytes = good
        for _ in 0..<(1 + Int(random.next() % 4)) {
          bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        do { try unpack(bytes, named: name) } catch is RatingDataError {}
        try? FileManager.default.removeItem(atPath: scratch.path("out"))
        #expect(try ScratchFolder.names(in: scratch.path("")) == ["archive"])
      }
    }
  }
}
