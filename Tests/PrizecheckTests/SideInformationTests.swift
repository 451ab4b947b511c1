import Foundation
import RatingBench
import Testing
import _RatingTestSupport

@testable import prizecheck

/// `--questions`, `--user-features` and `--item-features` of `train`, and what is told of them.
@Suite struct SideInformationTests {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    var (ratings, users) = ("user,item,rating,timestamp\n", "user,age,likes\n")
    for user in 0..<30 {
      users += "u\(user),\(20 + user),\(user % 2 == 0 ? "odd|even" : "")\n"
      for item in 0..<12 where (user * item) % 3 != 1 {
        ratings += "u\(user),\(item),\(1 + (user + item) % 5),\(874_000_000 + 50_000 * item)\n"
      }
    }
    try folder.write("ratings.csv", ratings)
    try folder.write("users.csv", users + "stranger,9,odd\n")
    try folder.write("movies.csv", "movieId,title,genres\n0,\"A, B (1999)\",Comedy|Drama\n5,C (2001),War\n99,D,War\n")
    try folder.write("questions.csv", "user,item\nu1,1\nu2,2\n")
  }

  private func train(_ algorithm: String, _ more: [String]) throws -> ToolRun {
    try ToolRun(["train", folder.path("ratings.csv"), "--algorithm", algorithm] + more)
  }

  private var features: [String] {
    ["--user-features", folder.path("users.csv"), "--item-features", folder.path("movies.csv")]
  }

  @Test func algorithmsThatLearnFromRatingsAloneRefuseFeatures() throws {
    for entry in AlgorithmRegistry.standard.entries where !entry.usesSideFeatures {
      for option in ["--user-features", "--item-features"] {
        let run = try train(entry.name, [option, folder.path("users.csv")])
        #expect(run.status == 64 && run.output.isEmpty)
        #expect(run.errors.contains("\(entry.name) learns from ratings alone, so that \(option) has"), "\(run.errors)")
      }
    }
  }

  @Test(arguments: AlgorithmRegistry.standard.entries.filter(\.usesSideFeatures).map(\.name))
  func algorithmsThatLearnFromFeaturesSaySo(_ algorithm: String) throws {
    #expect(try ToolRun(["algorithms", algorithm]).output.contains("learns from --user-features"))
    let short = try AlgorithmRegistry.standard.entry(algorithm).parameters.filter { $0.name == "sweeps" }.flatMap { _ in
      ["--sweeps", "8"]
    }
    let run = try train(algorithm, features + short + ["--save", folder.path("model"), "--format", "json"])
    #expect(run.status == 0, "\(run.errors)")
    let users = try #require(try run.object()["user_features"] as? [String: Any])
    #expect(users["skipped_rows"] as? Int == 1 && users["ids_without_row"] as? Int == 0)
    let inspected = try ToolRun(["inspect", folder.path("model"), "--format", "json"]).object()
    let saved = try #require(inspected["user_features"] as? [String: Any])
    #expect(saved["sha256"] as? String == users["sha256"] as? String && saved["file"] as? String == "users.csv")
    #expect((inspected["item_features"] as? [String: Any])?["file"] as? String == "movies.csv")
    try folder.write("bad.csv", "user,age\nu1,2\nu1,3\n")
    let bad = try train(algorithm, ["--user-features", folder.path("bad.csv"), "--format", "json"])
    #expect(try bad.status == 65 && FoundProblem.list("errors", of: bad.object()).map(\.code) == ["duplicate-id"])
    #expect(try train(algorithm, ["--item-features", folder.path("none.csv")]).status == 66)
  }

  @Test(arguments: [("svd++", true), ("biased-mf", false)])
  func theResultSaysWhetherQuestionsWereCounted(_ algorithm: String, _ areUsed: Bool) throws {
    let asked = ["--questions", folder.path("questions.csv"), "--epochs", "2", "--save", folder.path("model")]
    let words = areUsed ? "counted as implicit feedback" : "which \(algorithm) ignores"
    #expect(try train(algorithm, asked).output.contains("  questions: 2 pairs, \(words)"))
    let json = try train(algorithm, asked + ["--format", "json"])
    let questions = try #require(try json.object()["questions"] as? [String: Any])
    #expect(questions["pairs"] as? Int == 2 && questions["implicit_feedback"] as? Bool == areUsed)
    let text = try ToolRun(["inspect", folder.path("model")]).output
    #expect(
      text.contains("questions   2 pairs, \(areUsed ? "counted as implicit feedback" : "which the algorithm ignores"),")
    )
    let inspected = try ToolRun(["inspect", folder.path("model"), "--format", "json"])
    #expect((try inspected.object()["questions"] as? [String: Any])?["implicit_feedback"] as? Bool == areUsed)
    #expect(try ToolRun(["algorithms", algorithm]).output.contains("pairs of --questions") == areUsed)
    let strict = try train(algorithm, ["--epochs", "2"]).output
    #expect(!strict.contains("questions"))
    guard JSONSchema.isAvailable else { return }
    #expect(try JSONSchema.violations(of: json.output, "train") == "")
    #expect(try JSONSchema.violations(of: inspected.output, "inspect") == "")
  }

  /// The tables of the two files for the training ratings, as `train` reads them.
  private func tables() throws -> (users: FeatureTable, items: FeatureTable) {
    let vocabularies = try RatingDataset(contentsOf: folder.path("ratings.csv")).vocabularies
    let users = try FeatureArguments.read(folder.path("users.csv"), vocabularies.users, of: .users)
    let items = try FeatureArguments.read(folder.path("movies.csv"), vocabularies.items, of: .items)
    return (try #require(users), try #require(items))
  }

  @Test func theReportTellsGroupsCountsAndHashes() throws {
    let (users, items) = try tables()
    let report = TrainingReport(
      algorithm: "any", parameters: [], seed: 1, threads: 1, training: 9, questions: nil,
      userFeatures: FeatureReport(table: users, side: .users), itemFeatures: FeatureReport(table: items, side: .items),
      test: nil, validation: nil, resumedAfter: nil, seconds: 1, secondsReading: 1,
      epochs: TrainingProgress(.none).epochs, saved: nil)
    let hash = try #require(users.source?.sha256)
    #expect(report.text.contains("  user features: \(folder.path("users.csv")) (csv), SHA-256 \(hash)\n"))
    #expect(report.text.contains("\n    age 10, likes 2; every user has a row, 1 of 31 rows are of other users\n"))
    #expect(report.text.contains("year 2, genre 3; 10 of 12 items have no row, 1 of 3 rows are of other items"))
    guard JSONSchema.isAvailable else { return }
    #expect(try JSONSchema.violations(of: report.json.text, "train") == "", "\(report.json.text)")
  }

  @Test func inspectTellsWhatAModelKnewOfUsersAndItems() throws {
    let ratings = try RatingDataset(contentsOf: folder.path("ratings.csv"))
    let (users, items) = try tables()
    let model = try GlobalMean().fit(to: ratings, seed: 1)
    let provenance = ModelProvenance(
      GlobalMean(), seed: 1, trainedOn: TrainingInput(ratings, userFeatures: users, itemFeatures: items))
    try ModelFile(model, provenance).write(to: folder.path("model"))
    let text = try ToolRun(["inspect", folder.path("model")]).output
    let hash = try #require(users.source?.sha256)
    #expect(
      text.contains("  of users    users.csv, SHA-256 \(hash), 12 features in 2 groups, hash \(users.contentHash)"),
      "\(text)")
    #expect(text.contains("  of items    movies.csv, SHA-256 "))
    let run = try ToolRun(["inspect", folder.path("model"), "--format", "json"])
    let found = try #require(try run.object()["item_features"] as? [String: Any])
    #expect(found["file"] as? String == "movies.csv" && found["features"] as? Int == 5 && found["groups"] as? Int == 2)
    guard JSONSchema.isAvailable else { return }
    #expect(try JSONSchema.violations(of: run.output, "inspect") == "")
  }
}
