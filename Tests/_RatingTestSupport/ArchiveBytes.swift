import CZlib

/// Zip files, good ones and hostile ones.
public struct ZipBytes {
  public struct Entry {
    public var name: [UInt8]
    public var content: [UInt8]
    public var isDeflated = true
    /// The kind and permissions of a file, as Unix archives have them.
    public var mode: UInt32 = 0o100644
    /// What the headers say in place of the truth.
    public var crc: UInt32?
    public var statedSize: Int?
    public var localName: [UInt8]?
    public var method: UInt16?
    public var flags: UInt16 = 0
    /// The number of an earlier entry whose bytes the directory gives for this one.
    public var sharesBytesOf: Int?

    public init(_ name: String, _ content: some Collection<UInt8>) {
      self.name = Array(name.utf8)
      self.content = Array(content)
    }

    public init(_ name: String, _ content: String = "", _ change: (inout Entry) -> Void = { _ in }) {
      self.init(name, Array(content.utf8))
      change(&self)
    }
  }

  public var entries: [Entry]
  public var comment: [UInt8] = []
  /// Whether sizes and offsets stand in zip64 fields.
  public var isZip64 = false

  public init(_ entries: [Entry]) { self.entries = entries }

  public var bytes: [UInt8] {
    var out: [UInt8] = []
    var directory: [UInt8] = []
    var starts: [Int] = []
    for entry in entries {
      let data = entry.isDeflated ? Self.deflated(entry.content) : entry.content
      let crc = entry.crc ?? Self.crc(entry.content)
      let size = entry.statedSize ?? entry.content.count
      let method = entry.method ?? (entry.isDeflated ? 8 : 0)
      let start = entry.sharesBytesOf.map { starts[$0] } ?? out.count
      starts.append(start)
      if entry.sharesBytesOf == nil {
        let name = entry.localName ?? entry.name
        out +=
          le(0x0403_4B50, 4) + le(20, 2) + le(Int(entry.flags), 2) + le(Int(method), 2) + le(0, 4) + le(Int(crc), 4)
        out += le(data.count, 4) + le(size, 4) + le(name.count, 2) + le(0, 2) + name + data
      }
      let wide = isZip64
      let extra = wide ? le(1, 2) + le(24, 2) + le(size, 8) + le(data.count, 8) + le(start, 8) : []
      directory +=
        le(0x0201_4B50, 4) + le(0x0314, 2) + le(20, 2) + le(Int(entry.flags), 2) + le(Int(method), 2) + le(0, 4)
      directory += le(Int(crc), 4) + le(wide ? 0xFFFF_FFFF : data.count, 4) + le(wide ? 0xFFFF_FFFF : size, 4)
      directory += le(entry.name.count, 2) + le(extra.count, 2) + le(0, 2) + le(0, 2) + le(0, 2)
      directory += le(Int(entry.mode) << 16, 4) + le(wide ? 0xFFFF_FFFF : start, 4) + entry.name + extra
    }
    let start = out.count
    out += directory
    if isZip64 {
      let record = out.count
      out += le(0x0606_4B50, 4) + le(44, 8) + le(45, 2) + le(45, 2) + le(0, 4) + le(0, 4)
      out += le(entries.count, 8) + le(entries.count, 8) + le(directory.count, 8) + le(start, 8)
      out += le(0x0706_4B50, 4) + le(0, 4) + le(record, 8) + le(1, 4)
    }
    let count = isZip64 ? 0xFFFF : entries.count
    out += le(0x0605_4B50, 4) + le(0, 2) + le(0, 2) + le(count, 2) + le(count, 2)
    out += le(isZip64 ? 0xFFFF_FFFF : directory.count, 4) + le(isZip64 ? 0xFFFF_FFFF : start, 4)
    return out + le(comment.count, 2) + comment
  }

  private func le(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func crc(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) })
  }

  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))) + 64)
    let count = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END, "deflate")
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<count])
  }
}

/// Tar files, good ones and hostile ones.
public struct TarBytes {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// Adds an entry of a kind: `0` a file, `5` a folder, `1` and `2` links, `L` a long name, `x` a pax header.
  public mutating func add(
    _ name: String, _ content: String = "", kind: Character = "0", prefix: String = "", magic: String = "ustar\u{0}00",
    link: String = ""
  ) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, _ offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    func octal(_ value: Int, _ digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(name, 0)
    put(octal(0o644, 7), 100)
    put(octal(content.utf8.count, 11), 124)
    put(octal(0, 11), 136)
    put(String(repeating: " ", count: 8), 148)
    header[156] = kind.asciiValue!
    put(link, 157)
    put(magic, 257)
    put(prefix, 345)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", 148)
    bytes += header + Array(content.utf8)
    bytes += [UInt8](repeating: 0, count: (512 - content.utf8.count % 512) % 512)
  }

  /// The file with its end mark.
  public var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1_024) }
}
