/// The bytes of a file, expanded where it is gzip, with errors that name the file.
final class ByteSource {
  let path: String
  /// The file's name and state when it was opened.
  let file: OpenFile
  private let bytes: ExpandedBytes
  /// How many bytes were read or passed over.
  private(set) var position = 0

  convenience init(_ path: String) throws(RatingDataError) { self.init(try OpenFile(path), hashes: false) }

  init(_ file: OpenFile, hashes: Bool) {
    path = file.path
    self.file = file
    bytes = ExpandedBytes(descriptor: file.descriptor, hashes: hashes)
  }

  var isGzip: Bool { bytes.isGzip }
  /// The size of the file on disk.
  var fileBytes: Int { file.stamp.size }
  /// How many of them were read.
  var fileBytesRead: Int { bytes.byteCount }
  var sha256: String? { bytes.sha256 }

  /// Fills `buffer` as far as there are bytes; returns how many there were.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(RatingDataError) -> Int {
    let count = bytes.read(into: buffer)
    position += count
    try check()
    return count
  }

  func read(into buffer: inout [UInt8]) throws(RatingDataError) -> Int {
    try buffer.withUnsafeMutableBufferPointer { (buffer) throws(RatingDataError) in try read(into: buffer) }
  }

  /// Passes over bytes; false where the file ends before. A file that isn't compressed may be left behind its end.
  func skip(_ count: Int) throws(RatingDataError) -> Bool {
    let isThere = bytes.skip(count)
    position += count
    try check()
    return isThere
  }

  private func check() throws(RatingDataError) {
    switch bytes.failure {
    case nil: return
    case .read(let reason)?:
      throw RatingDataError(.inputMissing, .unreadableFile, file: path, "reading stopped: \(reason)")
    case .gzip(.bomb)?:
      throw RatingDataError(
        .badData, .archiveBomb, file: path, "expands to more than \(Inflater.bombRatio) times its size")
    case let failure?: throw RatingDataError(.badData, failure.code, file: path, failure.message)
    }
  }
}
