/// All rows of an input from first to last, one batch at a time.
enum RowStream {
  /// Calls `body` for each batch of the file, or of the files of a folder in order, and returns what the input was.
  ///
  /// - Throws: every problem of the input, after its last row. `body` has then seen rows that mean nothing.
  static func forEachBatch(
    of path: String, role: InputRole, options: ReadingOptions, codes: IdentifierCodes, scale: RatingScale?,
    _ body: (RowBatch, FormatDetector.Detected) -> Void
  ) throws(RatingDataError) -> (InputReport, [Problem]) {
    let files = try RatingFiles.expand(path)
    let batch = RowBatch()
    var problems: [Problem] = []
    var warnings: [Problem] = []
    var reports: [InputReport] = []
    for file in files {
      let input = try RatingInput(file, role: role, options: options)
      let decoder = input.decoder(
        codes: codes, scale: options.scale ?? scale ?? (role.wantsValues ? input.detected.format.fixedScale : nil))
      batch.count = 0
      while decoder.fill(batch) {
        body(batch, input.detected)
        batch.count = 0
      }
      if let change = input.change { throw change }
      if decoder.rowCount == 0 && !decoder.log.hasErrors { decoder.log.record(.noRows, "the file has no rows") }
      if decoder.log.hasErrors { problems += decoder.log.problems } else { warnings += decoder.log.warnings }
      reports.append(input.report())
    }
    if !problems.isEmpty { throw RatingDataError(.badData, problems) }
    if files == [path] { return (reports[0], warnings) }
    return (
      InputReport(
        role: role, file: path, format: reports[0].format, bytes: reports.reduce(0) { $0 + $1.bytes },
        sha256: FileHash.combined(reports)),
      warnings
    )
  }
}
