import Foundation
import RatingBench
import Testing
import _RatingTestSupport

/// What the tool does with the models of Bayesian algorithms: `predict --interval`, `inspect`, `--continue`, `fold-in`.
@Suite struct PosteriorCommandsTests {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    var random = SplitMix(5)
    var text = "user,item,rating\n"
    for user in 0..<60 {
      for item in 0..<30 where random.below(2) > 0 {
        let rating = min(max((user % 5 + item % 7) / 2 + random.below(3), 1), 5)
        text += "u\(user),i\(item),\(rating)\n"
      }
    }
    try folder.write("ratings.csv", text)
    try folder.write("questions.csv", "user,item\nu1,i1\nu2,i9\nstranger,i3\n")
  }

  private func train(_ save: String, _ more: [String]) throws -> ToolRun {
    try ToolRun(
      [
        "train", folder.path("ratings.csv"), "--algorithm", "bayesian-mf", "--factors", "3", "--burn-in", "4",
        "--thinning", "2", "--save", folder.path(save), "--format", "json", "--progress", "none",
      ] + more)
  }

  private func rows(_ name: String) throws -> [[String]] {
    try String(contentsOfFile: folder.path(name), encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",").map(String.init) }
  }

  @Test func flagsSetWhatSetSets() throws {
    let flags = try train("a", ["--sweeps", "8", "--chains", "2", "--likelihood", "ordered-probit"])
    #expect(flags.status == 0, "\(flags.errors)")
    let set = try train("b", ["--sweeps", "8", "--set", "chains=2", "--set", "likelihood=ordered-probit"])
    #expect(set.status == 0, "\(set.errors)")
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.path("a")))
        == Data(contentsOf: URL(fileURLWithPath: folder.path("b"))))
    let parameters = try #require(try flags.object()["parameters"] as? [String: Any])
    #expect(parameters["burn_in"] as? Int == 4 && parameters["thinning"] as? Int == 2)
    #expect(parameters["chains"] as? Int == 2 && parameters["likelihood"] as? String == "ordered-probit")
    let wrong = try train("c", ["--likelihood", "poisson"])
    #expect(wrong.status == 64 && wrong.errors.contains("gaussian"), "\(wrong.errors)")
  }

  @Test(arguments: ["gaussian", "ordered-probit"])
  func intervalsAndDistributionsAreColumns(_ likelihood: String) throws {
    #expect(try train("model", ["--sweeps", "24", "--likelihood", likelihood]).status == 0)
    let base = ["predict", folder.path("model"), "--questions", folder.path("questions.csv")]
    let plain = try ToolRun(base + ["--output", folder.path("plain.csv")])
    #expect(plain.status == 0, "\(plain.errors)")
    let run = try ToolRun(
      base + ["--output", folder.path("full.csv"), "--interval", "0.9", "--distribution", "--format", "json"])
    #expect(run.status == 0, "\(run.errors)")
    let names = ["lower", "upper", "deviation", "star_1", "star_2", "star_3", "star_4", "star_5"]
    let report = try run.object()
    #expect(report["columns"] as? [String] == names && report["interval"] as? Double == 0.9)
    #expect(report["stars"] as? [Double] == [1, 2, 3, 4, 5])
    if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: run.output, "predict") == "") }
    let (found, before) = (try rows("full.csv"), try rows("plain.csv"))
    #expect(found[0] == ["user", "item", "prediction"] + names && found.count == 4)
    #expect(found.map { Array($0.prefix(3)) } == before)
    for row in found.dropFirst() {
      let numbers = row.dropFirst(2).compactMap { Double($0) }
      try #require(numbers.count == 9)
      #expect(numbers[1] <= numbers[0] && numbers[0] <= numbers[2] && numbers[1] >= 1 && numbers[2] <= 5)
      #expect(numbers[3] > 0 && abs(numbers[4...].reduce(0, +) - 1) < 1e-5)
    }
    // One or the other alone; and what goes beyond the scale where it may.
    #expect(try ToolRun(base + ["--output", folder.path("one.csv"), "--distribution"]).status == 0)
    #expect(try rows("one.csv")[0] == ["user", "item", "prediction"] + names.dropFirst(3))
    let free = try ToolRun(base + ["--output", folder.path("free.csv"), "--interval", "0.999", "--no-clip"])
    #expect(free.status == 0)
    let outside = try rows("free.csv").dropFirst().contains { Double($0[4])! > 5 }
    #expect(outside == (likelihood == "gaussian"))
  }

  @Test func whereThereIsNoPosteriorOrNoRoomIsAUsageError() throws {
    let trained = try ToolRun([
      "train", folder.path("ratings.csv"), "--algorithm", "biases", "--save", folder.path("biases"),
    ])
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(try train("model", ["--sweeps", "8"]).status == 0)
    try folder.write("blocks.txt", "1:\n5\n6\n")
    let (biases, model) = (folder.path("biases"), folder.path("model"))
    let (csv, blocks) = (folder.path("questions.csv"), folder.path("blocks.txt"))
    for (arguments, hint) in [
      ([biases, "--questions", csv, "--interval", "0.9"], "needs a model that is a posterior"),
      ([biases, "--questions", csv, "--distribution"], "bayesian-mf"),
      ([model, "--questions", blocks, "--interval", "0.9"], "Netflix blocks"),
      ([model, "--questions", blocks, "--distribution"], "Netflix blocks"),
      ([model, "--questions", csv, "--interval", "0"], "above 0 and below 1"),
      ([model, "--questions", csv, "--interval", "1"], "above 0 and below 1"),
      ([model, "--questions", csv, "--interval", "nan"], "above 0 and below 1"),
    ] {
      let run = try ToolRun(["predict"] + arguments + ["--output", folder.path("out.csv")])
      #expect(run.status == 64 && run.output.isEmpty && run.errors.contains(hint), "\(arguments): \(run.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("out.csv")))
  }

  @Test func inspectTellsHowTheChainsMixed() throws {
    #expect(
      try train("model", ["--sweeps", "24", "--chains", "2", "--checkpoint", folder.path("checkpoint")]).status == 0)
    for name in ["model", "checkpoint"] {
      let run = try ToolRun(["inspect", folder.path(name), "--format", "json"])
      #expect(run.status == 0, "\(run.errors)")
      if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: run.output, "inspect") == "") }
      let posterior = try #require(try run.object()["posterior"] as? [String: Any])
      #expect(posterior["samples"] as? Int == 20 && posterior["chains"] as? Int == 2)
      #expect(posterior["sweeps"] as? Int == 24 && posterior["burn_in"] as? Int == 4)
      let quantities = try #require(posterior["quantities"] as? [[String: Any]])
      #expect(quantities.map { $0["name"] as? String } == ["training_rmse", "constant", "precision"])
      for quantity in quantities {
        #expect((quantity["effective_sample_size"] as? Double ?? 0) > 1 && quantity["split_r_hat"] is Double)
      }
    }
    let text = try ToolRun(["inspect", folder.path("model")])
    #expect(text.output.contains("20 samples of 2 chains of 24 sweeps, the first 4 of them burn-in"), "\(text.output)")
    #expect(text.output.contains("split R-hat") && text.output.contains("training_rmse"), "\(text.output)")
  }

  @Test func continuingGivesTheBytesOfOneRun() throws {
    #expect(try train("short", ["--sweeps", "9", "--threads", "1"]).status == 0)
    #expect(try train("straight", ["--sweeps", "15", "--threads", "2"]).status == 0)
    let run = try train("continued", ["--sweeps", "15", "--continue", folder.path("short")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.object()["resumed_after"] as? Int == 9)
    func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) }
    #expect(try data("continued") == data("straight"))
    for (more, status, hint) in [
      (["--sweeps", "15", "--seed", "2"], 78, "the seed is 1 in the model and 2 in this run"),
      (["--sweeps", "15", "--chains", "2"], 78, "chains is 1 in the model and 2"),
      (["--sweeps", "5"], 78, "9 sweeps already"),
      (["--sweeps", "15", "--validation", "10%"], 78, "the number of ratings"),
      (["--sweeps", "15", "--validation", "10%", "--early-stop"], 64, "--early-stop"),
      (["--sweeps", "15", "--resume", "x"], 64, "give one of them"),
    ] as [([String], Int32, String)] {
      let run = try train("none", more + ["--continue", folder.path("short")])
      #expect(run.status == status && run.output.isEmpty && run.errors.contains(hint), "\(run.status): \(run.errors)")
    }
    #expect(try train("none", ["--continue", folder.path("ratings.csv")]).status == 65)
    #expect(try train("none", ["--continue", folder.path("nothing")]).status == 66)
    #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
  }

  @Test func newUsersAreFoldedIn() throws {
    #expect(try train("model", ["--sweeps", "24"]).status == 0)
    try folder.write("new.csv", "user,item,rating\nnew,i1,5\nnew,i2,5\nnew,i3,4\nu1,i4,3\nnew,nothing,3\n")
    let run = try ToolRun([
      "fold-in", folder.path("model"), folder.path("new.csv"), "--save", folder.path("larger"), "--format", "json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let report = try run.object()
    #expect((report["users"] as? [String: Any])?["added"] as? Int == 1)
    #expect((report["ratings"] as? [String: Any])?["used"] as? Int == 3)
    if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: run.output, "fold-in") == "") }
    try folder.write("asked.csv", "user,item\nnew,i7\nu1,i1\n")
    let predicted = try ToolRun([
      "predict", folder.path("larger"), "--questions", folder.path("asked.csv"), "--output", folder.path("p.csv"),
      "--interval", "0.9",
    ])
    #expect(predicted.status == 0 && predicted.errors.contains("0 rows of unseen users"), "\(predicted.errors)")
    let inspected = try ToolRun(["inspect", folder.path("larger")])
    #expect(inspected.output.contains("folded in") && inspected.output.contains("R-hat"), "\(inspected.output)")
    let more = try train("none", ["--sweeps", "30", "--continue", folder.path("larger")])
    #expect(more.status == 78 && more.errors.contains("folded"), "\(more.errors)")
  }
}
