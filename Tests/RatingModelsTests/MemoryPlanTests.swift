import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct MemoryPlanTests {
  private static let prize: TrainingShape = {
    var shape = TrainingShape(ratings: 100_480_507, users: 480_189, items: 17_770)
    shape.hasTimes = true
    shape.differentRatings = 5
    shape.days = 2243
    shape.sessions = { _ in 20_000_000 }
    shape.threads = 2
    return shape
  }()

  @Test(arguments: AlgorithmRegistry.standard.names)
  func everyAlgorithmTellsWhatItTakes(_ name: String) throws {
    let algorithm = try AlgorithmRegistry.standard.algorithm(name)
    let plan = try #require(algorithm.memory(for: Self.prize))
    #expect(plan.bytes(.data) >= 16 * Self.prize.ratings)
    #expect(plan.needed > 0 && plan.parts.allSatisfy { $0.bytes > 0 })
    var larger = Self.prize
    larger.ratings *= 2
    larger.users *= 2
    larger.keepsModel = true
    larger.predictions = 3_000_000
    #expect(algorithm.memory(for: larger)!.needed > plan.needed)
  }

  @Test func theLargestOfTheStagesThatTakeTurnsCounts() {
    var plan = MemoryPlan()
    plan.add("a", 100, .data)
    plan.add("b", 10)
    plan.add("c", 5, .beginning)
    plan.add("d", 7, .learning)
    plan.add("e", 3, .ending)
    plan.add("f", 3, .ending)
    plan.add("nothing", 0)
    #expect(plan.needed == 17 && plan.peak == 117 && plan.parts.count == 6)
  }

  @Test func bothViewsOfThePrizeWithDaysTakeLessThan1300MB() {
    let days = 2 * 2 * Self.prize.ratings
    #expect(Self.prize.byUser + Self.prize.byItem + days < 1_300_000_000)
  }

  @Test func viewsTakeTheBytesThatArePlanned() {
    let planted = PlantedRatings().train
    let shape = TrainingShape(TrainingInput(planted), options: RunOptions(threads: 2))
    func bytes(_ ratings: SparseRatings) -> Int {
      let others =
        switch ratings.others {
        case .short(let indices): 2 * indices.count
        case .long(let indices): 4 * indices.count
        }
      let values =
        switch ratings.values {
        case .bytes(let codes, _): codes.count
        case .shorts(let codes, _): 2 * codes.count
        case .plain(let values): 4 * values.count
        }
      return others + values + 8 * ratings.keyCount
    }
    let both = SparseRatings.both(planted, threads: 2)
    #expect(bytes(both.byUser) == shape.byUser && bytes(both.byItem) == shape.byItem)
  }

  @Test func factorsThatDoNotFitAreRefusedByName() throws {
    let plan = try #require(AlternatingLeastSquares(factors: 4096).memory(for: Self.prize))
    let available = AvailableMemory(bytes: 4_000_000_000, reason: "the machine")
    let error = #expect(throws: TrainingError.self) { try plan.requireFit(available, algorithm: "als") }
    #expect(error?.code == .notEnoughMemory)
    #expect(error?.message.hasPrefix("als needs ") == true)
    #expect(error?.message.contains("user factors 7.87 GB") == true)
    #expect(error?.message.contains("4.00 GB are available (the machine)") == true)
    try AlternatingLeastSquares(factors: 64).memory(for: Self.prize)?.requireFit(available, algorithm: "als")
  }

  @Test func theShapeIsThatOfTheInput() {
    let dataset = RatingDataset(
      users: [1, 1, 2, 3], items: [7, 8, 7, 7], ratings: [1, 2, 2.5, 1],
      times: [86_400, 86_400 + 899, 5 * 86_400, 86_400 + 3600])
    let shape = TrainingShape(TrainingInput(dataset), options: RunOptions(threads: 3), predictions: 9)
    #expect(shape.ratings == 4 && shape.users == 3 && shape.items == 2 && shape.hasTimes)
    #expect(shape.differentRatings == 3 && shape.days == 5 && shape.threads == 3 && shape.predictions == 9)
    #expect(shape.sessions(15) == 3 && shape.sessions(1) == 4)
  }

  @Test func thisMachineHasMemory() throws {
    let available = try #require(AvailableMemory.now)
    #expect(available.bytes > 1 << 20)
  }

  #if os(Linux)
    @Test func fieldsAreFoundAtTheBeginningOfLines() {
      let text = "MemTotal:       24683520 kB\nMemAvailable:   1234 kB\nMax address space         unlimited bytes\n"
      #expect(AvailableMemory.field("MemAvailable:", in: text) == 1234)
      #expect(AvailableMemory.field("Available:", in: text) == nil)
      #expect(AvailableMemory.field("Max address space", in: text) == nil)
    }
  #endif
}
