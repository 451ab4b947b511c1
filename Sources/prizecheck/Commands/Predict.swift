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

      Models of the Bayesian algorithms also know how sure they are. --interval adds the columns lower, upper and \
      deviation: bounds between which the rating lies with this probability, moved into the scale as predictions are, \
      and the rating's standard deviation. With stars that are levels (ordered-probit) bounds are stars, and the \
      probability may be higher. --distribution adds a column for each star with its probability: star_1, star_2, ... \
      Both need questions that are not Netflix blocks.

        prizecheck predict model --questions questions.csv --output predictions.csv --interval 0.9 --distribution
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

  @Option(
    help: ArgumentHelp(
      "Add the bounds between which the rating lies with this probability, such as 0.9, and its standard deviation.",
      valueName: "level"))
  var interval: Double?

  @Flag(help: "Add the probability of each star.")
  var distribution = false

  @Option(help: ArgumentHelp("The number of threads; the result does not depend on it.", valueName: "n"))
  var threads: Int?

  @Option(help: "How to print the report: text (on standard error) or json.")
  var format: TrainingFormat = .text

  private static let schema = "prizecheck.predict/1"

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads needs at least 1, got \(threads)") }
    if let interval, !(interval > 0 && interval < 1) {
      throw ValidationError("--interval takes a probability above 0 and below 1, such as 0.9; got \(interval)")
    }
    if format == .json && output == "-" {
      throw ValidationError("--format json and --output - both write to standard output; name a file for one of them")
    }
  }

  func run() throws {
    Interruption.install()
    try reportingErrors(asJSON: format == .json, predict)
  }

  private func predict() throws {
    let file = try ModelFile(contentsOf: model)
    let asked = try QuestionSet.read(
      questions, vocabularies: file.model.vocabularies, options: ReadingOptions(threads: threads))
    Console.problems(asked.warnings)
    let distributions = try distributions(file, asked)
    var predictions = file.model.predict(asked.pairs, threads: threads)
    let scale = file.model.scale
    let outside = predictions.values.count { $0 < scale.lower || $0 > scale.upper }
    if clip { predictions = predictions.clipped(to: scale) }
    let columns = columns(distributions, scale: scale)
    let numbers = [predictions.values] + columns.map(\.values)
    if let wild = numbers.joined().first(where: { !(abs($0) <= Double(FixedDecimal.limit)) }) {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, "bad-model", file: model,
            message: "it predicts \(wild), outside -1000...1000, which no prediction file can hold; train it again")
        ])
    }
    try asked.write(predictions, columns, to: output)

    let unseenUsers = asked.pairs.users.count { $0 == RatingPairs.unknown }
    let unseenItems = asked.pairs.items.count { $0 == RatingPairs.unknown }
    if format == .json {
      let report = JSON.object([
        "schema": .string(Self.schema), "algorithm": .string(file.provenance.algorithm),
        "questions": .object([
          "n": .integer(asked.count), "unseen_users": .integer(unseenUsers), "unseen_items": .integer(unseenItems),
        ]),
        "scale": .object(["lower": .number(scale.lower), "upper": .number(scale.upper)]),
        "outside_scale": .integer(outside), "clipped": .bool(clip),
        "interval": interval.map(JSON.number),
        "stars": distribution ? distributions.map { .array($0.stars.map(JSON.number)) } : nil,
        "columns": columns.isEmpty ? nil : .array(columns.map { .string($0.name) }),
        "output": .string(output),
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
  /// What was asked for beside the predictions; nil where nothing was.
  private func distributions(_ file: ModelFile, _ asked: QuestionSet) throws -> PredictiveDistributions? {
    guard interval != nil || distribution else { return nil }
    let option = interval != nil ? "--interval" : "--distribution"
    guard let model = file.model as? PosteriorModel else {
      throw ValidationError(
        "\(option) needs a model that is a posterior; \(SafeText.line(self.model)) is one of \(file.provenance.algorithm). "
          + "Such models are made by \(Self.bayesian)")
    }
    guard !asked.isBlocks else {
      throw ValidationError(
        "\(option) needs questions as CSV; \(SafeText.line(questions)) has Netflix blocks, whose answers have room for one "
          + "number each")
    }
    let distributions = model.predictiveDistributions(asked.pairs, level: interval ?? 0.9, threads: threads)
    guard !distribution || !distributions.stars.isEmpty else {
      throw ValidationError(
        "--distribution needs at most 64 different ratings; the model was trained on more, from \(file.model.scale). "
          + "Ask for --interval")
    }
    return distributions
  }

  private static var bayesian: String {
    AlgorithmRegistry.standard.entries.filter { $0.parameters.contains { $0.name == "burnIn" } }.map(\.name)
      .joined(separator: ", ")
  }

  /// What stands behind the prediction.
  private func columns(_ distributions: PredictiveDistributions?, scale: RatingScale) -> [QuestionSet.Column] {
    guard let distributions else { return [] }
    var columns: [QuestionSet.Column] = []
    if interval != nil {
      func bounds(_ values: [Double]) -> [Double] { clip ? values.map(scale.clamp) : values }
      columns += [
        QuestionSet.Column("lower", bounds(distributions.lowerBounds)),
        QuestionSet.Column("upper", bounds(distributions.upperBounds)),
        QuestionSet.Column("deviation", distributions.deviations),
      ]
    }
    if distribution {
      columns += distributions.stars.enumerated().map { index, star in
        QuestionSet.Column("star_\(ParameterValue.number(star))", distributions.probabilities(ofStar: index))
      }
    }
    return columns
  }
}
