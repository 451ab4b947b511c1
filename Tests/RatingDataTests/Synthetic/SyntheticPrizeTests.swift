import Foundation
import Testing

@testable import RatingData
@testable import RatingNumerics

@Suite struct SyntheticPrizeTests {
  /// 300 users, 120 items, 9,000 ratings.
  static let small: SyntheticPrize.Parameters = {
    var parameters = SyntheticPrize.Parameters(users: 300, items: 120, ratings: 9_000)
    parameters.factors = 3
    return parameters
  }()

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func committedSetIsReproducedByteForByte() throws {
    let scratch = try Scratch()
    let made = scratch.path("demo")
    let summary = try SyntheticPrize(.demo, seed: 1).write(to: made)
    let committed = Self.repository.appendingPathComponent("datasets/synthetic-prize").path
    let names = try FileManager.default.subpathsOfDirectory(atPath: committed).sorted()
    #expect(try FileManager.default.subpathsOfDirectory(atPath: made).sorted() == names)
    var bytes = 0
    for name in names where name != "training_set" {
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(committed)/\(name)"))
      #expect(try Data(contentsOf: URL(fileURLWithPath: "\(made)/\(name)")) == data, "\(name) differs")
      bytes += data.count
    }
    #expect(bytes == summary.bytes)
    #expect(bytes <= 3_000_000)
  }

  @Test(arguments: [1, 2, 4]) func rowsAreTheSameOnAnyNumberOfThreads(threads: Int) {
    let prize = SyntheticPrize(Self.small, seed: 7)
    var rows: [PrizeRow] = []
    prize.forEachPiece(ofUsers: 3..<290, threads: threads, rowsPerPiece: 400) { rows.append(contentsOf: $0) }
    #expect(rows == prize.rows(ofUsers: 3..<290))
  }

  @Test func anyPartOfTheUsersIsAsInTheWhole() {
    let prize = SyntheticPrize(Self.small, seed: 3)
    let whole = prize.rows(ofUsers: 0..<300)
    for users in [0..<1, 17..<40, 299..<300] {
      let ids = Set(users.map { prize.userID($0) })
      #expect(prize.rows(ofUsers: users) == whole.filter { ids.contains($0.user) })
    }
  }

  @Test func anotherSeedGivesOtherRows() {
    #expect(
      SyntheticPrize(Self.small, seed: 1).rows(ofUsers: 0..<5)
        != SyntheticPrize(Self.small, seed: 2).rows(ofUsers: 0..<5))
  }

  @Test(arguments: [(300, 120, 9_000), (50, 40, 100), (1, 10, 9), (40, 10, 360), (2_000, 500, 20_011)])
  func countsAddUpExactlyAndRowsAreSound(users: Int, items: Int, ratings: Int) {
    let parameters = SyntheticPrize.Parameters(users: users, items: items, ratings: ratings)
    #expect(parameters.problem == nil)
    let prize = SyntheticPrize(parameters, seed: 5)
    let rows = prize.rows(ofUsers: 0..<users)
    #expect(rows.count == ratings)
    #expect(Set(rows.map(\.user)).count == users)
    #expect(rows.allSatisfy { $0.user >= 1 && Int($0.user) <= parameters.largestUserID })
    #expect(rows.allSatisfy { $0.item >= 1 && Int($0.item) <= items && (1...5).contains($0.stars) })
    #expect(rows.allSatisfy { (parameters.firstDay...parameters.lastDay).contains(Int($0.day)) })
    #expect(Set(rows.map { UInt64($0.user) << 32 | UInt64($0.item) }).count == ratings, "a user rates an item once")
    func count(_ part: PrizeRow.Part) -> Int { rows.count { $0.part == part } }
    #expect(count(.probe) == prize.probeCount)
    #expect(count(.quiz) == prize.quizCount)
    #expect(count(.test) == prize.testCount)
    #expect(count(.training) + count(.probe) == prize.trainingCount)
    let counts = [prize.probeCount, prize.quizCount, prize.testCount]
    #expect(counts.max()! - counts.min()! <= 1)
  }

  @Test func lastNineOfEachUserAreHeldOutAtMostHalf() {
    let rows = SyntheticPrize(Self.small, seed: 11).rows(ofUsers: 0..<300)
    for (_, rows) in Dictionary(grouping: rows, by: \.user) {
      let heldOut = rows.filter { $0.part != .training }
      #expect(heldOut.count == min(9, rows.count / 2))
      #expect(rows.suffix(heldOut.count).allSatisfy { $0.part != .training })
      let lastTrained = rows.filter { $0.part == .training }.map(\.day).max()!
      #expect(heldOut.allSatisfy { $0.day >= lastTrained })
    }
  }

  @Test func histogramIsThatOfTheNetflixSet() {
    let parameters = SyntheticPrize.Parameters(users: 2_000, items: 300, ratings: 80_000)
    let rows = SyntheticPrize(parameters, seed: 2).rows(ofUsers: 0..<2_000)
    let all = parameters.starShares.reduce(0, +)
    for stars in 1...5 {
      let share = Double(rows.count { Int($0.stars) == stars }) / Double(rows.count)
      #expect(abs(share - parameters.starShares[stars - 1] / all) < 1e-3)
    }
    // The mean of the published training set is 3.604289964.
    let mean = Double(rows.reduce(0) { $0 + Int($1.stars) }) / Double(rows.count)
    #expect(abs(mean - 3.6043) < 2e-3)
  }

  @Test func activityAndPopularityHaveHeavyTails() {
    let parameters = SyntheticPrize.Parameters(users: 4_000, items: 1_000, ratings: 200_000)
    let rows = SyntheticPrize(parameters, seed: 2).rows(ofUsers: 0..<4_000)
    func sizes(_ key: (PrizeRow) -> UInt32) -> [Int] {
      Dictionary(grouping: rows, by: key).values.map(\.count).sorted()
    }
    let users = sizes(\.user)
    // A log-normal distribution of spread 1.25 has a median of 0.46 means; the bounds cut its tail here.
    #expect((0.4...0.6).contains(Double(users[2_000]) / 50))
    #expect(users.last! > 700)
    let items = sizes(\.item)
    #expect(items[items.count / 2] * 10 < items.last!)
  }

  @Test func plantedTasteIsInTheRatings() throws {
    // With hardly any noise and no drift, the residuals of two items of equal factors agree; the planted score shows in
    // the stars. Here: users' mean stars on the items that they should like most exceed those on the least liked.
    var parameters = Self.small
    parameters.factors = 1
    parameters.factorDeviation = 1
    parameters.noiseDeviation = 0.1
    parameters.userDeviation = 0
    parameters.itemDeviation = 0
    parameters.tasteInChoice = 0
    let prize = SyntheticPrize(parameters, seed: 4)
    let items = try #require(prize.audience as? PlainAudience).items
    var agreeing = 0.0
    var users = 0.0
    for user in 0..<300 {
      let rows = prize.rows(ofUsers: user..<user + 1)
      guard rows.count >= 20 else { continue }
      let factors = rows.map { items.factors[Int($0.item) - 1] }
      let stars = rows.map { Double($0.stars) }
      agreeing += abs(correlation(factors, stars))
      users += 1
    }
    #expect(users > 50)
    #expect(agreeing / users > 0.6)
  }

  @Test func splitInMemoryHoldsTheSameRows() {
    let prize = SyntheticPrize(Self.small, seed: 9)
    let split = prize.prizeSplit(threads: 2)
    let rows = prize.rows(ofUsers: 0..<300)
    #expect(split.dataset.count == rows.count)
    #expect(split.parts == rows.map(\.part))
    #expect(split.training.count == prize.trainingCount)
    #expect(split.qualifying.count == prize.quizCount + prize.testCount)
    split.dataset.withUnsafeColumns { columns in
      for (place, row) in rows.enumerated() where place % 97 == 0 {
        #expect(split.dataset.vocabularies.users[Int(columns.users[place])] == Identifier(Int64(row.user)))
        #expect(split.dataset.vocabularies.items[Int(columns.items[place])] == Identifier(Int64(row.item)))
        #expect(columns.ratings[place] == Float(row.stars))
        #expect(columns.times![place] == UInt32(row.day) * 86_400)
      }
    }
  }

  @Test func unusableParametersAreNamed() {
    func problem(_ change: (inout SyntheticPrize.Parameters) -> Void) -> String? {
      var parameters = Self.small
      change(&parameters)
      return parameters.problem
    }
    #expect(problem { _ in } == nil)
    #expect(problem { $0.users = 0 }?.contains("at least 1 user") == true)
    #expect(problem { $0.ratings = 100 }?.contains("got 100") == true)
    #expect(problem { $0.ratings = 300 * 119 }?.contains("in all") == true)
    #expect(problem { $0.largestUserID = 299 }?.contains("largest id") == true)
    #expect(problem { $0.lastDay = $0.firstDay }?.contains("span") == true)
    #expect(problem { $0.noiseDeviation = 0 }?.contains("above 0") == true)
    #expect(problem { $0.starShares = [1] }?.contains("five") == true)
  }

  private func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (ma, mb) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    let ab = zip(a, b).reduce(0) { $0 + ($1.0 - ma) * ($1.1 - mb) }
    let aa = a.reduce(0) { $0 + ($1 - ma) * ($1 - ma) }
    let bb = b.reduce(0) { $0 + ($1 - mb) * ($1 - mb) }
    return aa * bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }
}

@Suite struct SyntheticPartsTests {
  @Test(arguments: [0, 1, 2, 3, 4, 5, 17, 1_000, 4_096, 4_097])
  func permutationHitsEachPlaceOnce(count: Int) {
    let order = IndexPermutation(count: count, stream: RandomStream(seed: 1, purpose: "test.permutation"))
    #expect((0..<count).map { order[$0] }.sorted() == Array(0..<count))
  }

  @Test func permutationLeavesNoOrder() {
    let order = IndexPermutation(count: 100_000, stream: RandomStream(seed: 1, purpose: "test.permutation"))
    // The number of neighbours in ascending order is normal with mean n/2 and variance n/12: five deviations are 456.
    let ascents = (1..<100_000).count { order[$0 - 1] < order[$0] }
    #expect(abs(ascents - 50_000) < 456)
  }

  @Test func aliasTableDrawsInProportion() {
    let weights: [Double] = [1, 2, 3, 4, 90]
    let table = AliasTable(weights)
    var stream = RandomStream(seed: 1, purpose: "test.alias")
    var counts = [Double](repeating: 0, count: 5)
    for _ in 0..<100_000 { counts[table.draw(&stream)] += 1 }
    for (count, weight) in zip(counts, weights) {
      let share = weight / 100
      #expect(abs(count - share * 1e5) < 5 * (1e5 * share * (1 - share)).squareRoot())
    }
  }

  @Test func titlesAreDistinctAndLatin1() {
    let titles = InventedTitles(count: 21_000, seed: 1)
    let all = (0..<21_000).map { titles[$0] }
    #expect(Set(all).count == all.count)
    #expect(all.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x100 } })
  }

  @Test func demoTitlesHaveCommasAnAccentAndOneUnknownYear() throws {
    let bytes = SyntheticPrize(.demo, seed: 1).movieTitles()
    let text = try #require(String(bytes: bytes, encoding: .isoLatin1))
    let lines = text.split(separator: "\n")
    #expect(lines.count == 350)
    #expect(lines.count { $0.split(separator: ",", maxSplits: 2)[2].contains(",") } > 10)
    #expect(lines.count { $0.contains(",NULL,") } == 1)
    #expect(text.contains("Café"))
    #expect(bytes.contains(0xe9))
    for (position, line) in lines.enumerated() {
      let fields = line.split(separator: ",", maxSplits: 2)
      #expect(fields[0] == "\(position + 1)")
      #expect(fields[1] == "NULL" || (1890...2005).contains(Int(fields[1])!))
    }
  }
}
