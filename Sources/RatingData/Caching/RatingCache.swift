/// A folder of ratings that were parsed before, so that a large input is read in the time of copying it.
///
/// Ratings are kept by the content of their files, which is known by a hash: the same files at another place, or with
/// another date, are found; a file in which one byte was changed is not. Where every file of an input has the size, the
/// times and the inode that it had when it was hashed, it isn't read again; else it is hashed again.
///
/// A cache is never needed and never trusted. Every byte that is read from it is checked, and what is damaged, foreign or
/// of another version is read from the input again. Where it can't be written, because the disk is full or the folder is
/// read-only, the ratings are those of the input all the same. Both are told to `onEvent`.
///
/// Any number of processes may use a folder at the same time: a file appears under its name complete, is never changed, and
/// who has it open may read it to its end when it is removed. The folder and its files can be read by their owner alone,
/// since the ratings may be no one else's business.
///
/// ```swift
/// var options = ReadingOptions()
/// options.cache = .standard
/// let ratings = try RatingDataset(contentsOf: "nf_prize_dataset", options: options)
/// ```
public struct RatingCache: Sendable {
  /// Is made where it is missing.
  public var folder: String
  /// The bytes that the folder's files may take together. What was not used for the longest time is removed to make room.
  public var capacity: Int
  /// Inputs of fewer bytes are parsed each time: that takes some hundredths of a second.
  public var smallestInput: Int
  /// Told what is worth knowing, on the thread that reads.
  public var onEvent: (@Sendable (Event) -> Void)?

  public enum Event: Sendable, Hashable {
    /// Parsed ratings were written into this file of the cache.
    case kept(file: String, bytes: Int)
    /// A warning: a file of the cache was of no use (`cache-rebuilt`), or could not be written (`cache-not-written`).
    case problem(Problem)
  }

  public static let defaultCapacity = 4 << 30
  public static let defaultSmallestInput = 8 << 20

  /// - Parameters:
  ///   - capacity: the default, 4 GiB, has room for eight times the Netflix Prize's ratings.
  ///   - smallestInput: default 8 MiB.
  public init(
    folder: String, capacity: Int = defaultCapacity, smallestInput: Int = defaultSmallestInput,
    onEvent: (@Sendable (Event) -> Void)? = nil
  ) {
    self.folder = folder
    self.capacity = capacity
    self.smallestInput = smallestInput
    self.onEvent = onEvent
  }

  /// `parsed` in the folder for caches, `CacheFolder.standard`; nil where the environment names none.
  public static var standard: RatingCache? { CacheFolder.standard.map { RatingCache(folder: "\($0)/parsed") } }

  func warn(_ code: ProblemCode, _ file: String, _ message: String) {
    onEvent?(.problem(Problem(.warning, code.rawValue, file: file, message: message)))
  }
}
