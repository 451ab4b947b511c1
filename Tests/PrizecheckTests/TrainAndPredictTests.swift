import Foundation
import RatingBench
import Testing

/// `train` and `predict` as users run them.
struct TrainAndPredictTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("prizecheck-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Every user rates most items; the last row of each user is for testing.
    var (train, test) = ("user,item,rating\n", "user,item,rating\n")
    for user in 1...30 {
      for item in 1...12 where (user * 7 + item * 5) % 4 != 0 {
        let row = "\(user),\(item),\(1 + (user * item + item) % 5)\n"
        if item == 11 || item == 10 { test += row } else { train += row }
      }
    }
    try write("train.csv", train)
    try write("test.csv", test)
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }

  private struct Outcome {
    var output: String
    var errors: String
    var status: Int32

    func object() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "\(output)\(errors)")
    }
  }

  private static var tool: URL {
    // The test bundle and the tool are built into one folder.
    Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent()
      .appendingPathComponent("prizecheck")
      ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("prizecheck")
  }

  private func start(_ arguments: [String]) throws -> (Process, Pipe, Pipe) {
    let process = Process()
    process.executableURL = Self.tool
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return (process, output, errors)
  }

  private func run(_ arguments: String...) throws -> Outcome {
    let (process, output, errors) = try start(arguments)
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let trouble = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Outcome(output: text, errors: trouble, status: process.terminationStatus)
  }

  private func codes(_ object: [String: Any], _ key: String = "errors") -> [String] {
    let validation = object["validation"] as? [String: Any]
    return (validation?[key] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
  }

  @Test(arguments: ["global-mean", "user-mean", "item-mean", "biases", "biased-mf"])
  func trainReportsOneObject(_ algorithm: String) throws {
    let outcome = try run(
      "train", path("train.csv"), "--algorithm", algorithm, "--seed", "3", "--threads", "2", "--test",
      path("test.csv"), "--rating-scale", "1...5", "--format", "json")
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    let object = try outcome.object()
    #expect(object["schema"] as? String == "prizecheck.train/1")
    #expect(object["algorithm"] as? String == algorithm)
    #expect(object["seed"] as? Int == 3 && object["threads"] as? Int == 2)
    #expect((object["training"] as? [String: Any])?["n"] as? Int == 225)
    let test = try #require(object["test"] as? [String: Any])
    #expect(Set(test.keys) == ["n", "rmse", "rmse_clipped", "mae"])
    let isIterative = ["biases", "biased-mf"].contains(algorithm)
    #expect((object["seconds_per_epoch"] != nil) == isIterative)
    for key in ["seconds", "seconds_reading", "seconds_setup", "ratings_per_second"] {
      #expect(object[key] is NSNumber)
    }
    #expect(object.count == (isIterative ? 12 : 11))
  }

  @Test(.enabled(if: ResultSchemaTests.hasValidator, "Python's jsonschema is not installed"))
  func everyObjectMatchesItsSchema() throws {
    func output(_ more: String...) throws -> String {
      let (process, output, _) = try start(["train", path("train.csv"), "--format", "json", "--algorithm"] + more)
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return text.trimmingCharacters(in: .newlines)
    }
    let results = [try output("biased-mf", "--test", path("test.csv")), try output("item-mean")]
    #expect(try ResultSchemaTests.verdicts(schema: "train", lines: results) == ["ok", "ok"])
    let failures = [
      try output("biases", "--test", path("train.csv")), try output("biases", "--test", path("none.csv")),
    ]
    #expect(try ResultSchemaTests.verdicts(schema: "result", lines: failures) == ["ok", "ok"])
  }

  @Test func parametersReachTheAlgorithmByFlagAndBySet() throws {
    let outcome = try run(
      "train", path("train.csv"), "--algorithm", "biased-mf", "--factors", "5", "--epochs", "3", "--set",
      "bias-regularization=0.25", "--set", "learningRateSchedule=constant", "--format", "json")
    let parameters = try #require(try outcome.object()["parameters"] as? [String: Any])
    #expect(parameters["factors"] as? Int == 5 && parameters["epochs"] as? Int == 3)
    #expect(parameters["bias_regularization"] as? Double == 0.25)
    #expect(parameters["learning_rate_schedule"] as? String == "constant")
    #expect(parameters.count == BiasedMatrixFactorization.parameters.count)
    #expect(try outcome.object()["test"] == nil)
  }

  @Test(arguments: [
    (["--algorithm", "item-mean", "--factors", "8"], "it has no parameters"),
    (["--algorithm", "biases", "--factors", "8"], "user-regularization"),
    (["--algorithm", "biased-mf", "--factors", "many"], "a whole number in 1...4096"),
    (["--algorithm", "biased-mf", "--set", "depth=3"], "learning-rate"),
    (["--algorithm", "biased-mf", "--set", "factors"], "name=value"),
    (["--algorithm", "biased-mf", "--factors", "8", "--set", "factors=9"], "given twice"),
    (["--algorithm", "magic"], "global-mean, user-mean, item-mean, biases, biased-mf"),
    (["--algorithm", "biased-mf", "--threads", "0"], "at least 1"),
  ])
  func usageMistakesExit64OnStandardErrorAlone(_ arguments: [String], _ hint: String) throws {
    let (process, output, errors) = try start(["train", path("train.csv"), "--format", "json"] + arguments)
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let trouble = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 64)
    #expect(text.isEmpty)
    #expect(trouble.contains(hint), "\(trouble)")
  }

  @Test func badAndMissingDataAreOneObjectToo() throws {
    let missing = try run("train", path("none.csv"), "--algorithm", "biases", "--format", "json")
    #expect(missing.status == 66)
    #expect(codes(try missing.object()) == ["missing-file"])
    try write("bad.csv", "user,item,rating\n1,1,3\n1,2,x\n")
    let bad = try run("train", path("bad.csv"), "--algorithm", "biases", "--format", "json")
    #expect(bad.status == 65)
    #expect(codes(try bad.object()) == ["not-a-number"])
  }

  @Test func testPairsInTrainingAreRefusedUnlessAllowedOrExcluded() throws {
    let base = ["train", path("train.csv"), "--algorithm", "biases", "--format", "json", "--test", path("train.csv")]
    func run(_ more: [String]) throws -> Outcome {
      let (process, output, _) = try start(base + more)
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return Outcome(output: text, errors: "", status: process.terminationStatus)
    }
    let refused = try run([])
    #expect(refused.status == 65)
    #expect(codes(try refused.object()) == ["test-overlap"])
    let allowed = try run(["--allow-overlap"])
    #expect(allowed.status == 0)
    #expect((try allowed.object()["test"] as? [String: Any])?["n"] as? Int == 225)
    let nothingLeft = try run(["--exclude", path("train.csv")])
    #expect(nothingLeft.status == 65)
    #expect(codes(try nothingLeft.object()) == ["empty-training-data"])
  }

  @Test func excludedPairsAreNotLearnedFrom() throws {
    try write("pairs.csv", "user,item\n1,2\n2,1\n999,1\n")
    let outcome = try run(
      "train", path("train.csv"), "--algorithm", "item-mean", "--exclude", path("pairs.csv"), "--format", "json")
    #expect((try outcome.object()["training"] as? [String: Any])?["n"] as? Int == 223, "\(outcome.errors)")
  }

  @Test func aSavedModelPredictsTheSameOnAnyNumberOfThreads() throws {
    for threads in ["1", "2", "4"] {
      let trained = try run(
        "train", path("train.csv"), "--algorithm", "biased-mf", "--epochs", "5", "--threads", threads, "--save",
        path("model-\(threads)"), "--rating-scale", "1...5")
      #expect(trained.status == 0, "\(trained.errors)")
      #expect(trained.output.contains("biased-mf: learned from 225 ratings"))
      let predicted = try run(
        "predict", path("model-\(threads)"), "--questions", path("test.csv"), "--output", path("p-\(threads)"),
        "--threads", threads)
      #expect(predicted.status == 0 && predicted.output == "", "\(predicted.errors)")
      #expect(predicted.errors.contains("predictions in"))
    }
    func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }
    #expect(try data("model-1") == data("model-2"))
    #expect(try data("model-1") == data("model-4"))
    #expect(try data("p-1") == data("p-4"))
    let lines = String(decoding: try data("p-1"), as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "user,item,prediction")
    let questions = try String(contentsOfFile: path("test.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines.count == questions.count)
    let values = try lines.dropFirst().map { try #require(Double($0.split(separator: ",")[2])) }
    #expect(values.allSatisfy { (1...5).contains($0) })
  }

  @Test func clippingCanBeSwitchedOffAndIsReported() throws {
    // Exactly additive, user 2 1.5 above user 1: without damping user 2 is predicted to give item 1 a 6.
    try write("wide.csv", "user,item,rating\n1,1,4.5\n1,2,3.5\n1,3,1.5\n2,2,5\n2,3,3\n")
    _ = try run(
      "train", path("wide.csv"), "--algorithm", "biases", "--sweeps", "1000", "--set", "user-regularization=0",
      "--set", "item-regularization=0", "--rating-scale", "1...5", "--save", path("model"))
    try write("ask.csv", "user,item\n1,1\n2,1\n2,3\n1,nothing\n")
    func predict(_ more: String...) throws -> [String: Any] {
      let arguments = [
        "predict", path("model"), "--questions", path("ask.csv"), "--output", path("p.csv"), "--format", "json",
      ]
      let (process, output, _) = try start(arguments + more)
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    let clipped = try predict()
    #expect(clipped["clipped"] as? Bool == true)
    #expect((clipped["questions"] as? [String: Any])?["unseen_items"] as? Int == 1)
    let outside = try #require(clipped["outside_scale"] as? Int)
    #expect(outside == 1)
    func outsideInFile() throws -> Int {
      try String(contentsOfFile: path("p.csv"), encoding: .utf8).split(separator: "\n").dropFirst()
        .count { !(1...5).contains(Double($0.split(separator: ",")[2])!) }
    }
    #expect(try outsideInFile() == 0)
    #expect(try predict("--no-clip")["clipped"] as? Bool == false)
    #expect(try outsideInFile() == outside)
  }

  @Test func aBrokenModelIsBadData() throws {
    try write("model", "not a model")
    let outcome = try run(
      "predict", path("model"), "--questions", path("test.csv"), "--output", path("p.csv"), "--format", "json")
    #expect(outcome.status == 65)
    #expect(codes(try outcome.object()) == ["bad-model"])
    #expect(!FileManager.default.fileExists(atPath: path("p.csv")))
  }

  @Test func aDivergingRateExits70AndNamesTheRemedy() throws {
    let outcome = try run(
      "train", path("train.csv"), "--algorithm", "biased-mf", "--learning-rate", "50", "--save", path("model"),
      "--format", "json")
    #expect(outcome.status == 70)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("lower learningRate"), "\(outcome.errors)")
  }

  @Test func interruptingKeepsTheLastModelAndLeavesNoPartialFile() throws {
    // 100,000 epochs of this take minutes on any machine.
    let rows = (0..<20_000).map { "\($0 / 100),\($0 % 100),\(1 + $0 * 7 % 5)" }
    try write("train.csv", (["user,item,rating"] + rows).joined(separator: "\n") + "\n")
    let (process, output, errors) = try start([
      "train", path("train.csv"), "--algorithm", "biased-mf", "--epochs", "100000", "--factors", "256", "--save",
      path("model"), "--format", "json",
    ])
    Thread.sleep(forTimeInterval: 1)
    process.interrupt()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let trouble = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130 && process.terminationReason == .exit)
    #expect(text.isEmpty)
    #expect(trouble.contains("saved the model of epoch"), "\(trouble)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(files) == ["train.csv", "test.csv", "model"])
    let predicted = try run("predict", path("model"), "--questions", path("test.csv"), "--output", path("p.csv"))
    #expect(predicted.status == 0, "\(predicted.errors)")
  }
}
