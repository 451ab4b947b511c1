import ArgumentParser
import RatingBench

/// `prizecheck predict`: a model's answers to questions.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts the ratings of questions with a saved model.",
    discussion: """
      Writes Netflix blocks where the questions are blocks, else CSV with the header user,item,prediction.

      Predictions outside the scale of the training ratings are moved to its nearest bound, which can only lower the \
      error; the number of them is reported. A verdict is computed on a submission as it stands, so that the numbers in \
      the file are the numbers that are judged. --no-clip writes what the model computed.
      """)

  @Argument(help: "A model that train saved.", completion: .file())
  var model: String

  @Option(
    help: ArgumentHelp("Who is asked about what, in any format of ratings or pairs.", valueName: "file"),
    completion: .file())
  var questions: String

  @Option(help: ArgumentHelp("Where the predictions go; - is standard output.", valueName: "file"), completion: .file())
  var output: String

  @Flag(inversion: .prefixedNo, help: "Move predictions into the scale of the training ratings.")
  var clip = true

  @Option(help: ArgumentHelp("The number of threads; the result does not depend on it.", valueName: "n"))
  var threads: Int?

  @Option(help: "How to print the report: text (on standard error) or json.")
  var format: TrainingFormat = .text

  private static let schema = "prizecheck.predict/1"

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads needs at least 1, got \(threads)") }
    if format == .json && output == "-" {
      throw ValidationError("--format json and --output - both write to standard output; name a file for one of them")
    }
  }

  func run() throws {
    Interruption.install()
    do throws(RatingDataError) {
      try predict()
    } catch {
      if format == .json { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
      Console.problems(error.problems)
      throw error.exitStatus
    }
  }

  private func predict() throws(RatingDataError) {
    let file = try ModelFile(contentsOf: model)
    let asked = try QuestionSet.read(
      questions, vocabularies: file.model.vocabularies, options: ReadingOptions(threads: threads))
    Console.problems(asked.warnings)
    var predictions = file.model.predict(asked.pairs, threads: threads)
    let scale = file.model.scale
    let outside = predictions.values.count { $0 < scale.lower || $0 > scale.upper }
    if clip { predictions = predictions.clipped(to: scale) }
    if let wild = predictions.values.first(where: { abs($0) > Double(FixedDecimal.limit) }) {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, "bad-model", file: model,
            message: "it predicts \(wild), outside -1000...1000, which no prediction file can hold; train it again")
        ])
    }
    try asked.write(predictions, to: output)

    let unseenUsers = asked.pairs.users.count { $0 == RatingPairs.unknown }
    let unseenItems = asked.pairs.items.count { $0 == RatingPairs.unknown }
    if format == .json {
      let report = JSON.object([
        "schema": .string(Self.schema), "algorithm": .string(file.provenance.algorithm),
        "questions": .object([
          "n": .integer(asked.count), "unseen_users": .integer(unseenUsers), "unseen_items": .integer(unseenItems),
        ]),
        "scale": .object(["lower": .number(scale.lower), "upper": .number(scale.upper)]),
        "outside_scale": .integer(outside), "clipped": .bool(clip), "output": .string(output),
      ])
      Console.result(report.text)
    } else {
      let clipping = clip ? "were moved into the scale" : "lie outside the scale and were kept"
      Console.note(
        "\(file.provenance.algorithm): \(Decimals.grouped(asked.count)) predictions in \(SafeText.line(output)), of which "
          + "\(Decimals.grouped(outside)) \(clipping) \(scale); \(Decimals.grouped(unseenUsers)) rows of unseen users, "
          + "\(Decimals.grouped(unseenItems)) of unseen items")
    }
  }
}
