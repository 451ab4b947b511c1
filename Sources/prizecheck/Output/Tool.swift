import RatingBench

/// The tool as its results name it.
enum Tool {
  static let name = "prizecheck"
  static let version = RatingBenchVersion.current
}
