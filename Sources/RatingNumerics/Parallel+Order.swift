import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Parallel {
  /// Runs `body(0)`, ..., `body(count - 1)`, each once and not before the pieces that it has to follow have ended, on up
  /// to `threads` threads.
  ///
  /// Pieces are handed out in order. Where pieces that share memory always follow each other, the result is the same
  /// bytes for any number of threads.
  ///
  /// - Parameters:
  ///   - count: the number of pieces; 0 does nothing.
  ///   - predecessors: for each piece the two pieces that have to end first; -1 stands for none.
  ///   - threads: at least 1; nil means `availableThreads`.
  /// - Precondition: predecessors come earlier than the piece that follows them.
  package static func forEach(
    _ count: Int, after predecessors: [(Int, Int)], threads: Int? = nil, _ body: @Sendable (Int) -> Void
  ) {
    precondition(predecessors.count == count, "\(count) pieces have \(predecessors.count) pairs of predecessors")
    for (piece, before) in predecessors.enumerated() {
      precondition(before.0 < piece && before.1 < piece, "piece \(piece) follows \(before)")
    }
    let done = Flags(count)
    forEach(count, threads: threads) { piece in
      done.wait(predecessors[piece].0)
      done.wait(predecessors[piece].1)
      body(piece)
      done.raise(piece)
    }
  }

  /// Flags that threads wait for, each on a cache line of its own.
  private final class Flags: @unchecked Sendable {
    // Unchecked: the memory is of atomics.
    private static let distance = 64
    private let flags: UnsafeMutablePointer<Atomic<Bool>>
    private let count: Int

    init(_ count: Int) {
      self.count = count
      flags = .allocate(capacity: count * Self.distance)
      for index in 0..<count * Self.distance { (flags + index).initialize(to: Atomic(false)) }
    }

    deinit {
      flags.deinitialize(count: count * Self.distance)
      flags.deallocate()
    }

    func raise(_ index: Int) { flags[index * Self.distance].store(true, ordering: .releasing) }

    /// The wait is short where pieces are of equal size: it looks again at once, and lets others run after a while.
    func wait(_ index: Int) {
      guard index >= 0 else { return }
      var looks = 0
      while !flags[index * Self.distance].load(ordering: .acquiring) {
        looks += 1
        if looks > 200 { sched_yield() }
      }
    }
  }
}
