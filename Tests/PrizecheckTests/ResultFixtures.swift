import RatingBench

@testable import prizecheck

/// Scores with exactly this RMSE and MAE: `rows` rows with this error.
func scores(_ rmse: String, clipped: String? = nil, rows: Int = 2) throws -> Scores {
  func sums(_ error: String) -> ErrorSums {
    var sums = ErrorSums()
    for _ in 0..<rows { sums.add(prediction: FixedDecimal(text: error)!, answer: FixedDecimal(0)) }
    return sums
  }
  return try Scores(unclipped: sums(rmse), clipped: clipped.map(sums))
}

let predictionsInput = ResultDocument.Input(
  role: .predictions, file: "p.txt", format: "netflix-predictions", bytes: 12,
  sha256: String(repeating: "a0", count: 32))
let answersInput = ResultDocument.Input(
  role: .answers, file: "judging.txt", format: "netflix-answers", bytes: 34, sha256: String(repeating: "b1", count: 32))
let membershipInput = ResultDocument.Input(role: .membership, file: "sets.txt", bytes: 5)

let outOfScale = Problem(
  .warning, "out-of-scale", file: "p.txt", count: 3, lines: [7, 9, 12], message: "the prediction 5.3 is outside 1...5")
let duplicatePair = Problem(
  .error, "duplicate-pair", file: "p.txt", count: 1, lines: [4], message: "user 5 and item 6 were predicted before")

enum Documents {
  static func qualifying() throws -> ResultDocument {
    ResultDocument(
      inputs: [predictionsInput, answersInput], problems: [outOfScale],
      scores: ScoresBySet(all: try scores("0.856704", clipped: "0.85")), criterion: .netflixGrandPrize)
  }

  static func withMembership(_ criterion: PrizeCriterion, quiz: String = "0.8554", test: String = "0.9")
    throws -> ResultDocument
  {
    ResultDocument(
      inputs: [predictionsInput, answersInput, membershipInput], problems: [outOfScale],
      scores: ScoresBySet(all: try scores("0.8777"), quiz: try scores(quiz, rows: 1), test: try scores(test, rows: 1)),
      criterion: criterion)
  }

  static func scored() throws -> ResultDocument {
    ResultDocument(inputs: [predictionsInput, answersInput], scores: ScoresBySet(all: try scores("1.25")), decimals: 3)
  }

  /// With metrics, also one without a value, and strata.
  static func detailed() throws -> ResultDocument {
    let answers = RatingDataset(
      users: [10, 20, 10], items: [1, 1, 2], ratings: [4, 4, 4], times: [900_000_000, 900_000_000, 950_000_000],
      scale: .wholeStars)
    let rows = try ScoredRows(predictions: [3.5, 3.25, 5.5], answers: answers)
    let metrics = try Metric.list(parsing: "rmse,bias,r2,rmse@users,fcp@users")
    let strata = ScoreDetails.StrataReport(
      set: .quiz, strata: ErrorStrata(rows, training: answers.selecting(rows: [0])),
      reliability: ReliabilityCurve(rows))
    return ResultDocument(
      inputs: [predictionsInput, answersInput, membershipInput],
      scores: ScoresBySet(all: try scores("1.25"), quiz: try scores("1.5")),
      details: ScoreDetails(
        metrics: [.all: try rows.values(of: metrics), .quiz: try rows.values(of: metrics)], strata: strata))
  }

  static let valid = ResultDocument(inputs: [predictionsInput])
  static let bad = ResultDocument(inputs: [predictionsInput], problems: [outOfScale, duplicatePair])

  /// One of each kind, for what must hold of all.
  static func every() throws -> [ResultDocument] {
    let measured = try PrizeCriterion(set: .test, baseline: scores("1.03338"), improvement: "10%")
    let whole = [
      try qualifying(), try scored(), try detailed(), valid, bad, try withMembership(.netflixGrandPrize),
      try withMembership(.netflixQuiz), try withMembership(measured),
      ResultDocument(
        inputs: [predictionsInput], problems: [duplicatePair], scores: ScoresBySet(all: try scores("1")),
        criterion: .netflixQuiz),
    ]
    return whole + whole.map { $0.revealing(.quiz) }
  }
}
