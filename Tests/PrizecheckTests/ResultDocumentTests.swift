import RatingBench
import Testing

@testable import prizecheck

struct ResultDocumentTests {
  @Test func checkPrintsExactlyTheDocumentedKeysInOrder() throws {
    let expected = """
      {"schema":"prizecheck.result/1","tool":{"version":"\(Tool.version)"},\
      "inputs":[{"role":"predictions","file":"p.txt","format":"netflix-predictions","bytes":12,\
      "sha256":"\(String(repeating: "a0", count: 32))"},{"role":"answers","file":"judging.txt",\
      "format":"netflix-answers","bytes":34,"sha256":"\(String(repeating: "b1", count: 32))"}],\
      "scores":{"all":{"n":2,"rmse":0.856704,"rmse_rounded":"0.8567","rmse_clipped":0.85,"mae":0.856704}},\
      "criterion":{"name":"netflix-grand-prize","set":"test","judged_on":"all","baseline":"0.9525",\
      "improvement":"10%","threshold":"0.8572","threshold_source":"explicit","decimals":4},\
      "improvement":{"percent":10.06,"percent_unrounded":\(100 * (0.9525 - 0.856704) / 0.9525)},\
      "verdict":{"qualifies":true,"reason":"the RMSE on all rows is 0.856704, rounded 0.8567, not above the \
      threshold 0.8572; that is 10.06% below the baseline 0.9525; 10% is asked"},\
      "validation":{"ok":true,"errors":[],"warnings":[\
      {"code":"out-of-scale","file":"p.txt","count":3,"lines":[7,9,12],\
      "message":"the prediction 5.3 is outside 1...5"},\
      {"code":"no-membership","file":"judging.txt","count":1,"lines":[],"message":"netflix-grand-prize is judged on \
      the test rows, and nothing says which rows those are: all 2 rows were judged; give their sets with \
      --membership"}]}}
      """
    #expect(try Documents.qualifying().json.text == expected)
  }

  @Test func scoreHasNoVerdictAndValidateHasNoScores() throws {
    let scored = try Documents.scored().json.text
    #expect(scored.contains(#""scores":{"all":{"n":2,"rmse":1.25,"rmse_rounded":"1.250","mae":1.25}},"validation""#))
    #expect(!Documents.valid.json.text.contains("scores"))
    #expect(Documents.valid.json.text.hasSuffix(#""validation":{"ok":true,"errors":[],"warnings":[]}}"#))
    #expect(try Documents.scored().exitStatus.rawValue == 0)
    #expect(Documents.valid.exitStatus.rawValue == 0)
  }

  @Test func badDataHasNeitherScoresNorVerdict() throws {
    let document = ResultDocument(
      inputs: [predictionsInput], problems: [duplicatePair], scores: ScoresBySet(all: try scores("0.5")),
      criterion: .netflixQuiz)
    #expect(document.exitStatus.rawValue == 65)
    for key in ["scores", "criterion", "improvement", "verdict"] {
      #expect(!document.json.text.contains("\"\(key)\":"))
    }
    #expect(document.json.text.contains(#""ok":false,"errors":[{"code":"duplicate-pair""#))
  }

  @Test func aFileThatCannotBeReadIsAResultToo() {
    let problem = Problem(.error, "input-missing", file: "q.txt", message: "there is no such file")
    let document = ResultDocument(
      inputs: [ResultDocument.Input(role: .predictions, file: "q.txt")],
      failure: RatingDataError(.inputMissing, [problem]))
    #expect(document.exitStatus.rawValue == 66 && !document.isValid)
    #expect(document.json.text.contains(#""inputs":[{"role":"predictions","file":"q.txt"}],"validation":{"ok":false"#))
    #expect(document.text(color: false).hasPrefix("NOT VALID  q.txt: 1 kind of error"))
    #expect(ResultDocument(inputs: [], failure: RatingDataError(.badData, [duplicatePair])).exitStatus.rawValue == 65)
  }

  @Test func evaluationErrorsHaveTheirExitCodes() {
    #expect(EvaluationError(.noRows, "").exitStatus.rawValue == 65)
    #expect(EvaluationError(.badCriterion, "").exitStatus.rawValue == 64)
  }

  @Test func theCriterionsOwnRowsAreJudged() throws {
    let grand = try Documents.withMembership(.netflixGrandPrize)
    #expect(grand.judgedOn == .test && grand.exitStatus.rawValue == 1)
    let quiz = try Documents.withMembership(.netflixQuiz)
    #expect(quiz.judgedOn == .quiz && quiz.exitStatus.rawValue == 0)
    #expect(!quiz.warnings.contains { $0.code == "no-membership" })
  }

  @Test(arguments: OutputFormat.allCases)
  func revealingQuizTellsNothingOfTest(_ format: OutputFormat) throws {
    let measured = try PrizeCriterion(set: .test, baseline: scores("0.98765"), improvement: "10%")
    for criterion in [PrizeCriterion.netflixGrandPrize, measured] {
      let told = try Documents.withMembership(criterion).revealing(.quiz)
      let text = told.rendered(as: format, color: false)
      #expect(text.contains("0.8554"))
      // 0.9 on test, 0.8777 on all, and their roundings; the verdict; the measured baseline and its threshold.
      for secret in [
        "0.9000", "0.9,", "\"rmse\":0.9", "0.8777", "QUALIF", "qualif", "judging.txt", "sets.txt", "0.9877",
      ] {
        #expect(!text.contains(secret), "\(format): \(secret) in \(text)")
      }
      #expect(told.exitStatus.rawValue == 0)
    }
    // The quiz rows' own verdict may be told.
    #expect(try Documents.withMembership(.netflixQuiz).revealing(.quiz).verdict?.qualifies == true)
  }

  @Test func whatIsRevealedDoesNotDependOnTheTestRows() throws {
    for criterion in PrizeCriterion.presets {
      for format in OutputFormat.allCases {
        let outputs = try ["0.1", "0.8572", "0.8573", "3.9"].map {
          try Documents.withMembership(criterion, test: $0).revealing(.quiz).rendered(as: format)
        }
        #expect(Set(outputs).count == 1)
      }
    }
  }

  @Test func revealingQuizWithoutMembershipTellsNoScoreAtAll() throws {
    let told = try Documents.qualifying().revealing(.quiz)
    #expect(told.scores.isEmpty && told.verdict == nil && told.exitStatus.rawValue == 0)
    #expect(told.text(color: false).hasPrefix("WITHHELD  p.txt"))
    #expect(try Documents.qualifying().revealing(.all).json == Documents.qualifying().json)
  }
}
