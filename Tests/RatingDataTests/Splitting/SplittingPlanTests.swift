import Testing
import _RatingTestSupport

@testable import RatingData
@testable import RatingNumerics

/// The ways of dividing as values and as text, and the splits that they yield.
@Suite struct SplittingPlanTests {
  static let texts = [
    "random 10%", "random 12.5%", "k-fold 5", "repeated 3x5", "last 9", "leave-one-out last", "leave-one-out random",
    "given 10 random", "given 10 last", "all-but 2 random", "all-but 2 last", "time 10%", "time 1970-01-02",
    "time 2005-12-01T18:00:00Z", "rolling 4 expanding", "rolling 4 sliding", "predefined", "predefined ua ub",
  ]

  @Test(arguments: texts) func aPlansTextReadsBack(_ text: String) throws {
    let plan = try SplittingPlan(text)
    #expect(plan.description == text)
    #expect(try SplittingPlan(plan.description) == plan)
    #expect(!plan.summary.isEmpty && !plan.summary.contains("Optional"))
  }

  @Test(arguments: [
    ("leave-one-out", "leave-one-out last"), ("given 3", "given 3 random"), ("all-but 1", "all-but 1 random"),
    ("rolling 2", "rolling 2 expanding"), ("random 0.25", "random 25%"), ("time 0.1", "time 10%"),
    ("  k-fold   5 ", "k-fold 5"), ("random 0.123456789", "random 0.123456789"),
  ])
  func shortFormsMeanTheLongOnes(_ short: String, _ long: String) throws {
    #expect(try SplittingPlan(short).description == long)
  }

  @Test(arguments: [
    "", "thirds", "random", "random 0%", "random 100%", "random x", "random 10% 2", "k-fold 1", "k-fold x", "k-fold",
    "repeated 3", "repeated 0x5", "repeated 3x1", "repeated 3x5x2", "last 0", "last", "leave-one-out first", "given",
    "given 0", "given 3 some", "all-but -1", "time", "time 2005-13-01", "time 0", "rolling 0", "rolling 4 jumping",
    "random nan", "k-fold 99999999999999999999",
  ])
  func otherTextsAreRefused(_ text: String) {
    #expect {
      _ = try SplittingPlan(text)
    } throws: {
      let error = $0 as? RatingDataError
      return error?.kind == .badData && error?.problems.map(\.code) == ["bad-split"]
    }
  }

  /// 40 users with 1 to 40 ratings each, at times of their own.
  static func sample(shuffled seed: Seed? = nil, times: Bool = true) -> RatingDataset {
    var all: [(user: Int, item: Int, rating: Float, time: UInt32)] = []
    for user in 1...40 {
      for item in 1...user {
        all.append((user, item * 3, Float((user * item) % 5 + 1), UInt32(43_200 + item * 5_000 + user * 7)))
      }
    }
    if let seed {
      var stream = RandomStream(seed: seed, purpose: "test.shuffle")
      stream.shuffle(&all)
    }
    return RatingDataset(
      users: all.map(\.user), items: all.map(\.item), ratings: all.map(\.rating), times: times ? all.map(\.time) : nil)
  }

  private struct Row: Hashable {
    var user: Identifier
    var item: Identifier
    var time: UInt32
  }

  private func rows(_ dataset: RatingDataset) -> [Row] {
    dataset.withUnsafeColumns { columns in
      (0..<dataset.count).map {
        Row(
          user: dataset.vocabularies.users[Int(columns.users[$0])],
          item: dataset.vocabularies.items[Int(columns.items[$0])], time: columns.times?[$0] ?? 0)
      }
    }
  }

  private func counts(_ dataset: RatingDataset) -> [Int: Int] {
    Dictionary(grouping: rows(dataset)) { Int($0.user.description)! }.mapValues(\.count)
  }

  @Test(arguments: texts.filter { !$0.hasPrefix("predefined") && !$0.contains("2005") })
  func theSameSeedGivesTheSameSplitsInAnyOrderOfRowsAndCalls(_ text: String) throws {
    let plan = try SplittingPlan(text)
    let splits = try plan.splits(of: Self.sample(), seed: 3)
    let others = try plan.splits(of: Self.sample(shuffled: 8), seed: 3)
    #expect(splits.names == others.names && Set(splits.names).count == splits.count)
    for index in (0..<splits.count).reversed() {
      let (one, two) = (try splits.split(index), try others.split(index))
      #expect(Set(rows(one.train)) == Set(rows(two.train)) && Set(rows(one.test)) == Set(rows(two.test)))
      #expect(Set(rows(one.train)).isDisjoint(with: rows(one.test)) && one.test.count > 0)
      let again = try splits.split(index)
      #expect(rows(again.test) == rows(one.test) && rows(again.train) == rows(one.train))
    }
  }

  @Test func repetitionsDealTheRowsAnew() throws {
    let whole = Self.sample()
    let splits = try SplittingPlan("repeated 3x4").splits(of: whole, seed: 5)
    #expect(splits.count == 12 && splits.names[4] == "repeat-2-fold-1")
    let tests = try splits.all().map { Set(rows($0.test)) }
    for repetition in 0..<3 {
      let folds = tests[(repetition * 4)..<(repetition * 4 + 4)]
      #expect(folds.reduce(into: Set()) { $0.formUnion($1) } == Set(rows(whole)))
      #expect(folds.map(\.count).reduce(0, +) == whole.count)
    }
    #expect(tests[0] != tests[4] && tests[4] != tests[8])
    // The first repetition is k-fold itself.
    let once = try KFold(folds: 4).splits(whole, seed: 5)
    for fold in 0..<4 { #expect(try Set(rows(once.split(fold).test)) == tests[fold]) }
  }

  @Test(arguments: HeldOutRatings.allCases) func everyUserGivesWhatIsHeldOutAndKeepsOne(_ heldOut: HeldOutRatings)
    throws
  {
    let whole = Self.sample()
    let one = try whole.split(.leaveOneOut(heldOut), seed: 1)
    let three = try whole.split(.allBut(3, heldOut: heldOut), seed: 1)
    let given = try whole.split(.given(5, heldOut: heldOut), seed: 1)
    for user in 1...40 {
      #expect(counts(one.test)[user, default: 0] == min(1, user - 1))
      #expect(counts(three.test)[user, default: 0] == min(3, user - 1))
      #expect(counts(given.train)[user, default: 0] == min(5, user))
      #expect(counts(given.test)[user, default: 0] == max(0, user - 5))
    }
    if heldOut == .last {
      for split in [one, three, given] {
        let last = Dictionary(grouping: rows(split.train), by: \.user).mapValues { $0.map(\.time).max()! }
        #expect(rows(split.test).allSatisfy { $0.time > last[$0.user]! })
      }
      let same = try whole.split(.lastPerUser(3), seed: 1)
      #expect(rows(same.test) == rows(three.test))
    }
  }

  @Test func anyOfAUsersRatingsIsAsLikelyToBeHeldOut() throws {
    // User 10's ten ratings over 1,000 seeds: each is held out about 100 times, standard deviation 9.5.
    let whole = Self.sample()
    var heldOut: [Identifier: Int] = [:]
    for seed in 0..<1_000 {
      let split = try whole.split(.leaveOneOut(.random), seed: Seed(UInt64(seed)))
      for row in rows(split.test) where row.user == Identifier(10) { heldOut[row.item, default: 0] += 1 }
    }
    #expect(heldOut.count == 10 && heldOut.values.allSatisfy { abs($0 - 100) < 48 }, "\(heldOut)")
  }

  @Test func aCutInTimeHasNothingLaterInTraining() throws {
    let whole = Self.sample()
    let cut = try #require(TimeCut(date: "1970-01-02"))
    #expect(cut.time == 86_400)
    let late = try #require(TimeCut(date: "1971-01-01"))
    #expect(throws: RatingDataError.self) { _ = try late.split(whole, seed: 1) }
    let noon = try #require(TimeCut(date: "1970-01-02T12:00:00"))
    let split = try whole.split(noon, seed: 1)
    #expect(
      rows(split.train).allSatisfy { $0.time < noon.time } && rows(split.test).allSatisfy { $0.time >= noon.time })
    #expect(split.train.count + split.test.count == whole.count)
    for text in ["2005", "2005-02-30", "1969-12-31", "yesterday", "12"] { #expect(TimeCut(date: text) == nil) }
  }

  @Test(arguments: RollingWindows.Training.allCases) func windowsFollowEachOther(_ training: RollingWindows.Training)
    throws
  {
    let whole = Self.sample()
    let splits = try whole.split(RollingWindows(windows: 4, training: training), seed: 1)
    #expect(splits.names == ["window-1", "window-2", "window-3", "window-4"])
    var before = 0
    var lastOfTest: UInt32 = 0
    for split in try splits.all() {
      let (train, test) = (rows(split.train).map(\.time), rows(split.test).map(\.time))
      #expect(train.max()! <= test.min()! && lastOfTest <= test.min()!)
      #expect(abs(split.test.count - whole.count / 5) <= 1)
      if training == .sliding {
        #expect(abs(split.train.count - whole.count / 5) <= 1)
      } else {
        #expect(split.train.count > before)
      }
      before = split.train.count
      lastOfTest = test.max()!
    }
  }

  @Test func plansThatGoByTimeNeedTimes() throws {
    let untimed = Self.sample(times: false)
    for text in Self.texts where !text.hasPrefix("predefined") {
      let needs =
        text.hasPrefix("time") || text.hasPrefix("last") || text.hasPrefix("rolling") || text.hasSuffix(" last")
      var code: String?
      do { _ = try SplittingPlan(text).splits(of: untimed, seed: 1) } catch { code = error.problems[0].code }
      #expect(code == (needs ? "no-times" : nil), "\(text)")
    }
  }

  @Test func predefinedFoldsAreFoundByTheirNames() throws {
    let folder = try ScratchFolder()
    let whole = RatingDataset(users: [1, 1, 2, 2], items: [1, 2, 1, 3], ratings: [1, 2, 3, 4])
    for name in ["u10", "u2", "u1", "ua"] {
      try folder.write("\(name).base", "1\t1\t1\t0\n1\t2\t2\t0\n")
      try folder.write("\(name).test", "2\t1\t3\t0\n2\t3\t4\t0\n")
    }
    try folder.write("u9.test", "1\t1\t1\t0\n")
    try folder.write("r1.train", "1::1::1::0\n")
    try folder.write("r1.test", "1::2::2::0\n")
    try folder.write("fold-1/train.csv", "user,item,rating\n1,1,1\n")
    try folder.write("fold-1/test.csv", "user,item,rating\n1,2,2\n")
    let plan = try SplittingPlan("predefined")
    let splits = try plan.splits(of: whole, seed: 1, folder: folder.path)
    #expect(splits.names == ["fold-1", "r1", "u1", "u2", "u10"])
    let split = try splits.split(3)
    #expect(split.train.count == 2 && split.test.count == 2 && split.train.vocabularies == whole.vocabularies)
    #expect(rows(split.test).map { "\($0.user) \($0.item)" } == ["2 1", "2 3"])
    let named = try SplittingPlan("predefined ua u1").splits(of: whole, seed: 1, folder: folder.path)
    #expect(named.names == ["ua", "u1"])
    // On their own, the halves' users and items.
    let own = try PredefinedFolds(inFolder: folder.path, names: ["u1"]).splits().split(0)
    #expect(own.train.userCount == 2 && own.train.itemCount == 3 && own.test.vocabularies == own.train.vocabularies)
    func code(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return (error as? RatingDataError)?.problems[0].code }
      return nil
    }
    #expect(
      code { _ = try SplittingPlan("predefined u9").splits(of: whole, seed: 1, folder: folder.path) } == "missing-file")
    #expect(code { _ = try plan.splits(of: whole, seed: 1, folder: folder.path("none")) } == "missing-file")
    #expect(code { _ = try plan.splits(of: whole, seed: 1) } == "unusable-split")
    let less = RatingDataset(users: [1, 1], items: [1, 2], ratings: [1, 5])
    #expect(code { _ = try plan.splits(of: less, seed: 1, folder: folder.path).split(3) } == "unusable-split")
    try folder.write("empty/readme.txt", "nothing")
    #expect(code { _ = try plan.splits(of: whole, seed: 1, folder: folder.path("empty")) } == "missing-file")
  }

  @Test(.enabled(if: RealData.path("ml-100k/u.data") != nil, "RATINGBENCH_DATA has no ml-100k"))
  func theFiveFoldsOfMovieLensPartitionIt() throws {
    let path = try #require(RealData.path("ml-100k/u.data"))
    let whole = try RatingDataset(contentsOf: path)
    let splits = try SplittingPlan("predefined").splits(
      of: whole, seed: 1, folder: String(path.dropLast("/u.data".count)))
    #expect(splits.names == ["u1", "u2", "u3", "u4", "u5"])
    var tested: Set<Row> = []
    for split in try splits.all() {
      #expect(split.train.count == 80_000 && split.test.count == 20_000)
      tested.formUnion(rows(split.test))
    }
    #expect(tested == Set(rows(whole)) && tested.count == 100_000)
  }
}
