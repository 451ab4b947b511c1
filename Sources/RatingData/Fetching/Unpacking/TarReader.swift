/// Reads a tar file from its first byte to its last: ustar, with the long names and sizes of GNU tar and pax.
///
/// Refused: links, devices and names that lead out, headers whose check sum is wrong, and files without the two blocks of
/// zeros at their end, which were cut off.
///
/// Source: IEEE Std 1003.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format".
struct TarReader {
  private static let block = 512
  private static let longestExtension = 1 << 16

  let source: ByteSource
  let archive: String

  /// - Parameter first: the first block, which was looked at already.
  mutating func unpack(first: [UInt8], into target: UnpackTarget) throws(RatingDataError) {
    var header = first
    var (longName, longSize): ([UInt8]?, Int?) = (nil, nil)
    while true {
      guard header.count == Self.block else { throw damaged("ends without its end mark") }
      if header.allSatisfy({ $0 == 0 }) { break }
      guard isSound(header) else { throw damaged("has a header whose check sum is wrong") }
      guard let stated = Self.number(header[124..<136]) else { throw damaged("has a size that can't be") }
      switch header[156] {
      case UInt8(ascii: "L"): longName = Self.text(try content(stated)[...])
      case UInt8(ascii: "x"):
        for (key, value) in try records(stated) {
          if key == "path" { longName = value }
          if key == "size" { longSize = Int(String(decoding: value, as: UTF8.self)) }
        }
      case UInt8(ascii: "g"), UInt8(ascii: "K"): _ = try content(stated)
      case let kind:
        let name = longName ?? Self.name(header)
        try entry(kind, name, size: longSize ?? stated, into: target)
        (longName, longSize) = (nil, nil)
      }
      header = try nextBlock()
    }
    guard try nextBlock().elementsEqual(repeatElement(0, count: Self.block)) else {
      throw damaged("ends without its end mark")
    }
    // To the end, so that the check sum of gzip is looked at.
    var rest = [UInt8](repeating: 0, count: 1 << 17)
    while try source.read(into: &rest) > 0 {}
  }

  private func entry(
    _ kind: UInt8, _ name: [UInt8], size: Int, into target: UnpackTarget
  ) throws(RatingDataError) {
    let shown = String(decoding: name.prefix(80), as: UTF8.self).debugDescription
    let isPlain = [0, UInt8(ascii: "0"), UInt8(ascii: "7")].contains(kind)
    guard isPlain || kind == UInt8(ascii: "5") else {
      let what = kind == UInt8(ascii: "1") || kind == UInt8(ascii: "2") ? "a link" : "no plain file"
      throw target.unsafe("holds \(shown), which is \(what)")
    }
    guard size >= 0 else { throw damaged("has a size that can't be") }
    let made: ArchivePath?
    do throws(ArchivePath.Refusal) { made = try ArchivePath(name) } catch {
      throw target.unsafe("holds \(shown), a name that \(error.reason)")
    }
    guard let made, !made.isClutter else {
      try pass(size) { (_) throws(RatingDataError) in }
      return
    }
    if !isPlain || made.isFolder {
      try target.makeFolder(made)
      try pass(size) { (_) throws(RatingDataError) in }
      return
    }
    let file = try target.makeFile(made)
    try pass(size) { (piece) throws(RatingDataError) in
      try target.add(bytes: piece.count)
      try file.write(piece)
    }
    try file.close()
  }

  /// Reads `size` bytes and the padding behind them.
  private func pass(_ size: Int, _ body: ([UInt8]) throws(RatingDataError) -> Void) throws(RatingDataError) {
    var left = size
    while left > 0 {
      var piece = [UInt8](repeating: 0, count: min(left, 1 << 17))
      guard try source.read(into: &piece) == piece.count else { throw damaged("breaks off inside a file") }
      try body(piece)
      left -= piece.count
    }
    let padding = (Self.block - size % Self.block) % Self.block
    var rest = [UInt8](repeating: 0, count: padding)
    let count = try source.read(into: &rest)
    guard count == padding else { throw damaged("breaks off behind a file") }
  }

  private func content(_ size: Int) throws(RatingDataError) -> [UInt8] {
    guard size >= 0, size <= Self.longestExtension else { throw damaged("has a header of \(size) bytes") }
    var all: [UInt8] = []
    try pass(size) { (piece) throws(RatingDataError) in all += piece }
    return all
  }

  /// The records `length key=value` of a pax header.
  private func records(_ size: Int) throws(RatingDataError) -> [(String, [UInt8])] {
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

  private func nextBlock() throws(RatingDataError) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: Self.block)
    block.removeLast(Self.block - (try source.read(into: &block)))
    return block
  }

  private func isSound(_ header: [UInt8]) -> Bool {
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
}
