import RatingData
import RatingNumerics

/// What the rows of each side stand for, and so which rows a question has.
struct SideAxes: Sendable {
  let userCount: Int
  let itemCount: Int
  let days: DayAxis?
  let sessions: SessionAxis?

  /// One row for each side; those of sides that there aren't are 0.
  typealias Rows = SIMD4<UInt32>

  static let users = "users", items = "items", days = "days", sessions = "sessions"

  /// The sides in order, and the number of rows of each; one beyond the last is unseen.
  var sides: [(name: String, count: Int)] {
    var sides = [(Self.users, userCount), (Self.items, itemCount)]
    if let days { sides.append((Self.days, days.days.count)) }
    if let sessions { sides.append((Self.sessions, sessions.count)) }
    return sides
  }

  /// - Complexity: O(log days + log of the user's sessions).
  func rows(_ user: UInt32, _ item: UInt32, _ time: UInt32?) -> Rows {
    var rows = Rows(UInt32(min(Int(user), userCount)), UInt32(min(Int(item), itemCount)), 0, 0)
    var side = 2
    if let days {
      rows[side] = UInt32(days.index(time))
      side += 1
    }
    if let sessions { rows[side] = UInt32(sessions.index(user, time)) }
    return rows
  }

  /// Calls `body` with the row of each rating on each side.
  ///
  /// - Complexity: as `rows`, for each rating; in parallel. Users and items need no memory, the other sides 4 bytes a rating.
  func withUnsafeRows<Result>(
    _ columns: UnsafeRatingColumns, threads: Int?, _ body: ([UnsafeBufferPointer<UInt32>]) -> Result
  ) -> Result {
    let (count, extra) = (columns.ratings.count, sides.count - 2)
    let memory = UnsafeMutablePointer<UInt32>.allocate(capacity: max(extra * count, 1))
    defer { memory.deallocate() }
    LargePages.advise(memory, byteCount: extra * count * MemoryLayout<UInt32>.stride)
    if extra > 0 {
      nonisolated(unsafe) let (columns, target) = (columns, memory)
      let pieces = Parallel.rowPieces(count, threads: threads)
      Parallel.forEach(pieces.count, threads: threads) { piece in
        for rating in pieces[piece] {
          let own = rows(columns.users[rating], columns.items[rating], columns.times?[rating])
          for side in 0..<extra { target[side * count + rating] = own[side + 2] }
        }
      }
    }
    return body(
      [columns.users, columns.items]
        + (0..<extra).map { UnsafeBufferPointer(start: memory + $0 * count, count: count) })
  }

  /// These axes when users are elsewhere among more, in the same order; new ones have no sessions.
  func withUsers(at places: some Collection<Int>, count: Int) -> SideAxes {
    let moved = sessions.map { axis in
      var starts = [Int](repeating: 0, count: count + 1)
      for (user, place) in places.enumerated() {
        starts[place + 1] = axis.sessions.starts[user + 1] - axis.sessions.starts[user]
      }
      for user in 0..<count { starts[user + 1] += starts[user] }
      return SessionAxis(
        seconds: axis.seconds, sessions: UserSessions(starts: starts, sessions: axis.sessions.sessions))
    }
    return SideAxes(userCount: count, itemCount: itemCount, days: days, sessions: moved)
  }

  func withItems(_ count: Int) -> SideAxes {
    SideAxes(userCount: userCount, itemCount: count, days: days, sessions: sessions)
  }
}
