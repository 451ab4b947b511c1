import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the files of a suite's data are.
struct SuiteLocation: Sendable {
  /// The folder of the suite's file.
  var folder: String
  /// What `--data name=path` says.
  var given: [String: String]

  /// - Throws: `missing-file` where a data set of the catalogue is in none of the places where it may be.
  func path(of data: SuiteData) throws(RatingDataError) -> String {
    if let path = given[data.name] { return path }
    guard let catalogue = data.catalogue else {
      return data.path.hasPrefix("/") || folder == "." ? data.path : "\(folder)/\(data.path)"
    }
    let places = Self.roots.map { "\($0)/\(catalogue)/\(data.path)" }
    if let found = places.first(where: { access($0, R_OK) == 0 }) { return found }
    let looked = places.isEmpty ? "" : " (looked for \(places.joined(separator: ", ")))"
    throw RatingDataError(
      .inputMissing,
      [
        Problem(
          .error, ProblemCode.missingFile.rawValue, file: "\(catalogue)/\(data.path)",
          message: "the data set \(catalogue) is not there\(looked); prizecheck fetch \(catalogue) gets it, "
            + "RATINGBENCH_DATA may name a folder of data sets, or pass --data \(data.name)=PATH")
      ])
  }

  /// Folders in which data sets have folders of their names.
  private static var roots: [String] {
    [getenv("RATINGBENCH_DATA").map { String(cString: $0) }, CacheFolder.standard].compactMap { $0 }
  }
}
