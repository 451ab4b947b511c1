import RatingData
import RatingEvaluation
import RatingModels

/// A comparison of algorithms on data sets: all that decides its figures.
///
/// `prizecheck benchmark` reads it from YAML (`BenchmarkSuites` in the documentation); here it is a plain value.
public struct Suite: Sendable {
  /// A short name, fit for a file's.
  public var name: String
  public var title: String
  /// Shown at the top of a report; may be empty.
  public var summary: String
  public var data: [SuiteData]
  /// Each data set is divided in each of these ways.
  public var splits: [SuiteSplit]
  public var algorithms: [SuiteAlgorithm]
  /// What is shown beside the RMSE.
  public var metrics: [Metric]
  /// Each algorithm is trained once for each of these.
  public var seeds: [UInt64]
  /// Threads for training and prediction; nil takes all processors. No figure but the seconds depends on it.
  public var threads: Int?
  /// Whether predictions are moved into the rating scale before they are judged. As nearly all papers do; prizes don't.
  public var isClipped: Bool
  /// Whether the error on the test half is measured after every epoch. Nothing is chosen by it.
  public var hasCurves: Bool

  public init(
    name: String, title: String? = nil, summary: String = "", data: [SuiteData], splits: [SuiteSplit],
    algorithms: [SuiteAlgorithm], metrics: [Metric] = [], seeds: [UInt64] = [1], threads: Int? = nil,
    isClipped: Bool = true, hasCurves: Bool = true
  ) {
    self.name = name
    self.title = title ?? name
    self.summary = summary
    self.data = data
    self.splits = splits
    self.algorithms = algorithms
    self.metrics = metrics
    self.seeds = seeds
    self.threads = threads
    self.isClipped = isClipped
    self.hasCurves = hasCurves
  }
}

/// A data set of a suite.
public struct SuiteData: Sendable, Hashable {
  /// As reports name it.
  public var name: String
  /// A file, a folder of Netflix files, or for splits that are files the folder that they are in. A relative path starts
  /// at the suite's folder, or for a catalogue's data set at the folder of that data set.
  public var path: String
  /// The entry of `DatasetCatalogue`, where it is one of those.
  public var catalogue: String?
  /// nil detects it.
  public var format: RatingFormat?
  /// nil takes what the format fixes, else what the ratings span.
  public var scale: RatingScale?
  /// nil takes the order user, item, rating, time, or what a header says.
  public var columns: ColumnMap?
  public var duplicates: DuplicatePolicy

  public init(
    name: String, path: String, catalogue: String? = nil, format: RatingFormat? = nil, scale: RatingScale? = nil,
    columns: ColumnMap? = nil, duplicates: DuplicatePolicy = .error
  ) {
    self.name = name
    self.path = path
    self.catalogue = catalogue
    self.format = format
    self.scale = scale
    self.columns = columns
    self.duplicates = duplicates
  }
}

/// An algorithm of a suite: with fixed settings, or with a space in which they are searched for inside each training half.
public struct SuiteAlgorithm: Sendable {
  /// As reports name it; no two of a suite are the same.
  public var label: String
  /// The registry's name.
  public var algorithm: String
  /// The defaults hold for all that is not here.
  public var settings: [ParameterSetting]
  public var search: SearchPlan?

  public init(
    _ algorithm: String, label: String? = nil, settings: [ParameterSetting] = [], search: SearchPlan? = nil
  ) {
    self.label = label ?? algorithm
    self.algorithm = algorithm
    self.settings = settings
    self.search = search
  }
}
