import RatingData
import RatingNumerics

/// Predicts, in the rating's unit,
///
///     mean + b(u) + slope(u) x drift(u, t) + b(u, session of t) + b(bin of t)
///          + (1 + scale(u) + scale(u, session of t)) x (b(i) + b(i, bin of t))
///
/// What is unknown counts for nothing: an unseen user or item, a session without training ratings, and all that
/// depends on time where a question has none.
public struct TimeBiasModel: SavableModel {
  public let vocabularies: Vocabularies
  public let scale: RatingScale
  public let mean: Double
  let frame: TimeFrame
  let userTimes: [Double]
  let sessions: UserSessions
  let layout: TimedLayout
  let numbers: [Float]

  init(
    vocabularies: Vocabularies, scale: RatingScale, mean: Double, frame: TimeFrame, userTimes: [Double],
    sessions: UserSessions, layout: TimedLayout, numbers: [Float]
  ) {
    self.vocabularies = vocabularies
    self.scale = scale
    self.mean = mean
    self.frame = frame
    self.userTimes = userTimes
    self.sessions = sessions
    self.layout = layout
    self.numbers = numbers
  }

  public func rating(_ question: Question) -> Double {
    rating(question.user?.value ?? .max, question.item?.value ?? .max, question.time)
  }

  /// - Complexity: O(pairs x log of the sessions of a user).
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    .inPieces(pairs.count, threads: threads) { rows, values in
      for row in rows { values[row] = rating(pairs.users[row], pairs.items[row], pairs.times?[row]) }
    }
  }

  func rating(_ user: UInt32, _ item: UInt32, _ time: UInt32?) -> Double {
    let (user, item) = (Int(user), Int(item))
    let knowsUser = user < layout.users && sessions.starts[user] < sessions.starts[user + 1]
    let knowsItem = item < layout.items
    func number(_ section: TimedLayout.Section, _ place: Int) -> Double {
      Double(numbers[layout.start(section) + place])
    }
    var (share, itemShare, scale) = (mean, knowsItem ? number(.itemBiases, item) : 0, 1.0)
    if knowsUser {
      share += number(.userBiases, user)
      scale += number(.userScales, user)
    }
    if let time {
      let bin = frame.bin(time)
      share += number(.binBiases, bin)
      if knowsItem { itemShare += number(.cellBiases, item * layout.bins + bin) }
      if knowsUser {
        share += number(.userSlopes, user) * frame.drift(time, from: userTimes[user])
        if let session = sessions.place(user, frame.session(time)) {
          share += number(.sessionBiases, session)
          scale += number(.sessionScales, session)
        }
      }
    }
    return share + scale * itemShare
  }

  /// How far a time lies from the middle of the user's ratings; 0 where either is unknown.
  func drift(_ user: UInt32, _ time: UInt32?) -> Double {
    guard let time, Int(user) < layout.users else { return 0 }
    return frame.drift(time, from: userTimes[Int(user)])
  }

  /// Every sum and product of numbers smaller than this stays finite.
  static let largestNumber = 1e15

  public var tensors: [Tensor] {
    [
      Tensor("mean", .float64([mean])),
      Tensor("time", .float64([frame.first, frame.span, Double(frame.sessionSeconds), frame.exponent])),
      Tensor("times.users", .float64(userTimes)),
      Tensor("sessions.starts", .float64(sessions.starts.map(Double.init))),
      Tensor("sessions", .float64(sessions.sessions.map(Double.init))),
    ] + layout.tensors(numbers)
  }

  public init(_ tensors: ModelTensors) throws(ModelTensors.Failure) {
    let (users, items) = (tensors.vocabularies.users.count, tensors.vocabularies.items.count)
    let time = try tensors.doubles("time", shape: [4])
    let cells = try tensors.floats("biases.item-bins", shape: [items, nil]).shape
    let bins = items > 0 ? cells[1] : 1
    guard
      time[0] >= 0, time[0] <= 5e9, time[1] >= 1, time[1] <= 5e9,
      time[2] >= 60, time[2] <= 60 * Double(Self.largestSessionMinutes),
      time[2] == time[2].rounded(), (0...10).contains(time[3]), (1...Self.largestBins).contains(bins)
    else { throw ModelTensors.Failure("the time frame \(time) with \(bins) bins is none that a fit makes") }
    let starts = try tensors.doubles("sessions.starts", shape: [users + 1])
    let ids = try tensors.doubles("sessions", shape: [nil])
    guard
      starts.first == 0, starts.last == Double(ids.count), zip(starts, starts.dropFirst()).allSatisfy(<=),
      (starts + ids).allSatisfy({ $0 == $0.rounded() && $0 >= 0 && $0 <= 1e10 })
    else { throw ModelTensors.Failure("the sessions' starts don't ascend from 0 to their number") }
    let layout = TimedLayout(users: users, items: items, bins: bins, sessions: ids.count)
    var numbers: [Float] = []
    for section in TimedLayout.Section.allCases {
      numbers += try tensors.floats(section.tensorName, shape: layout.shape(section)).values
    }
    self.init(
      vocabularies: tensors.vocabularies, scale: tensors.scale, mean: try tensors.doubles("mean", shape: [1])[0],
      frame: TimeFrame(
        first: time[0], span: time[1], bins: bins, sessionSeconds: Int(time[2]), exponent: time[3]),
      userTimes: try tensors.doubles("times.users", shape: [users]),
      sessions: UserSessions(starts: starts.map { Int($0) }, sessions: ids.map { Int64($0) }), layout: layout,
      numbers: numbers)
    guard abs(mean) < 1e38, numbers.allSatisfy({ abs(Double($0)) < Self.largestNumber }),
      userTimes.allSatisfy({ abs($0) < 1e10 })
    else {
      throw ModelTensors.Failure("the biases or times are so large that a prediction would not be finite")
    }
  }

  /// The largest number of bins, and of minutes of a session, that is allowed.
  public static let largestBins = 4096
  public static let largestSessionMinutes = 527_040
}
