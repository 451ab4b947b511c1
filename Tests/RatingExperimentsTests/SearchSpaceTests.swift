import RatingModels
import Testing

@testable import RatingExperiments

@Suite struct SearchSpaceTests {
  private func space(_ text: String, _ algorithm: String = "biased-mf") throws -> SearchSpace {
    try SearchSpace(text, for: AlgorithmRegistry.standard.entry(algorithm))
  }

  @Test func listsAndRangesAreRead() throws {
    let found = try space(
      "factors=8|16|32, regularization=0.01...0.2 log, learningRate=0.01...0.1 log 5,epochs=10...40")
    #expect(found.dimensions.map(\.name) == ["factors", "regularization", "learning-rate", "epochs"])
    #expect(found.dimensions[0].values == .list(["8", "16", "32"]))
    #expect(
      found.dimensions[1].values == .range(lower: 0.01, upper: 0.2, isLogarithmic: true, isWhole: false, points: nil))
    #expect(
      found.dimensions[3].values == .range(lower: 10, upper: 40, isLogarithmic: false, isWhole: true, points: nil))
    #expect(found.gridCount == nil)
    // What it is written as reads back as the same.
    #expect(try space(found.text) == found)
  }

  @Test func aGridHasAllCombinationsInOrder() throws {
    let found = try space("factors=8|16, regularization=0.01...1 log 3")
    #expect(found.gridCount == 6)
    #expect(
      found.grid.map { $0.map(\.text) } == [
        ["8", "0.01"], ["8", "0.1"], ["8", "1"], ["16", "0.01"], ["16", "0.1"], ["16", "1"],
      ])
    #expect(try space("epochs=1...3 5").grid.map { $0[0].text } == ["1", "2", "3"])
    #expect(try space("regularization=0...1 3").grid.map { $0[0].text } == ["0", "0.5", "1"])
  }

  @Test func randomSettingsLieInTheSpaceAndDependOnSeedAndIndexAlone() throws {
    let found = try space("factors=8|16|32, regularization=0.01...1 log, epochs=3...5, learning-rate=0.1...0.2")
    var factors: [String: Int] = [:]
    var epochs: [String: Int] = [:]
    var low = 0
    for index in 0..<3000 {
      let setting = found.random(seed: 7, index: index)
      #expect(setting == found.random(seed: 7, index: index))
      factors[setting[0].text, default: 0] += 1
      epochs[setting[2].text, default: 0] += 1
      let regularization = try #require(Double(setting[1].text))
      #expect((0.01...1).contains(regularization))
      if regularization < 0.1 { low += 1 }
      #expect((0.1...0.2).contains(try #require(Double(setting[3].text))))
    }
    // Each value a third of the draws, and half of the logarithmic range below its middle: five standard deviations.
    for count in factors.values { #expect(abs(count - 1000) < 130) }
    #expect(Set(epochs.keys) == ["3", "4", "5"])
    for count in epochs.values { #expect(abs(count - 1000) < 130) }
    #expect(abs(low - 1500) < 140)
    #expect(found.random(seed: 7, index: 0) != found.random(seed: 8, index: 0))
  }

  @Test(arguments: [
    ("factor=8", "biased-mf has no parameter factor, expected one of", "did you mean factors?"),
    ("factors=8|0", "factors of biased-mf is 0, expected a whole number in 1...4096", ""),
    ("factors=8, factors=9", "factors is given twice", ""),
    ("regularization=0...1 log", "a range with log begins above 0", ""),
    ("regularization=1...0.1", "expected lower...upper", ""),
    ("regularization=0.1...1 lin", "found \"lin\" behind the range", ""),
    ("learning-rate-schedule=a...b", "learning-rate-schedule has no range", ""),
    ("factors", "expected name=values", ""),
    ("factors=8|8", "a value is listed twice", ""),
    ("", "expected name=values", ""),
  ])
  func faultsAreTold(_ text: String, _ message: String, _ hint: String) throws {
    let error = try #require(throws: SearchSpaceError.self) { try space(text) }
    #expect(error.description.contains(message) && (hint.isEmpty || error.description.contains(hint)), "\(error)")
  }

  @Test func allFaultsAreToldAtOnce() throws {
    let error = try #require(throws: SearchSpaceError.self) { try space("factors=0, epochs=x, foo=1, bar") }
    #expect(error.messages.count == 4)
  }

  @Test(arguments: [
    ("factors=8|16", SearchPlan.Strategy.halving(trials: 8, reduction: 3), "biases", "biases has no parameter"),
    ("epochs=5|10", .halving(trials: 8, reduction: 3), "biased-mf", "epochs can't be searched for"),
    ("regularization=0.1...1", .grid, "biased-mf", "a grid needs the number of points"),
    ("factors=8", .random(trials: 0), "biased-mf", "1 to 100000 trials"),
    ("factors=8", .halving(trials: 8, reduction: 1), "biased-mf", "reduces by 2 to 100"),
  ])
  func plansThatMakeNoSenseAreRefused(
    _ text: String, _ strategy: SearchPlan.Strategy, _ algorithm: String, _ message: String
  ) throws {
    let entry = try AlgorithmRegistry.standard.entry(algorithm)
    let fault: String?
    do {
      fault = SearchPlan(space: try SearchSpace(text, for: entry), strategy: strategy).fault(for: entry)
    } catch { fault = error.description }
    #expect(fault?.contains(message) == true, "\(fault ?? "no fault")")
  }

  @Test func halvingGivesTheLastSettingEverything() throws {
    let entry = try AlgorithmRegistry.standard.entry("biased-mf")
    let plan = SearchPlan(space: try space("factors=8"), strategy: .halving(trials: 9, reduction: 3))
    let searcher = Searcher(algorithm: "biased-mf", settings: [ParameterSetting("epochs", "18")], plan: plan)
    let rungs = try searcher.rungs(entry)
    #expect(rungs.map(\.count) == [9, 3, 1])
    #expect(rungs.map(\.budget) == [2, 6, nil])
  }
}
