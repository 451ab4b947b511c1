#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is done with the files of a data set between unpacking and their getting their place.
extension DatasetFetcher {
  /// Where all that was unpacked lies in one folder, its content takes its place.
  func hoistOnlyFolder(of target: OutputFolder) throws(RatingDataError) {
    let names = InputFile.names(inFolder: target.temporary)
    guard names.count == 1, InputFile.isFolder("\(target.temporary)/\(names[0])") else { return }
    // Under a name that nothing inside can have: paths in archives have no control characters.
    let aside = "\(target.temporary)/\u{1}"
    guard rename("\(target.temporary)/\(names[0])", aside) == 0 else { throw moving(names[0], target) }
    for name in InputFile.names(inFolder: aside) {
      guard rename("\(aside)/\(name)", "\(target.temporary)/\(name)") == 0 else { throw moving(name, target) }
    }
    rmdir(aside)
  }

  private func moving(_ name: String, _ target: OutputFolder) -> RatingDataError {
    RatingDataError(
      .cannotWrite,
      [
        Problem(
          .error, "cannot-write", file: "\(target.path)/\(name)",
          message: "can't be moved into place: \(String(cString: strerror(errno)))")
      ])
  }

  /// Compares the files with what the catalogue says of them.
  func checkMembers(
    _ entry: DatasetCatalogue.Entry, in target: OutputFolder, archives: [Archive]
  ) throws(RatingDataError) {
    // A download whose own hash is known needs no more proof.
    let isProven = archives.allSatisfy { !$0.source.isTrustedOnFirstUse && !$0.isOther }
    guard !isProven else { return }
    for file in entry.files where file.addresses.isEmpty {
      let name = file.name.hasPrefix("\(entry.name)/") ? String(file.name.dropFirst(entry.name.count + 1)) : file.name
      let path = "\(target.temporary)/\(name)"
      let isThere = access(path, R_OK) == 0
      let found = isThere ? try FileFingerprint(of: path) : FileFingerprint()
      let difference = isThere ? FileFingerprint(file).difference(from: found) : (.badArchive, "is missing")
      guard let difference else { continue }
      guard archives.contains(where: \.isOther) else {
        options.onEvent?(
          .note("\(name) \(difference.message): the publisher has changed it since the catalogue was made"))
        continue
      }
      throw RatingDataError(
        .badData, difference.code, file: "\(archives[0].path): \(name)",
        "\(difference.message); the archive is not the published one, and neither is this file")
    }
  }

  /// Archives inside, such as the training set of the Netflix Prize.
  func unpackInner(_ target: OutputFolder) throws(RatingDataError) {
    for name in InputFile.names(inFolder: target.temporary) where name.hasSuffix(".tar") {
      options.onEvent?(.unpacking(file: name))
      try ArchiveUnpacker(limits: options.limits).unpack("\(target.temporary)/\(name)", named: name, into: target)
      unlink("\(target.temporary)/\(name)")
    }
  }

  func receipt(_ entry: DatasetCatalogue.Entry, _ archives: [Archive]) -> String {
    var lines = ["# \(entry.title), fetched by prizecheck: sha256  bytes  file  origin"]
    for archive in archives {
      let source = archive.source
      let origin = archive.isDownload ? source.origin : "a local file"
      lines.append("\(source.sha256)  \(source.bytes)  \(source.name)  \(origin)")
    }
    return (lines + ["# \(entry.licence)", "# \(entry.citation)"]).joined(separator: "\n") + "\n"
  }
}
