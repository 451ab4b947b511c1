/// The files behind a path: the path itself, or the rating files of a folder.
enum RatingFiles {
  /// How the names of rating files begin: Netflix's, and Kaggle's.
  static let prefixes = ["mv_", "combined_data_"]

  /// Netflix's `mv_*.txt` or Kaggle's `combined_data_*.txt` in a folder or in its `training_set`, by ascending name.
  static func expand(_ path: String) throws(RatingDataError) -> [String] {
    guard path != "-", InputFile.isFolder(path) else { return [path] }
    for folder in [path, path + "/training_set"] {
      let names = InputFile.names(inFolder: folder)
      for prefix in prefixes {
        let wanted = names.filter { $0.hasPrefix(prefix) && ($0.hasSuffix(".txt") || $0.hasSuffix(".txt.gz")) }
        if !wanted.isEmpty { return wanted.map { folder + "/" + $0 } }
      }
    }
    throw RatingDataError(
      .inputMissing, .notAFile, file: path,
      "is a folder without mv_*.txt or combined_data_*.txt; name a file, or the folder training_set")
  }

  static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
