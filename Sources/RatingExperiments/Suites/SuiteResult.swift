import RatingData

/// The cells of a suite: what a report is made from.
public struct SuiteResult: Sendable {
  /// A cell in its place.
  public struct Cell: Sendable {
    /// Which split of the group.
    public var part: Int
    public var seed: UInt64
    public var outcome: CellOutcome
    public var timing: CellTiming
  }

  /// A data set divided in one way.
  public struct Group: Sendable {
    public var data: DataSummary
    /// The division in words.
    public var split: String
    /// The names of its splits.
    public var parts: [String]
    /// For each algorithm its cells: split by split, and for each split seed by seed.
    public var cells: [[Cell]]
  }

  public var suite: Suite
  /// Those that were run.
  public var algorithms: [SuiteAlgorithm]
  /// All hyper-parameters of each.
  public var recipes: [String]
  public var groups: [Group]
}

/// What a report tells of a data set.
public struct DataSummary: Sendable, Hashable {
  public var name: String
  public var ratings: Int
  public var users: Int
  public var items: Int
  public var scale: String
  public var mean: Double
  public var hasTimes: Bool
  /// The SHA-256 of the ratings.
  public var hash: String
  /// Title, licence and citation, where it is one of the catalogue's.
  public var source: DatasetCatalogue.Entry?

  init(_ data: SuiteData, _ loaded: LoadedData) {
    let ratings = loaded.ratings
    name = data.name
    self.ratings = ratings.count
    users = ratings.userCount
    items = ratings.itemCount
    scale = ratings.scale.description
    mean = ratings.mean
    hasTimes = ratings.hasTimes
    hash = loaded.hash
    source = data.catalogue.flatMap { DatasetCatalogue.entry(named: $0) }
  }
}
