/// Two parts of one data set: what models learn from and what they are judged on. Both share the parent's vocabularies.
public struct Split: Sendable {
  public let train: RatingDataset
  public let test: RatingDataset

  public init(train: RatingDataset, test: RatingDataset) {
    self.train = train
    self.test = test
  }

  /// Reads the two halves from a file each, and puts them under common vocabularies.
  ///
  /// - Parameters:
  ///   - vocabularies: those of the data set that the halves are of, which must hold every user and item; nil takes the
  ///     users and items of both files.
  ///   - options: a scale that is not given, nor fixed by the format, is inferred from both halves together.
  /// - Throws: where a file can't be read, or has a user or an item that `vocabularies` lack.
  public static func read(
    train: String, test: String, vocabularies: Vocabularies? = nil, options: ReadingOptions = ReadingOptions()
  ) throws(RatingDataError) -> Split {
    let halves = (try RatingDataset.read(train, options: options), try RatingDataset.read(test, options: options))
    let (first, second) = (halves.0.dataset, halves.1.dataset)
    let common = vocabularies ?? first.vocabularies.union(second.vocabularies)
    var scale = first.scale
    if halves.0.scaleIsInferred || halves.1.scaleIsInferred {
      let (lower, upper) = (min(first.scale.lower, second.scale.lower), max(first.scale.upper, second.scale.upper))
      scale = RatingScale(lower...upper)
    }
    func half(_ dataset: RatingDataset, _ file: String) throws(RatingDataError) -> RatingDataset {
      let moved = dataset.restricted(to: common)
      guard moved.count == dataset.count else {
        throw RatingDataError(
          .badData,
          [
            Problem(
              .error, "unusable-split", file: file,
              message:
                "\(dataset.count - moved.count) of \(dataset.count) ratings have a user or an item that the whole"
                + " data set lacks; give the data set that these files were made from")
          ])
      }
      return RatingDataset(vocabularies: common, scale: scale, columns: moved.columns)
    }
    return Split(train: try half(first, train), test: try half(second, test))
  }
}

extension Vocabularies {
  /// The users and items of both.
  func union(_ other: Vocabularies) -> Vocabularies {
    func joined(_ a: Vocabulary, _ b: Vocabulary) -> Vocabulary {
      if a == b { return a }
      return Vocabulary((0..<a.count).map { a[$0] } + (0..<b.count).map { b[$0] })
    }
    return Vocabularies(users: joined(users, other.users), items: joined(items, other.items))
  }
}
