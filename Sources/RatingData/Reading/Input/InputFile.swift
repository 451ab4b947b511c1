import CZlib

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An opened file, mapped into memory where it is a plain regular file; else a descriptor to stream from.
///
/// gzip is told by its first two bytes, whatever the file is called. The path `-` is standard input.
final class InputFile: @unchecked Sendable {
  enum Content {
    /// The whole file. There is nothing readable behind it.
    case mapped(UnsafeRawBufferPointer)
    /// To be read to its end; `gzip` is known for regular files, and found out from the first bytes otherwise.
    case stream(Int32)
  }

  let path: String
  let content: Content
  private let mappingLength: Int

  init(_ path: String) throws(RatingDataError) {
    self.path = path
    let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      let reason = errno
      if reason == ENOENT || reason == ENOTDIR {
        let hint = DatasetCatalogue.entry(named: path) == nil ? "" : ", or fetch the data set: prizecheck fetch \(path)"
        throw RatingDataError(
          .inputMissing, .missingFile, file: path, "there is no such file; check the path and the current folder\(hint)"
        )
      }
      throw RatingDataError(
        .inputMissing, .unreadableFile, file: path, "can't be opened: \(String(cString: strerror(reason)))")
    }
    var status = stat()
    fstat(descriptor, &status)
    if status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw RatingDataError(
        .inputMissing, .notAFile, file: path,
        "is a folder where one file is expected; name a file in it"
          + " (a folder of ratings is read where ratings are asked for and it holds mv_*.txt or combined_data_*.txt)")
    }
    let size = Int(status.st_size)
    if status.st_mode & S_IFMT == S_IFREG && size > 0 && lseek(descriptor, 0, SEEK_CUR) == 0 {
      if let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED {
        let bytes = UnsafeRawBufferPointer(start: start, count: size)
        if !InputFile.isGzip(bytes) {
          madvise(start, size, MADV_SEQUENTIAL)
          close(descriptor)
          content = .mapped(bytes)
          mappingLength = size
          return
        }
        munmap(start, size)
      }
    }
    content = .stream(descriptor)
    mappingLength = 0
  }

  deinit {
    switch content {
    case .mapped(let bytes): munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), mappingLength)
    case .stream(let descriptor): close(descriptor)
    }
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
