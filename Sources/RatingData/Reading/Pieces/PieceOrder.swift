#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lets threads that work on numbered pieces pass a point in the order of the numbers.
///
/// No thread waits for ever, as long as pieces are begun in the order of their numbers.
final class PieceOrder: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var turn = 0

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
  }

  /// Runs `body` when all pieces before `piece` have run theirs.
  func pass(_ piece: Int, _ body: () -> Void) {
    pthread_mutex_lock(mutex)
    while turn != piece { pthread_cond_wait(condition, mutex) }
    body()
    turn += 1
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
