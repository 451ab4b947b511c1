import ArgumentParser
import RatingBench

/// `prizecheck blend`: the best linear mix of many prediction files.
struct Blend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds the linear blend of prediction files that is closest to known answers, and applies it.",
    discussion: """
      Ridge regression with an intercept, drawn toward the plain average. The strength is the one whose out-of-fold error is \
      least: users are dealt into folds, and those of a fold are predicted with weights from the others. The error that is \
      told first is that one; the error on the rows that the weights were fitted to is too low.

      --apply names the files of the same recommenders for other questions, in the same order; the blend of those goes to \
      --output, as blocks where they are blocks, else as CSV. All problems of all files are reported at once.

        prizecheck blend mf.probe.txt knn.probe.txt --answers training_set --questions probe.txt \\
          --apply mf.qualifying.txt knn.qualifying.txt --output blended.txt
      """)

  @Argument(help: "Two or more files of predictions of rows whose answers are known.", completion: .file())
  var predictions: [String]

  @Option(help: ArgumentHelp("The true ratings, in any format of ratings.", valueName: "file"), completion: .file())
  var answers: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Files to blend with the weights found, in the order of the others.", valueName: "files"),
    completion: .file())
  var apply: [String] = []

  @Option(
    help: ArgumentHelp("Where the blended predictions go; - is standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("The number of folds that users are dealt into.", valueName: "n"))
  var folds = RidgeBlend.defaultFolds

  @Option(
    help: ArgumentHelp("The ridge's strength, instead of choosing it by the out-of-fold error.", valueName: "lambda"))
  var lambda: Double?

  @Option(help: ArgumentHelp("Decides which user is in which fold.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(inversion: .prefixedNo, help: "Move blended predictions into the scale of the answers.")
  var clip = true

  @OptionGroup var judging: JudgingArguments

  func validate() throws {
    try judging.validateNoTestReport()
    guard predictions.count >= 2 else {
      throw ValidationError("a blend needs at least 2 files of predictions, got \(predictions.count)")
    }
    guard (2...100).contains(folds) else { throw ValidationError("--folds takes 2 to 100, got \(folds)") }
    if let lambda, !(lambda > 0 && lambda.isFinite) {
      throw ValidationError("--lambda takes a number above 0, got \(lambda)")
    }
    guard apply.isEmpty || apply.count == predictions.count else {
      throw ValidationError(
        "--apply needs a file for each of the \(predictions.count) predictions, in their order, got \(apply.count)")
    }
    guard apply.isEmpty == (output == nil) else {
      throw ValidationError("--apply and --output go together: the files to blend, and where the result goes")
    }
    if output == "-", judging.format != .text {
      throw ValidationError("--format \(judging.format.rawValue) and --output - both write to standard output")
    }
    if (predictions + apply + [answers, judging.questions ?? ""]).contains("-") {
      throw ValidationError("blend reads files several times, so none can be standard input (-); name them")
    }
  }

  func run() throws {
    let report: BlendReport
    do throws(RatingDataError) { report = try blended() } catch {
      let inputs = (predictions + apply).map { ResultDocument.Input(role: .predictions, file: $0) }
      try ResultDocument(inputs: inputs + judging.named("", answers: answers).dropFirst(), failure: error)
        .conclude(as: judging.format)
      return
    }
    let text = report.rendered(as: judging.format)
    if output == "-" { Console.note(text) } else { Console.result(text) }
    if judging.format != .json { Console.problems(report.warnings) }
  }

  private func blended() throws(RatingDataError) -> BlendReport {
    let (files, targets) = try read()
    let rows = files.rows
    let answers = rows[0].answers
    let blend: RidgeBlend
    let gain: ConfidenceInterval
    let errors: [Double]
    do throws(EvaluationError) {
      let columns = rows.map(\.predictions)
      let single = ErrorInference(try ErrorRows(rows))
      errors = rows.indices.map(single.rmse)
      blend = try RidgeBlend(
        predictions: columns, answers: answers, users: rows[0].users,
        lambdas: lambda.map { [$0] } ?? RidgeBlend.defaultLambdas, folds: folds, seed: Seed(seed),
        threads: judging.threads)
      let best = errors.indices.min { errors[$0] < errors[$1] }!
      let compared = try ErrorRows(
        predictions: [blend.outOfFoldPredictions, columns[best]], answers: answers, users: rows[0].users)
      gain = try ErrorInference(compared).interval(for: .improvement(0, over: 1))
    } catch {
      throw RatingDataError(error, file: self.answers)
    }
    var report = BlendReport(
      inputs: files.inputs, warnings: files.warnings, names: files.names, errors: errors, rows: rows[0].count,
      blend: blend, gain: gain)
    if let targets, let output {
      var predictions = Predictions(blend.blended(targets.columns))
      let scale = rows[0].scale
      let outside = scale.map { scale in predictions.values.count { $0 < scale.lower || $0 > scale.upper } }
      if clip, let scale { predictions = predictions.clipped(to: scale) }
      report.applied = .init(output: output, rows: targets.count, outsideScale: outside ?? 0, clipped: clip)
      if let wild = predictions.values.first(where: { !(abs($0) <= Double(FixedDecimal.limit)) }) {
        throw RatingDataError(
          .badData,
          [
            Problem(
              .error, "out-of-range", file: output,
              message: "a blended prediction is \(wild), outside -1000...1000; a larger --lambda keeps weights small")
          ])
      }
      try targets.write(predictions, to: output)
      report.inputs += targets.inputs.map { ResultDocument.Input($0) }
      report.warnings += targets.warnings
    }
    return report
  }

  /// Everything that is to be read; throws the problems of all files together.
  private func read() throws(RatingDataError) -> (JudgedFiles, PredictionSet?) {
    var problems: [Problem] = []
    var missing = false
    var files: JudgedFiles?
    var targets: PredictionSet?
    do throws(RatingDataError) {
      files = try JudgedFiles(predictions, answers: answers, judging: judging)
    } catch {
      problems += error.problems
      missing = error.kind == .inputMissing
    }
    if !apply.isEmpty {
      do throws(RatingDataError) {
        targets = try PredictionSet.read(apply, options: judging.predictionOptions)
      } catch {
        problems += error.problems
        missing = missing || error.kind == .inputMissing
      }
    }
    guard problems.isEmpty, let files else { throw RatingDataError(missing ? .inputMissing : .badData, problems) }
    return (files, targets)
  }
}
