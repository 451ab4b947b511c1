/// The rows of all parts of an input without an error, in order.
struct JoinedParts {
  private(set) var format = RatingFormat.netflixTraining
  /// One for each part.
  private(set) var columns: [PieceColumns] = []
  /// The name of each part's source.
  private(set) var files: [String] = []
  private(set) var warnings: [Problem] = []

  /// - Parameter parts: in the order of the rows.
  /// - Throws: all errors of all sources.
  init(_ parts: [DecodedPart], nameOf: (Int) -> String) throws(RatingDataError) {
    var problems: [Problem] = []
    var isMissing = false
    var first: FormatDetector.Detected?
    var odd: Problem?
    var start = 0
    while start < parts.count {
      let source = parts[start].source
      let end = parts[start...].firstIndex { $0.source != source } ?? parts.count
      defer { start = end }
      let name = nameOf(source)
      if let error = parts[start..<end].lazy.compactMap(\.error).first {
        problems += error.problems
        isMissing = isMissing || error.kind == .inputMissing
        continue
      }
      let detected = parts[start].detected
      first = first ?? detected
      if let first, detected != first, odd == nil {
        let what =
          detected.format == first.format
          ? "\(detected.format.rawValue) with other columns than the files before it"
          : "\(detected.format.rawValue) where the files before it are \(first.format.rawValue)"
        odd = Problem(.error, ProblemCode.unknownFormat.rawValue, file: name, message: "is \(what)")
        continue
      }
      if parts[start].isMisread { continue }
      var log = ProblemLog(file: name)
      var rows = 0
      for part in parts[start..<end] {
        guard let read = part.columns else { continue }
        log.merge(read.log)
        rows += read.count
        columns.append(read)
        files.append(name)
        if part.stoppedEarly { break }
      }
      if rows == 0 && !log.hasErrors { log.record(.noRows, "the file has no rows; expected ratings") }
      if log.hasErrors { problems += log.problems } else { warnings += log.warnings }
    }
    if problems.isEmpty, let odd { problems = [odd] }
    if !problems.isEmpty { throw RatingDataError(isMissing ? .inputMissing : .badData, problems) }
    format = first?.format ?? format
  }
}
