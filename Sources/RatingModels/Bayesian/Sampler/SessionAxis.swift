/// The sessions in which each user has training ratings: stretches of some minutes, counted from 1970.
struct SessionAxis: Sendable {
  let seconds: Int
  let sessions: UserSessions

  var count: Int { sessions.sessions.count }

  init(seconds: Int, sessions: UserSessions) {
    self.seconds = seconds
    self.sessions = sessions
  }

  /// - Complexity: O(n log n).
  init(users: UnsafeBufferPointer<UInt32>, times: UnsafeBufferPointer<UInt32>, userCount: Int, seconds: Int) {
    self.seconds = seconds
    var own = [[Int64]](repeating: [], count: userCount)
    for row in users.indices {
      let (user, session) = (Int(users[row]), Int64(times[row]) / Int64(seconds))
      if own[user].last != session { own[user].append(session) }
    }
    var starts = [0]
    var sessions: [Int64] = []
    for user in 0..<userCount {
      for session in own[user].sorted() where sessions.count == starts[user] || sessions.last != session {
        sessions.append(session)
      }
      starts.append(sessions.count)
    }
    self.sessions = UserSessions(starts: starts, sessions: sessions)
  }

  /// The place of a user's session; the number of sessions where training has no rating of it.
  func index(_ user: UInt32, _ time: UInt32?) -> Int {
    guard let time, Int(user) < sessions.starts.count - 1 else { return count }
    return sessions.place(Int(user), Int64(time) / Int64(seconds)) ?? count
  }
}
