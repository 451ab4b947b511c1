import RatingNumerics

/// Splits that somebody made before, as pairs of files: MovieLens' `u1.base` and `u1.test` to `u5`, `ua`, `ub`, or
/// `r1.train` and `r1.test`; or folders with a `train.csv` and a `test.csv`, such as `prizecheck split` writes.
///
/// So figures can be compared with published ones, which came from the very same rows. What leaks depends on how they were
/// made: u1 to u5 are cross-validation (each row is in one test half, users in blocks, so the five are not exchangeable),
/// ua and ub hold ten random ratings of each user out.
public struct PredefinedFolds: Sendable, Hashable {
  /// A pair of files.
  public struct Fold: Sendable, Hashable {
    public var name: String
    public var train: String
    public var test: String

    public init(name: String, train: String, test: String) {
      self.name = name
      self.train = train
      self.test = test
    }
  }

  public var folds: [Fold]

  public init(_ folds: [Fold]) { self.folds = folds }

  /// The folds in a folder.
  ///
  /// - Parameter names: which, in this order, such as `["ua", "ub"]`. None takes those whose names end in a number, in
  ///   its order, since they belong together (u1 to u5, fold-1 to fold-10); where there are none of these, all.
  /// - Throws: where there are none, or one that was named is missing.
  public init(inFolder folder: String, names: [String] = []) throws(RatingDataError) {
    let found = Self.pairs(in: folder)
    func missing(_ what: String) -> RatingDataError {
      let there = found.isEmpty ? "" : "; there are \(found.map(\.name).joined(separator: ", "))"
      return RatingDataError(
        .inputMissing,
        [
          Problem(
            .error, ProblemCode.missingFile.rawValue, file: folder,
            message: "\(what): expected pairs of files such as u1.base and u1.test, or folders with train.csv and"
              + " test.csv\(there)")
        ])
    }
    guard InputFile.isFolder(folder) else { throw missing("is no folder of predefined splits") }
    if names.isEmpty {
      let numbered = found.filter { $0.name.utf8.last.map { $0 &- 48 <= 9 } ?? false }
      folds = numbered.isEmpty ? found : numbered
      if folds.isEmpty { throw missing("has no predefined splits") }
    } else {
      folds = []
      for name in names {
        guard let fold = found.first(where: { $0.name == name }) else { throw missing("has no split \(name)") }
        folds.append(fold)
      }
    }
  }

  /// Each split read from its two files.
  ///
  /// - Parameter vocabularies: those of the whole data set, which the splits then share; nil gives each split its own.
  public func splits(
    vocabularies: Vocabularies? = nil, options: ReadingOptions = ReadingOptions()
  ) throws(RatingDataError) -> Splits {
    guard !folds.isEmpty else { throw unusableSplit("there are no predefined splits") }
    let folds = folds
    return Splits(names: folds.map(\.name)) { (index) throws(RatingDataError) in
      try Split.read(
        train: folds[index].train, test: folds[index].test, vocabularies: vocabularies, options: options)
    }
  }

  /// All pairs in a folder, by name, numbers in names by their value.
  private static func pairs(in folder: String) -> [Fold] {
    let names = InputFile.names(inFolder: folder)
    let present = Set(names)
    var found: [Fold] = []
    func file(_ stem: String, _ endings: [String]) -> String? {
      endings.flatMap { [stem + $0, stem + $0 + ".gz"] }.first { present.contains($0) }
    }
    var seen: Set<String> = []
    for name in names {
      var plain = name[...]
      if plain.hasSuffix(".gz") { plain.removeLast(3) }
      guard plain.hasSuffix(".test"), plain.utf8.count > 5 else { continue }
      let stem = String(plain.dropLast(5))
      guard let train = file(stem, [".base", ".train"]), seen.insert(stem).inserted else { continue }
      found.append(Fold(name: stem, train: "\(folder)/\(train)", test: "\(folder)/\(name)"))
    }
    for name in names where InputFile.isFolder("\(folder)/\(name)") {
      let inside = Set(InputFile.names(inFolder: "\(folder)/\(name)"))
      for (train, test) in [("train.csv", "test.csv"), ("train.csv.gz", "test.csv.gz")]
      where inside.contains(train) && inside.contains(test) && seen.insert(name).inserted {
        found.append(Fold(name: name, train: "\(folder)/\(name)/\(train)", test: "\(folder)/\(name)/\(test)"))
      }
    }
    if found.isEmpty && present.isSuperset(of: ["train.csv", "test.csv"]) {
      found = [Fold(name: "split", train: "\(folder)/train.csv", test: "\(folder)/test.csv")]
    }
    return found.sorted { Self.order($0.name) < Self.order($1.name) }
  }

  /// The text before a number at the end, and that number.
  private static func order(_ name: String) -> (String, Int, String) {
    let digits = name.utf8.reversed().prefix { $0 &- 48 <= 9 }.count
    return (String(name.dropLast(digits)), Int(name.suffix(min(digits, 18))) ?? -1, name)
  }
}
