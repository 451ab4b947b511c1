import RatingNumerics

/// Provenance as the text metadata of a safetensors file: the same keys in models and checkpoints.
extension ModelProvenance {
  private static let parameterPrefix = "parameter."
  private static let userPrefix = "user_features."
  private static let itemPrefix = "item_features."

  /// The keys and values before those that are the file's own.
  var metadata: [(String, String)] {
    var all = [("algorithm", algorithm)]
    all += parameters.map { (Self.parameterPrefix + $0.name, $0.value) }
    all += [("seed", String(seed.value)), ("ratings", String(ratings)), ("data_hash", dataHash)]
    if let questions { all += [("question_pairs", String(questions.pairs)), ("question_hash", questions.hash)] }
    all += userFeatures?.metadata(Self.userPrefix) ?? []
    all += itemFeatures?.metadata(Self.itemPrefix) ?? []
    if let epoch { all.append(("epoch", String(epoch))) }
    if let earlyStopping {
      all += [
        ("early_stopping.patience", String(earlyStopping.rule.patience)),
        ("early_stopping.minimum_improvement", String(earlyStopping.rule.minimumImprovement)),
        ("validation_ratings", String(earlyStopping.validationRatings)),
        ("validation_hash", earlyStopping.validationHash),
      ]
    }
    for (number, folded) in foldedIn.enumerated() {
      let prefix = "folded_in.\(number + 1)."
      all += [
        (prefix + "side", folded.side.rawValue), (prefix + "known", folded.known.rawValue),
        (prefix + "ratings", String(folded.ratings)), (prefix + "data_hash", folded.dataHash),
      ]
    }
    return all
  }

  /// What the metadata of a file says, every part of it checked.
  init(_ header: some MetadataHolder) throws(Safetensors.Failure) {
    let epoch = try header.natural("epoch")
    self.init(
      algorithm: try header.text("algorithm"),
      parameters: header.metadata.filter { $0.key.hasPrefix(Self.parameterPrefix) }.map {
        Parameter(name: String($0.key.dropFirst(Self.parameterPrefix.count)), value: $0.value)
      },
      seed: try Self.seed(try header.text("seed")), ratings: try header.requiredNatural("ratings"),
      dataHash: try header.text("data_hash"), libraryVersion: try header.text("library_version"))
    self.epoch = epoch
    if let pairs = try header.natural("question_pairs") {
      questions = Questions(pairs: pairs, hash: try header.text("question_hash"))
    }
    userFeatures = try Features(header, Self.userPrefix)
    itemFeatures = try Features(header, Self.itemPrefix)
    while let text = header.member("folded_in.\(foldedIn.count + 1).side") {
      let prefix = "folded_in.\(foldedIn.count + 1)."
      guard let side = FoldIn.Side(rawValue: text),
        let known = FoldIn.KnownRows(rawValue: try header.text(prefix + "known"))
      else { throw Safetensors.Failure("its \(prefix)side or \(prefix)known names nothing that is known") }
      foldedIn.append(
        FoldedIn(
          ratings: try header.requiredNatural(prefix + "ratings"), dataHash: try header.text(prefix + "data_hash"),
          side: side, known: known))
    }
    guard let patience = try header.natural("early_stopping.patience") else { return }
    guard patience >= 1, let minimum = Double(try header.text("early_stopping.minimum_improvement")), minimum.isFinite,
      minimum >= 0
    else { throw Safetensors.Failure("its early stopping needs a patience of at least 1 and a minimum of at least 0") }
    earlyStopping = Stopping(
      EarlyStopping(patience: patience, minimumImprovement: minimum),
      validationRatings: try header.requiredNatural("validation_ratings"),
      validationHash: try header.text("validation_hash"))
  }

  private static func seed(_ text: String) throws(Safetensors.Failure) -> Seed {
    guard let seed = UInt64(text) else { throw Safetensors.Failure("its seed is no whole number") }
    return Seed(seed)
  }

  /// What of the recipe, the seed, the ratings or the version is not the same, each as a phrase such as
  /// `learningRate is 0.05 in the checkpoint and 0.06 in this run`.
  func differences(from run: ModelProvenance, in file: String) -> [String] {
    var all: [String] = []
    func compare(_ what: String, _ mine: String, _ other: String) {
      if mine != other { all.append("\(what) is \(mine) in the \(file) and \(other) in this run") }
    }
    compare("the algorithm", algorithm, run.algorithm)
    if algorithm == run.algorithm {
      let names =
        run.parameters.map(\.name)
        + parameters.map(\.name).filter { name in
          !run.parameters.contains { $0.name == name }
        }
      for name in names {
        func value(_ of: ModelProvenance) -> String { of.parameters.first { $0.name == name }?.value ?? "absent" }
        compare(name, value(self), value(run))
      }
    }
    compare("the seed", String(seed.value), String(run.seed.value))
    compare("the number of ratings", String(ratings), String(run.ratings))
    if ratings == run.ratings { compare("the ratings' hash", dataHash, run.dataHash) }
    func pairs(_ questions: Questions?) -> String { questions.map { "\($0.pairs) pairs, hash \($0.hash)" } ?? "absent" }
    compare("what will be asked", pairs(questions), pairs(run.questions))
    func known(_ features: Features?) -> String {
      features.map { "\($0.file ?? "a table in memory"), \($0.features) features, hash \($0.hash)" } ?? "absent"
    }
    for (what, mine, other) in [
      ("what is known of users", userFeatures, run.userFeatures),
      ("what is known of items", itemFeatures, run.itemFeatures),
    ] where mine?.hash != other?.hash {
      compare(what, known(mine), known(other))
    }
    func rule(_ stopping: Stopping?) -> String {
      stopping.map { "patience \($0.rule.patience) with minimum improvement \($0.rule.minimumImprovement)" } ?? "absent"
    }
    compare("early stopping", rule(earlyStopping), rule(run.earlyStopping))
    if let mine = earlyStopping, let other = run.earlyStopping {
      compare("the number of validation ratings", String(mine.validationRatings), String(other.validationRatings))
      if mine.validationRatings == other.validationRatings {
        compare("the validation ratings' hash", mine.validationHash, other.validationHash)
      }
    }
    compare("the library's version", libraryVersion, run.libraryVersion)
    return all
  }
}

/// What has text metadata by key.
protocol MetadataHolder {
  var metadata: [(key: String, value: String)] { get }
}

extension Safetensors: MetadataHolder {}
extension SafetensorsHeader: MetadataHolder {}

extension MetadataHolder {
  func member(_ key: String) -> String? { metadata.first { $0.key == key }?.value }

  func text(_ key: String) throws(Safetensors.Failure) -> String {
    guard let text = member(key) else { throw Safetensors.Failure("its metadata lacks \(key)") }
    return text
  }

  /// A whole number of at least 0; nil where there is none.
  func natural(_ key: String) throws(Safetensors.Failure) -> Int? {
    guard let text = member(key) else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw Safetensors.Failure("its \(key) is '\(text)', expected a whole number of at least 0")
    }
    return number
  }

  func requiredNatural(_ key: String) throws(Safetensors.Failure) -> Int {
    guard let number = try natural(key) else { throw Safetensors.Failure("its metadata lacks \(key)") }
    return number
  }

  /// Throws where the file is not of this format and version.
  func requireFormat(_ format: String, version: String) throws(Safetensors.Failure) {
    guard member("format") == format else {
      throw Safetensors.Failure("its metadata doesn't name the format \(format)")
    }
    let found = try text("format_version")
    guard found == version else {
      throw Safetensors.Failure("it has format version \(found), expected \(version)")
    }
  }
}
