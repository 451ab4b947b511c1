import CRatingKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file in memory, as long as this object lives, that another process may cut short meanwhile.
///
/// To read what a file has lost would end the process by a signal (SIGBUS). Here the lost bytes read as zeros, and
/// `hasLost` tells. The first mapping of a process takes that signal over; it is passed on for all other memory.
package final class FileMapping: @unchecked Sendable {
  // Unchecked: nothing changes after `init`.
  package let bytes: UnsafeRawBufferPointer
  private let watch: Int32

  /// Maps the first `count` bytes; nil where that can't be done: the file is empty, is no file that can be mapped, or a
  /// few hundred are mapped already.
  package init?(descriptor: Int32, count: Int) {
    guard count > 0, let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      return nil
    }
    watch = rk_watch_mapping(start, count)
    guard watch >= 0 else {
      munmap(start, count)
      return nil
    }
    madvise(start, count, MADV_SEQUENTIAL)
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    rk_unwatch_mapping(watch)
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count)
  }

  /// Whether bytes were missed so far.
  package var hasLost: Bool { rk_mapping_has_lost(watch) != 0 }
}
