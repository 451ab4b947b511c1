import RatingData
import RatingModels
import Testing
import _RatingTestSupport

@testable import RatingExperiments

@Suite struct SuiteRunnerTests {
  /// Ratings in a file, and a suite over them.
  private func suite(_ folder: ScratchFolder, threads: Int? = 1) throws -> Suite {
    var text = "user,item,rating,time\n"
    ExperimentData.ratings.withUnsafeColumns { columns in
      for row in columns.users.indices {
        text += "\(columns.users[row]),\(columns.items[row]),\(Int(columns.ratings[row])),\(columns.times![row])\n"
      }
    }
    try folder.write("ratings.csv", text)
    return Suite(
      name: "test", data: [SuiteData(name: "planted", path: folder.path("ratings.csv"), scale: .wholeStars)],
      splits: [try SuiteSplit("k-fold 3"), try SuiteSplit("random 20%", repetitions: 2), try SuiteSplit("netflix 4")],
      algorithms: [
        SuiteAlgorithm("item-mean"), SuiteAlgorithm("biases"),
        SuiteAlgorithm("biased-mf", settings: [.init("factors", "4"), .init("epochs", "5")]),
        SuiteAlgorithm(
          "als", label: "als, searched", settings: [.init("sweeps", "2")],
          search: SearchPlan(
            space: try SearchSpace("factors=2|3", for: AlgorithmRegistry.standard.entry("als")), strategy: .grid)),
      ], metrics: [], seeds: [1, 2], threads: threads)
  }

  private func run(_ suite: Suite, _ cache: CellCache?, only: Set<String> = []) throws -> (SuiteReport, made: Int) {
    var made = 0
    let result = try SuiteRunner(suite, cache: cache, only: only).run { event in
      if case .finished(_, _, _, isCached: false) = event { made += 1 }
    }
    return (try SuiteReport(result), made)
  }

  @Test func aSecondRunMakesNothingAndReportsTheSame() throws {
    let folder = try ScratchFolder()
    let suite = try suite(folder)
    let cache = try CellCache(folder: folder.path("cells"))
    let (first, made) = try run(suite, cache)
    // Six splits, four algorithms, two seeds.
    #expect(made == 6 * 4 * 2)
    let (second, remade) = try run(suite, cache)
    #expect(remade == 0)
    #expect(first.html() == second.html() && first.csv == second.csv && first.text() == second.text())
  }

  @Test func aSuiteThatGrewMakesOnlyWhatIsNew() throws {
    let folder = try ScratchFolder()
    var suite = try suite(folder)
    let cache = try CellCache(folder: folder.path("cells"))
    _ = try run(suite, cache)
    suite.algorithms.append(SuiteAlgorithm("global-mean"))
    #expect(try run(suite, cache).made == 6 * 2)
    suite.seeds.append(3)
    #expect(try run(suite, cache).made == 6 * 5)
    suite.algorithms[2].settings = [.init("factors", "5"), .init("epochs", "5")]
    #expect(try run(suite, cache).made == 6 * 3)
  }

  @Test(arguments: [1, 2, 4])
  func figuresDoNotDependOnTheThreads(_ threads: Int) throws {
    let folder = try ScratchFolder()
    let (one, _) = try run(try suite(folder, threads: 1), nil)
    let (many, _) = try run(try suite(folder, threads: threads), nil)
    #expect(one.csv == many.csv)
    #expect(one.html(isTimed: false) == many.html(isTimed: false))
    #expect(one.latex == many.latex && one.markdown(isTimed: false) == many.markdown(isTimed: false))
  }

  @Test func onlyPicksAlgorithmsAndRefusesUnknownNames() throws {
    let folder = try ScratchFolder()
    let suite = try suite(folder)
    let (report, made) = try run(suite, nil, only: ["biases"])
    #expect(made == 6 * 2)
    #expect(report.groups.allSatisfy { $0.rows.map(\.label) == ["biases"] })
    let error = try #require(throws: ExperimentError.self) { try run(suite, nil, only: ["biasses"]) }
    #expect(error.description.contains("did you mean biases?"), "\(error)")
  }

  /// What the report says against the cells, by hand.
  @Test func theReportPoolsSplitsAndSeeds() throws {
    let folder = try ScratchFolder()
    let suite = try suite(folder)
    let result = try SuiteRunner(suite).run()
    let report = try SuiteReport(result)
    let group = report.groups[0]
    #expect(group.testRatings == ExperimentData.ratings.count && group.testUsers == 60)
    let row = try #require(group.rows.first { $0.label == "biased-mf" })
    let cells = result.groups[0].cells[2].compactMap(\.outcome.result)
    #expect(cells.count == 6)
    let squares = cells.reduce(0.0) { $0 + $1.users.reduce(0) { $0 + $1.squares } } / 2
    #expect(abs(row.rmse.estimate - (squares / Double(group.testRatings)).squareRoot()) < 1e-12)
    #expect(abs(row.meanOfParts - cells.reduce(0) { $0 + $1.rmseClipped } / 6) < 1e-12)
    #expect(row.strata.filter { $0.group == "rating" }.reduce(0) { $0 + $1.count } == 2 * group.testRatings)
    #expect(row.curve.count == 5)
    #expect(group.rows.map(\.rmse.estimate) == group.rows.map(\.rmse.estimate).sorted())
    #expect(group.rows[0].difference == nil && group.rows.dropFirst().allSatisfy { $0.difference != nil })
    #expect(group.rows.allSatisfy { !$0.letters.isEmpty })
    let searched = try #require(group.rows.first { $0.label == "als, searched" })
    #expect(searched.chosen.count == 6 && searched.chosen.allSatisfy { ["factors=2", "factors=3"].contains($0) })
  }

  @Test func anAlgorithmThatCanNotBeTrainedIsReportedAndStopsNothing() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "plain.csv", "user,item,rating\n" + (0..<400).map { "\($0 % 20),\($0 / 20),\(1 + $0 % 5)\n" }.joined())
    let suite = Suite(
      name: "test", data: [SuiteData(name: "plain", path: folder.path("plain.csv"))],
      splits: [try SuiteSplit("k-fold 2")], algorithms: [SuiteAlgorithm("biases"), SuiteAlgorithm("time-biases")])
    let cache = try CellCache(folder: folder.path("cells"))
    let (report, made) = try run(suite, cache)
    #expect(made == 4)
    #expect(report.groups[0].rows.map(\.label) == ["biases"])
    #expect(report.groups[0].failures.map(\.label) == ["time-biases"])
    #expect(report.groups[0].failures[0].message.contains("times"))
    #expect(report.html().contains("Without a figure"))
    #expect(try run(suite, cache).made == 0, "a failure is kept too")
  }
}
