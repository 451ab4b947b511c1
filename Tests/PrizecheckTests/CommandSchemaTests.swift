import Foundation
import RatingBench
import Testing
import _RatingTestSupport

/// What every command prints with `--format json`, against the schema that stands beside its code.
@Suite(.enabled(if: JSONSchema.isAvailable, "there is no Python with jsonschema"))
struct CommandSchemaTests {
  let folder: ScratchFolder

  init() throws { folder = try TinyContest.folder() }

  private func path(_ file: TinyContest.File) -> String { folder.path(file.rawValue) }

  /// Runs a command and checks what it prints; returns it.
  @discardableResult
  private func expect(_ schema: String, status: Int32 = 0, _ arguments: [String]) throws -> [String: Any] {
    let run = try ToolRun(arguments + ["--format", "json"])
    #expect(run.status == status, "\(arguments): \(run.errors)")
    #expect(run.output.hasSuffix("\n") && run.output.dropLast().contains("\n") == false, "\(arguments)")
    #expect(try JSONSchema.violations(of: run.output, schema) == "", "\(arguments): \(run.output)")
    return try run.object()
  }

  /// A member more, and each member less, is not what the schema describes.
  private func expectNoLess(_ schema: String, _ object: [String: Any], optional: Set<String> = []) throws {
    func refuses(_ changed: [String: Any]) throws -> Bool {
      let json = String(decoding: try JSONSerialization.data(withJSONObject: changed), as: UTF8.self)
      return try JSONSchema.violations(of: json, schema) != ""
    }
    #expect(try refuses(object.merging(["surplus": 1]) { $1 }))
    for key in object.keys where !optional.contains(key) {
      var changed = object
      changed[key] = nil
      #expect(try refuses(changed), "\(schema) does without \(key)")
    }
  }

  /// Of shapes that others have laid down, which have no room for the name of a schema.
  private static let foreign: Set = ["codabench-scores", "evalai-result", "github-action-benchmark", "kaggle-scores"]

  @Test func everySchemaIsTheOneOfItsName() throws {
    let every = try ScratchFolder.names(in: ResultSchemaTests.schemas.path)
    let names = every.filter { !Self.foreign.contains(String($0.dropLast(".schema.json".count))) }
    #expect(every.count == names.count + Self.foreign.count)
    #expect(
      names
        == [
          "algorithms", "benchmark", "blend", "cache", "compare", "contest", "datasets", "describe", "doctor", "fetch",
          "fold-in", "generate", "inspect", "leaks", "plan", "predict", "progress", "recommend", "result", "split",
          "study",
          "timings",
          "train",
        ].map { "\($0).schema.json" })
    for name in names {
      let data = try Data(contentsOf: ResultSchemaTests.schemas.appendingPathComponent(name))
      let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(schema["$id"] as? String == "prizecheck.\(name.dropLast(".schema.json".count))/1")
      let properties = try #require(schema["properties"] as? [String: [String: Any]])
      #expect(properties["schema"]?["const"] as? String == schema["$id"] as? String)
    }
  }

  @Test func generate() throws {
    let size = ["--users", "60", "--items", "20", "--ratings", "600"]
    let made = try expect("generate", ["generate", "--output", folder.path("made")] + size)
    #expect(made["preset"] == nil)
    #expect((made["training"] as? Int ?? 0) + (made["qualifying"] as? Int ?? 0) == 600)
    let seed = String(UInt64.max)
    let preset = try expect(
      "generate",
      ["generate", "--preset", "demo", "--fraction", "0.05", "--seed", seed, "--output", folder.path("demo")])
    #expect(preset["seed"] as? UInt64 == UInt64.max)
    try expectNoLess("generate", preset, optional: ["preset"])
  }

  @Test(arguments: [
    "random", "last", "time", "k-fold", "repeated", "leave-one-out", "given", "all-but", "rolling", "netflix",
  ])
  func split(_ method: String) throws {
    let base = ["split", path(.training), "--method", method]
    let parts = try expect("split", base + ["--output", folder.path("parts"), "--seed", String(UInt64.max)])
    #expect(parts["method"] as? String == method)
    #expect(parts["seed"] as? UInt64 == UInt64.max)
    try expectNoLess("split", parts, optional: ["plan"])
    try folder.write("bad.csv", "user,item,rating\n1,1,x\n")
    try expect(
      "result", status: 65, ["split", folder.path("bad.csv"), "--method", method, "--output", folder.path("more")])
    try expect(
      "result", status: 66, ["split", folder.path("none.csv"), "--method", method, "--output", folder.path("more")])
  }

  @Test func leaks() throws {
    let clean = try folder.write("train.csv", "user,item,rating\n1,1,3\n2,2,4\n")
    let test = try folder.write("test.csv", "user,item,rating\n1,2,3\n2,1,4\n")
    try expectNoLess("leaks", try expect("leaks", ["leaks", clean, test]))
    try folder.write("bad.csv", "user,item,rating\n1,1,3\n2,2,4\n1,1,3\n")
    let found = try expect("leaks", status: 1, ["leaks", folder.path("bad.csv"), folder.path("bad.csv"), "--strict"])
    #expect((found["findings"] as? [Any])?.count == 3)
    try expect("result", status: 66, ["leaks", clean, folder.path("none.csv")])
    try folder.write("worse.csv", "user,item,rating\n1,1,x\n")
    try expect("result", status: 65, ["leaks", folder.path("worse.csv"), clean])
  }

  @Test func fetch() throws {
    let list = try expect("datasets", ["fetch", "--list", "--directory", folder.path("cache")])
    try expectNoLess("datasets", list)
    #expect((list["datasets"] as? [Any])?.count == DatasetCatalogue.entries.count)
    let members = ["README.txt": "", "movies.csv": "", "ratings.csv": "userId,movieId,rating,timestamp\n1,1,4,1\n"]
    let archive = ZipBytes(members.sorted { $0.key < $1.key }.map { .init("ml-latest-small/\($0.key)", $0.value) })
    let file = try folder.write("my.zip", archive.bytes)
    let arguments = ["fetch", "ml-latest-small", "--directory", folder.path("cache")]
    try expect("result", status: 66, arguments + ["--offline"])
    try expectNoLess(
      "fetch", try expect("fetch", arguments + ["--from-file", file]), optional: ["ratings_file", "doi"])
    let again = try expect("fetch", arguments + ["--offline"])
    #expect(again["was_there"] as? Bool == true)
    try expect("result", status: 65, ["fetch", "ml-1m", "--directory", folder.path("cache"), "--from-file", file])
  }

  @Test func cache() throws {
    let options = ["--directory", folder.path("parsed")]
    let empty = try expect("cache", ["cache", "list"] + options)
    #expect((empty["entries"] as? [Any])?.isEmpty == true)
    try folder.write("parsed/\(String(repeating: "0", count: 32)).ratings", "damaged")
    try expect("cache", status: 65, ["cache", "verify"] + options)
    let large = try LargeInput.write(to: folder)
    #expect(try ToolRun(["describe", large, "--cache", folder.path("parsed")]).status == 0)
    try expectNoLess("cache", try expect("cache", ["cache"] + options))
    try expectNoLess("cache", try expect("cache", ["cache", "clear"] + options))
  }

  @Test func trainAndPredict() throws {
    let model = folder.path("model")
    let trained = try expect(
      "train",
      ["train", path(.ratingsCSV), "--algorithm", "biased-mf", "--save", model, "--seed", String(UInt64.max)])
    #expect(trained["seed"] as? UInt64 == UInt64.max)
    try expectNoLess("train", trained, optional: ["seconds_per_epoch"])
    let predict = ["predict", model, "--output", folder.path("p.out"), "--questions"]
    try expectNoLess("predict", try expect("predict", predict + [path(.questionsCSV)]))
    try expect("predict", predict + [path(.questions), "--no-clip"])
    try expect("result", status: 66, predict + [folder.path("none.csv")])
    try expect("result", status: 65, ["predict", path(.ratingsCSV)] + predict.dropFirst(2) + [path(.questionsCSV)])
    try expect("result", status: 66, ["train", folder.path("none.csv"), "--algorithm", "biases"])
  }

  @Test func trainWithAllOptions() throws {
    let base = ["train", path(.ratingsCSV), "--algorithm", "biases", "--validation", "30%"]
    let checkpoint = folder.path("checkpoint")
    let trained = try expect("train", base + ["--early-stop", "--checkpoint", checkpoint])
    let resumed = try expect("train", base + ["--early-stop", "--resume", checkpoint])
    #expect(trained["validation_set"] is [String: Any] && resumed["resumed_after"] is Int)
    try expectNoLess(
      "train", resumed, optional: ["seconds_per_epoch", "validation_set", "resumed_after"])
    try expect("train", ["train", path(.ratingsCSV), "--algorithm", "item-mean", "--validation", "30%"])
    let inspected = try expect("inspect", ["inspect", checkpoint])
    try expectNoLess(
      "inspect", inspected, optional: ["completed_epochs", "early_stopping"])
  }

  @Test func algorithmsInspectAndRecommend() throws {
    try expectNoLess("algorithms", try expect("algorithms", ["algorithms"]))
    try expect("algorithms", ["algorithms", "biased-mf"])
    let model = folder.path("model")
    try expect("train", ["train", path(.ratingsCSV), "--algorithm", "biased-mf", "--save", model])
    try expectNoLess(
      "inspect", try expect("inspect", ["inspect", model]), optional: ["epoch", "users", "items", "scale"])
    let recommend = ["recommend", model, "--user", "10", "--user", "stranger", "--top", "3"]
    try expectNoLess(
      "recommend", try expect("recommend", recommend + ["--exclude", path(.questionsCSV)]), optional: ["rankings"])
    try expect("recommend", recommend + ["--output", folder.path("rankings.csv")])
    try folder.write("new.csv", "user,item,rating\n77,1,4\n77,2,3\n10,99,2\n")
    let larger = folder.path("larger")
    try expectNoLess(
      "fold-in", try expect("fold-in", ["fold-in", model, folder.path("new.csv"), "--save", larger, "--add", "both"]))
    let folded = try expect("inspect", ["inspect", larger])
    #expect((folded["folded_in"] as? [[String: Any]])?.first?["side"] as? String == "both")
    try expect("result", status: 66, ["fold-in", model, folder.path("none"), "--save", larger])
    try expect("result", status: 65, ["inspect", path(.ratingsCSV)])
    try expect("result", status: 66, ["recommend", folder.path("none"), "--user", "10"])
  }

  @Test(arguments: [TinyContest.File.training, .ratingsCSV])
  func describe(_ file: TinyContest.File) throws {
    try expect("describe", ["describe", path(file)])
    try folder.write("repeated.csv", "user,item,rating\n1,1,3\n1,1,4\n")
    try expect("describe", ["describe", folder.path("repeated.csv")])
    try expect("result", status: 66, ["describe", folder.path("none.csv")])
  }

  @Test func checkScoreAndValidate() throws {
    let judged = [path(.predictions), "--answers", path(.answers), "--membership", path(.membership)]
    try expect("result", ["check"] + judged + ["--criterion", "netflix-grand-prize"])
    try expect("result", status: 1, ["check"] + judged + ["--baseline", "0.6", "--improvement", "10%"])
    try expect("result", ["check"] + judged + ["--baseline", "1.2", "--improvement", "10%"])
    try expect("result", ["score"] + judged)
    try expect("result", ["validate", path(.predictions), "--questions", path(.questions)])
    try expect("result", status: 65, ["validate", path(.predictions), "--questions", path(.questionsCSV)])
    try expect("result", status: 66, ["score", folder.path("none.txt"), "--answers", path(.answers)])
  }

  @Test func doctor() throws { try expect("doctor", ["doctor"]) }
}
