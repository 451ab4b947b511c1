import CZlib

/// A zip file: its directory, read and checked as a whole, and its files.
///
/// Stored and deflated files, zip64 where sizes need it. Refused: encryption, several volumes, other methods, links, names
/// that lead out, entries whose bytes overlap (a way to make bombs: Fifield, "A better zip bomb", WOOT 2019), and files
/// whose size or CRC-32 isn't what the directory says.
///
/// Source: PKWARE, ".ZIP File Format Specification" (APPNOTE.TXT) 6.3.10.
struct ZipArchive {
  /// A file or folder.
  private struct Entry {
    var path: ArchivePath
    var method: UInt16
    var crc: UInt32
    var compressed: Int
    var size: Int
    /// Where its bytes are in the archive, from its own header on.
    var start: Int
    var data: Range<Int>
  }

  private let file: InputFile
  private let bytes: UnsafeRawBufferPointer
  private let path: String

  init(_ path: String) throws(RatingDataError) {
    file = try InputFile(path)
    self.path = path
    guard case .mapped(let bytes) = file.content else {
      throw RatingDataError(.badData, .badArchive, file: path, "can't be read as a zip file")
    }
    self.bytes = bytes
  }

  func unpack(into target: UnpackTarget) throws(RatingDataError) {
    let entries = try entries(target)
    for entry in entries {
      if entry.path.isFolder { try target.makeFolder(entry.path) } else { try extract(entry, to: target) }
    }
    withExtendedLifetime(file) {}
  }

  // MARK: - The directory

  private func u16(_ offset: Int) -> Int {
    Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }
  private func u32(_ offset: Int) -> Int {
    Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }
  private func u64(_ offset: Int) throws(RatingDataError) -> Int {
    let value = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    guard let number = Int(exactly: value), number <= bytes.count * 1_032 + 1 << 20 else {
      throw damaged("has a size that can't be")
    }
    return number
  }

  private func damaged(_ what: String) -> RatingDataError {
    RatingDataError(
      .badData, .badArchive, file: path, "\(what): the zip file is damaged or was cut off; fetch it again")
  }

  /// Where the directory is, and how many entries it has.
  private func directory() throws(RatingDataError) -> (range: Range<Int>, count: Int) {
    let end = bytes.count
    var position = end - 22
    let lowest = max(0, end - 22 - 0xFFFF)
    while position >= lowest && !(u32(position) == 0x0605_4B50 && position + 22 + u16(position + 20) == end) {
      position -= 1
    }
    guard position >= lowest else { throw damaged("has no end of its directory") }
    var (count, size, start) = (u16(position + 10), u32(position + 12), u32(position + 16))
    guard u16(position + 4) == u16(position + 6) else { throw damaged("is one of several volumes") }
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      let locator = position - 20
      guard locator >= 0, u32(locator) == 0x0706_4B50 else { throw damaged("lacks the locator of its zip64 directory") }
      let record = try u64(locator + 8)
      guard record >= 0, record + 56 <= locator, u32(record) == 0x0606_4B50 else {
        throw damaged("lacks its zip64 directory")
      }
      (count, size, start) = (try u64(record + 32), try u64(record + 40), try u64(record + 48))
      position = record
    }
    guard start + size <= position, count * 46 <= size else { throw damaged("has a directory that doesn't fit") }
    return (start..<start + size, count)
  }

  private func entries(_ target: UnpackTarget) throws(RatingDataError) -> [Entry] {
    let directory = try directory()
    var entries: [Entry] = []
    var used: [Range<Int>] = []
    var offset = directory.range.lowerBound
    for _ in 0..<directory.count {
      let end = directory.range.upperBound
      guard offset + 46 <= end, u32(offset) == 0x0201_4B50 else { throw damaged("has a directory that breaks off") }
      let (nameLength, extraLength) = (u16(offset + 28), u16(offset + 30))
      let next = offset + 46 + nameLength + extraLength + u16(offset + 32)
      guard next <= end else { throw damaged("has a directory that breaks off") }
      let name = bytes[(offset + 46)..<(offset + 46 + nameLength)]
      var (size, compressed, start) = (u32(offset + 24), u32(offset + 20), u32(offset + 42))
      try readExtra(
        (offset + 46 + nameLength)..<(offset + 46 + nameLength + extraLength), &size, &compressed, &start)
      let shown = String(decoding: name.prefix(80), as: UTF8.self).debugDescription
      guard u16(offset + 8) & 0x2041 == 0 else { throw target.unsafe("holds \(shown), which is encrypted") }
      let method = UInt16(u16(offset + 10))
      guard method == 0 || method == 8 else {
        throw damaged("holds \(shown), compressed by method \(method) (only stored and deflated files are read)")
      }
      // The kind of file, where the archive was made on a system that has kinds.
      let kind = (u32(offset + 38) >> 16) & 0o170000
      guard kind == 0 || kind == 0o100000 || kind == 0o040000 else {
        throw target.unsafe("holds \(shown), which is \(kind == 0o120000 ? "a symbolic link" : "no plain file")")
      }
      let data = try data(start, compressed, name: name, directory: directory.range.lowerBound)
      used.append(start..<data.upperBound)
      let made: ArchivePath?
      do throws(ArchivePath.Refusal) { made = try ArchivePath(name) } catch {
        throw target.unsafe("holds \(shown), a name that \(error.reason)")
      }
      if let made, !made.isClutter {
        guard !made.isFolder || size == 0 else { throw damaged("holds the folder \(shown) with bytes") }
        entries.append(
          Entry(
            path: made, method: method, crc: UInt32(u32(offset + 16)), compressed: compressed, size: size, start: start,
            data: data))
      }
      offset = next
    }
    used.sort { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(used, used.dropFirst()) where second.lowerBound < first.upperBound {
      throw target.unsafe("holds files whose bytes overlap")
    }
    return entries
  }

  /// Sizes and offset from the zip64 field, as far as they stand there.
  private func readExtra(
    _ range: Range<Int>, _ size: inout Int, _ compressed: inout Int, _ start: inout Int
  ) throws(RatingDataError) {
    guard size == 0xFFFF_FFFF || compressed == 0xFFFF_FFFF || start == 0xFFFF_FFFF else { return }
    var position = range.lowerBound
    while position + 4 <= range.upperBound {
      let (tag, length) = (u16(position), u16(position + 2))
      var field = position + 4
      position = field + length
      guard position <= range.upperBound else { break }
      guard tag == 1 else { continue }
      func take(_ value: inout Int) throws(RatingDataError) {
        guard value == 0xFFFF_FFFF else { return }
        guard field + 8 <= position else { throw damaged("has a zip64 field that breaks off") }
        value = try u64(field)
        field += 8
      }
      try take(&size)
      try take(&compressed)
      try take(&start)
      return
    }
    throw damaged("lacks a zip64 field")
  }

  /// Where a file's bytes are; its own header must name it as the directory does.
  private func data(
    _ start: Int, _ compressed: Int, name: Slice<UnsafeRawBufferPointer>, directory: Int
  ) throws(RatingDataError) -> Range<Int> {
    guard start >= 0, start + 30 <= directory, u32(start) == 0x0403_4B50 else {
      throw damaged("has an entry without a header")
    }
    let nameEnd = start + 30 + u16(start + 26)
    let data = nameEnd + u16(start + 28)
    guard data + compressed <= directory else { throw damaged("has an entry that is longer than the archive") }
    guard bytes[(start + 30)..<nameEnd].elementsEqual(name) else { throw damaged("names an entry in two ways") }
    return data..<data + compressed
  }

  // MARK: - The files

  private func extract(_ entry: Entry, to target: UnpackTarget) throws(RatingDataError) {
    let output = try target.makeFile(entry.path)
    var crc = crc32(0, nil, 0)
    var written = 0
    func put(_ piece: [UInt8]) throws(RatingDataError) {
      written += piece.count
      guard written <= entry.size else { throw damaged("holds \(entry.path.text), which is longer than it says") }
      try target.add(bytes: piece.count)
      crc = piece.withUnsafeBufferPointer { crc32(crc, $0.baseAddress, UInt32($0.count)) }
      try output.write(piece)
    }
    let pieceSize = 1 << 17
    if entry.method == 0 {
      var start = entry.data.lowerBound
      while start < entry.data.upperBound {
        let end = min(start + pieceSize, entry.data.upperBound)
        try put(Array(bytes[start..<end]))
        start = end
      }
    } else {
      let stream = RawInflater()
      var start = entry.data.lowerBound
      while !stream.isAtEnd {
        let end = min(start + pieceSize, entry.data.upperBound)
        guard let (read, piece) = stream.expand(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), atMost: pieceSize)
        else { throw damaged("holds \(entry.path.text), whose data is damaged") }
        start += read
        guard read > 0 || !piece.isEmpty || stream.isAtEnd else {
          throw damaged("holds \(entry.path.text), whose data breaks off")
        }
        if !piece.isEmpty { try put(piece) }
      }
      guard start == entry.data.upperBound else {
        throw damaged("holds \(entry.path.text), which is shorter than it says")
      }
    }
    guard written == entry.size else { throw damaged("holds \(entry.path.text), which is shorter than it says") }
    guard UInt32(truncatingIfNeeded: crc) == entry.crc else {
      throw damaged("holds \(entry.path.text), whose check sum is wrong")
    }
    try output.close()
  }
}

/// Expands deflate data without any wrapping.
private final class RawInflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var isAtEnd = false

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// How much of `input` was used, and what came out of it; nil where the data is damaged.
  func expand(_ input: UnsafeRawBufferPointer, atMost size: Int) -> (read: Int, piece: [UInt8])? {
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(input.count)
    var status = Z_OK
    let piece = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      stream.pointee.next_out = buffer.baseAddress
      stream.pointee.avail_out = UInt32(size)
      status = inflate(stream, Z_NO_FLUSH)
      count = size - Int(stream.pointee.avail_out)
    }
    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return nil }
    isAtEnd = status == Z_STREAM_END
    return (input.count - Int(stream.pointee.avail_in), piece)
  }
}
