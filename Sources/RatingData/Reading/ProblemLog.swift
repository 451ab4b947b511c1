/// Collects the problems of one file: for each kind its count, its first lines and the message of its first line.
///
/// Memory is bounded by the number of codes, however many lines are bad.
struct ProblemLog: Sendable {
  private struct Entry: Sendable {
    var severity: Problem.Severity
    var count: Int
    var lines: [Int]
    var message: String
  }

  let file: String
  private var entries: [ProblemCode: Entry] = [:]
  /// The codes in the order of their first occurrence.
  private var order: [ProblemCode] = []
  private(set) var errorCount = 0

  init(file: String) { self.file = file }

  var isEmpty: Bool { order.isEmpty }
  var hasErrors: Bool { errorCount > 0 }

  /// Notes one occurrence. `message` is asked for at the first only.
  mutating func record(
    _ code: ProblemCode, as severity: Problem.Severity = .error, line: Int? = nil, _ message: @autoclosure () -> String
  ) {
    if severity == .error { errorCount += 1 }
    if entries[code] != nil {
      entries[code]!.count += 1
      if let line, entries[code]!.lines.count < Problem.listedLines { entries[code]!.lines.append(line) }
      return
    }
    order.append(code)
    entries[code] = Entry(severity: severity, count: 1, lines: line.map { [$0] } ?? [], message: message())
  }

  /// Notes `count` occurrences at once, whose first lines are `lines`.
  mutating func record(
    _ code: ProblemCode, as severity: Problem.Severity = .error, count: Int, lines: [Int], _ message: String
  ) {
    guard count > 0 else { return }
    var other = ProblemLog(file: file)
    other.order = [code]
    other.entries[code] = Entry(severity: severity, count: count, lines: lines, message: message)
    other.errorCount = severity == .error ? count : 0
    merge(other)
  }

  /// Adds the problems of a later part of the same file.
  mutating func merge(_ later: ProblemLog) {
    errorCount += later.errorCount
    for code in later.order {
      let entry = later.entries[code]!
      guard entries[code] != nil else {
        order.append(code)
        entries[code] = Entry(
          severity: entry.severity, count: entry.count, lines: Array(entry.lines.prefix(Problem.listedLines)),
          message: entry.message)
        continue
      }
      entries[code]!.count += entry.count
      let room = Problem.listedLines - entries[code]!.lines.count
      entries[code]!.lines.append(contentsOf: entry.lines.prefix(room))
      if entry.severity == .error { entries[code]!.severity = .error }
    }
  }

  /// Whether no line of a later part of the same file will be kept, since there are enough already.
  func isFull(for later: ProblemLog) -> Bool {
    later.order.allSatisfy { later.entries[$0]!.lines.isEmpty || entries[$0]?.lines.count == Problem.listedLines }
  }

  /// Adds `lines` to every line number: the problems of a part of a file become problems of the file.
  mutating func shiftLines(by lines: Int) {
    for code in order { entries[code]!.lines = entries[code]!.lines.map { $0 + lines } }
  }

  /// Errors in the order of their first occurrence, then warnings in the order of their first lines, which doesn't depend
  /// on how the file was cut into parts; those that concern the whole file last.
  var problems: [Problem] {
    let all = order.map { code in
      let entry = entries[code]!
      return Problem(
        entry.severity, code.rawValue, file: file, count: entry.count, lines: entry.lines, message: entry.message)
    }
    let warnings = all.filter { $0.severity == .warning }.sorted { a, b in
      let (x, y) = (a.lines.first ?? .max, b.lines.first ?? .max)
      return x != y ? x < y : a.code < b.code
    }
    return all.filter { $0.severity == .error } + warnings
  }

  var warnings: [Problem] { problems.filter { $0.severity == .warning } }
}

extension RatingDataError {
  /// One problem that concerns a whole file.
  init(_ kind: Kind, _ code: ProblemCode, file: String, _ message: String) {
    self.init(kind, [Problem(.error, code.rawValue, file: file, message: message)])
  }
}
