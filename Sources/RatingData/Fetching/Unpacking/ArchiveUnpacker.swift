/// Unpacks zip, tar, gzipped tar and gzip files; any other file is taken as it is.
///
/// The kind is told by the content, and a name that ends in `.zip`, `.tar`, `.tgz` or `.gz` must keep its word. Nothing
/// leads out of the folder, links and devices are refused, sizes are limited, check sums are checked.
struct ArchiveUnpacker {
  var limits: UnpackLimits

  /// - Parameters:
  ///   - path: where the archive is.
  ///   - name: what it is called: a single file gets this name, without `.gz`.
  func unpack(_ path: String, named name: String, into folder: OutputFolder) throws(RatingDataError) {
    let lower = name.lowercased()
    var source = try ByteSource(path)
    var start = [UInt8](repeating: 0, count: 512)
    start.removeLast(512 - (try source.read(into: &start)))
    let target = UnpackTarget(
      folder, archive: path, counter: UnpackCounter(limits: limits, archive: path, archiveBytes: source.fileBytes))
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      return try ZipArchive(path).unpack(into: target)
    }
    let isTar = start.count == 512 && start[257..<262].elementsEqual("ustar".utf8)
    if isTar || lower.hasSuffix(".tar") || lower.hasSuffix(".tar.gz") || lower.hasSuffix(".tgz") {
      var reader = TarReader(walker: TarWalker(source, first: start))
      return try reader.unpack(into: target)
    }
    guard !lower.hasSuffix(".zip"), source.isGzip || !lower.hasSuffix(".gz") else {
      let looks = start.first.map { $0 == UInt8(ascii: "<") } ?? false ? "a page of HTML" : "something else"
      throw RatingDataError(
        .badData, .badArchive, file: path, "is no \(lower.hasSuffix(".zip") ? "zip" : "gzip") file but \(looks)")
    }
    let plain = source.isGzip && lower.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    try copy(start, &source, to: plain, target, archive: path)
  }

  private func copy(
    _ start: [UInt8], _ source: inout ByteSource, to name: String, _ target: UnpackTarget, archive: String
  ) throws(RatingDataError) {
    let made: ArchivePath?
    do throws(ArchivePath.Refusal) { made = try ArchivePath(name.utf8) } catch {
      throw target.unsafe("has a name that \(error.reason)")
    }
    guard let made else { throw target.unsafe("has no name") }
    let file = try target.makeFile(made)
    try target.add(bytes: start.count)
    try file.write(start)
    var buffer = [UInt8](repeating: 0, count: 1 << 17)
    while true {
      let count = try source.read(into: &buffer)
      if count == 0 { break }
      try target.add(bytes: count)
      try file.write(count == buffer.count ? buffer : Array(buffer[..<count]))
    }
    try file.close()
  }
}
