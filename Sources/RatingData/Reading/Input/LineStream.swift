import Crypto
import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes that are whole lines, but for the last of a file, which may lack its line break.
///
/// At least `FieldScanner.overread` bytes behind `end` are readable, and mean nothing.
struct LineChunk {
  var start: BytePointer
  var end: BytePointer
  /// Nothing comes behind it.
  var isLast: Bool
}

/// Reads a descriptor on a thread of its own, expands gzip, and hands over chunks of whole lines.
///
/// The reading thread fills one slot while the consumer works on another, so that expanding and parsing overlap. Memory:
/// `slotCount` slots of `slotSize` bytes, however long the file is.
final class LineStream: @unchecked Sendable {
  static let slotSize = 1 << 20
  static let slotCount = 3
  /// The longest line that is read: room for the part of a line that one slot leaves to the next.
  static let longestLine = 1 << 16

  private struct Slot {
    /// `longestLine` bytes of room for what the slot before left, then `slotSize` bytes, then the overread.
    var memory: UnsafeMutablePointer<UInt8>
    var count = 0
    var isLast = false
  }

  private let descriptor: Int32
  private var slots: [Slot]
  private var produced = 0
  private var consumed = 0
  private var cancelled = false
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var thread: pthread_t?
  private var bytes: ExpandedBytes?

  /// What remained of the last chunk behind its last line break.
  private var rest: (start: BytePointer, count: Int)?
  private var ended = false

  // Written by the reading thread before the last slot is handed over, read after it or after `close()`.
  var failure: ReadFailure? { bytes?.failure }
  var byteCount: Int { bytes?.byteCount ?? 0 }
  private(set) var sha256 = ""

  init(descriptor: Int32) {
    self.descriptor = descriptor
    slots = (0..<Self.slotCount).map { _ in
      let size = Self.longestLine + Self.slotSize + FieldScanner.overread
      let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
      memory.initialize(repeating: 0, count: size)
      return Slot(memory: memory)
    }
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    for slot in slots { slot.memory.deallocate() }
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
  }

  func start() {
    thread = Parallel.startThread { [self] in produce() }
  }

  /// Stops the reading thread and waits for it, when no more chunks are wanted; calling it again does nothing.
  func close() {
    pthread_mutex_lock(mutex)
    cancelled = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    if let thread { pthread_join(thread, nil) }
    thread = nil
  }

  // MARK: - The consumer's side

  /// The next chunk; nil after the last one. The chunk before becomes invalid.
  ///
  /// A line longer than `longestLine` comes as a chunk without a line break that is not the last.
  func next() -> LineChunk? {
    if ended { return nil }
    // Without a second thread the consumer fills the slots itself.
    if thread == nil { produceOne() }
    pthread_mutex_lock(mutex)
    while produced == consumed { pthread_cond_wait(condition, mutex) }
    let slot = slots[consumed % Self.slotCount]
    pthread_mutex_unlock(mutex)

    var start = slot.memory + Self.longestLine
    let end = start + slot.count
    if let rest {
      start -= rest.count
      start.update(from: rest.start, count: rest.count)
      self.rest = nil
    }
    // The slot before was needed until its rest was copied; now it may be filled again.
    if consumed > 0 { release() }
    consumed += 1
    if slot.isLast {
      ended = true
      return LineChunk(start: start, end: end, isLast: true)
    }
    var cut = end
    while cut > start && cut[-1] != UInt8(ascii: "\n") { cut -= 1 }
    if end - cut > Self.longestLine {
      ended = true
      return LineChunk(start: start, end: end, isLast: false)
    }
    rest = (BytePointer(cut), end - cut)
    return LineChunk(start: start, end: cut, isLast: false)
  }

  private var released = 0

  private func release() {
    pthread_mutex_lock(mutex)
    released += 1
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  // MARK: - The reading thread's side

  private var finished = false

  private func produce() { while !finished && produceOne() {} }

  /// Fills one slot and hands it over; false where the consumer wants no more.
  @discardableResult
  private func produceOne() -> Bool {
    if finished { return false }
    pthread_mutex_lock(mutex)
    while produced - released >= Self.slotCount && !cancelled { pthread_cond_wait(condition, mutex) }
    let stop = cancelled
    pthread_mutex_unlock(mutex)
    if stop {
      finished = true
      return false
    }
    let index = produced % Self.slotCount
    let output = UnsafeMutableBufferPointer(start: slots[index].memory + Self.longestLine, count: Self.slotSize)
    // On this thread, because a pipe may let it wait for its first bytes.
    if bytes == nil { bytes = ExpandedBytes(descriptor: descriptor, hashes: true) }
    let count = bytes!.read(into: output)
    let isLast = count < Self.slotSize
    if isLast {
      finished = true
      // What lies behind the last line must not look as if it went on.
      (output.baseAddress! + count).update(repeating: 0, count: FieldScanner.overread)
      sha256 = bytes!.sha256!
    }
    pthread_mutex_lock(mutex)
    slots[index].count = count
    slots[index].isLast = isLast
    produced += 1
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    return true
  }
}

extension Digest {
  /// The bytes in lowercase hexadecimal.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
