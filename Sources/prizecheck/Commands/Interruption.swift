import RatingBench
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C: ends training after the last complete epoch, and everything else at once, without a partial file.
///
/// The signal handler only writes a byte into a pipe; a thread of its own reads it, which may take locks and print. The
/// signal can't be blocked and waited for instead: OpenBLAS starts threads before `main`, which would still receive it.
enum Interruption {
  /// Raised by the first Ctrl-C during training; a second one ends the process.
  static let flag = CancellationFlag()
  private static let isTraining = Atomic<Bool>(false)
  private static let isInstalled = Atomic<Bool>(false)
  private static let writingEnd = Atomic<Int32>(-1)

  /// Begins to wait for the signal, at the first call. To be called before other threads are started.
  static func install() {
    guard !isInstalled.exchange(true, ordering: .sequentiallyConsistent) else { return }
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return }
    writingEnd.store(ends[1], ordering: .sequentiallyConsistent)
    let readingEnd = ends[0]
    _ = Parallel.startThread {
      var byte: UInt8 = 0
      while true {
        let count = read(readingEnd, &byte, 1)
        if count < 0 && errno == EINTR { continue }
        guard count == 1 else { return }
        if isTraining.load(ordering: .sequentiallyConsistent) && !flag.isCancelled {
          flag.cancel()
        } else {
          UnfinishedFiles.removeAll()
          _exit(ExitStatus.interrupted.rawValue)
        }
      }
    }
    signal(SIGINT) { _ in
      let reason = errno
      var byte: UInt8 = 1
      _ = write(Interruption.writingEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
      errno = reason
    }
    // A process inherits what its starter blocks, and threads of Dispatch, from which Foundation starts processes,
    // block nearly all signals: Ctrl-C would then wait for ever.
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
  }

  /// Runs `body`, during which Ctrl-C raises the flag instead of ending the process.
  static func whileTraining<Result>(_ body: () throws -> Result) rethrows -> Result {
    isTraining.store(true, ordering: .sequentiallyConsistent)
    defer { isTraining.store(false, ordering: .sequentiallyConsistent) }
    return try body()
  }
}
