import RatingData
import RatingNumerics

/// What time-aware models learn from: the ratings user by user in units of their deviation, with what time makes of
/// each.
struct TimedData: Sendable {
  let vocabularies: Vocabularies
  let scale: RatingScale
  let mean: Double
  let deviation: Double
  let frame: TimeFrame
  /// The mean time of each user's ratings, seconds since 1970; 0 for users without any.
  let userTimes: [Double]
  let sessions: UserSessions
  let layout: TimedLayout
  /// How many training ratings speak of each number of the layout.
  let counts: [Int32]
  let order: UserOrder
  let ratings: [Kernels.TimedRating]

  /// - Throws: `missingTimes` where the ratings have none.
  /// - Complexity: O(n log n) for n ratings; 24 bytes for each.
  init(
    _ dataset: RatingDataset, _ effects: TimeEffects, algorithm: String, seed: Seed
  ) throws(TrainingError) {
    guard dataset.hasTimes else { throw .missingTimes(algorithm) }
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    let moments = RatingMoments(dataset, threads: nil)
    let (mean, deviation) = (moments.mean, moments.deviation)
    (self.mean, self.deviation) = (mean, deviation)
    let order = UserOrder(dataset, seed: seed)
    self.order = order
    let users = dataset.userCount
    let times = dataset.withUnsafeColumns { Array($0.times!) }
    let (first, last) = (Double(times.min()!), Double(times.max()!))
    let bins = effects.bins
    let frame = TimeFrame(
      first: first, span: max(last - first, 1), bins: bins, sessionSeconds: 60 * effects.sessionMinutes,
      exponent: effects.driftExponent)
    self.frame = frame
    // Each user's mean time and sessions.
    var userTimes = [Double](repeating: 0, count: users)
    var (starts, sessions): ([Int], [Int64]) = ([0], [])
    for user in 0..<users {
      let own = order.rows[order.starts[user]..<order.starts[user + 1]].map { times[Int($0)] }
      userTimes[user] = own.isEmpty ? 0 : own.reduce(0) { $0 + Double($1) } / Double(own.count)
      for session in own.map(frame.session).sorted() where sessions.count == starts[user] || sessions.last != session {
        sessions.append(session)
      }
      starts.append(sessions.count)
    }
    let (allTimes, allSessions) = (userTimes, UserSessions(starts: starts, sessions: sessions))
    (self.userTimes, self.sessions) = (allTimes, allSessions)
    let layout = TimedLayout(users: users, items: dataset.itemCount, bins: bins, sessions: sessions.count)
    self.layout = layout
    var counts = [Int32](repeating: 0, count: layout.count)
    ratings = dataset.withUnsafeColumns { columns in
      order.rows.map { row in
        let (user, item, time) = (Int(columns.users[Int(row)]), Int(columns.items[Int(row)]), times[Int(row)])
        let (bin, session) = (frame.bin(time), allSessions.place(user, frame.session(time))!)
        let cell = item * bins + bin
        for section in [TimedLayout.Section.userBiases, .userSlopes, .userScales] {
          counts[layout.start(section) + user] += 1
        }
        counts[layout.start(.itemBiases) + item] += 1
        counts[layout.start(.binBiases) + bin] += 1
        counts[layout.start(.sessionBiases) + session] += 1
        counts[layout.start(.sessionScales) + session] += 1
        counts[layout.start(.cellBiases) + cell] += 1
        return Kernels.TimedRating(
          item: UInt32(item), rating: Float((Double(columns.ratings[Int(row)]) - mean) / deviation),
          item_bin: UInt32(cell), day: UInt32(session), drift: Float(frame.drift(time, from: allTimes[user])))
      }
    }
    self.counts = counts
  }

  /// The number of training ratings.
  var count: Int { ratings.count }
}

extension TrainingError {
  static func missingTimes(_ algorithm: String) -> TrainingError {
    TrainingError(
      .missingTimes, message: "\(algorithm) learns from when ratings were made, and these ratings have no times",
      remedy: "give ratings with a time column, or use an algorithm without times, such as svd++ or biases")
  }
}
