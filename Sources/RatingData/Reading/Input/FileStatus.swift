#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system tells of files, the same on all systems, and bytes from any place of them.
enum FileStatus {
  /// Of the regular file at `path`; nil where there is none.
  static func ofRegularFile(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 && status.isRegular ? status : nil
  }

  /// The bytes from `offset` on that fit into the buffer and that the file has.
  ///
  /// - Returns: their number; nil where they can't be read: `errno` tells why.
  static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
    var filled = 0
    while filled < buffer.count {
      let count = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}

extension stat {
  var isRegular: Bool { st_mode & S_IFMT == S_IFREG }

  /// When the content changed last, in nanoseconds since 1970.
  var modified: Int64 {
    #if canImport(Darwin)
      st_mtimespec.nanoseconds
    #else
      st_mtim.nanoseconds
    #endif
  }

  /// When the content or the attributes changed last, in nanoseconds since 1970. No program can set it.
  var changed: Int64 {
    #if canImport(Darwin)
      st_ctimespec.nanoseconds
    #else
      st_ctim.nanoseconds
    #endif
  }
}

extension timespec {
  var nanoseconds: Int64 { Int64(tv_sec) &* 1_000_000_000 &+ Int64(tv_nsec) }
}
