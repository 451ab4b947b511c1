import Synchronization

/// How far the reading of ratings has come.
public struct ReadingProgress: Sendable, Hashable {
  /// The bytes that were read, compressed as they are on disk.
  public var bytes: Int
  /// All there are; nil for a pipe.
  public var totalBytes: Int?
  /// The ratings that were read.
  public var rows: Int
  /// Whether it is the last report, which comes where reading ends with an error, too.
  public var isLast: Bool
}

/// Counts what the threads have read, and tells about it.
final class ReadingMeter: Sendable {
  private let tell: (@Sendable (ReadingProgress) -> Void)?
  private let state: Mutex<ReadingProgress>

  init(_ tell: (@Sendable (ReadingProgress) -> Void)?, totalBytes: Int?) {
    self.tell = tell
    state = Mutex(ReadingProgress(bytes: 0, totalBytes: totalBytes, rows: 0, isLast: false))
  }

  func add(bytes: Int, rows: Int) {
    guard let tell else { return }
    state.withLock { state in
      state.bytes += bytes
      state.rows += rows
      tell(state)
    }
  }

  func end() {
    guard let tell else { return }
    state.withLock { state in
      state.isLast = true
      tell(state)
    }
  }
}
