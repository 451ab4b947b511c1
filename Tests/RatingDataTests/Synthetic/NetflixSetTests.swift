import Foundation
import Testing

@testable import RatingData
@testable import RatingNumerics

/// The set of the Netflix Prize's size, and small sets with genres.
@Suite struct NetflixSetTests {
  private static let netflix = SyntheticPrize(.netflix, seed: 1)

  /// 900 users, 60 items in 7 genres, 30,000 ratings.
  static let small: SyntheticPrize.Parameters = {
    var parameters = SyntheticPrize.Parameters(users: 900, items: 60, ratings: 30_000)
    parameters.genres = .init(popularity: CountCurve(median: 300, largest: 850, spreadBelow: 1))
    parameters.genres!.count = 7
    parameters.genres!.fewestPerItem = 4
    parameters.genres!.itemsWithoutYear = [3, 60]
    parameters.activity = CountCurve(median: 20, largest: 58, spreadBelow: 0.8)
    parameters.mostPerUser = 60
    parameters.partSizes = .init(probe: 2_000, quiz: 1_999, test: 2_003)
    parameters.factors = 3
    return parameters
  }()

  @Test func numbersAreThoseOfTheNetflixPrize() {
    let prize = Self.netflix
    #expect(SyntheticPrize.Parameters.netflix.problem == nil)
    #expect(prize.trainingCount == 100_480_507 && prize.probeCount == 1_408_395)
    #expect(prize.quizCount == 1_408_342 && prize.testCount == 1_408_789)
    // What the plan of all users adds up to, and the published facts of users.
    var (all, parts) = (0, [0, 0, 0, 0])
    var training: [Int] = []
    for user in 0..<480_189 {
      let count = prize.plan.count(ofUser: user)
      let split = prize.plan.parts(ofUser: user)
      all += count
      for position in split.firstHeldOut..<count { parts[Int(split[position].rawValue)] += 1 }
      #expect(count - split.firstHeldOut <= 9)
      training.append(split.firstHeldOut + (split.firstHeldOut..<count).count { split[$0] == .probe })
    }
    #expect(all == 100_480_507 + 1_408_342 + 1_408_789)
    #expect(parts == [0, 1_408_395, 1_408_342, 1_408_789])
    training.sort()
    #expect(training.reduce(0, +) == 100_480_507)
    #expect(training.first == 1 && training.last == 17_653)
    #expect(abs(training[240_094] - 96) <= 1)
    #expect((0..<1_000).allSatisfy { (1...2_649_429).contains(prize.userID($0)) })
  }

  @Test func usersOfTheSetAreSound() throws {
    let prize = Self.netflix
    let users = 100_000..<102_000
    let rows = prize.rows(ofUsers: users)
    #expect(rows.allSatisfy { (10_906...13_148).contains($0.day) && (1...17_770).contains($0.item) })
    #expect(Set(rows.map { UInt64($0.user) << 32 | UInt64($0.item) }).count == rows.count)
    #expect(Set(rows.map(\.user)).count == users.count)
    for (user, rows) in Dictionary(grouping: rows, by: \.user) {
      #expect(rows[0].part == .training || rows[0].part == .probe, "user \(user) has something to train on")
      #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.day <= $1.day })
    }
    let stars = rows.filter { $0.part == .training || $0.part == .probe }.map { Double($0.stars) }
    #expect(abs(stars.reduce(0, +) / Double(stars.count) - 3.604) < 0.03)
    // Ratings become more, and better in 2004.
    func mean(_ days: Range<UInt16>) -> (count: Int, mean: Double) {
      let some = rows.filter { days.contains($0.day) }.map { Double($0.stars) }
      return (some.count, some.reduce(0, +) / Double(max(some.count, 1)))
    }
    let years = [11_688, 12_053, 12_418, 12_784, 13_149].map(UInt16.init)
    let (of2002, of2003, of2005) = (mean(years[0]..<years[1]), mean(years[1]..<years[2]), mean(years[3]..<years[4]))
    #expect(of2002.count * 3 / 2 < of2003.count && of2003.count * 3 / 2 < of2005.count)
    #expect(of2003.mean + 0.08 < of2005.mean)
  }

  @Test func everyItemHasItsThreeFirstRatersAndAKnownYearOrNone() throws {
    let audience = try #require(Self.netflix.audience as? GenreAudience)
    let unknown = audience.years.indices.filter { audience.years[$0] == nil }.map { $0 + 1 }
    #expect(unknown == [4_388, 4_794, 7_241, 10_782, 15_918, 16_678, 17_667])
    var raters = [Int](repeating: 0, count: 17_770)
    for place in audience.firstItems where place >= 0 { raters[Int(place)] += 1 }
    #expect(raters.allSatisfy { $0 == 3 })
    for user in stride(from: 0, to: 480_189, by: 20_011) where audience.firstItems[user] >= 0 {
      let item = audience.catalogue.items[Int(audience.firstItems[user])] + 1
      let first = try #require(Self.netflix.rows(ofUsers: user..<user + 1).first)
      #expect(first.item == UInt32(item) && (first.part == .training || first.part == .probe))
    }
    let text = try #require(String(bytes: Self.netflix.movieTitles(), encoding: .isoLatin1))
    #expect(text.split(separator: "\n").count { $0.contains(",NULL,") } == 7)
  }

  @Test func smallSetsAddUpExactlyToo() throws {
    let prize = SyntheticPrize(Self.small, seed: 3)
    #expect(Self.small.problem == nil)
    let rows = prize.rows(ofUsers: 0..<900)
    #expect(rows.count == 30_000)
    #expect(rows.count { $0.part == .probe } == 2_000 && rows.count { $0.part == .quiz } == 1_999)
    #expect(rows.count { $0.part == .test } == 2_003)
    #expect(Set(rows.map { UInt64($0.user) << 32 | UInt64($0.item) }).count == rows.count)
    let training = rows.filter { $0.part == .training || $0.part == .probe }
    #expect(Set(training.map(\.user)).count == 900)
    let items = Dictionary(grouping: training, by: \.item).mapValues(\.count)
    #expect(items.count == 60 && items.values.allSatisfy { $0 >= 4 })
  }

  @Test(arguments: [1, 2, 4]) func rowsWithGenresAreTheSameOnAnyNumberOfThreads(threads: Int) {
    let prize = SyntheticPrize(Self.small, seed: 7)
    var rows: [PrizeRow] = []
    prize.forEachPiece(ofUsers: 3..<890, threads: threads, rowsPerPiece: 400) { rows.append(contentsOf: $0) }
    #expect(rows == prize.rows(ofUsers: 3..<890))
    #expect(prize.rows(ofUsers: 17..<18) == rows.filter { $0.user == prize.userID(17) })
  }

  @Test func itemsGetTheNumbersThatAreExpected() throws {
    // Of a set whose users rate a tenth of the items, so that a curve of popularity can be met.
    var parameters = SyntheticPrize.Parameters(users: 6_000, items: 400, ratings: 240_000)
    parameters.genres = .init(popularity: CountCurve(median: 300, largest: 3_000, spreadBelow: 1))
    parameters.genres!.count = 20
    let prize = SyntheticPrize(parameters, seed: 1)
    var counts = [Int](repeating: 0, count: 400)
    for row in prize.rows(ofUsers: 0..<6_000) where row.part == .training || row.part == .probe {
      counts[Int(row.item) - 1] += 1
    }
    let catalogue = try #require(prize.audience as? GenreAudience).catalogue
    // An item that comes out late, or of a genre that few like, may miss it.
    let ratios = catalogue.items.indices.filter { catalogue.expected[$0] >= 200 }
      .map { Double(counts[Int(catalogue.items[$0])]) / catalogue.expected[$0] }
    #expect(ratios.count > 100)
    #expect(ratios.count { (0.7...1.4).contains($0) } > ratios.count * 9 / 10)
    #expect(abs(ratios.reduce(0, +) / Double(ratios.count) - 1) < 0.05)
    counts.sort()
    #expect(abs(Double(counts[200]) / 300 - 1) < 0.1 && abs(Double(counts[399]) / 3_000 - 1) < 0.15)
  }

  @Test func curveHasItsMedianItsLargestValueAndItsSum() {
    let curve = CountCurve(median: 96, largest: 17_653, spreadBelow: 1.1)
    let values = curve.values(count: 10_001, sum: 2_600_000, smallest: 1)
    #expect(abs(values[5_000] - 96) < 1e-9 && abs(values[10_000] - 17_653) < 1e-6)
    #expect(abs(values.reduce(0, +) - 2_600_000) < 1)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func unusableGenresAreNamed() {
    func problem(_ change: (inout SyntheticPrize.Parameters) -> Void) -> String? {
      var parameters = Self.small
      change(&parameters)
      return parameters.problem
    }
    #expect(problem { _ in } == nil)
    #expect(problem { $0.genres!.count = 0 }?.contains("genres lies in") == true)
    #expect(problem { $0.genres!.fewestPerItem = 16 }?.contains("at most 15") == true)
    #expect(problem { $0.genres!.itemsWithoutYear = [61] }?.contains("got 61") == true)
    #expect(problem { $0.genres!.closeness = 1.1 }?.contains("shares") == true)
    #expect(problem { $0.genres!.popularity.median = 0 }?.contains("median") == true)
    #expect(problem { $0.partSizes = .init(probe: 9_000, quiz: 1, test: 0) }?.contains("8100") == true)
  }
}
