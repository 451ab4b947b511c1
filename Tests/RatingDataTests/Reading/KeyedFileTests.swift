import RatingData
import RatingNumerics
import Testing
import _RatingTestSupport

/// Files whose rows have an id in place of user and item, as Kaggle's contests have.
struct KeyedFileTests {
  let folder: ScratchFolder
  /// Ids are texts: `007` is not `7`, and one may hold a comma.
  static let solution = "id,rating,Usage\n\"a,b\",4,Public\n007,3,Private\n7,5,Private\nzoë,2,Public\n=1+1,1,Public\n"

  init() throws {
    folder = try ScratchFolder()
    try folder.write("solution.csv", Self.solution)
  }

  private func judged(_ submission: String) throws -> Judgement {
    let solution = folder.path("solution.csv")
    return try SubmissionJudge(
      predictions: .file(folder.write("p.csv", submission)), answers: solution, membership: solution
    ).judge()
  }

  /// The sums of rows with these errors.
  private func sums(_ errors: String...) -> ErrorSums {
    var sums = ErrorSums()
    for error in errors { sums.add(prediction: FixedDecimal(text: error)!, answer: FixedDecimal(0)) }
    return sums
  }

  @Test func rowsAreJoinedByTheirIdInAnyOrder() throws {
    let judgement = try judged("id,rating\n7,4\nzoë,2.75\n007,3.25\n=1+1,1.5\n\"a,b\",3.5\n")
    // d = -0.5, 0.25, -1, 0.75, 0.5.
    #expect(judgement.all.asWritten == sums("-0.5", "0.25", "-1", "0.75", "0.5"))
    #expect(judgement.quiz?.asWritten == sums("-0.5", "0.75", "0.5"))
    #expect(judgement.test?.asWritten == sums("0.25", "-1"))
    #expect(judgement.inputs.map(\.format) == [.keyedCSV, .keyedCSV, .keyedCSV])
  }

  @Test(arguments: ["Id,Prediction", "row_id,pred", "KEY,score", "id\trating"])
  func otherHeadersMeanTheSame(_ header: String) throws {
    let delimiter = header.contains("\t") ? "\t" : ","
    let rows = ["7 4", "zoë 2.75", "007 3.25", "=1+1 1.5"].map { $0.split(separator: " ").joined(separator: delimiter) }
    let key = delimiter == "," ? "\"a,b\"" : "a,b"
    let text = ([header] + rows + ["\(key)\(delimiter)3.5"]).map { $0 + "\n" }.joined()
    #expect(try judged(text).all.asWritten == sums("-0.5", "0.25", "-1", "0.75", "0.5"))
  }

  @Test func aSubmissionCanBeTheQuestionsOfAnother() throws {
    let sample = try folder.write("sample.csv", "Id,Prediction\na,3\nb,3\n")
    let submission = try folder.write("p.csv", "Id,Prediction\nb,4\na,2\n")
    let judgement = try SubmissionJudge(predictions: .file(submission), answers: nil, questions: sample).judge()
    #expect(judgement.rows == 2)
  }

  /// A user may be called `id` or `key` in rows without a header.
  @Test(arguments: ["key,b,3\nid,b,4\n", "id,key,3\nkey,id,4\n"])
  func rowsWithoutAHeaderStayRowsWhateverTheirIds(_ text: String) throws {
    let answers = try folder.write("a.csv", text)
    let judgement = try SubmissionJudge(
      predictions: .file(answers), answers: answers, questions: folder.write("q.csv", text)
    ).judge()
    #expect(judgement.all.asWritten == sums("0", "0") && judgement.inputs.allSatisfy { $0.format == .csv })
  }

  @Test(arguments: [
    ("id,rating\n7,4\n7,4\nzoë,2\n007,3\n=1+1,1\n\"a,b\",3\n", "duplicate-pair", 3),
    ("id,rating\n7,4\nzoe,2\nzoë,2\n007,3\n=1+1,1\n\"a,b\",3\n", "unknown-item", 3),
    ("id,rating\n7,4\nzoë,nan\n007,3\n=1+1,1\n\"a,b\",3\n", "not-finite", 3),
    ("id,rating\n7,4\n,2\n007,3\n=1+1,1\n\"a,b\",3\n", "missing-value", 3),
    ("id,rating\n7,4\nzoë,2\n", "missing-rows", 0), ("user,item,rating\n0,7,4\n", "not-joinable", 0),
  ])
  func whatIsWrongIsToldWithItsLine(_ text: String, _ code: String, _ line: Int) throws {
    do {
      _ = try judged(text)
      Issue.record("\(code) was not found")
    } catch let error as RatingDataError {
      let problem = try #require(error.problems.first { $0.code == code }, "\(error)")
      #expect(problem.lines == (line == 0 ? [] : [line]))
    }
  }

  @Test func ratingsToLearnFromAndQuestionsToModelsNeedUsersAndItems() throws {
    let solution = folder.path("solution.csv")
    let nobody = Vocabularies(users: .empty, items: .empty)
    #expect(throws: RatingDataError.self) { try RatingDataset.read(solution) }
    #expect(throws: RatingDataError.self) { try QuestionSet.read(solution, vocabularies: nobody) }
    #expect(throws: RatingDataError.self) {
      try RatingDataset.read(solution, options: ReadingOptions(format: .keyedCSV))
    }
  }

  @Test func predictionsAreWrittenWithTheirIds() throws {
    let first = try folder.write("1.csv", "id,rating\n\"a,b\",1\n007,2\n")
    let second = try folder.write("2.csv", "id,rating\n007,4\n\"a,b\",3\n")
    let set = try PredictionSet.read([first, second], options: ReadingOptions())
    #expect(set.columns == [[1, 2], [3, 4]])
    try set.write(Predictions([2, 3]), to: folder.path("mean.csv"))
    #expect(try folder.text("mean.csv") == "id,prediction\n\"a,b\",2.000000\n007,3.000000\n")
  }

  @Test func aFileOfAnswersMayNameItsSets() throws {
    #expect(SubmissionJudge.namesSets(folder.path("solution.csv")))
    let others = [
      "id,rating\na,1\n", "10,1,4\n20,1,3\n", "user,item,rating\n1,2,3\n", "1:\nquiz\n",
      "user,item,rating,split\n1,2,3,x\n",
    ]
    for text in others { #expect(!SubmissionJudge.namesSets(try folder.write("o.csv", text)), "\(text)") }
    #expect(SubmissionJudge.namesSets(try folder.write("o.csv", "user,item,rating,set\n1,2,3,quiz\n")))
    #expect(!SubmissionJudge.namesSets(folder.path("none.csv")) && !SubmissionJudge.namesSets(folder.path))
  }
}
