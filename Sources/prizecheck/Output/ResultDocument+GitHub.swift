import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ResultDocument {
  /// Workflow commands of GitHub Actions, which annotate the files, then the verdict and the scores as plain lines.
  ///
  /// Source: docs.github.com, "Workflow commands for GitHub Actions"; messages escape `%`, CR and LF, properties `:` and
  /// `,` too.
  var githubCommands: String {
    var lines = (errors + warnings).map(Self.annotation)
    let (words, detail, good) = conclusion
    let result = detail.isEmpty ? words : "\(words): \(detail)"
    let level = good == false ? "error" : "notice"
    let message = verdict.map { "\(result). \(Self.sentence($0.reason))" } ?? result
    lines.append("::\(level) title=\(Tool.name)::\(SafeText.commandMessage(SafeText.line(message)))")
    if let significance { lines.append(SafeText.logLine(significance.sentence)) }
    if isUndecided { lines.append(PrizeSignificance.undecidedNote) }
    lines += scoreTable?.lines.map(SafeText.logLine) ?? []
    for (heading, table) in details?.tables ?? [] { lines += ([heading] + table.lines).map(SafeText.logLine) }
    if withheld { lines.append(Self.withheldNote) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func annotation(_ problem: Problem) -> String {
    // A file of "-" is standard input, which no annotation can point to.
    var properties: [(String, String)] = problem.file == "-" ? [] : [("file", problem.file)]
    if let line = problem.lines.first { properties.append(("line", String(line))) }
    properties.append(("title", problem.code))
    let list = properties.map { "\($0)=\(SafeText.commandProperty($1))" }.joined(separator: ",")
    return "::\(problem.severity.rawValue) \(list)::\(SafeText.commandMessage(problem.message + problem.repetition))"
  }

  /// The file of the job's summary, where there is a job.
  static var gitHubSummaryPath: String? { getenv("GITHUB_STEP_SUMMARY").map { String(cString: $0) } }

  /// Appends the Markdown to the job's summary. Without a path nothing happens; false where the file can't be written.
  func appendGitHubSummary(to path: String? = gitHubSummaryPath) -> Bool {
    guard let path else { return true }
    guard let file = fopen(path, "a") else { return false }
    var text = markdown
    let written = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
    return fclose(file) == 0 && written
  }
}
