import RatingModels
import Testing
import _RatingTestSupport

@testable import RatingExperiments

@Suite struct SearcherTests {
  private func searcher(_ strategy: SearchPlan.Strategy, _ space: String, cache: CellCache? = nil) throws -> Searcher {
    let entry = try AlgorithmRegistry.standard.entry("biased-mf")
    return Searcher(
      algorithm: "biased-mf", settings: [ParameterSetting("epochs", "9"), ParameterSetting("factors", "4")],
      plan: SearchPlan(space: try SearchSpace(space, for: entry), strategy: strategy, inner: .kFold(2)), threads: 1,
      cache: cache)
  }

  @Test func theBestTrialHasTheLowestErrorAndItsSettingsGiveItAgain() throws {
    let study = try searcher(.grid, "learning-rate=0.02|0.05|0.00001").search(in: ExperimentData.ratings)
    #expect(study.trials.count == 3)
    let best = try #require(study.best)
    #expect(study.trials.allSatisfy { ($0.rmse ?? 0) >= best.rmse! })
    // A run that hardly learns can't be the best.
    #expect(best.settings != [ParameterSetting("learning-rate", "0.00001")])
    let again = try searcher(.grid, "learning-rate=\(best.settings[0].text)|0.00001").search(in: ExperimentData.ratings)
    #expect(again.trials[0].rmse == best.rmse && again.trials[0].folds == best.folds)
    #expect(study.bestSettings?.map(\.name) == ["epochs", "factors", "learning-rate"])
  }

  @Test func halvingDropsTheWorstAndEndsWithAllEpochs() throws {
    let study = try searcher(
      .halving(trials: 9, reduction: 3), "regularization=0.001...10 log, learning-rate=0.01...0.1"
    )
    .search(in: ExperimentData.ratings)
    #expect(study.trials.map(\.rung).filter { $0 == 1 }.count == 9)
    let first = study.trials.filter { $0.rung == 1 }
    let second = study.trials.filter { $0.rung == 2 }
    let kept = first.sorted { ($0.rmse!, $0.setting) < ($1.rmse!, $1.setting) }.prefix(3).map(\.setting)
    #expect(Set(second.map(\.setting)) == Set(kept))
    #expect(first.allSatisfy { $0.budget == 1 } && second.allSatisfy { $0.budget == 3 })
    #expect(study.trials.last?.rung == 3 && study.trials.last?.budget == nil)
    #expect(study.best == study.trials.last)
  }

  @Test func aSearchGoesOnFromItsCacheAndIsTheSameAgain() throws {
    let folder = try ScratchFolder()
    let cache = try CellCache(folder: folder.path("cells"))
    let whole = try searcher(.random(trials: 5), "regularization=0.01...1 log").search(in: ExperimentData.ratings)
    var cached = 0
    _ = try searcher(.random(trials: 3), "regularization=0.01...1 log", cache: cache).search(in: ExperimentData.ratings)
    let study = try searcher(.random(trials: 5), "regularization=0.01...1 log", cache: cache)
      .search(in: ExperimentData.ratings) { cached += $0.isCached ? 1 : 0 }
    #expect(cached == 3)
    #expect(study.trials.map(\.rmse) == whole.trials.map(\.rmse))
  }

  @Test func trialsThatDivergeAreToldAndNeverChosen() throws {
    let study = try searcher(.grid, "learning-rate=0.05|100000").search(in: ExperimentData.ratings)
    #expect(study.trials[1].rmse == nil && study.trials[1].failure?.contains("diverged") == true)
    #expect(study.best?.setting == 1)
  }
}
