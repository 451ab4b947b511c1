/// A cell as text: lines of words, and at the end the SHA-256 of all that stands before.
///
/// Numbers are written as Swift prints them, which reads back as the same number. A file that was cut off, changed or
/// mixed up doesn't have its hash and reads as nil.
enum CellFile {
  static let result = "ratingbench.cell-result/1"
  static let timing = "ratingbench.cell-timing/1"
  private static let instructionSetKey = "instruction-set"

  // MARK: Results

  static func text(_ outcome: CellOutcome, key: CellKey) -> String {
    var lines = [result, "key \(key.hash)"]
    switch outcome {
    case .failed(let code, let message): lines.append("failed \(code) \(oneLine(message))")
    case .measured(let cell):
      lines.append(
        "ratings \(cell.trainingRatings) \(cell.testRatings) \(cell.coldUserRatings) \(cell.coldItemRatings)")
      lines.append("rmse \(cell.rmseUnclipped) \(cell.rmseClipped)")
      lines += cell.metrics.map { "metric \($0.name) \($0.value.map { "\($0)" } ?? "none")" }
      lines += cell.chosen.map { "chosen \($0.name) \($0.text)" }
      lines += cell.curve.map { "epoch \($0.epoch) \($0.trainingRMSE) \($0.testRMSE.map { "\($0)" } ?? "none")" }
      lines += cell.strata.map { "stratum \($0.group) \($0.count) \($0.squares) \($0.errors) \($0.label)" }
      lines += cell.reliability.map { "reliability \($0.lower) \($0.count) \($0.meanPrediction) \($0.meanAnswer)" }
      lines += cell.users.map { "user \($0.user) \($0.count) \($0.squares)" }
    }
    return sealed(lines)
  }

  static func outcome(_ text: String, key: CellKey) -> CellOutcome? {
    guard let lines = unsealed(text), lines.count >= 3, lines[0] == result, lines[1] == "key \(key.hash)" else {
      return nil
    }
    if lines[2].hasPrefix("failed ") {
      let words = lines[2].split(separator: " ", maxSplits: 2)
      guard lines.count == 3, words.count == 3 else { return nil }
      return .failed(code: String(words[1]), message: String(words[2]))
    }
    var cell = CellResult(
      trainingRatings: 0, testRatings: 0, coldUserRatings: 0, coldItemRatings: 0, rmseUnclipped: .nan,
      rmseClipped: .nan, metrics: [], users: [], curve: [], strata: [], reliability: [], chosen: [])
    for line in lines.dropFirst(2) {
      guard read(line, into: &cell) else { return nil }
    }
    guard cell.rmseUnclipped.isFinite, cell.rmseClipped.isFinite, !cell.users.isEmpty else { return nil }
    return .measured(cell)
  }

  private static func read(_ line: Substring, into cell: inout CellResult) -> Bool {
    let words = line.split(separator: " ", maxSplits: 5)
    func int(_ place: Int) -> Int? { place < words.count ? Int(words[place]) : nil }
    func double(_ place: Int) -> Double? { place < words.count ? Double(words[place]) : nil }
    switch words.first {
    case "ratings":
      guard let training = int(1), let test = int(2), let users = int(3), let items = int(4) else { return false }
      (cell.trainingRatings, cell.testRatings) = (training, test)
      (cell.coldUserRatings, cell.coldItemRatings) = (users, items)
    case "rmse":
      guard let unclipped = double(1), let clipped = double(2) else { return false }
      (cell.rmseUnclipped, cell.rmseClipped) = (unclipped, clipped)
    case "metric":
      guard words.count == 3, words[2] == "none" || double(2) != nil else { return false }
      cell.metrics.append(.init(name: String(words[1]), value: double(2)))
    case "chosen":
      guard words.count == 3 else { return false }
      cell.chosen.append(ParameterSetting(String(words[1]), String(words[2])))
    case "epoch":
      guard let epoch = int(1), let training = double(2), words.count == 4 else { return false }
      cell.curve.append(.init(epoch: epoch, trainingRMSE: training, testRMSE: double(3)))
    case "stratum":
      guard words.count == 6, let count = int(2), let squares = double(3), let errors = double(4) else { return false }
      cell.strata.append(
        .init(group: String(words[1]), label: String(words[5]), count: count, squares: squares, errors: errors))
    case "reliability":
      guard let lower = double(1), let count = int(2), let prediction = double(3), let answer = double(4) else {
        return false
      }
      cell.reliability.append(.init(lower: lower, count: count, meanPrediction: prediction, meanAnswer: answer))
    case "user":
      guard let user = int(1), let count = int(2), let squares = double(3) else { return false }
      cell.users.append(.init(user: user, count: count, squares: squares))
    default: return false
    }
    return true
  }

  // MARK: Timings

  static func text(_ timing: CellTiming, key: CellKey) -> String {
    let machine = timing.machine
    return sealed([
      Self.timing, "key \(key.hash)", "training \(timing.trainingSeconds)", "prediction \(timing.predictionSeconds)",
      "search \(timing.searchSeconds)", "threads \(timing.threads)", "processors \(machine.processors)",
      "system \(oneLine(machine.system))", "processor \(oneLine(machine.processor))",
      "\(instructionSetKey) \(oneLine(machine.instructionSet))", "blas \(oneLine(machine.blas))",
      "version \(oneLine(machine.version))",
    ])
  }

  static func timing(_ text: String, key: CellKey) -> CellTiming? {
    guard let lines = unsealed(text), lines.count == 12, lines[0] == timing, lines[1] == "key \(key.hash)" else {
      return nil
    }
    var values: [String: String] = [:]
    for line in lines.dropFirst(2) {
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2 else { return nil }
      values[String(words[0])] = String(words[1])
    }
    func double(_ name: String) -> Double? { values[name].flatMap { Double($0) } }
    func int(_ name: String) -> Int? { values[name].flatMap { Int($0) } }
    guard let training = double("training"), let prediction = double("prediction"), let search = double("search"),
      let threads = int("threads"), let processors = int("processors"), let system = values["system"],
      let processor = values["processor"], let set = values[instructionSetKey], let blas = values["blas"],
      let version = values["version"]
    else { return nil }
    return CellTiming(
      trainingSeconds: training, predictionSeconds: prediction, searchSeconds: search, threads: threads,
      machine: Machine(
        system: system, processor: processor, processors: processors, instructionSet: set, blas: blas,
        version: version))
  }

  // MARK: Sealing

  private static func sealed(_ lines: [String]) -> String {
    let body = lines.joined(separator: "\n") + "\n"
    return body + "sha256 \(CellKey.hexadecimal(body.utf8))\n"
  }

  /// The lines before the hash, where it is right.
  private static func unsealed(_ text: String) -> [Substring]? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast() == "", let last = lines.popLast(), last.hasPrefix("sha256 ") else { return nil }
    let body = lines.joined(separator: "\n") + "\n"
    return last.dropFirst(7) == CellKey.hexadecimal(body.utf8) ? lines : nil
  }

  private static func oneLine(_ text: String) -> String {
    let clean = String(text.map { $0.isNewline ? " " : $0 })
    return clean.isEmpty ? "unknown" : clean
  }
}
