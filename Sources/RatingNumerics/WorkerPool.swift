import CRatingKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads that wait for parallel loops to help with, for as long as the process runs.
///
/// A loop asks for helpers, works itself, and ends when all its pieces are done: it never waits for a helper that the
/// system has not let run yet, because that one has begun no piece. On a busy machine this is what a short loop would
/// otherwise spend its time with.
final class WorkerPool: @unchecked Sendable {
  // Unchecked: the lock guards everything that changes.
  static let shared = WorkerPool()

  private let lock = Lock()
  private let jobsWait: UnsafeMutablePointer<pthread_cond_t>
  private let loopsWait: UnsafeMutablePointer<pthread_cond_t>
  private var jobs: [Job] = []
  private var workers = 0
  private var busy = 0
  /// How many more helpers the jobs together want. Changed under the lock.
  private let wanted = Atomic<Int>(0)

  /// How often a thread looks for what it waits for before it sleeps: some tens of microseconds, about what waking takes.
  private static let looks = 2000

  private init() {
    jobsWait = Lock.makeCondition()
    loopsWait = Lock.makeCondition()
  }

  /// Runs `body(0)`, ..., `body(count - 1)` on this thread and up to `helpers` others.
  func run(_ count: Int, helpers: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { body in
        let job = Job(count: count, helpers: helpers, body: body)
        open(job)
        job.run()
        close(job)
      }
    }
  }

  private func open(_ job: Job) {
    lock.lock()
    jobs.append(job)
    let all = wanted.add(job.helpers, ordering: .relaxed).newValue
    var missing = all - (workers - busy)
    while missing > 0, Parallel.startThread({ [unowned self] in work() }) != nil {
      workers += 1
      missing -= 1
    }
    if job.helpers == 1 { pthread_cond_signal(jobsWait) } else { pthread_cond_broadcast(jobsWait) }
    lock.unlock()
  }

  private func close(_ job: Job) {
    lock.lock()
    wanted.subtract(job.helpers, ordering: .relaxed)
    job.helpers = 0
    jobs.removeAll { $0 === job }
    lock.unlock()
    for _ in 0..<Self.looks {
      if job.isDone { return }
      rk_pause()
    }
    lock.lock()
    while !job.isDone { lock.wait(loopsWait) }
    lock.unlock()
  }

  /// What a helper does for ever.
  private func work() {
    while true {
      for _ in 0..<Self.looks {
        if wanted.load(ordering: .relaxed) > 0 { break }
        rk_pause()
      }
      lock.lock()
      var job: Job?
      while true {
        job = jobs.first { $0.helpers > 0 }
        if job != nil { break }
        lock.wait(jobsWait)
      }
      job!.helpers -= 1
      wanted.subtract(1, ordering: .relaxed)
      busy += 1
      lock.unlock()
      let didLast = job!.run()
      lock.lock()
      busy -= 1
      if didLast { pthread_cond_broadcast(loopsWait) }
      lock.unlock()
    }
  }

  /// The pieces of one loop.
  private final class Job: @unchecked Sendable {
    // Unchecked: `helpers` is guarded by the pool's lock, `body` is read only for a piece that is not done.
    private let next = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    private let count: Int
    /// Lives as long as there are pieces to do. A helper that comes late finds none.
    private let body: UnsafePointer<@Sendable (Int) -> Void>
    /// How many more helpers may join.
    var helpers: Int

    init(count: Int, helpers: Int, body: UnsafePointer<@Sendable (Int) -> Void>) {
      self.count = count
      self.helpers = helpers
      self.body = body
    }

    var isDone: Bool { done.load(ordering: .acquiring) == count }

    /// Does pieces until there are none left. Returns whether it did the one that ended last.
    @discardableResult
    func run() -> Bool {
      var didLast = false
      while true {
        let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard piece < count else { return didLast }
        body.pointee(piece)
        didLast = done.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == count
      }
    }
  }

  /// A lock that conditions can be waited for with.
  private struct Lock: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() { pthread_mutex_init(mutex, nil) }

    static func makeCondition() -> UnsafeMutablePointer<pthread_cond_t> {
      let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
      pthread_cond_init(condition, nil)
      return condition
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }
    func wait(_ condition: UnsafeMutablePointer<pthread_cond_t>) { pthread_cond_wait(condition, mutex) }
  }
}
