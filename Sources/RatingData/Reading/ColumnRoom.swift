#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Room for columns of which only the highest number of rows is known before they are read.
///
/// Room that is never written to takes no memory: large memory is given page by page when it is first touched.
final class ColumnRoom: @unchecked Sendable {
  let capacity: Int
  let users: UnsafeMutablePointer<UInt32>
  let items: UnsafeMutablePointer<UInt32>
  let ratings: UnsafeMutablePointer<Float>
  let times: UnsafeMutablePointer<UInt32>?
  private var memory: [UnsafeMutableRawPointer]

  init(capacity: Int, times hasTimes: Bool) {
    self.capacity = capacity
    memory = (0..<(hasTimes ? 4 : 3)).map { _ in LargeMemory.allocate(bytes: 4 * capacity) }
    users = memory[0].bindMemory(to: UInt32.self, capacity: capacity)
    items = memory[1].bindMemory(to: UInt32.self, capacity: capacity)
    ratings = memory[2].bindMemory(to: Float.self, capacity: capacity)
    times = hasTimes ? memory[3].bindMemory(to: UInt32.self, capacity: capacity) : nil
  }

  deinit { for column in memory { free(column) } }

  /// The first `count` rows, which take the memory along; what is behind them is given back. Pointers into the room end here:
  /// its memory may move.
  func columns(count: Int) -> RatingColumns {
    let kept = memory.map { realloc($0, max(4 * count, 1)) ?? $0 }
    memory = []
    return RatingColumns(
      count: count, users: kept[0].bindMemory(to: UInt32.self, capacity: count),
      items: kept[1].bindMemory(to: UInt32.self, capacity: count),
      ratings: kept[2].bindMemory(to: Float.self, capacity: count),
      times: kept.count > 3 ? kept[3].bindMemory(to: UInt32.self, capacity: count) : nil
    ) {
      for column in kept { free(column) }
    }
  }
}
