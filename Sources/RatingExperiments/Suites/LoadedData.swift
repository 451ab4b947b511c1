import RatingData

/// A data set of a suite in memory.
struct LoadedData: Sendable {
  let ratings: RatingDataset
  let format: RatingFormat
  /// The folder that its file is in: where the files of predefined splits and of pairs are looked for.
  let folder: String
  /// The SHA-256 of what was read.
  let hash: String

  init(_ data: SuiteData, path: String, threads: Int?) throws(RatingDataError) {
    let result = try RatingDataset.read(
      path,
      options: ReadingOptions(
        format: data.format, columns: data.columns, scale: data.scale, duplicates: data.duplicates, threads: threads))
    ratings = result.dataset
    format = result.input.format
    hash = result.dataset.contentHash
    folder = Self.parent(of: path)
  }

  /// The folder above a path: of `a/b` it is `a`, of `b` the current one.
  static func parent(of path: String) -> String {
    var path = path[...]
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
