import RatingNumerics
import Testing

@testable import RatingEvaluation

struct PrizeCriterionTests {
  /// Scores with exactly this RMSE: one row with this error.
  func scores(_ rmse: String) throws -> Scores {
    var sums = ErrorSums()
    sums.add(prediction: FixedDecimal(text: rmse)!, answer: FixedDecimal(0))
    return try Scores(unclipped: sums)
  }

  @Test func derivedThresholdsAreRoundedTowardTheHarderSide() throws {
    // 0.9 x 0.9525 is exactly 0.85725; in binary floating point it prints as 0.8573.
    let derived = try PrizeCriterion(baseline: "0.9525", improvement: "10%")
    #expect(derived.threshold.description == "0.8572")
    #expect(derived.thresholdSource == .derived)
    #expect(try !derived.verdict(for: scores("0.8573")).qualifies)
    #expect(try derived.verdict(for: scores("0.8572")).qualifies)
    #expect(try PrizeCriterion(baseline: "1.0334", improvement: "10%").threshold.description == "0.9300")
    #expect(try PrizeCriterion(baseline: "0.9514", improvement: "1%").threshold.description == "0.9418")
    #expect(try PrizeCriterion(baseline: "0.9525", improvement: "10%", decimals: 5).threshold.description == "0.85725")
    #expect(try PrizeCriterion(baseline: "2000", improvement: "0%", decimals: 15).threshold == "2000")
  }

  @Test func explicitThresholdsWin() throws {
    let criterion = try PrizeCriterion(baseline: "1.0334", improvement: "10%", threshold: "0.93")
    #expect(criterion.threshold.description == "0.9300")
    #expect(criterion.thresholdSource == .explicit)
  }

  @Test(arguments: [
    ("netflix-grand-prize", PrizeSet.test, "0.9525", "0.8572", "10%"),
    ("netflix-quiz", .quiz, "0.9514", "0.8563", "10%"),
    ("netflix-progress-2007", .quiz, "0.9514", "0.9419", "1%"),
    ("netflix-progress-2008", .quiz, "0.9514", "0.8625", "9.34%"),
  ])
  func presetsHoldThePublishedFigures(
    _ name: String, _ set: PrizeSet, _ baseline: String, _ threshold: String, _ improvement: String
  ) throws {
    let preset = try #require(PrizeCriterion.preset(named: name))
    #expect(preset.set == set)
    #expect(preset.baseline.description == baseline)
    #expect(preset.threshold.description == threshold)
    #expect(preset.improvement.description == improvement)
    #expect(preset.thresholdSource == .explicit && preset.baselineSource == .stated && preset.decimals == 4)
    #expect(try preset.verdict(for: scores(threshold)).qualifies)
    #expect(try !preset.verdict(for: scores(threshold + "5")).qualifies)
    #expect(try preset.verdict(for: scores(threshold + "499999")).qualifies)
  }

  @Test(arguments: [
    ("0.856704", true, "0.8567", "10.06"), ("0.856714", true, "0.8567", "10.06"),
    ("0.85724999", true, "0.8572", "10.01"),
    ("0.857250001", false, "0.8573", "9.99"), ("0.85725", false, "0.8573", "9.99"),
    ("0.857249999999999", true, "0.8572", "10.01"), ("0.9525", false, "0.9525", "0.00"),
    ("1.2", false, "1.2000", "-25.98"),
    ("0", true, "0.0000", "100.00"),
  ])
  func theGrandPrizeIsJudgedAsItWas(_ rmse: String, _ qualifies: Bool, _ rounded: String, _ percent: String) throws {
    let verdict = try PrizeCriterion.netflixGrandPrize.verdict(for: scores(rmse))
    #expect(verdict.qualifies == qualifies)
    #expect(verdict.roundedScore.description == rounded)
    #expect(verdict.percent.description == percent)
    #expect(verdict.unroundedScore == Double(rmse))
    #expect(abs(verdict.percentUnrounded - 100 * (1 - Double(rmse)! / 0.9525)) < 1e-10)
    #expect(verdict.judgedOn == .test)
  }

  @Test(arguments: [
    (
      "0.856704",
      "qualifies: the RMSE on the test rows is 0.856704, rounded 0.8567, not above the threshold 0.8572; "
        + "that is 10.06% below the baseline 0.9525; 10% is asked"
    ),
    (
      "0.857249999999999",
      "qualifies: the RMSE on the test rows is 0.857249999..., rounded 0.8572, not above the threshold 0.8572; "
        + "that is 10.01% below the baseline 0.9525; 10% is asked"
    ),
    (
      "0.8573",
      "does not qualify: the RMSE on the test rows is 0.8573, above the threshold 0.8572; "
        + "that is 9.99% below the baseline 0.9525; 10% is asked"
    ),
    (
      "1",
      "does not qualify: the RMSE on the test rows is 1.0000, above the threshold 0.8572; "
        + "that is above the baseline 0.9525 (-4.99%); 10% is asked"
    ),
  ])
  func theReasonNamesTheNumbersCompared(_ rmse: String, _ sentence: String) throws {
    #expect(try PrizeCriterion.netflixGrandPrize.verdict(for: scores(rmse)).description == sentence)
  }

  @Test func theReasonSaysWhereThePercentageAloneWouldMislead() throws {
    let quiz = try PrizeCriterion.netflixQuiz.verdict(for: scores("0.8563"))
    #expect(quiz.reason.hasSuffix("10.00% below the baseline 0.9514; 10% is asked, and the explicit threshold decides"))
    let near = try PrizeCriterion(baseline: "1.0334", improvement: "10%").verdict(for: scores("0.9301"))
    #expect(
      near.reason.hasSuffix("10.00% below the baseline 1.0334 in two decimals, but less than the 10% that is asked"))
  }

  @Test func tiesGoToTheEarlierSubmission() throws {
    let criterion = PrizeCriterion.netflixGrandPrize
    let pragmaticChaos = try PrizeStanding(
      roundedScore: criterion.verdict(for: scores("0.856714")).roundedScore, submitted: 1_248_632_308)
    let ensemble = try PrizeStanding(
      roundedScore: criterion.verdict(for: scores("0.856704")).roundedScore, submitted: 1_248_633_502)
    // Even with the unrounded scores exchanged, the earlier one wins.
    #expect([ensemble, pragmaticChaos].sorted() == [pragmaticChaos, ensemble])
    let better = PrizeStanding(roundedScore: "0.8566", submitted: 1_300_000_000)
    #expect([ensemble, pragmaticChaos, better].min() == better)
  }

  @Test func aBaselinesOwnScoreIsTheBaseline() throws {
    let criterion = try PrizeCriterion(baseline: scores("1.03338"), improvement: "10%")
    #expect(criterion.baseline.description == "1.0334")
    #expect(criterion.threshold.description == "0.9300")
    #expect(criterion.baselineSource == .measured)
    let verdict = try criterion.verdict(for: scores("0.9149"))
    #expect(
      "\(verdict)" == "qualifies: the RMSE on all rows is 0.9149, not above the threshold 0.9300; "
        + "that is 11.47% below the baseline 1.0334; 10% is asked")
  }

  @Test func withoutMembershipAllRowsAreJudged() throws {
    let (all, test) = (try scores("0.9"), try scores("0.8567"))
    let criterion = PrizeCriterion.netflixGrandPrize
    #expect(criterion.verdict(for: ScoresBySet(all: all)).judgedOn == .all)
    #expect(!criterion.verdict(for: ScoresBySet(all: all)).qualifies)
    #expect(criterion.verdict(for: ScoresBySet(all: all, test: test)).judgedOn == .test)
    #expect(criterion.verdict(for: ScoresBySet(all: all, test: test)).qualifies)
  }

  @Test func contradictoryRulesAreRefused() throws {
    #expect(code { _ = try PrizeCriterion(baseline: "0", improvement: "10%") } == .badCriterion)
    #expect(code { _ = try PrizeCriterion(baseline: scores("0"), improvement: "10%") } == .badCriterion)
    #expect(code { _ = try PrizeCriterion(baseline: "1", improvement: "10%", decimals: 16) } == .badCriterion)
    #expect(code { _ = try PrizeCriterion(baseline: scores("1"), improvement: "10%", decimals: -1) } == .badCriterion)
    #expect(code { _ = try PrizeCriterion(baseline: "1", improvement: "10%", threshold: "1.1") } == .badCriterion)
    #expect(code { _ = try PrizeCriterion(baseline: "0.001", improvement: "10%", decimals: 2) } == .badCriterion)
  }
}
