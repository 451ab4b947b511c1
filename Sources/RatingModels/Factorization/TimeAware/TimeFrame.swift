#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How times become bins of items, sessions of users and a user's drift.
struct TimeFrame: Sendable, Hashable {
  /// Seconds since 1970 of the first training rating.
  let first: Double
  /// Seconds from the first to the last training rating, at least 1.
  let span: Double
  /// The bins that the span is cut into, all of one length.
  let bins: Int
  /// The length of a session: a user's ratings in the same stretch of so many seconds, counted from 1970, share one.
  let sessionSeconds: Int
  /// beta: how the drift grows with the time that has passed.
  let exponent: Double

  /// The bin of a time; times before the first and after the last training rating are in the first and the last bin.
  func bin(_ time: UInt32) -> Int {
    min(max(Int((Double(time) - first) / span * Double(bins)), 0), bins - 1)
  }

  func session(_ time: UInt32) -> Int64 { Int64(time) / Int64(sessionSeconds) }

  /// sign(t - center) x (|t - center| / span)^beta, from -1 to 1.
  func drift(_ time: UInt32, from center: Double) -> Double {
    let passed = Double(time) - center
    let size = pow(min(abs(passed) / span, 1), exponent)
    return passed < 0 ? -size : size
  }
}

/// The sessions in which each user has training ratings.
struct UserSessions: Sendable {
  /// One more than there are users: the sessions of user u are at `starts[u]..<starts[u + 1]`, ascending.
  let starts: [Int]
  let sessions: [Int64]

  /// The place of a user's session; nil where the user has no training rating in it.
  ///
  /// - Complexity: O(log sessions of the user).
  func place(_ user: Int, _ session: Int64) -> Int? {
    var (low, high) = (starts[user], starts[user + 1])
    while low < high {
      let middle = (low + high) / 2
      if sessions[middle] < session { low = middle + 1 } else { high = middle }
    }
    return low < starts[user + 1] && sessions[low] == session ? low : nil
  }
}
