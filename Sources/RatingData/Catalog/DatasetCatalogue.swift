/// Where real rating data come from: sources, hashes, terms and what to cite. None of the data is part of this project.
///
/// Sizes and hashes stand where they were computed from the publisher's file or printed by a source of that time; where
/// neither was possible they are left out.
public enum DatasetCatalogue {
  /// One data set.
  public struct Entry: Sendable, Hashable, Codable {
    /// A short name without spaces, such as `ml-100k`.
    public var name: String
    public var title: String
    /// The publisher's page about it.
    public var page: String
    /// The number of ratings, as its publisher states it.
    public var ratings: Int?
    /// What its terms allow, in short; the publisher's own text decides.
    public var licence: String
    public var citation: String
    /// Of what is cited.
    public var doi: String?
    /// The file of ratings in its folder once it is fetched, `.` for the folder itself; nil where there is none that can be
    /// read as it is.
    public var ratingsFile: String?
    /// What to download, and files in it.
    public var files: [File]
  }

  /// A file of a data set: a download where it has an address, else a part of one.
  public struct File: Sendable, Hashable, Codable {
    public var name: String
    /// The publisher's address.
    public var url: String?
    /// Other addresses of the same bytes, to be tried in turn where the first one fails.
    public var mirrors: [String]?
    public var bytes: Int?
    /// 64 lower-case hexadecimal digits.
    public var sha256: String?
    /// 32 lower-case hexadecimal digits. Tells copies apart; no protection against a forger.
    public var md5: String?

    /// Where it can be downloaded from, the publisher's first; empty for a part of another file.
    public var addresses: [String] { (url.map { [$0] } ?? []) + (mirrors ?? []) }
  }

  /// The data set of that name.
  public static func entry(named name: String) -> Entry? { entries.first { $0.name == name } }
}
