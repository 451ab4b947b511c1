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

  /// - Parameter byUser: the ratings of the data set, grouped by user.
  /// - Throws: `missingTimes` where the ratings have none.
  /// - Complexity: O(n log n) for n ratings, in parallel; 20 bytes for each.
  init(
    _ dataset: RatingDataset, byUser: SparseRatings, _ effects: TimeEffects, algorithm: String, seed: Seed,
    threads: Int?
  ) throws(TrainingError) {
    guard dataset.hasTimes else { throw .missingTimes(algorithm) }
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    let moments = RatingMoments(dataset, threads: threads)
    let (mean, deviation) = (moments.mean, moments.deviation)
    (self.mean, self.deviation) = (mean, deviation)
    let order = UserOrder(starts: byUser.starts, seed: seed)
    self.order = order
    let users = dataset.userCount
    let times = dataset.withUnsafeColumns { columns in
      RatingSort(keys: columns.users, others: columns.items, starts: byUser.starts, threads: threads)
        .sorted(columns.times!)
    }
    let (first, last) = (Double(times.min()!), Double(times.max()!))
    let bins = effects.bins
    let frame = TimeFrame(
      first: first, span: max(last - first, 1), bins: bins, sessionSeconds: 60 * effects.sessionMinutes,
      exponent: effects.driftExponent)
    self.frame = frame
    // Each user's mean time and sessions.
    let pieces = Parallel.map(byUser.pieces, threads: threads) { piece in
      byUser.keys(inPiece: piece).map { user -> (time: Double, sessions: [Int64]) in
        let own = times[byUser.range(user)]
        var sessions: [Int64] = []
        for session in own.map(frame.session).sorted() where sessions.last != session { sessions.append(session) }
        return (own.isEmpty ? 0 : own.reduce(0) { $0 + Double($1) } / Double(own.count), sessions)
      }
    }
    let userTimes = pieces.flatMap { $0.map(\.time) }
    var (starts, sessions): ([Int], [Int64]) = ([0], [])
    for piece in pieces {
      for user in piece {
        sessions += user.sessions
        starts.append(sessions.count)
      }
    }
    let allSessions = UserSessions(starts: starts, sessions: sessions)
    (self.userTimes, self.sessions) = (userTimes, allSessions)
    let layout = TimedLayout(users: users, items: dataset.itemCount, bins: bins, sessions: sessions.count)
    self.layout = layout
    let scaled = byUser.mapping { Float((Double($0) - mean) / deviation) }
    let ratings = order.arranged(scaled, threads: threads) { user, own, order, target in
      for (place, rating) in order.enumerated() {
        let (item, time) = (Int(own.others[Int(rating)]), times[scaled.starts[user] + Int(rating)])
        (target + place).initialize(
          to: Kernels.TimedRating(
            item: UInt32(item), rating: own.values[Int(rating)], item_bin: UInt32(item * bins + frame.bin(time)),
            day: UInt32(allSessions.place(user, frame.session(time))!),
            drift: Float(frame.drift(time, from: userTimes[user]))))
      }
    }
    self.ratings = ratings
    var counts = [Int32](repeating: 0, count: layout.count)
    for user in 0..<users {
      for section in [TimedLayout.Section.userBiases, .userSlopes, .userScales] {
        counts[layout.start(section) + user] = Int32(byUser.count(user))
      }
    }
    let (ofItems, ofBins, ofCells) = (
      layout.start(.itemBiases), layout.start(.binBiases), layout.start(.cellBiases)
    )
    let (ofSessions, ofScales) = (layout.start(.sessionBiases), layout.start(.sessionScales))
    counts.withUnsafeMutableBufferPointer { counts in
      for rating in ratings {
        let (item, cell, session) = (Int(rating.item), Int(rating.item_bin), Int(rating.day))
        counts[ofItems + item] &+= 1
        counts[ofBins + cell - item * bins] &+= 1
        counts[ofCells + cell] &+= 1
        counts[ofSessions + session] &+= 1
        counts[ofScales + session] &+= 1
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
