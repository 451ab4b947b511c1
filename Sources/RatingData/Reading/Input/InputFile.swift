import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An opened file, mapped into memory where it is a plain regular file; else a descriptor to stream from.
///
/// gzip is told by its first two bytes, whatever the file is called. The path `-` is standard input.
///
/// Where another process cuts a mapped file short, the lost bytes read as zeros (`FileMapping`): what was read of it means
/// nothing then, and `change` says so.
final class InputFile: @unchecked Sendable {
  enum Content {
    /// The whole file. There is nothing readable behind it.
    case mapped(UnsafeRawBufferPointer)
    /// To be read to its end; `gzip` is known for regular files, and found out from the first bytes otherwise.
    case stream(Int32)
  }

  let path: String
  let content: Content
  private let file: OpenFile
  private let mapping: FileMapping?

  init(_ path: String) throws(RatingDataError) {
    self.path = path
    file = try OpenFile(path)
    if file.isRegular, let mapping = FileMapping(descriptor: file.descriptor, count: file.stamp.size),
      !InputFile.isGzip(mapping.bytes)
    {
      self.mapping = mapping
      content = .mapped(mapping.bytes)
    } else {
      mapping = nil
      content = .stream(file.descriptor)
    }
  }

  /// What happened to a regular file since it was opened, so that nothing that was read of it counts; nil where it is
  /// what it was.
  var change: RatingDataError? {
    guard file.isRegular else { return nil }
    do throws(RatingDataError) { try file.checkUnchanged(since: file.stamp) } catch { return error }
    guard mapping?.hasLost ?? false else { return nil }
    return RatingDataError(
      .badData, .changedFile, file: path,
      "was shorter than its \(file.stamp.size) bytes while it was read; don't change it while it is read")
  }

  static func isGzip(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
  }

  /// Whether `path` names a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether anything has this name; a link counts, wherever it leads.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The names in a folder, ascending by their bytes; empty where it can't be read.
  static func names(inFolder path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
