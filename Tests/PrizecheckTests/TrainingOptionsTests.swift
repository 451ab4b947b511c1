import Foundation
import RatingBench
import Testing
import _RatingTestSupport

#if canImport(Glibc)
  import Glibc
#endif

/// Validation, early stopping and progress of `train`, as users see them.
@Suite struct TrainingOptionsTests {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    // Ratings without any order in them: whatever is learned for long makes new ratings worse.
    var random = SplitMix(3)
    var (train, validation) = ("user,item,rating\n", "user,item,rating\n")
    for user in 0..<80 {
      for item in 0..<30 where random.below(3) > 0 {
        let row = "\(user),\(item),\(1 + random.below(5))\n"
        if random.below(8) == 0 { validation += row } else { train += row }
      }
    }
    try folder.write("train.csv", train)
    try folder.write("validation.csv", validation + "stranger,3,4\n")
  }

  private func train(_ more: String..., algorithm: String = "biased-mf") throws -> ToolRun {
    try ToolRun(["train", folder.path("train.csv"), "--algorithm", algorithm] + more)
  }

  private static let overfitting = [
    "--epochs", "300", "--set", "learning-rate-schedule=constant", "--regularization", "0", "--learning-rate", "0.05",
    "--set", "initial-standard-deviation=0.1",
  ]

  private func overfit(_ more: [String]) throws -> ToolRun {
    try ToolRun(["train", folder.path("train.csv"), "--algorithm", "biased-mf"] + Self.overfitting + more)
  }

  @Test(arguments: ["validation.csv", "10%", "0.1"])
  func earlyStoppingKeepsTheBestModelAndSaysSo(_ validation: String) throws {
    let part = validation.hasSuffix(".csv") ? folder.path(validation) : validation
    let run = try overfit([
      "--validation", part, "--early-stop=4", "--progress", "json", "--format", "json", "--save", folder.path("model"),
    ])
    #expect(run.status == 0, "\(run.errors)")
    let lines = try run.errors.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let errors = lines.compactMap { $0["validation_rmse"] as? Double }
    let best = try #require(errors.indices.min { errors[$0] < errors[$1] }) + 1
    let result = try #require(try run.object()["validation_set"] as? [String: Any])
    #expect(result["epoch"] as? Int == best && result["epochs_completed"] as? Int == best + 4)
    #expect(result["ending"] as? String == "early-stopping" && errors.count == best + 4)
    #expect(abs((result["rmse"] as? Double ?? 0) - errors[best - 1]) < 1e-9)
    let inspected = try ToolRun(["inspect", folder.path("model"), "--format", "json"]).object()
    #expect(inspected["epoch"] as? Int == best)
    #expect((inspected["early_stopping"] as? [String: Any])?["patience"] as? Int == 4)
    let text = try overfit(["--validation", part, "--early-stop=4"])
    #expect(text.output.contains("model of epoch \(best), stopped early after epoch \(best + 4)"), "\(text.output)")
  }

  @Test(arguments: [([], 3), (["5"], 5), (["=7"], 7)])
  func thePatienceMayStandBehindASpaceOrAnEqualsSign(_ value: [String], _ patience: Int) throws {
    let option = value.first?.hasPrefix("=") == true ? ["--early-stop" + value[0]] : ["--early-stop"] + value
    let run = try ToolRun(
      ["train", folder.path("train.csv"), "--algorithm", "biases", "--validation", "10%"] + option
        + ["--save", folder.path("patient")])
    #expect(run.status == 0, "\(run.errors)")
    let inspected = try ToolRun(["inspect", folder.path("patient"), "--format", "json"]).object()
    #expect((inspected["early_stopping"] as? [String: Any])?["patience"] as? Int == patience)
  }

  @Test func aFileOfStrangersIsTakenWithoutThem() throws {
    let run = try train("--validation", folder.path("validation.csv"), "--epochs", "3", "--format", "json")
    #expect(run.status == 0 && run.errors.contains("left out 1 of "), "\(run.errors)")
    let held = try train("--validation", "20%", "--epochs", "3", "--format", "json")
    let (n, validation) = (
      (try held.object()["training"] as? [String: Any])?["n"] as? Int ?? 0,
      (try held.object()["validation_set"] as? [String: Any])?["n"] as? Int ?? 0
    )
    #expect(abs(Double(validation) / Double(n + validation) - 0.2) < 0.001)
    // The same seed holds out the same ratings.
    #expect(try train("--validation", "20%", "--epochs", "3").output.contains("validation: \(validation) ratings"))
    let mean = try train("--validation", "20%", "--format", "json", algorithm: "item-mean")
    #expect(try (mean.object()["validation_set"] as? [String: Any])?.keys.sorted() == ["n", "rmse"])
  }

  @Test func mistakesAreToldAndExit64Or65() throws {
    for (options, hint) in [
      (["--early-stop"], "--validation"), (["--validation", "1.5"], "between 0 and 1"),
      (["--validation", "150%"], "between 0 and 1"), (["--validation", "5%", "--early-stop=0"], "at least 1"),
      (["--validation", "5%", "--early-stop=x"], "Unexpected argument 'x'"),
      (["--validation", "5%", "--minimum-improvement", "0.1"], "--early-stop"),
      (["--validation", "5%", "--early-stop", "--minimum-improvement=-1"], "at least 0"),
      (["--progress", "loud"], "'auto', 'bar', 'lines', 'json' or 'none'"),
    ] {
      let run = try ToolRun(["train", folder.path("train.csv"), "--algorithm", "biases"] + options)
      #expect(run.status == 64 && run.output.isEmpty && run.errors.contains(hint), "\(options): \(run.errors)")
    }
    let none = try train("--validation", "5%", "--early-stop", algorithm: "item-mean")
    #expect(none.status == 64 && none.errors.contains("no epochs"))
    func codes(_ run: ToolRun) throws -> [String] { FoundProblem.list("errors", of: try run.object()).map(\.code) }
    let overlap = try train("--validation", folder.path("train.csv"), "--format", "json")
    #expect(try overlap.status == 65 && codes(overlap) == ["validation-overlap"])
    let tiny = try train("--validation", "0.00001", "--format", "json")
    #expect(try tiny.status == 65 && codes(tiny) == ["unusable-split"])
    try folder.write("strangers.csv", "user,item,rating\nx,y,3\n")
    let strangers = try train("--validation", folder.path("strangers.csv"), "--format", "json")
    #expect(try strangers.status == 65 && codes(strangers) == ["no-rows"])
    let missing = try train("--validation", folder.path("none.csv"))
    #expect(missing.status == 66)
  }

  @Test func progressIsLinesJSONOrNothing() throws {
    let lines = try train("--epochs", "5", "--progress", "lines", "--validation", "10%")
    #expect(lines.status == 0)
    let shown = lines.errors.split(separator: "\n")
    #expect(shown.count == 5 && shown[4].hasPrefix("epoch 5/5  training RMSE "), "\(lines.errors)")
    #expect(shown.allSatisfy { $0.contains("validation RMSE") && $0.contains("ratings/s") && $0.contains(" left") })
    #expect(!lines.errors.contains("\u{1b}") && !lines.errors.contains("\r"))
    for style in ["auto", "none"] {
      #expect(try train("--epochs", "5", "--progress", style).errors == "")
    }
    let json = try train("--epochs", "4", "--progress", "json")
    #expect(json.errors.split(separator: "\n").count == 4 && json.output.contains("learned from"))
    guard JSONSchema.isAvailable else { return }
    for line in json.errors.split(separator: "\n") {
      #expect(try JSONSchema.violations(of: String(line), "progress") == "", "\(line)")
    }
    let validated = try train("--epochs", "2", "--progress", "json", "--validation", "10%", "--early-stop")
    for line in validated.errors.split(separator: "\n") {
      #expect(try JSONSchema.violations(of: String(line), "progress") == "", "\(line)")
    }
  }

  #if canImport(Glibc)
    /// What the tool writes to a terminal of 100 columns on standard error.
    private func terminal(_ arguments: [String], environment: [String: String]) throws -> String {
      var (master, slave): (Int32, Int32) = (0, 0)
      var size = winsize(ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
      try #require(openpty(&master, &slave, nil, nil, &size) == 0)
      let process = Process()
      process.executableURL = ToolRun.tool
      process.arguments = arguments
      process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "NO_COLOR" }
        .merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle(fileDescriptor: slave)
      try process.run()
      close(slave)
      var text: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(master, &piece, piece.count)
        guard count > 0 else { break }
        text += piece[..<count]
      }
      close(master)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      return String(decoding: text, as: UTF8.self)
    }

    @Test func onATerminalThereIsABar() throws {
      let arguments = [
        "train", folder.path("train.csv"), "--algorithm", "biased-mf", "--epochs", "6", "--validation", "10%",
      ]
      let colored = try terminal(arguments, environment: [:])
      #expect(colored.contains("\r\u{1b}[K[") && colored.contains("\u{1b}[32m####") && colored.contains("epoch 6/6"))
      let plain = try terminal(arguments, environment: ["NO_COLOR": "1"])
      #expect(plain.contains("[########################] epoch 6/6") && !plain.contains("\u{1b}[32m"))
      // No longer than the terminal is wide, so that it is drawn over and not below.
      for line in plain.components(separatedBy: "\r\u{1b}[K") {
        #expect(line.trimmingCharacters(in: .newlines).count < 100, "\(line)")
      }
      #expect(plain.hasSuffix("\r\n"))
      #expect(try terminal(arguments, environment: ["TERM": "dumb"]) == "")
      #expect(try terminal(arguments + ["--progress", "lines"], environment: [:]).contains("epoch 3/6"))
    }
  #endif
}
