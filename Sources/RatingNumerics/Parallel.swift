import CRatingKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Loops over pieces of work that any number of threads may share.
///
/// The pieces are fixed by the caller and depend on the data alone; threads only decide who does which piece, and when.
/// As long as a piece writes nothing that another piece reads or writes, the result is the same bytes for any number of
/// threads. The threads are our own (`WorkerPool`), so that 4 threads really run on a machine with 2 processors and a test
/// can show it.
public enum Parallel {
  /// The number of processors that this process may run on: the default wherever a number of threads is optional.
  public static let availableThreads = Int(rk_available_processors())

  /// Runs `body(0)`, ..., `body(count - 1)`, each once, on up to `threads` threads, and returns when all have ended.
  ///
  /// Pieces are handed out in order, one at a time, to whichever thread is free.
  ///
  /// - Parameters:
  ///   - count: the number of pieces; 0 does nothing.
  ///   - threads: at least 1; nil means `availableThreads`. More threads than pieces are not started.
  ///   - body: the work of one piece. It may write only what belongs to that piece.
  /// - Complexity: O(1) besides the bodies: some microseconds, and about 20 more for each thread that is started. Threads
  ///   stay, and wait for the next loop.
  public static func forEach(_ count: Int, threads: Int? = nil, _ body: @Sendable (Int) -> Void) {
    precondition(count >= 0, "a parallel loop needs a count of at least 0, got \(count)")
    let wanted = threads ?? availableThreads
    precondition(wanted >= 1, "a parallel loop needs at least 1 thread, got \(wanted)")
    let used = min(wanted, count)
    if used <= 1 {
      for piece in 0..<count { body(piece) }
      return
    }
    WorkerPool.shared.run(count, helpers: used - 1, body)
  }

  /// The values of `transform(0)`, ..., `transform(count - 1)`, in that order.
  public static func map<Value: Sendable>(
    _ count: Int, threads: Int? = nil, _ transform: @Sendable (Int) -> Value
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let slots = buffer.baseAddress
      forEach(count, threads: threads) { (slots! + $0).initialize(to: transform($0)) }
      initialized = count
    }
  }

  /// Runs the two closures, on two threads where more than one is allowed, and returns both results.
  public static func both<First: Sendable, Second: Sendable>(
    threads: Int? = nil, _ first: @Sendable () -> First, _ second: @Sendable () -> Second
  ) -> (First, Second) {
    nonisolated(unsafe) var results: (First?, Second?) = (nil, nil)
    withUnsafeMutablePointer(to: &results.0) { one in
      nonisolated(unsafe) let one = one
      withUnsafeMutablePointer(to: &results.1) { two in
        nonisolated(unsafe) let two = two
        forEach(2, threads: threads) { if $0 == 0 { one.pointee = first() } else { two.pointee = second() } }
      }
    }
    return (results.0!, results.1!)
  }

  private final class ThreadBody {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  /// Starts a thread, or returns nil where the system has no more to give: the calling thread then does the work.
  package static func startThread(_ run: @escaping @Sendable () -> Void) -> pthread_t? {
    let argument = Unmanaged.passRetained(ThreadBody(run))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, nil,
        {
          Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue().run()
          return nil
        }, argument.toOpaque())
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        {
          Unmanaged<ThreadBody>.fromOpaque($0!).takeRetainedValue().run()
          return nil
        }, argument.toOpaque())
    #endif
    guard status == 0 else {
      argument.release()
      return nil
    }
    return thread
  }
}
