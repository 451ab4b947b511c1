import RatingBench

/// Several submissions judged on the same answers, row by row.
struct JudgedFiles {
  let paths: [String]
  let rows: [JudgedRows]
  let inputs: [ResultDocument.Input]
  let warnings: [Problem]

  /// - Throws: the problems of all files, each one once.
  init(_ paths: [String], answers: String, judging: JudgingArguments) throws(RatingDataError) {
    var rows: [JudgedRows] = []
    var inputs: [ResultDocument.Input] = []
    var (problems, warnings): ([Problem], [Problem]) = ([], [])
    var missing = false
    for path in paths {
      do throws(RatingDataError) {
        let (judgement, own) = try judging.judge(path, answers: answers).judgeRows()
        // Answers and questions are the same files each time: they are listed once.
        let predictions = judgement.documentInputs.filter { $0.role == .predictions }
        let others = judgement.documentInputs.filter { $0.role != .predictions }
        if rows.isEmpty { inputs = others }
        inputs.insert(contentsOf: predictions, at: inputs.count - others.count)
        for warning in judgement.warnings where !warnings.contains(warning) { warnings.append(warning) }
        rows.append(own)
      } catch {
        for problem in error.problems where !problems.contains(problem) { problems.append(problem) }
        missing = missing || error.kind == .inputMissing
      }
    }
    if !problems.isEmpty { throw RatingDataError(missing ? .inputMissing : .badData, problems) }
    self.paths = paths
    self.rows = rows
    self.inputs = inputs
    self.warnings = warnings
  }

  /// Files by their names where these differ in their last part, else by their whole paths.
  var names: [String] {
    let short = paths.map { path in path.split(separator: "/").last.map(String.init) ?? path }
    return Set(short).count == paths.count ? short : paths
  }
}
