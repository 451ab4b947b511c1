import Foundation
import RatingBench
import Testing
import _RatingTestSupport

/// `algorithms`, `inspect` and `recommend` as users run them.
@Suite struct ModelCommandsTests {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    // User u adds u to item i, which adds 10 i; even users have rated even items, odd ones odd items. Without damping the
    // items' biases are their means, so that u2 gives i5 the 53 that odd users gave it on average.
    var text = "user,item,rating\n"
    for user in 0..<6 {
      for item in 0..<6 where (user + item) % 2 == 0 { text += "u\(user),i\(item),\(user + 10 * item)\n" }
    }
    try folder.write("ratings.csv", text)
    let trained = try ToolRun([
      "train", folder.path("ratings.csv"), "--algorithm", "biases", "--sweeps", "500", "--set", "user-regularization=0",
      "--set", "item-regularization=0", "--seed", "9", "--save", folder.path("model"),
    ])
    try #require(trained.status == 0, "\(trained.errors)")
  }

  @Test func algorithmsAreListedWithTheirParameters() throws {
    let list = try ToolRun(["algorithms"])
    #expect(list.status == 0 && list.errors.isEmpty)
    for entry in AlgorithmRegistry.standard.entries {
      #expect(list.output.contains("\(entry.name): \(entry.summary)") && list.output.contains(entry.paper))
      let one = try ToolRun(["algorithms", entry.name])
      #expect(one.status == 0)
      for parameter in entry.parameters {
        #expect(one.output.contains("\(parameter.flagName) = \(parameter.defaultValue)"))
        #expect(one.output.contains(parameter.documentation) && one.output.contains(parameter.source))
      }
    }
    let json = try ToolRun(["algorithms", "--format", "json"]).object()
    let all = try #require(json["algorithms"] as? [[String: Any]])
    #expect(all.compactMap { $0["name"] as? String } == AlgorithmRegistry.standard.names)
    let factorization = try #require(all.first { $0["name"] as? String == "biased-mf" })
    #expect(factorization["iterative"] as? Bool == true && all[0]["iterative"] as? Bool == false)
    let parameters = try #require(factorization["parameters"] as? [[String: Any]])
    #expect(parameters.first { $0["name"] as? String == "learning_rate" }?["setting"] as? String == "learning-rate")
    let unknown = try ToolRun(["algorithms", "magic"])
    #expect(unknown.status == 64 && unknown.output.isEmpty && unknown.errors.contains("biased-mf"))
  }

  @Test func inspectTellsWhatAModelWasMadeFrom() throws {
    let object = try ToolRun(["inspect", folder.path("model"), "--format", "json"]).object()
    #expect(object["kind"] as? String == "model" && object["algorithm"] as? String == "biases")
    #expect(object["seed"] as? Int == 9 && object["ratings"] as? Int == 18 && object["epoch"] as? Int == 500)
    #expect(object["users"] as? Int == 6 && object["items"] as? Int == 6)
    #expect((object["parameters"] as? [String: Any])?["sweeps"] as? Int == 500)
    #expect((object["scale"] as? [String: Any])?["upper"] as? Int == 55)
    let tensors = try #require(object["tensors"] as? [[String: Any]])
    #expect(tensors.first { $0["name"] as? String == "biases.users" }?["shape"] as? [Int] == [6])
    let size = try FileManager.default.attributesOfItem(atPath: folder.path("model"))[.size] as? Int
    #expect(object["bytes"] as? Int == size)
    let text = try ToolRun(["inspect", folder.path("model")])
    #expect(text.status == 0 && text.output.contains("sweeps 500") && text.output.contains("biases.users"))
    let hash = try #require(object["data_hash"] as? String)
    #expect(text.output.contains(hash))
  }

  @Test func questionsAreLearnedFromAndRemembered() throws {
    try folder.write("questions.csv", "user,item\nu0,i1\nu1,i0\nstranger,i0\n")
    func train(_ algorithm: String, _ name: String, _ more: [String]) throws {
      let run = try ToolRun(
        ["train", folder.path("ratings.csv"), "--algorithm", algorithm, "--save", folder.path(name), "--factors", "4"]
          + more)
      #expect(run.status == 0, "\(run.errors)")
    }
    func tensors(_ name: String) throws -> Data {
      let summary = try ModelSummary(contentsOf: folder.path(name))
      return try Data(contentsOf: URL(fileURLWithPath: folder.path(name))).suffix(
        summary.tensors.reduce(0) { $0 + $1.bytes })
    }
    let asked = ["--questions", folder.path("questions.csv")]
    try train("svd++", "strict", [])
    try train("svd++", "asked", asked)
    try train("biased-mf", "mf", [])
    try train("biased-mf", "mf-asked", asked)
    #expect(try tensors("strict") != tensors("asked") && tensors("mf") == tensors("mf-asked"))
    let inspected = try ToolRun(["inspect", folder.path("asked"), "--format", "json"])
    #expect((try inspected.object()["questions"] as? [String: Any])?["pairs"] as? Int == 3)
    if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: inspected.output, "inspect") == "") }
    #expect(try ToolRun(["inspect", folder.path("asked")]).output.contains("questions   3 pairs"))
    #expect(try ToolRun(["inspect", folder.path("strict"), "--format", "json"]).object()["questions"] == nil)
  }

  @Test func inspectRefusesWhatIsDamaged() throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path("model"))))
    try folder.write("cut", bytes.dropLast(4))
    try folder.write("longer", bytes + [0])
    try folder.write("text", "user,item,rating\n")
    try folder.write("empty", "")
    for name in ["cut", "longer", "text", "empty"] {
      let run = try ToolRun(["inspect", folder.path(name), "--format", "json"])
      #expect(run.status == 65, "\(name)")
      #expect(try FoundProblem.list("errors", of: run.object()).map(\.code) == ["bad-model"])
    }
    #expect(try ToolRun(["inspect", folder.path("none")]).status == 66)
    #expect(try ToolRun(["inspect", folder.path]).status == 66)
  }

  private func rankings(_ more: [String]) throws -> [(user: String, known: Bool, items: [String])] {
    let run = try ToolRun(["recommend", folder.path("model"), "--format", "json"] + more)
    #expect(run.status == 0, "\(run.errors)")
    let list = try #require(try run.object()["rankings"] as? [[String: Any]])
    return list.map { row in
      (
        row["user"] as? String ?? "", row["known"] as? Bool ?? false,
        (row["items"] as? [[String: Any]] ?? []).map { $0["item"] as? String ?? "" }
      )
    }
  }

  @Test func theBestItemsComeFirstAndRatedOnesAreLeftOut() throws {
    let all = try rankings(["--user", "u2", "--top", "3"])
    #expect(all.count == 1 && all[0].known && all[0].items == ["i5", "i4", "i3"])
    let unrated = try rankings(["--user", "u2", "--user", "u3", "--exclude", folder.path("ratings.csv")])
    #expect(unrated.map(\.items) == [["i5", "i3", "i1"], ["i4", "i2", "i0"]])
    let text = try ToolRun(["recommend", folder.path("model"), "--user", "u2", "--top", "2"])
    let lines = text.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[1].hasPrefix("u2") && lines[1].contains("i5"), "\(text.output)")
    let last = try #require(lines[1].split(separator: " ").last.flatMap { Double($0) })
    #expect(abs(last - 53) < 0.01)
  }

  @Test func strangersGetTheRankingOfAnyoneAndItIsSaid() throws {
    try folder.write("users.txt", "u1\nstranger\nu1\nother\n")
    try folder.write("rated.csv", "user,item\nstranger,i5\nnobody,i4\nu1,i9\n")
    let found = try rankings(["--users", folder.path("users.txt"), "--top", "2", "--exclude", folder.path("rated.csv")])
    #expect(found.map(\.user) == ["u1", "stranger", "other"] && found.map(\.known) == [true, false, false])
    // What a stranger has rated is left out too.
    #expect(found.map(\.items) == [["i5", "i4"], ["i4", "i3"], ["i5", "i4"]])
    let text = try ToolRun(["recommend", folder.path("model"), "--users", folder.path("users.txt"), "--top", "7"])
    #expect(text.output.contains("not known to the model") && text.output.contains("stranger, other"))
    #expect(text.output.contains("fewer than 7 items are left for: u1, stranger, other"))
  }

  @Test func rankingsAreWrittenAsCSVTheSameOnAnyNumberOfThreads() throws {
    var files: Set<String> = []
    for threads in ["1", "2", "4"] {
      let run = try ToolRun([
        "recommend", folder.path("model"), "--user", "u0", "--user", "x,y", "--top", "2", "--threads", threads,
        "--output",
        folder.path("top.csv"),
      ])
      #expect(run.status == 0 && run.output.isEmpty && run.errors.contains("4 items for 2 users"), "\(run.errors)")
      files.insert(try folder.text("top.csv"))
    }
    let lines = try #require(files.first).split(separator: "\n")
    #expect(files.count == 1 && lines[0] == "user,rank,item,prediction" && lines.count == 5)
    #expect(lines[1].hasPrefix("u0,1,i5,5") && lines[3].hasPrefix("\"x,y\",1,i5,"))
    let piped = try ToolRun(["recommend", folder.path("model"), "--user", "u0", "--top", "2", "--output", "-"])
    #expect(piped.output.hasPrefix("user,rank,item,prediction\nu0,1,"))
  }

  @Test func foldInAddsUsersAndItemsAndKeepsTheOthers() throws {
    let (model, larger) = (folder.path("mf"), folder.path("larger"))
    let trained = try ToolRun([
      "train", folder.path("ratings.csv"), "--algorithm", "als", "--factors", "4", "--save", model,
    ])
    #expect(trained.status == 0, "\(trained.errors)")
    // Rates as u3 does, one more; and an item that two know.
    try folder.write(
      "new.csv", "user,item,rating\nnew,i1,13\nnew,i3,33\nnew,i5,53\nu1,fresh,20\nu2,fresh,21\nalone,nothing,3\n")
    var files: Set<Data> = []
    for threads in ["1", "2"] {
      let run = try ToolRun([
        "fold-in", model, folder.path("new.csv"), "--save", larger, "--add", "both", "--threads", threads, "--format",
        "json",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let object = try run.object()
      let (users, items) = (object["users"] as? [String: Int], object["items"] as? [String: Int])
      #expect(users == ["added": 1, "replaced": 0, "n": 7] && items == ["added": 1, "replaced": 0, "n": 7])
      #expect(object["ratings"] as? [String: Int] == ["n": 6, "used": 5, "ignored": 1])
      files.insert(try Data(contentsOf: URL(fileURLWithPath: larger)))
    }
    #expect(files.count == 1)
    func predictions(_ model: String) throws -> [String] {
      try folder.write("ask.csv", "user,item\nu1,i2\nu3,i3\nnew,i3\nu2,fresh\n")
      let run = try ToolRun(["predict", model, "--questions", folder.path("ask.csv"), "--output", "-", "--no-clip"])
      return run.output.split(separator: "\n").map(String.init)
    }
    let (before, after) = (try predictions(model), try predictions(larger))
    #expect(before[1...2] == after[1...2] && before[3] != after[3] && before[4] != after[4])
    let value = try #require(after[3].split(separator: ",").last.flatMap { Double($0) })
    #expect(abs(value - 33) < 8, "\(after)")
    // Ratings of users whom the model knows change nothing unless they are to be replaced.
    let same = try ToolRun(["fold-in", model, folder.path("ratings.csv"), "--save", larger])
    #expect(
      same.status == 0 && same.output.contains("0 added") && same.output.contains("18 left out"), "\(same.output)")
    let again = try ToolRun(["fold-in", model, folder.path("ratings.csv"), "--save", larger, "--replace"])
    #expect(again.output.contains("6 solved again"), "\(again.output)")
    let inspected = try ToolRun(["inspect", larger])
    #expect(inspected.output.contains("folded in   users of 18 ratings, known ones: replace"), "\(inspected.output)")
  }

  @Test func whatCannotBeFoldedInIsRefused() throws {
    let biases = try ToolRun([
      "fold-in", folder.path("model"), folder.path("ratings.csv"), "--save", folder.path("out"), "--format", "json",
    ])
    let problems = FoundProblem.list("errors", of: try biases.object())
    #expect(biases.status == 65 && problems.map(\.code) == ["bad-model"] && problems[0].message.contains("biased-mf"))
    #expect(try ToolRun(["fold-in", folder.path("none"), folder.path("ratings.csv"), "--save", "x"]).status == 66)
    #expect(try ToolRun(["fold-in", "-", "-", "--save", "x"]).status == 64)
    #expect(try ToolRun(["fold-in", folder.path("model"), folder.path("ratings.csv"), "--add", "movies"]).status == 64)
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }

  @Test func wrongUseAndBadFilesOfRecommend() throws {
    let model = folder.path("model")
    for (options, hint) in [
      ([], "--users"), (["--user", "u1", "--top", "0"], "at least 1"),
      (["--user", "u1", "--threads", "0"], "at least 1"),
      (["--user", "u1", "--format", "json", "--output", "-"], "standard output"),
      (["--users", "-", "--exclude", "-"], "only one"),
    ] {
      let run = try ToolRun(["recommend", model] + options)
      #expect(run.status == 64 && run.output.isEmpty && run.errors.contains(hint), "\(run.errors)")
    }
    try folder.write("empty", "")
    try folder.write("blank", "u1\n\nu2\n")
    try folder.write("binary", [0x75, 0xff, 0x00])
    for (name, code, lines) in [
      ("empty", "empty-file", []), ("blank", "blank-line", [2]), ("binary", "binary-data", []),
    ] {
      let run = try ToolRun(["recommend", model, "--users", folder.path(name), "--format", "json"])
      let problems = FoundProblem.list("errors", of: try run.object())
      #expect(run.status == 65 && problems.map(\.code) == [code] && problems[0].lines == lines, "\(problems)")
    }
    #expect(try ToolRun(["recommend", model, "--users", folder.path("none")]).status == 66)
    #expect(try ToolRun(["recommend", folder.path("ratings.csv"), "--user", "u1"]).status == 65)
    #expect(try ToolRun(["recommend", model, "--user", "u1", "--exclude", folder.path("none")]).status == 66)
  }
}
