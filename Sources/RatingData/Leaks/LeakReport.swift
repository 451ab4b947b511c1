/// What a leak checker found between a training and a test part.
public struct LeakReport: Sendable, Hashable {
  /// The size of a part.
  public struct Part: Sendable, Hashable {
    public var ratings: Int
    public var users: Int
    public var items: Int
  }

  public var training: Part
  public var test: Part
  /// Leaks first, then warnings, each kind at most once.
  public var findings: [LeakFinding]
  /// What the order of the test rows was found to be.
  public var order: RowOrderEvidence

  public var hasLeaks: Bool { findings.contains { $0.severity == .leak } }
}

/// One kind of leak, however often it occurs.
public struct LeakFinding: Sendable, Hashable {
  /// The number of examples that are listed at most.
  public static let listedExamples = 10

  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A test pair of user and item is among the training ratings: its answer, or one much like it, can be looked up.
    case overlap = "overlapping-pair"
    /// A pair is there more than once in training. Any part that is held out of it for validation can then hold a pair that
    /// is also trained on.
    case duplicateInTraining = "duplicate-in-training"
    /// A pair is asked more than once: it counts more than others, and where the test part is divided again (quiz and test),
    /// the one's answer gives the other's away.
    case duplicateInTest = "duplicate-in-test"
    /// The order of the test rows tells something of their ratings that user, item and time don't.
    case order = "order-tells-ratings"
    /// The user gave a training rating later than the test rating.
    case laterOfUser = "later-rating-of-user"
    /// Somebody gave a training rating later than the test rating.
    case laterOfAnybody = "later-rating-of-anybody"
    /// A user of the test part has no training rating.
    case userOnlyInTest = "user-only-in-test"
    /// An item of the test part has no training rating.
    case itemOnlyInTest = "item-only-in-test"
  }

  public enum Severity: String, Sendable, Hashable {
    /// The score will be better than it should be, or means something else than it seems to.
    case leak
    /// Worth knowing, and as it must be with some ways of splitting.
    case warning
  }

  /// One occurrence, by rows of the two parts from 0, each where it has a part in it.
  public struct Example: Sendable, Hashable {
    public var user: Identifier?
    public var item: Identifier?
    public var trainingRow: Int?
    public var testRow: Int?
  }

  public var kind: Kind
  public var severity: Severity
  /// Test ratings for overlaps and later ratings, surplus rows for duplicates, users, items, and 1 for the order.
  public var count: Int
  /// What was found, and what to do about it.
  public var message: String
  /// The first ones by test row, else by training row.
  public var examples: [Example]
}

/// What the order of rows is known to follow, and how much it tells beyond that.
public struct RowOrderEvidence: Sendable, Hashable {
  public enum Key: String, Sendable, Hashable, CaseIterable { case user, item, time }

  /// A test that order has nothing to do with ratings.
  public struct Test: Sendable, Hashable {
    public enum Name: String, Sendable, Hashable {
      /// Spearman's correlation of position and rating, the mean over blocks of rows.
      case rankCorrelation = "rank-correlation"
      /// How many changes between ratings above and below the mean are missing, as a share of those to be expected.
      case runs
      /// Spearman's correlation of a block's position and its mean rating.
      case blockCorrelation = "block-correlation"
    }

    public var name: Name
    /// In -1...1 (runs: at most 1); 0 where order tells nothing.
    public var effect: Double
    /// Standard normal where order tells nothing.
    public var z: Double
    /// Two-sided; never 0.
    public var p: Double
  }

  /// By what the rows are sorted or grouped, the outermost first; empty where no such key is found.
  public var keys: [Key]
  /// Whether those keys leave nothing open: the order then tells nothing that they don't.
  public var isFullyExplained: Bool
  /// The tests of what is left open; empty where nothing is, and where there are too few rows to tell.
  public var tests: [Test]
  /// Whether neighbouring rows share their user or item more often than 1 time in 20 without being sorted by it: their
  /// ratings are alike for that reason.
  public var neighboursShareKeys: Bool
}
