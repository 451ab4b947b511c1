/// The version of this package: of the library, and of the tool, which prints it and writes it into results.
public enum RatingBenchVersion {
  /// Semantic version, such as `0.1.0`; the tag of a release carries the same text.
  public static let current = "0.1.0"
}
