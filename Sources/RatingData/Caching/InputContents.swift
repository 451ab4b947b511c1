import Crypto
import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the files of an input hold, by their hashes, and what they looked like when these were made.
///
/// A record of it, one for each path and way of reading, saves reading the files again: as long as a file's signature is
/// the recorded one, its hash is, too. A file that was changed shortly before it was hashed might be changed again without
/// another signature, so that its record is not believed (as git does with its index).
struct InputContents: Equatable {
  var signatures: [InputSignature]
  /// `ByteHash` of each file, by pieces of `pieceSize`.
  var hashes: [UInt64]
  /// When the signatures were taken, in nanoseconds since 1970.
  var time: Int64

  static let pieceSize = 1 << 20

  // MARK: From the files

  /// The contents of these files. Only those are read whose hashes `known` can't tell.
  ///
  /// - Returns: nil where a file can't be read, or is being changed.
  /// - Complexity: O(bytes of the files that are read), in parallel, at about the speed of copying them.
  static func of(
    _ files: [String], signatures: [InputSignature], time: Int64, known: InputContents?, threads: Int?
  ) -> InputContents? {
    let known = known.flatMap { $0.signatures.count == files.count ? $0 : nil }
    var unknown: [Int] = []
    for file in files.indices {
      if let known, known.signatures[file] == signatures[file], signatures[file].isSettled(at: known.time) { continue }
      unknown.append(file)
    }
    var hashes = known?.hashes ?? [UInt64](repeating: 0, count: files.count)
    var pieces: [(file: Int, offset: Int, size: Int)] = []
    for file in unknown {
      let size = signatures[file].size
      for offset in stride(from: 0, to: size, by: pieceSize) {
        pieces.append((file, offset, min(pieceSize, size - offset)))
      }
    }
    let parts = pieces
    let pieceHashes = Parallel.map(parts.count, threads: threads) { index -> UInt64? in
      let part = parts[index]
      guard let file = PositionedFile(files[part.file]), file.size == signatures[part.file].size else { return nil }
      return withUnsafeTemporaryAllocation(byteCount: part.size, alignment: 64) { buffer -> UInt64? in
        file.read(buffer, at: part.offset) ? ByteHash.of(UnsafeRawBufferPointer(buffer)) : nil
      }
    }
    var next = 0
    for file in unknown {
      let size = signatures[file].size
      let count = (size + pieceSize - 1) / pieceSize
      let own = pieceHashes[next..<next + count]
      next += count
      guard own.allSatisfy({ $0 != nil }) else { return nil }
      hashes[file] = ByteHash.combined(own.lazy.map { $0! }, length: size)
    }
    return InputContents(signatures: signatures, hashes: hashes, time: time)
  }

  /// A name for the contents of these files, read in this way: 32 digits, lowercase hexadecimal.
  func key(_ names: InputNames, _ options: ReadingOptions) -> String {
    var writer = CacheWriter()
    writer.put(ParsedFile.version)
    writer.put(Self.text(options))
    writer.put(UInt64(hashes.count))
    names.insideFolder.withRawBytes { writer.put(raw: $0) }
    for (signature, hash) in zip(signatures, hashes) {
      writer.put(UInt64(signature.size))
      writer.put(hash)
    }
    return Self.name(writer.bytes)
  }

  // MARK: The record

  private static let magic: UInt64 = 0x4352_5553_4e49_4252  // "RBINSURC", little endian
  private static let version: UInt32 = 1

  /// The name of the record for a path and a way of reading.
  static func recordName(_ names: InputNames, _ options: ReadingOptions) -> String {
    var writer = CacheWriter()
    writer.put(version)
    writer.put(text(options))
    writer.put(names.absolute)
    return name(writer.bytes)
  }

  /// The record, as it stands in a file.
  func record(_ names: InputNames) -> [UInt8] {
    var body = CacheWriter()
    body.put(time)
    let inside = names.insideFolder
    body.put(UInt64(inside.count))
    inside.withRawBytes { body.put(raw: $0) }
    body.put(UInt64(hashes.count))
    for (signature, hash) in zip(signatures, hashes) {
      body.put(UInt64(signature.size))
      body.put(signature.inode)
      body.put(signature.modified)
      body.put(signature.changed)
      body.put(hash)
    }
    var file = CacheWriter()
    file.put(Self.magic)
    file.put(Self.version)
    file.put(body.bytes.withRawBytes { ByteHash.of($0) })
    body.bytes.withRawBytes { file.put(raw: $0) }
    return file.bytes
  }

  /// What a record tells of these files; nil where it is damaged, or is of other files.
  init?(record: [UInt8], _ names: InputNames) {
    let contents = record.withRawBytes { bytes -> InputContents? in
      do throws(CacheFlaw) { return try Self.parse(bytes, names) } catch { return nil }
    }
    guard let contents else { return nil }
    self = contents
  }

  private init(signatures: [InputSignature], hashes: [UInt64], time: Int64) {
    (self.signatures, self.hashes, self.time) = (signatures, hashes, time)
  }

  private static func parse(_ bytes: UnsafeRawBufferPointer, _ names: InputNames) throws(CacheFlaw) -> InputContents {
    var reader = CacheReader(bytes)
    guard try reader.number() == magic, try reader.number() == version else { throw CacheFlaw("it is no record") }
    let hash: UInt64 = try reader.number()
    guard hash == ByteHash.of(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(20))) else {
      throw CacheFlaw("it is damaged")
    }
    let time: Int64 = try reader.number()
    let inside = try reader.raw(try reader.count(elementSize: 1))
    guard inside.elementsEqual(names.insideFolder) else { throw CacheFlaw("it is of other files") }
    let count = try reader.count(elementSize: 40)
    guard count == names.files.count else { throw CacheFlaw("it is of other files") }
    var (signatures, hashes) = ([InputSignature](), [UInt64]())
    signatures.reserveCapacity(count)
    hashes.reserveCapacity(count)
    for _ in 0..<count {
      let size = try reader.natural()
      let inode: UInt64 = try reader.number()
      let modified: Int64 = try reader.number()
      signatures.append(InputSignature(size: size, inode: inode, modified: modified, changed: try reader.number()))
      hashes.append(try reader.number())
    }
    guard reader.isAtEnd else { throw CacheFlaw("it is too long") }
    return InputContents(signatures: signatures, hashes: hashes, time: time)
  }

  // MARK: Names

  /// What of the options decides about the rows that are read. Repeated pairs are always kept in the cache.
  private static func text(_ options: ReadingOptions) -> String {
    func text(_ column: ColumnMap.Column?) -> String {
      switch column {
      case nil: "-"
      case .number(let number): "\(number)"
      case .named(let name): "\(name.utf8.count) \(name)"
      }
    }
    let map = options.columns.map { [$0.user, $0.item, $0.value, $0.time].map(text).joined(separator: "\n") }
    let scale = options.scale.map { "\($0.lower) \($0.upper) \($0.step.map { "\($0)" } ?? "-")" } ?? "-"
    return "\(options.format?.rawValue ?? "-")\n\(scale)\n\(map ?? "")"
  }

  private static func name(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(data: bytes)
    return String(hash.finalize().hexadecimal.prefix(32))
  }
}
