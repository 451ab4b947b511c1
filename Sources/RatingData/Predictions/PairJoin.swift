import RatingNumerics

/// Joins files by their (user, item) pairs.
///
/// The reference's rows (the questions, or else the answers) fix the order; every other file is read once, and its rows
/// are looked up among them.
struct PairJoin {
  private let codes: IdentifierCodes
  private let threads: Int?
  private(set) var scale: RatingScale?
  private var rows: PairColumns?
  private var table: PairTable?
  private var hasQuestions = false
  private var predictions: [Int64]?
  private var answers: [Int64]?
  private var sets: [Int64]?
  private var reports: [InputRole: InputReport] = [:]
  private var warnings: [Problem] = []

  init(codes: IdentifierCodes, scale: RatingScale?, threads: Int?) {
    self.codes = codes
    self.threads = threads
    self.scale = scale
  }

  // MARK: - The reference and what is walked in step with it

  /// Reads the reference, and in step with it the files that name no users.
  mutating func collect(reference: RatingInput, others: [RatingInput]) throws(RatingDataError) {
    let inputs = [reference] + others
    let streams = inputs.map { input in
      PositionalStream(
        input.decoder(codes: codes, scale: input.role == .questions ? nil : scale ?? input.detected.format.fixedScale))
    }
    var rows = PairColumns(
      codes: codes,
      input: InputReport(
        role: reference.role, file: reference.path, format: reference.detected.format, bytes: 0, sha256: nil))
    var columns = [[Int64]](repeating: [], count: inputs.count)
    // Growing arrays would be copied again and again.
    let most = reference.mostRows
    rows.users.reserveCapacity(most)
    rows.items.reserveCapacity(most)
    if reference.detected.hasTimes {
      rows.times = []
      rows.times!.reserveCapacity(most)
    }
    for index in inputs.indices where inputs[index].role != .questions { columns[index].reserveCapacity(most) }
    let aligned = RowAligner.align(streams) { count in
      rows.users.append(contentsOf: UnsafeBufferPointer(start: streams[0].users, count: count))
      rows.items.append(contentsOf: UnsafeBufferPointer(start: streams[0].items, count: count))
      if rows.times != nil {
        rows.times!.append(contentsOf: UnsafeBufferPointer(start: streams[0].times, count: count))
      }
      rows.lines.append(lines: streams[0].lines, count: count, firstRow: rows.count - count)
      for index in inputs.indices where inputs[index].role != .questions {
        columns[index].append(contentsOf: UnsafeBufferPointer(start: streams[index].values, count: count))
      }
    }
    var problems: [Problem] = []
    for (index, stream) in streams.enumerated() {
      var log = stream.decoder.log
      let isWhole =
        !stream.decoder.stoppedEarly && !streams[0].decoder.stoppedEarly && !streams[0].decoder.log.hasErrors
      if index > 0 && isWhole && !(aligned && stream.blocks.agrees(with: streams[0].blocks)) {
        stream.blocks.compare(with: streams[0].blocks, referenceFile: RatingFiles.name(reference.path), in: &log)
      }
      if stream.decoder.rowCount == 0 && !log.hasErrors { log.record(.noRows, "the file has no rows") }
      if log.hasErrors { problems += log.problems } else { warnings += log.warnings }
      reports[inputs[index].role] = inputs[index].report()
    }
    if !problems.isEmpty { throw RatingDataError(.badData, problems) }
    for (index, input) in inputs.enumerated() { set(columns[index], for: input.role) }
    try take(rows, role: reference.role)
  }

  /// Takes the rows of a folder of training files as the rows to predict, and as answers where that is their role.
  /// Files that name no users are then read in the order of those rows.
  mutating func collectFolder(_ path: String, role: InputRole, others: [RatingInput]) throws(RatingDataError) {
    let rows = try PairColumns.read(path, role: role, options: ReadingOptions(), codes: codes, scale: scale)
    if role == .answers { answers = rows.values }
    reports[role] = rows.input
    warnings += rows.warnings
    var blocks = BlockIndex()
    var start = 0
    for row in 1...max(rows.count, 1) where row == rows.count || rows.items[row] != rows.items[start] {
      blocks.append(item: rows.items[start], line: rows.lines.line(ofRow: start), rows: row - start)
      start = row
    }
    for other in others { try take(other, inOrderOf: rows, blocks) }
    try take(rows, role: role)
  }

  private mutating func take(
    _ input: RatingInput, inOrderOf rows: PairColumns, _ blocks: BlockIndex
  ) throws(RatingDataError) {
    let stream = PositionalStream(
      input.decoder(codes: codes, scale: input.role == .questions ? nil : scale ?? input.detected.format.fixedScale))
    var column: [Int64] = []
    column.reserveCapacity(rows.count)
    _ = RowAligner.align([stream]) { count in
      column.append(contentsOf: UnsafeBufferPointer(start: stream.values, count: count))
    }
    var log = stream.decoder.log
    if column.isEmpty && !log.hasErrors { log.record(.noRows, "the file has no rows") }
    if !stream.decoder.stoppedEarly && !stream.blocks.agrees(with: blocks) {
      stream.blocks.compare(with: blocks, referenceFile: RatingFiles.name(rows.input.file), in: &log)
    }
    if log.hasErrors { throw RatingDataError(.badData, log.problems) }
    warnings += log.warnings
    reports[input.role] = input.report()
    set(column, for: input.role)
  }

  private mutating func set(_ column: [Int64], for role: InputRole) {
    switch role {
    case .predictions: predictions = column
    case .answers, .ratings: answers = column
    case .membership: sets = column
    case .questions: break
    }
  }

  private mutating func take(_ rows: PairColumns, role: InputRole) throws(RatingDataError) {
    self.rows = rows
    hasQuestions = role == .questions
    let table = PairTable(users: rows.users, items: rows.items)
    self.table = table
    guard table.repeated.isEmpty else {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, ProblemCode.duplicatePair.rawValue, file: rows.input.file, count: table.repeated.count,
            lines: table.repeated.prefix(Problem.listedLines).map { rows.lines.line(ofRow: $0) },
            message: "the pair occurs before; a (user, item) pair can be asked once")
        ])
    }
  }

  // MARK: - Files that are looked up

  mutating func lookUp(_ input: RatingInput) throws(RatingDataError) {
    let scale = scale ?? (input.role == .answers ? input.detected.format.fixedScale : nil)
    let ignoresUnknown = input.role == .answers && hasQuestions
    if let regular = PieceLookUp.values(
      of: input, rows: rows!, table: table!, scale: scale, ignoresUnknown: ignoresUnknown, threads: threads)
    {
      warnings += regular.log.warnings
      reports[input.role] = input.report()
      set(regular.values, for: input.role)
      return
    }
    let decoder = input.decoder(codes: codes, scale: scale)
    let batch = RowBatch()
    var column = PairLookUp(rows!, table!, role: input.role, ignoresUnknown: ignoresUnknown)
    while decoder.fill(batch) {
      column.add(batch, log: &decoder.log)
      batch.count = 0
    }
    if decoder.rowCount == 0 && !decoder.log.hasErrors { decoder.log.record(.noRows, "the file has no rows") }
    if !decoder.stoppedEarly { column.finish(log: &decoder.log) }
    if decoder.log.hasErrors { throw RatingDataError(.badData, decoder.log.problems) }
    warnings += decoder.log.warnings
    reports[input.role] = input.report()
    set(column.values, for: input.role)
  }

  mutating func lookUpFolder(_ path: String) throws(RatingDataError) {
    var column = PairLookUp(rows!, table!, role: .answers, ignoresUnknown: true)
    var log = ProblemLog(file: path)
    let (report, warnings) = try RowStream.forEachBatch(
      of: path, role: .answers, options: ReadingOptions(), codes: codes, scale: scale
    ) { batch, _ in
      column.add(batch, log: &log)
    }
    column.finish(log: &log)
    if log.hasErrors { throw RatingDataError(.badData, log.problems) }
    self.warnings += warnings
    reports[.answers] = report
    answers = column.values
  }

  /// Takes predictions that a model made for the reference's rows.
  mutating func take(_ values: Predictions, name: String) throws(RatingDataError) {
    precondition(
      values.count == rows!.count, "\(rows!.count) rows need as many predictions, got \(values.count)")
    var column: [Int64] = []
    column.reserveCapacity(values.count)
    for value in values.values {
      guard let decimal = FixedDecimal(value) else {
        throw RatingDataError(
          .badData, .outOfRange, file: name, "a prediction is \(value), which is not within -1000...1000")
      }
      column.append(decimal.units)
    }
    predictions = column
  }

  /// Takes the bounds of the answers as the scale, where neither the caller nor a format fixed one.
  mutating func inferScale() {
    guard scale == nil, let answers, let low = answers.min(), let high = answers.max() else { return }
    scale = .inferred(
      minimum: Float(FixedDecimal(units: low).doubleValue), maximum: Float(FixedDecimal(units: high).doubleValue))
  }

  /// The rows with their predictions and answers.
  ///
  /// - Precondition: both were read.
  func judgedRows() -> JudgedRows {
    guard let rows, let predictions, let answers else { preconditionFailure("there are predictions and answers") }
    let (users, items) = (rows.dense(rows.users), rows.dense(rows.items))
    return JudgedRows(
      predictionUnits: predictions, answerUnits: answers, users: users.indices, items: items.indices,
      times: rows.times, sets: sets, vocabularies: Vocabularies(users: users.vocabulary, items: items.vocabulary),
      scale: scale)
  }

  /// The errors of rows; nil where there are no answers.
  func errors() -> JudgedErrors? {
    guard let rows, let predictions, let answers else { return nil }
    var errors = ErrorCollector(withSets: sets != nil)
    rows.users.withUnsafeBufferPointer { users in
      predictions.withUnsafeBufferPointer { predictions in
        answers.withUnsafeBufferPointer { answers in
          guard let first = users.baseAddress else { return }
          func add(_ sets: UnsafePointer<Int64>?) {
            errors.add(
              users: first, predictions: predictions.baseAddress!, answers: answers.baseAddress!, sets: sets,
              count: users.count)
          }
          if let sets { sets.withUnsafeBufferPointer { add($0.baseAddress!) } } else { add(nil) }
        }
      }
    }
    return ErrorCollector.joined([errors])
  }

  func judgement() -> Judgement {
    var result = Judgement()
    result.rows = rows!.count
    result.scale = scale
    if let answers, let predictions {
      var sums = ErrorAccumulator(scale: scale)
      var row = 0
      while row < answers.count {
        let count = min(RowBatch.capacity, answers.count - row)
        predictions.withUnsafeBufferPointer { predictions in
          answers.withUnsafeBufferPointer { answers in
            if let sets {
              sets.withUnsafeBufferPointer { sets in
                sums.add(
                  predictions: predictions.baseAddress! + row, answers: answers.baseAddress! + row,
                  sets: sets.baseAddress! + row, count: count)
              }
            } else {
              sums.add(
                predictions: predictions.baseAddress! + row, answers: answers.baseAddress! + row, sets: nil,
                count: count)
            }
          }
        }
        row += count
      }
      result.all = sums.total
      if sets != nil {
        result.quiz = sums.quiz
        result.test = sums.test
      }
    }
    let listed: [InputRole] = [.predictions, .answers, .questions, .membership]
    result.inputs = listed.compactMap { reports[$0] }
    result.warnings = warnings
    return result
  }
}
