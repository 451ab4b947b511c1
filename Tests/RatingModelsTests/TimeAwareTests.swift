import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct TimeAwareTests {
  private static let day: UInt32 = 86_400

  /// Ratings over 400 days: items change halfway by up to 1, users drift, and each user has good and bad days.
  private struct Drifting {
    let train: RatingDataset
    let test: RatingDataset

    init() {
      var stream = RandomStream(seed: 2, purpose: "tests.drifting")
      var rows: [(user: Int, item: Int, rating: Float, time: UInt32)] = []
      let changes = (0..<40).map { _ in 2 * stream.uniform() - 1 }
      for user in 0..<200 {
        let slope = stream.normal() * 0.4
        let days = (0..<6).map { _ in (number: stream.below(400), mood: 0.5 * stream.normal()) }
        for _ in 0..<60 {
          let (day, item) = (days[stream.below(6)], stream.below(40))
          let rating =
            3 + (day.number < 200 ? changes[item] : -changes[item]) + slope * Double(day.number - 200) / 200 + day.mood
            + 0.3 * stream.normal()
          rows.append((user, item, Float(rating), UInt32(day.number) * TimeAwareTests.day + 1_000_000_000))
        }
      }
      stream.shuffle(&rows)
      let all = RatingDataset(
        users: rows.map(\.user), items: rows.map(\.item), ratings: rows.map(\.rating), times: rows.map(\.time),
        scale: RatingScale(-3...9))
      train = all.selecting(rows: Array(0..<10_000))
      test = all.selecting(rows: Array(10_000..<rows.count))
    }
  }

  @Test func whatChangesWithTimeIsLearned() throws {
    let drifting = Drifting()
    let still = rmse(try DampedBiases().fit(to: drifting.train, seed: 1), drifting.test)
    let biases = TimeBiases {
      $0.epochs = 60
      $0.learningRate = 0.03
      $0.itemBinRegularization = 2
      $0.sessionRegularization = 1
      $0.bins = 10
      $0.sessionMinutes = 1440
    }
    let moving = rmse(try biases.fit(to: drifting.train, seed: 1), drifting.test)
    let factors = TimeSVDPlusPlus(factors: 4, epochs: 60) {
      $0.biasLearningRate = 0.03
      $0.itemBinRegularization = 2
      $0.sessionRegularization = 1
      $0.bins = 10
      $0.sessionMinutes = 1440
    }
    let both = rmse(try factors.fit(to: drifting.train, seed: 1), drifting.test)
    #expect(still > 0.75)
    #expect(moving < 0.45 && moving > 0.29, "\(moving)")
    #expect(both < 0.47 && both > 0.29, "\(both)")
  }

  /// Factors whose users turn round halfway: only slopes of factors can follow.
  @Test func factorsDrift() throws {
    var stream = RandomStream(seed: 4, purpose: "tests.turning")
    var rows: [(user: Int, item: Int, rating: Float, time: UInt32)] = []
    let kinds = (0..<40).map { _ in stream.below(2) == 0 ? 1.0 : -1 }
    for user in 0..<150 {
      let taste = stream.below(2) == 0 ? 1.0 : -1
      for _ in 0..<60 {
        let (day, item) = (stream.below(400), stream.below(40))
        let rating = 3 + taste * kinds[item] * (Double(day) - 200) / 200 + 0.3 * stream.normal()
        rows.append((user, item, Float(rating), UInt32(day) * Self.day + 1_000_000_000))
      }
    }
    let all = RatingDataset(
      users: rows.map(\.user), items: rows.map(\.item), ratings: rows.map(\.rating), times: rows.map(\.time),
      scale: RatingScale(-3...9))
    let train = all.selecting(rows: rows.indices.filter { $0 % 10 != 0 })
    let test = all.selecting(rows: rows.indices.filter { $0 % 10 == 0 })
    var algorithm = TimeSVDPlusPlus(factors: 4, epochs: 80) {
      $0.learningRate = 0.05
      $0.factorDriftRegularization = 0.1
      $0.bins = 2
      $0.driftExponent = 1
    }
    let turning = rmse(try algorithm.fit(to: train, seed: 1), test)
    algorithm.factorDriftRegularization = 1e6
    let still = rmse(try algorithm.fit(to: train, seed: 1), test)
    #expect(turning < 0.42, "\(turning)")
    #expect(still > 0.55, "\(still)")
  }

  @Test(arguments: ["time-biases", "time-svd++"])
  func ratingsWithoutTimesAreAnError(_ name: String) throws {
    let ratings = RatingDataset(users: [1, 2], items: [1, 2], ratings: [1, 5])
    let error = #expect(throws: TrainingError.self) {
      try AlgorithmRegistry.standard.algorithm(name).fit(to: ratings, seed: 1)
    }
    #expect(error?.code == .missingTimes)
    #expect(error?.description.contains("\(name) learns from when ratings were made") == true)
    #expect(error?.remedy.contains("svd++") == true)
  }

  @Test func thePredictionIsTheFormula() {
    let vocabularies = Vocabularies(
      users: Vocabulary([Identifier(1), Identifier(2)]), items: Vocabulary([Identifier(1), Identifier(2)]))
    let layout = TimedLayout(users: 2, items: 2, bins: 2, sessions: 2)
    var numbers = [Float](repeating: 0, count: layout.count)
    func set(_ section: TimedLayout.Section, _ place: Int, _ value: Float) {
      numbers[layout.start(section) + place] = value
    }
    set(.userBiases, 0, 0.5)
    set(.userSlopes, 0, 0.25)
    set(.userScales, 0, 0.125)
    set(.itemBiases, 1, 1)
    set(.binBiases, 0, 0.0625)
    set(.binBiases, 1, 2)
    set(.cellBiases, 3, -0.5)
    set(.sessionBiases, 1, 4)
    set(.sessionScales, 1, 0.375)
    let model = TimeBiasModel(
      vocabularies: vocabularies, scale: .wholeStars, mean: 3,
      frame: TimeFrame(first: 1000, span: 1000, bins: 2, sessionSeconds: 60, exponent: 0.5),
      userTimes: [1500, 0], sessions: UserSessions(starts: [0, 2, 2], sessions: [20, 29]), layout: layout,
      numbers: numbers)
    func rating(_ user: UInt32?, _ item: UInt32?, _ time: UInt32?) -> Double {
      model.rating(Question(user: user.map(UserIndex.init), item: item.map(ItemIndex.init), time: time))
    }
    // 1750 is in bin 1 and session 29; its drift is (250 / 1000)^(1/2) = 1/2.
    #expect(rating(0, 1, 1750) == 3 + 0.5 + 0.25 * 0.5 + 4 + 2 + (1 + 0.125 + 0.375) * (1 - 0.5))
    // 1250 is in bin 0 and no session that the user has ratings in; its drift is -1/2.
    #expect(rating(0, 1, 1250) == 3 + 0.5 - 0.25 * 0.5 + 0.0625 + 1.125 * 1)
    #expect(rating(0, 1, nil) == 3 + 0.5 + 1.125 * 1)
    // User 1 has no ratings; times outside the span count as its ends.
    #expect(rating(1, 1, 5) == 3 + 0.0625 + 1)
    #expect(rating(nil, 1, .max) == 3 + 2 + 0.5)
    #expect(rating(0, nil, .max) == 3 + 0.5 + 0.25 + 2)
    #expect(rating(nil, nil, nil) == 3)
  }

  @Test func aQuestionWithoutTimeIsAnsweredByWhatDoesNotDependOnTime() throws {
    let planted = PlantedRatings(users: 60, items: 40, perUser: 20)
    let model = try TimeSVDPlusPlus(factors: 4, epochs: 5) { $0.bins = 4 }.fit(to: planted.train, seed: 1)
    var pairs = planted.test.pairs
    let timed = model.predict(pairs)
    pairs.times = nil
    let timeless = model.predict(pairs)
    #expect(timeless != timed)
    #expect(timeless.values.allSatisfy { $0.isFinite })
    for row in 0..<pairs.count { #expect(model.rating(pairs.question(row)) == timeless.values[row]) }
  }
}
