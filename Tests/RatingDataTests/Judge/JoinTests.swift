import RatingData
import Testing
import _RatingTestSupport

/// Every way to join a submission with its answers gives the same exact sums.
@Suite struct JoinTests {
  struct Way: Sendable, CustomTestStringConvertible {
    var predictions, answers: String
    var questions: String?
    var testDescription: String { "\(predictions) on \(answers) for \(questions ?? "all")" }
  }

  static let ways: [Way] = ["p.txt", "p.csv"].flatMap { p in
    [
      (nil, "a.csv"), (nil, "t.txt"), ("q.txt", "a.txt"), ("q.txt", "a.csv"), ("q.txt", "t.txt"),
      ("probe.txt", "a.txt"),
      ("probe.txt", "t.txt"), ("probe.txt", "training_set"), ("q.txt", "training_set"), ("q.csv", "a.csv"),
      ("q.csv", "training_set"), ("t.txt", "a.txt"), ("a.csv", "t.txt"), (nil, "a.txt"),
    ]
    .map { Way(predictions: p, answers: $0.1, questions: $0.0) }
  }.filter { way in
    // Blocks without users need blocks to be joined with.
    if way.predictions == "p.txt" { return !["q.csv", "a.csv"].contains(way.questions ?? way.answers) }
    return !(way.questions == nil && way.answers == "a.txt")
  }

  @Test(arguments: ways)
  func everyWayGivesTheSameSums(_ way: Way) throws {
    let contest = try JudgedContest(movies: 40) { $0 % 7 + 1 }
    for membership in [nil, "m.txt", "m.csv"] {
      if membership == "m.txt", !["q.txt", "probe.txt", "t.txt"].contains(way.questions ?? way.answers),
        !(way.predictions == "p.txt" && way.answers == "a.txt")
      {
        continue
      }
      if membership == "m.csv", way.predictions == "p.txt", way.answers == "a.txt", way.questions == nil { continue }
      for threads in [1, 2, 4] {
        let judgement = try contest.judge(
          way.predictions, way.answers, questions: way.questions, membership: membership, threads: threads)
        #expect(judgement.rows == contest.rows.count && judgement.all == contest.sums(), "\(membership ?? "")")
        #expect(judgement.quiz == (membership == nil ? nil : contest.sums(\.isQuiz)))
        #expect(judgement.test == (membership == nil ? nil : contest.sums { !$0.isQuiz }))
      }
    }
  }

  @Test func aFolderMayBeTheQuestions() throws {
    let contest = try JudgedContest(movies: 5) { _ in 3 }
    let folder = contest.folder.path("training_set")
    let asked = try QuestionSet.read(folder, vocabularies: Vocabularies(users: .empty, items: .empty))
    #expect(asked.count == 20)
    try asked.writeSample(value: 3, to: contest.folder.path("sample.txt"))
    // Blocks in the order of the folder, with the folder as questions, as answers, and as both.
    for questions in [nil, "training_set"] {
      let judgement = try contest.judge("sample.txt", "training_set", questions: questions)
      #expect(judgement.rows == 20 && judgement.all.asWritten.count == 20)
    }
    #expect(try contest.judge("sample.txt", nil, questions: "training_set").rows == 20)
    try contest.folder.write("short.txt", "1:\n3\n3\n3\n")
    #expect(problems { _ = try contest.judge("short.txt", nil, questions: "training_set") } == ["missing-rows 5 [1]"])
  }

  @Test func predictionsInMemoryAreJoinedInTheOrderOfTheQuestions() throws {
    let contest = try JudgedContest(movies: 10) { $0 }
    for questions in ["q.txt", "probe.txt"] {
      let values = Predictions(contest.rows.map { Double($0.prediction) / 100 })
      let judgement = try SubmissionJudge(
        predictions: .values(values, name: "model"), answers: contest.folder.path("a.txt"),
        questions: contest.folder.path(questions), membership: contest.folder.path("m.txt")
      ).judge()
      #expect(judgement.all == contest.sums() && judgement.quiz == contest.sums(\.isQuiz))
    }
  }

  @Test func onlyTheQuestionsAreScored() throws {
    let contest = try JudgedContest(movies: 10) { _ in 4 }
    try contest.folder.write(
      "some.csv", "user,item\n" + contest.rows.filter(\.isQuiz).map { "\($0.user),\($0.movie)\n" }.joined())
    try contest.folder.write(
      "some-p.csv",
      "user,item,prediction\n"
        + contest.rows.filter(\.isQuiz).map { "\($0.user),\($0.movie),\($0.predictionText)\n" }.joined())
    #expect(try contest.judge("some-p.csv", "a.csv", questions: "some.csv").all == contest.sums(\.isQuiz))
    #expect(problems { _ = try contest.judge("some-p.csv", "a.csv") }.first?.hasPrefix("missing-rows") == true)
    #expect(
      problems { _ = try contest.judge("p.csv", "a.csv", questions: "some.csv") }.first?.hasPrefix("unknown-") == true)
    try contest.folder.write("more.csv", "user,item\n1,77\n" + contest.rows.map { "\($0.user),\($0.movie)\n" }.joined())
    try contest.folder.write(
      "more-p.csv", "user,item,prediction\n1,77,3\n" + contest.rows.map { "\($0.user),\($0.movie),3\n" }.joined())
    #expect(
      problems { _ = try contest.judge("more-p.csv", "a.csv", questions: "more.csv") } == ["missing-answers 1 []"])
  }

  @Test func whatCannotBeJoinedIsToldSo() throws {
    let contest = try JudgedContest(movies: 3) { _ in 2 }
    #expect(problems { _ = try contest.judge("p.csv", "a.txt") } == ["not-joinable 1 []"])
    #expect(problems { _ = try contest.judge("p.txt", "a.csv") } == ["not-joinable 1 []"])
    #expect(problems { _ = try contest.judge("p.txt", "a.csv", questions: "q.csv") } == ["not-joinable 1 []"])
    #expect(problems { _ = try contest.judge("p.csv", "a.csv", questions: "a.txt") } == ["not-joinable 1 []"])
  }
}
