import RatingBench
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C: ends training after the last complete epoch, and everything else at once, without a partial file.
///
/// The signal is blocked in all threads and waited for in one of its own, which may take locks and print, as a signal
/// handler may not.
enum Interruption {
  /// Raised by the first Ctrl-C during training; a second one ends the process.
  static let flag = CancellationFlag()
  private static let isTraining = Atomic<Bool>(false)

  /// Begins to wait for the signal, at the first call. To be called before other threads are started.
  static func install() { _ = isInstalled }

  private static let isInstalled: Bool = {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let awaited = signals
    _ = Parallel.startThread {
      var signals = awaited
      var signal: Int32 = 0
      while sigwait(&signals, &signal) == 0 {
        if isTraining.load(ordering: .sequentiallyConsistent) && !flag.isCancelled {
          flag.cancel()
        } else {
          UnfinishedFiles.removeAll()
          _exit(ExitStatus.interrupted.rawValue)
        }
      }
    }
    return true
  }()

  /// Runs `body`, during which Ctrl-C raises the flag instead of ending the process.
  static func whileTraining<Result>(_ body: () throws -> Result) rethrows -> Result {
    isTraining.store(true, ordering: .sequentiallyConsistent)
    defer { isTraining.store(false, ordering: .sequentiallyConsistent) }
    return try body()
  }
}
