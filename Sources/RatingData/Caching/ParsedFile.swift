import RatingNumerics

/// A file of the cache: the ratings that were read from an input, packed, and everything else about them.
///
/// Layout, little endian:
///
/// | bytes | |
/// |---|---|
/// | 64 | prelude: magic `RBRATING`, version (4), flags (4; bit 0: there are times), rows (8), size of the head (8), size of the file (8), hash of the head (8), 0 (8), hash of the 56 bytes before (8) |
/// | head | for each block its size (8) and hash (8); the key (32); the details (`ParsedDetails`) |
/// | blocks | one for each 65,536 rows: for each column (users, items, ratings, times) minimum (4), step (4) and width (4), 16 bytes of 0, then the packed columns (`PackedColumn`) |
///
/// Every byte of the file is under a hash (`ByteHash`), and no number in it is used unchecked: also a file whose hashes
/// were made to fit gives either a data set whose indices are inside its vocabularies, or a flaw. Netflix's 100 million
/// ratings take about 4.9 bytes each.
///
/// Files are not mapped but read in blocks, each of which is hashed and unpacked while it is in the processor's cache. It
/// is as quick as unpacking from a mapping, takes no memory besides the columns, and the bytes that were checked are the
/// bytes that are used, whatever other programs do to the file.
struct ParsedFile {
  static let magic: UInt64 = 0x474E_4954_4152_4252  // "RBRATING", little endian
  static let version: UInt32 = 1
  static let preludeSize = 64
  static let blockHeadSize = 64
  static let keyLength = 32
  static let rowsPerBlock = 1 << 16
  /// Blocks that one thread does in one go: 2 MiB of each column, a large page.
  static let blocksPerPiece = 8

  let details: ParsedDetails
  let key: String
  let rows: Int
  let hasTimes: Bool
  let size: Int
  private let file: PositionedFile
  private let blocks: [Block]

  private struct Block {
    var offset: Int
    var size: Int
    var hash: UInt64
  }

  static func blockCount(rows: Int) -> Int { (rows + rowsPerBlock - 1) / rowsPerBlock }

  /// Opens a file and checks all but its blocks.
  ///
  /// - Parameter names: what the ratings' files are called now.
  /// - Returns: nil where there is no file.
  static func open(_ path: String, _ names: InputNames) throws(CacheFlaw) -> ParsedFile? {
    guard let file = PositionedFile(path) else { return nil }
    return try ParsedFile(file, names)
  }

  private init(_ file: PositionedFile, _ names: InputNames) throws(CacheFlaw) {
    self.file = file
    size = file.size
    guard let prelude = file.bytes(Self.preludeSize, at: 0) else { throw CacheFlaw("it is no file of parsed ratings") }
    let head: (hash: UInt64, size: Int)
    (rows, hasTimes, head) = try prelude.withRawBytes {
      (bytes) throws(CacheFlaw) -> (Int, Bool, (hash: UInt64, size: Int)) in
      var reader = CacheReader(bytes)
      guard try reader.number() == Self.magic else { throw CacheFlaw("it is no file of parsed ratings") }
      let version: UInt32 = try reader.number()
      guard version == Self.version else {
        throw CacheFlaw("it has version \(version), this program writes version \(Self.version)")
      }
      guard
        bytes.loadUnaligned(fromByteOffset: 56, as: UInt64.self).littleEndian
          == ByteHash.of(UnsafeRawBufferPointer(rebasing: bytes[..<56]))
      else { throw CacheFlaw("its first bytes are damaged") }
      let flags: UInt32 = try reader.number()
      let rows = try reader.natural()
      let headSize = try reader.natural()
      guard try reader.natural() == file.size else { throw CacheFlaw("it was cut off, or has grown") }
      return (rows, flags & 1 == 1, (try reader.number(), headSize))
    }
    let count = Self.blockCount(rows: rows)
    guard head.size >= 16 * count + Self.keyLength, let bytes = file.bytes(head.size, at: Self.preludeSize) else {
      throw CacheFlaw("its head is cut off")
    }
    let headEnd = Self.preludeSize + head.size
    (blocks, key, details) = try bytes.withRawBytes {
      (bytes) throws(CacheFlaw) -> ([Block], String, ParsedDetails) in
      guard ByteHash.of(bytes) == head.hash else { throw CacheFlaw("its head is damaged") }
      var reader = CacheReader(bytes)
      var blocks: [Block] = []
      blocks.reserveCapacity(count)
      var offset = headEnd
      for _ in 0..<count {
        let block = Block(offset: offset, size: try reader.natural(), hash: try reader.number())
        offset += block.size
        blocks.append(block)
      }
      guard offset == file.size else { throw CacheFlaw("its blocks don't fill it") }
      let key = String(decoding: try reader.raw(Self.keyLength), as: UTF8.self)
      let details = try ParsedDetails(&reader, names)
      guard reader.isAtEnd else { throw CacheFlaw("its head is too long") }
      return (blocks, key, details)
    }
    // Compressed text expands to at most 1032 times its size, and a row takes some bytes of it.
    guard rows <= details.bytes << 10 else { throw CacheFlaw("it has more rows than its input had bytes") }
    let largest = 1 << 31
    guard details.vocabularies.users.count <= largest, details.vocabularies.items.count <= largest else {
      throw CacheFlaw("its vocabularies are too large")
    }
  }

  /// The ratings. Each block is checked before it is used.
  ///
  /// - Complexity: O(rows), in parallel; the result doesn't depend on the number of threads.
  func columns(threads: Int?) throws(CacheFlaw) -> RatingColumns {
    let columns = RatingColumns.allocate(count: rows, times: hasTimes)
    let pieces = (blocks.count + Self.blocksPerPiece - 1) / Self.blocksPerPiece
    let flaws = Parallel.map(pieces, threads: threads) { piece -> CacheFlaw? in
      let range = piece * Self.blocksPerPiece..<min((piece + 1) * Self.blocksPerPiece, blocks.count)
      let room = blocks[range].reduce(0) { max($0, $1.size) }
      return withUnsafeTemporaryAllocation(byteCount: room, alignment: 64) { buffer -> CacheFlaw? in
        for block in range {
          do throws(CacheFlaw) {
            try unpack(block, into: columns, UnsafeMutableRawBufferPointer(rebasing: buffer[..<blocks[block].size]))
          } catch {
            return error
          }
        }
        return nil
      }
    }
    if let flaw = flaws.lazy.compactMap(\.self).first { throw flaw }
    return columns
  }

  private func unpack(
    _ number: Int, into columns: RatingColumns, _ buffer: UnsafeMutableRawBufferPointer
  ) throws(CacheFlaw) {
    let block = blocks[number]
    func flaw(_ what: String) -> CacheFlaw { CacheFlaw("\(what) (block \(number) of \(blocks.count))") }
    guard file.read(buffer, at: block.offset) else { throw flaw("it was cut off, or can't be read") }
    let bytes = UnsafeRawBufferPointer(buffer)
    guard ByteHash.of(bytes) == block.hash else { throw flaw("its ratings are damaged") }
    guard block.size >= Self.blockHeadSize else { throw flaw("it has a block without a head") }
    let first = number * Self.rowsPerBlock
    let count = min(Self.rowsPerBlock, rows - first)
    func bits(_ column: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<UInt32> {
      UnsafeMutableRawPointer(column + first).assumingMemoryBound(to: UInt32.self)
    }
    let targets: [(words: UnsafeMutablePointer<UInt32>?, rule: PackedColumn.Rule, what: String)] = [
      (columns.users + first, .below(details.vocabularies.users.count), "a user that its vocabulary lacks"),
      (columns.items + first, .below(details.vocabularies.items.count), "an item that its vocabulary lacks"),
      (bits(columns.ratings), .finite, "a rating that is not finite"),
      (columns.times.map { $0 + first }, .any, ""),
    ]
    var offset = Self.blockHeadSize
    for (index, target) in targets.enumerated() {
      func word(_ position: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 12 * index + 4 * position, as: UInt32.self))
      }
      let width = word(2)
      guard width <= 32, target.words != nil || width == 0 else { throw flaw("a column has an impossible width") }
      let packing = PackedColumn(minimum: word(0), step: word(1), width: Int(width))
      let size = packing.byteCount(rows: count)
      guard size <= bytes.count - offset else { throw flaw("a column is cut off") }
      if let words = target.words {
        guard packing.unpack(bytes.baseAddress! + offset, into: words, count: count, rule: target.rule) else {
          throw flaw("it has \(target.what)")
        }
      }
      offset += size
    }
    guard offset == bytes.count else { throw flaw("a block is too long") }
  }
}
