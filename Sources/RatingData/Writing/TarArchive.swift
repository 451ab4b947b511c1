/// The parts of a tar file: headers of entries, and what fills up blocks.
///
/// Source: IEEE Std 1003.1-2017, pax, "ustar Interchange Format".
enum TarArchive {
  static let block = 512

  /// A header, for a file or, where `size` is nil, a folder.
  ///
  /// Owner and group are 0; files can be read by all, and written by the owner.
  ///
  /// - Precondition: the name has at most 100 bytes, the size is below 8 GiB.
  static func header(_ name: String, size: Int?, time: Int) -> [UInt8] {
    precondition(name.utf8.count <= 100 && (size ?? 0) < 1 << 33, "\(name) has a name of 100 bytes, and below 8 GiB")
    var bytes = [UInt8](repeating: 0, count: block)
    func put(_ text: some Sequence<UInt8>, at offset: Int) {
      for (position, byte) in text.enumerated() { bytes[offset + position] = byte }
    }
    func put(octal number: Int, digits: Int, at offset: Int) {
      let text = String(number, radix: 8)
      put((String(repeating: "0", count: digits - text.count) + text).utf8, at: offset)
    }
    put(name.utf8, at: 0)
    put(octal: size == nil ? 0o755 : 0o644, digits: 7, at: 100)
    put(octal: 0, digits: 7, at: 108)
    put(octal: 0, digits: 7, at: 116)
    put(octal: size ?? 0, digits: 11, at: 124)
    put(octal: time, digits: 11, at: 136)
    // The checksum is taken with spaces in its place.
    put(repeatElement(0x20, count: 8), at: 148)
    bytes[156] = size == nil ? UInt8(ascii: "5") : UInt8(ascii: "0")
    put("ustar\u{0}00".utf8, at: 257)
    put(octal: bytes.reduce(0) { $0 + Int($1) }, digits: 6, at: 148)
    bytes[154] = 0
    return bytes
  }

  /// The number of zero bytes after a file of this size.
  static func padding(_ size: Int) -> Int { (block - size % block) % block }

  /// What comes after the last entry: two blocks of zeros, and more up to a multiple of 20 blocks.
  static func end(after bytes: Int) -> [UInt8] {
    let record = 20 * block
    let all = (bytes + 2 * block + record - 1) / record * record
    return [UInt8](repeating: 0, count: all - bytes)
  }
}
