/// How a file of ratings is read. The defaults detect everything that can be detected.
public struct ReadingOptions: Sendable {
  /// nil detects the format from the content.
  public var format: RatingFormat?
  /// Which column holds what, for CSV and TSV files; nil takes the header's names, or the order user, item, rating, time.
  public var columns: ColumnMap?
  /// The allowed ratings; nil takes what the format fixes, else infers the bounds from the data.
  public var scale: RatingScale?
  /// What to do with a (user, item) pair that is rated more than once.
  public var duplicates: DuplicatePolicy
  /// At least 1; nil means all processors. The result doesn't depend on it.
  public var threads: Int?
  /// Whether the report of the input has its SHA-256, which takes about as long as reading it.
  public var hashesInput: Bool
  /// Told how far reading ratings has come, after each piece of about a mebibyte, by one thread at a time; nil tells
  /// nobody.
  public var onProgress: (@Sendable (ReadingProgress) -> Void)?
  /// Where ratings that were parsed before are found, and kept; nil parses the input each time.
  ///
  /// Ratings are read through it (`RatingDataset.read`); questions, answers and predictions never are, and neither is an
  /// input whose SHA-256 is asked for.
  public var cache: RatingCache?

  public init(
    format: RatingFormat? = nil, columns: ColumnMap? = nil, scale: RatingScale? = nil,
    duplicates: DuplicatePolicy = .error, threads: Int? = nil, hashesInput: Bool = false,
    onProgress: (@Sendable (ReadingProgress) -> Void)? = nil, cache: RatingCache? = nil
  ) {
    self.format = format
    self.columns = columns
    self.scale = scale
    self.duplicates = duplicates
    self.threads = threads
    self.hashesInput = hashesInput
    self.onProgress = onProgress
    self.cache = cache
  }
}

/// What to do with a (user, item) pair that occurs more than once.
public enum DuplicatePolicy: String, Sendable, CaseIterable {
  /// Refuse the file.
  case error
  /// Keep the row that comes first in the file.
  case first
  /// Keep the row that comes last.
  case last
  /// Keep the first row's place and time with the mean of the ratings.
  case mean
  /// Keep every row, and report how many there are.
  case all
}

/// How often (user, item) pairs repeat in a file.
public struct DuplicateCount: Sendable, Hashable {
  /// Distinct pairs that occur more than once.
  public var pairs = 0
  /// Rows beyond the first of each pair.
  public var surplusRows = 0
  /// Distinct pairs whose rows have different ratings.
  public var conflicting = 0

  public init() {}
}

/// What a file was.
public struct InputReport: Sendable, Hashable {
  public var role: InputRole
  public var file: String
  public var format: RatingFormat
  /// The size of the file as it lies on disk; for a folder, of the files that were read.
  public var bytes: Int
  /// SHA-256 of those bytes in lowercase hexadecimal, where it was asked for; for a folder, of the `sha256  name` lines
  /// of its files, in order.
  public var sha256: String?

  public init(role: InputRole, file: String, format: RatingFormat, bytes: Int, sha256: String?) {
    self.role = role
    self.file = file
    self.format = format
    self.bytes = bytes
    self.sha256 = sha256
  }
}

/// A data set and what is worth knowing about its file.
public struct ReadingResult: Sendable {
  public var dataset: RatingDataset
  public let input: InputReport
  public let duplicates: DuplicateCount
  /// Whether the scale was inferred from the data rather than fixed by the format or the caller.
  public let scaleIsInferred: Bool
  public let warnings: [Problem]
  /// Where the rows stand in the input.
  public let places: RowPlaces
}
