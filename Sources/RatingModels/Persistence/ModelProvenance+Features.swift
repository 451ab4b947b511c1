import RatingData

extension ModelProvenance {
  /// The side information that a model was made with, of its users or of its items.
  public struct Features: Sendable, Hashable {
    /// The name of the file, without its folder; nil where the features were made in memory.
    public var file: String?
    /// The SHA-256 of the file.
    public var sha256: String?
    /// `FeatureTable.contentHash`: of what the model learned from, in whatever file it stands.
    public var hash: String
    /// The number of groups, and that of the features of all groups.
    public var groups, features: Int

    /// - Complexity: O(values + entities + features), for the hash.
    public init(_ table: FeatureTable) {
      file = table.source.map { $0.file.split(separator: "/").last.map(String.init) ?? $0.file }
      sha256 = table.source?.sha256
      hash = table.contentHash
      (groups, features) = (table.groups.count, table.featureCount)
    }

    // MARK: As metadata

    func metadata(_ prefix: String) -> [(String, String)] {
      var all: [(String, String)] = []
      if let file { all.append((prefix + "file", file)) }
      if let sha256 { all.append((prefix + "sha256", sha256)) }
      return all + [
        (prefix + "hash", hash), (prefix + "groups", String(groups)), (prefix + "features", String(features)),
      ]
    }

    /// nil where the metadata has no features of this prefix.
    init?(_ header: some MetadataHolder, _ prefix: String) throws(Safetensors.Failure) {
      guard let hash = header.member(prefix + "hash") else { return nil }
      self.hash = hash
      file = header.member(prefix + "file")
      sha256 = header.member(prefix + "sha256")
      groups = try header.requiredNatural(prefix + "groups")
      features = try header.requiredNatural(prefix + "features")
    }
  }
}
