import Crypto

/// What is known of the users of a data set, or of its items, besides ratings: side information, such as ages or genres.
///
/// A table belongs to one vocabulary: row e of every group describes the user, or the item, with the dense index e.
public struct FeatureTable: Sendable, Hashable {
  /// Whom a table describes.
  public enum Side: String, Sendable, Hashable {
    case users, items

    var singular: String { self == .users ? "user" : "item" }
  }

  /// In the order of the file's columns. All have one number of rows.
  public let groups: [FeatureGroup]
  /// The file; nil where the groups were made in memory.
  public let source: Source?

  /// The file that a table was read from, and how it fits the vocabulary.
  public struct Source: Sendable, Hashable {
    public let file: String
    public let format: FeatureFormat
    /// The size of the file as it lies on disk.
    public let bytes: Int
    /// SHA-256 of those bytes in lowercase hexadecimal.
    public let sha256: String
    /// The file's rows, without its header.
    public let rows: Int
    /// The rows of ids that the vocabulary lacks: they were skipped, and had no say in anything.
    public let skippedRows: Int
    /// The ids of the vocabulary that have no row in the file: they have no features.
    public let idsWithoutRow: Int
    public let warnings: [Problem]
  }

  /// - Precondition: there is a group, and all have the same number of rows.
  public init(_ groups: [FeatureGroup]) { self.init(groups, source: nil) }

  init(_ groups: [FeatureGroup], source: Source?) {
    precondition(!groups.isEmpty, "a feature table has at least 1 group")
    precondition(
      groups.allSatisfy { $0.entityCount == groups[0].entityCount },
      "the groups of a feature table have one number of rows, got \(groups.map(\.entityCount))")
    self.groups = groups
    self.source = source
  }

  /// The number of rows of each group: the size of the vocabulary.
  public var entityCount: Int { groups[0].entityCount }
  /// The number of features of all groups.
  public var featureCount: Int { groups.reduce(0) { $0 + $1.featureCount } }

  /// The SHA-256 of the groups with their names, in lowercase hexadecimal: of what a model learns from, not of the file.
  ///
  /// - Complexity: O(values + entities + features).
  public var contentHash: String {
    var hash = SHA256()
    func add(number: Int) { withUnsafeBytes(of: UInt64(number).littleEndian) { hash.update(bufferPointer: $0) } }
    func add(text: String) {
      add(number: text.utf8.count)
      hash.update(data: Array(text.utf8))
    }
    add(number: groups.count)
    for group in groups {
      add(text: group.name)
      add(number: group.featureCount)
      group.featureNames.forEach(add(text:))
      add(number: group.entityCount)
      group.starts.withUnsafeBytes { hash.update(bufferPointer: $0) }
      group.features.withUnsafeBytes { hash.update(bufferPointer: $0) }
      group.values.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().hexadecimal
  }
}
