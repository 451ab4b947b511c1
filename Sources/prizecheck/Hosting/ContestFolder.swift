import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of a contest, found by their names in the folders that a host lays out.
struct ContestFolder {
  let answers: String
  let questions: String?
  let membership: String?

  /// The files of the organizer: known by their names up to the first dot; a single file is the answers.
  ///
  /// - Throws: `missing-file` where there is no folder, or no answers in it; `unclear-folder` where two files have one role.
  init(reference folder: String) throws(RatingDataError) {
    let files = try Self.files(in: folder)
    func file(_ stems: Set<String>) throws(RatingDataError) -> String? {
      let found = files.filter { stems.contains(String($0.split(separator: ".")[0]).lowercased()) }
      guard found.count <= 1 else {
        throw Self.unclear(
          folder, "there are \(found.joined(separator: " and ")), which have one role; keep one of them")
      }
      return found.first.map { "\(folder)/\($0)" }
    }
    questions = try file(["questions", "qualifying"])
    membership = try file(["membership"])
    let named = try file(["answers", "judging", "solution"])
    let isAlone = files.count == 1 && questions == nil && membership == nil
    guard let answers = named ?? (isAlone ? "\(folder)/\(files[0])" : nil) else {
      throw RatingDataError(
        .inputMissing,
        [
          Problem(
            .error, ProblemCode.missingFile.rawValue, file: folder,
            message: "there are no answers in the folder; name their file answers.csv, answers.txt or solution.csv")
        ])
    }
    self.answers = answers
  }

  /// The one file of a contestant, in the folder or in the one folder in it.
  ///
  /// - Throws: `unclear-folder` where there is none, there are several, or it is a link.
  static func submission(in folder: String) throws(RatingDataError) -> String {
    let files = try files(in: folder)
    if files.count == 1 {
      switch kind(of: "\(folder)/\(files[0])") {
      case S_IFREG: return "\(folder)/\(files[0])"
      case S_IFDIR: return try submission(in: "\(folder)/\(files[0])")
      default:
        throw unclear(folder, "\(files[0]) is a link or a device; a submission is a plain file")
      }
    }
    throw unclear(
      folder,
      files.isEmpty
        ? "there is no submission in the folder; hand in one file of predictions"
        : "there are \(files.count) files (\(files.prefix(3).joined(separator: ", "))\(files.count > 3 ? ", ..." : ""));"
          + " hand in one file of predictions")
  }

  private static func unclear(_ folder: String, _ message: String) -> RatingDataError {
    RatingDataError(.badData, [Problem(.error, ProblemCode.unclearFolder.rawValue, file: folder, message: message)])
  }

  /// The names in a folder, ascending, without hidden ones and what hosts and archives put there besides.
  private static func files(in folder: String) throws(RatingDataError) -> [String] {
    guard let stream = opendir(folder) else {
      throw RatingDataError(
        .inputMissing,
        [
          Problem(
            .error, ProblemCode.missingFile.rawValue, file: folder,
            message: "there is no such folder; a host lays out INPUT/ref and INPUT/res")
        ])
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") && !["__MACOSX", "metadata", "metadata.yaml"].contains(name) { names.append(name) }
    }
    return names.sorted()
  }

  /// What a name stands for itself: links are not followed.
  private static func kind(of path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }
}
