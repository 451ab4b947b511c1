import RatingNumerics

/// One file of ratings in an input, whose place and size are known: a file of its own, or a member of a tar file.
struct RatingSource: Sendable {
  /// As problems name it.
  var name: String
  /// The file that it lies in.
  var path: String
  /// What that file was when reading began.
  var stamp: FileStamp
  /// Where its bytes are in the file.
  var range: Range<Int>
  /// The file, where it is open already. Files of a folder are opened for each piece: there may be thousands.
  var file: OpenFile?

  func opened() throws(RatingDataError) -> OpenFile {
    if let file { return file }
    return try OpenFile(path)
  }

  var isWholeFile: Bool { range == 0..<stamp.size }
}

/// What there is to read behind a path.
enum RatingSources {
  /// Files of known sizes, which can be read side by side; whole ones may be compressed.
  case files([RatingSource])
  /// Bytes that come one behind the other: a pipe, a compressed file, or a compressed tar file.
  case stream(OpenFile, isTar: Bool)

  static func open(_ path: String, threads: Int?) throws(RatingDataError) -> RatingSources {
    let files = try RatingFiles.expand(path)
    if files != [path] {
      let stamps = Parallel.map(files.count, threads: threads) { FileStamp(ofRegularFile: files[$0]) }
      var sources: [RatingSource] = []
      for (path, stamp) in zip(files, stamps) {
        guard let stamp else {
          // What is no regular file tells so when it is opened.
          let file = try OpenFile(path)
          throw RatingDataError(
            .inputMissing, .notAFile, file: file.path, "is no regular file; a folder of ratings holds files only")
        }
        sources.append(RatingSource(name: path, path: path, stamp: stamp, range: 0..<stamp.size))
      }
      return .files(sources)
    }
    let file = try OpenFile(path)
    guard file.isRegular else { return .stream(file, isTar: false) }
    var start = [UInt8](repeating: 0, count: TarWalker.block)
    let count = try start.withUnsafeMutableBufferPointer { (buffer) throws(RatingDataError) in
      try file.read(into: buffer, at: 0)
    }
    if TarWalker.isTar(Array(start[..<count])) { return .files(try RatingArchive.sources(in: file)) }
    if start.withUnsafeBytes({ InputFile.isGzip($0) }) {
      return .stream(file, isTar: isTar(compressed: path))
    }
    return .files(
      [RatingSource(name: path, path: path, stamp: file.stamp, range: 0..<file.stamp.size, file: file)])
  }

  /// Whether the first block of a compressed file is that of a tar file. What can't be expanded is none.
  private static func isTar(compressed path: String) -> Bool {
    var start = [UInt8](repeating: 0, count: TarWalker.block)
    guard path != "-", let source = try? ByteSource(path), let count = try? source.read(into: &start) else {
      return false
    }
    return TarWalker.isTar(Array(start[..<count]))
  }
}
