/// Goes through the members of a tar file from first to last: ustar, with the long names and sizes of GNU tar and pax.
///
/// Refused: links, devices, sparse files and names that lead out, headers whose check sum is wrong, and files without the
/// two blocks of zeros at their end, which were cut off.
///
/// Source: IEEE Std 1003.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format".
struct TarWalker {
  static let block = 512
  private static let longestExtension = 1 << 16

  struct Member {
    /// nil for the archive's own folder.
    var path: ArchivePath?
    var isFolder: Bool
    var size: Int
    /// Where its content starts in the bytes of the source.
    var offset: Int
    /// The name of the tar file inside this one that it was found in.
    var archive: String?
  }

  let source: ByteSource
  let archive: String
  /// Whether the members of a tar file inside are gone through in its place.
  let descends: Bool
  private var first: [UInt8]?
  private var left = 0
  private var padding = 0
  private var inner: (name: String, end: Int, padding: Int)?

  /// - Parameter first: the first block, where it was looked at already.
  init(_ source: ByteSource, first: [UInt8]? = nil, descends: Bool = false) {
    self.source = source
    archive = source.path
    self.first = first
    self.descends = descends
  }

  /// Whether a file that starts with these bytes is a tar file.
  static func isTar(_ start: [UInt8]) -> Bool {
    start.count >= block && start[0] != 0 && isSound(Array(start.prefix(block)))
  }

  /// The next member; nil behind the last, where all of the file was read.
  mutating func next() throws(RatingDataError) -> Member? {
    try passRest()
    var (longName, longSize): ([UInt8]?, Int?) = (nil, nil)
    while true {
      let header = try nextBlock()
      guard header.count == Self.block else { throw damaged("ends without its end mark") }
      if header.allSatisfy({ $0 == 0 }) {
        guard try nextBlock().elementsEqual(repeatElement(0, count: Self.block)) else {
          throw damaged("ends without its end mark")
        }
        guard let ended = inner else {
          // To the end, so that the check sum of gzip is looked at.
          var rest = [UInt8](repeating: 0, count: 1 << 17)
          while try source.read(into: &rest) > 0 {}
          return nil
        }
        guard source.position <= ended.end else { throw damaged("holds \(ended.name), which has no end mark") }
        (left, padding, inner) = (ended.end - source.position, ended.padding, nil)
        try passRest()
        continue
      }
      guard Self.isSound(header) else { throw damaged("has a header whose check sum is wrong") }
      guard let stated = Self.number(header[124..<136]) else { throw damaged("has a size that can't be") }
      switch header[156] {
      case UInt8(ascii: "L"): longName = Self.text(try content(stated)[...])
      case UInt8(ascii: "x"):
        for (key, value) in try records(stated) {
          if key == "path" { longName = value }
          if key == "size" { longSize = Int(String(decoding: value, as: UTF8.self)) }
          if key.hasPrefix("GNU.sparse") { throw unsafe("holds a sparse file; make it again without --sparse") }
        }
      case UInt8(ascii: "g"), UInt8(ascii: "K"): _ = try content(stated)
      case let kind:
        let member = try member(kind, longName ?? Self.name(header), size: longSize ?? stated)
        (longName, longSize) = (nil, nil)
        guard descends, inner == nil, !member.isFolder, let path = member.path, path.text.hasSuffix(".tar") else {
          return member
        }
        inner = (path.text, source.position + left, padding)
        (left, padding) = (0, 0)
      }
    }
  }

  /// Reads on in the current member; returns less than asked for at its end only.
  mutating func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(RatingDataError) -> Int {
    let wanted = UnsafeMutableBufferPointer(rebasing: buffer[..<min(buffer.count, left)])
    guard try source.read(into: wanted) == wanted.count else { throw damaged("breaks off inside a file") }
    left -= wanted.count
    return wanted.count
  }

  /// Whether all of the current member was read.
  var isAtEnd: Bool { left == 0 }

  private mutating func member(_ kind: UInt8, _ name: [UInt8], size: Int) throws(RatingDataError) -> Member {
    let shown = String(decoding: name.prefix(80), as: UTF8.self).debugDescription
    let isPlain = [0, UInt8(ascii: "0"), UInt8(ascii: "7")].contains(kind)
    guard isPlain || kind == UInt8(ascii: "5") else {
      let what =
        switch kind {
        case UInt8(ascii: "1"), UInt8(ascii: "2"): "a link"
        case UInt8(ascii: "S"): "a sparse file; make it again without --sparse"
        default: "no plain file"
        }
      throw unsafe("holds \(shown), which is \(what)")
    }
    guard size >= 0, size < 1 << 54 else { throw damaged("has a size that can't be") }
    let path: ArchivePath?
    do throws(ArchivePath.Refusal) { path = try ArchivePath(name) } catch {
      throw unsafe("holds \(shown), a name that \(error.reason)")
    }
    (left, padding) = (size, (Self.block - size % Self.block) % Self.block)
    let end = source.position + size + padding
    if let inner, end > inner.end { throw damaged("holds \(inner.name), which breaks off inside a file") }
    // A file that is skipped isn't looked at, so that its end must be known to be there.
    if !source.isGzip && source.file.isRegular && end > source.fileBytes { throw damaged("breaks off inside a file") }
    return Member(
      path: path, isFolder: !isPlain || path?.isFolder ?? true, size: size, offset: source.position,
      archive: inner?.name)
  }

  /// Passes over what was not read of the current member, and over the padding behind it.
  private mutating func passRest() throws(RatingDataError) {
    guard try source.skip(left + padding) else { throw damaged("breaks off behind a file") }
    (left, padding) = (0, 0)
  }

  private mutating func content(_ size: Int) throws(RatingDataError) -> [UInt8] {
    guard size >= 0, size <= Self.longestExtension else { throw damaged("has a header of \(size) bytes") }
    var all = [UInt8](repeating: 0, count: size)
    guard try source.read(into: &all) == size else { throw damaged("breaks off inside a header") }
    padding = (Self.block - size % Self.block) % Self.block
    try passRest()
    return all
  }

  /// The records `length key=value` of a pax header.
  private mutating func records(_ size: Int) throws(RatingDataError) -> [(String, [UInt8])] {
    var rest = try content(size)[...]
    var records: [(String, [UInt8])] = []
    while !rest.isEmpty {
      let digits = rest.prefix { $0 &- 48 <= 9 }
      guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 1, length <= rest.count,
        let sign = rest.prefix(length).firstIndex(of: UInt8(ascii: "="))
      else { throw damaged("has a pax header that can't be read") }
      let record = rest.prefix(length)
      let key = record[(record.startIndex + digits.count + 1)..<sign]
      records.append((String(decoding: key, as: UTF8.self), Array(record[(sign + 1)...].dropLast())))
      rest = rest.dropFirst(length)
    }
    return records
  }

  private mutating func nextBlock() throws(RatingDataError) -> [UInt8] {
    if let first {
      self.first = nil
      return first
    }
    var block = [UInt8](repeating: 0, count: Self.block)
    block.removeLast(Self.block - (try source.read(into: &block)))
    return block
  }

  private static func isSound(_ header: [UInt8]) -> Bool {
    let spaces = 8 * Int(UInt8(ascii: " "))
    let sum = header.reduce(0) { $0 + Int($1) } - header[148..<156].reduce(0) { $0 + Int($1) } + spaces
    return Self.number(header[148..<156]) == sum
  }

  /// Octal digits, or a binary number whose first bit is set (GNU).
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    if let first = field.first, first & 0x80 != 0 {
      var value = Int(first & 0x7f)
      for byte in field.dropFirst() {
        guard value < 1 << 54 else { return nil }
        value = value << 8 | Int(byte)
      }
      return value
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 >= 48 && $0 <= 55 }
    return Int(String(decoding: digits, as: UTF8.self), radix: 8)
  }

  private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

  private static func name(_ header: [UInt8]) -> [UInt8] {
    let name = text(header[0..<100])
    let prefix = text(header[345..<500])
    let isPOSIX = header[257..<263].elementsEqual("ustar\0".utf8)
    return isPOSIX && !prefix.isEmpty ? prefix + [UInt8(ascii: "/")] + name : name
  }

  private func damaged(_ what: String) -> RatingDataError {
    RatingDataError(
      .badData, .badArchive, file: archive, "\(what): the tar file is damaged or was cut off; fetch it again")
  }

  func unsafe(_ what: String) -> RatingDataError {
    RatingDataError(.badData, .unsafeArchive, file: archive, "\(what); nothing of it was taken")
  }
}
