#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Asks for large pages, so that random access to much memory does not wait for the translation of addresses.
///
/// Linux gives them to who asks (`transparent_hugepage/enabled` is `madvise` or `always`); elsewhere this does nothing.
package enum LargePages {
  /// Below this size, memory is too small for large pages to matter.
  private static let least = 4 << 20

  /// Asks for large pages for memory that was allocated but not yet touched.
  package static func advise(_ memory: UnsafeMutableRawPointer?, byteCount: Int) {
    #if os(Linux)
      guard let memory, byteCount >= least else { return }
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      let start = (Int(bitPattern: memory) + page - 1) / page * page
      let end = (Int(bitPattern: memory) + byteCount) / page * page
      // Refused where the system has no large pages: all is as it would have been.
      madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, MADV_HUGEPAGE)
    #endif
  }
}
