import RatingNumerics

/// The opened files of one judgement, and the ways to join them.
struct JudgeInputs {
  private let request: SubmissionJudge
  private let codes = IdentifierCodes()
  private var predictions: RatingInput?
  private var answers: RatingInput?
  private var questions: RatingInput?
  private var membership: RatingInput?
  /// A folder of training files, whose rows are looked up by pair.
  private var answersFolder: String?
  private var questionsFolder: String?
  private let scale: RatingScale?

  /// Opens every file, and throws the problems of all that can't be opened.
  init(_ request: SubmissionJudge) throws(RatingDataError) {
    self.request = request
    var problems: [Problem] = []
    var missing = false
    func open(_ path: String?, _ role: InputRole) -> RatingInput? {
      guard let path else { return nil }
      var options = ReadingOptions(threads: request.options.threads, hashesInput: request.options.hashesInput)
      if role == .predictions {
        options.format = request.options.format
        options.columns = request.options.columns
      }
      do throws(RatingDataError) {
        return try RatingInput(path, role: role, options: options)
      } catch {
        problems += error.problems
        missing = missing || error.kind == .inputMissing
        return nil
      }
    }
    if case .file(let path) = request.predictions { predictions = open(path, .predictions) }
    if let path = request.answers, path != "-", InputFile.isFolder(path) {
      answersFolder = path
    } else {
      answers = open(request.answers, .answers)
    }
    if let path = request.questions, path != "-", InputFile.isFolder(path) {
      questionsFolder = path
    } else {
      questions = open(request.questions, .questions)
    }
    membership = open(request.membership, .membership)
    if !problems.isEmpty { throw RatingDataError(missing ? .inputMissing : .badData, problems) }
    scale =
      request.options.scale ?? answers?.detected.format.fixedScale
      ?? (answersFolder != nil || questionsFolder != nil ? RatingScale.wholeStars : nil) ?? questions?.detected.format
      .fixedScale
      ?? (answers == nil ? predictions?.detected.format.fixedScale : nil)
  }

  func judge() throws(RatingDataError) -> Judgement {
    try unlessChanged { () throws(RatingDataError) in try judgeByPositionOrPairs() }
  }

  /// What `body` makes of the files, unless one of them was changed meanwhile: all else then says nothing.
  private func unlessChanged<Value>(
    _ body: () throws(RatingDataError) -> Value
  ) throws(RatingDataError) -> Value {
    let result: Result<Value, RatingDataError>
    do throws(RatingDataError) { result = .success(try body()) } catch { result = .failure(error) }
    if let change = inputs.lazy.compactMap(\.change).first { throw change }
    return try result.get()
  }

  private func judgeByPositionOrPairs() throws(RatingDataError) -> Judgement {
    let byPosition = predictions.map { !$0.detected.format.namesUsers } ?? false
    if byPosition && referenceFolder == nil {
      let reference = questions ?? answers
      guard let reference, reference.detected.format.isBlocks else {
        let name = questions?.path ?? request.answers ?? ""
        throw RatingDataError(
          .badData, .notJoinable, file: predictions!.path,
          "the predictions name no users, so they are joined by position with blocks of questions, but \(name) has no"
            + " movie lines; pass the questions as blocks with --questions, or give predictions as user,item,prediction"
        )
      }
      let answersByPosition =
        answers.map { questions == nil || !$0.detected.format.namesUsers } ?? (request.answers == nil)
      let setsByPosition = membership.map { !$0.detected.format.namesUsers } ?? true
      if answersByPosition && setsByPosition { return try judgeByPosition() }
    }
    return try judgeByPairs()
  }

  /// The folder whose rows are to be predicted, if it is one.
  private var referenceFolder: String? { questionsFolder ?? (request.questions == nil ? answersFolder : nil) }

  /// Every input in the order that reports list them.
  private var inputs: [RatingInput] { [predictions, answers, questions, membership].compactMap { $0 } }

  // MARK: - By position

  private func judgeByPosition() throws(RatingDataError) -> Judgement {
    if let cuts = BlockCuts(inputs) {
      nonisolated(unsafe) let this = self
      let parts = Parallel.map(cuts.count, threads: request.options.threads) { part in
        this.align(ranges: cuts.ranges(ofPart: part))
      }
      // A part that didn't come out even means that the files don't agree, or were cut in the wrong place; a walk from
      // the start says what is wrong, with its lines.
      if parts.allSatisfy({ $0.aligned && !$0.hasErrors }) {
        return finish(parts, cuts: cuts)
      }
    }
    let whole = align(ranges: nil)
    var logs = whole.logs
    if !whole.aligned { compareBlocks(whole, in: &logs) }
    let problems = logs.flatMap(\.problems)
    if problems.contains(where: { $0.severity == .error }) { throw RatingDataError(.badData, problems) }
    return finish([whole], cuts: nil)
  }

  private struct Part: @unchecked Sendable {
    var aligned: Bool
    var sums: ErrorAccumulator
    var errors: ErrorCollector?
    var rows: Int
    /// One for each input, in the order of `inputs`.
    var logs: [ProblemLog]
    var blocks: [BlockIndex]
    var stoppedEarly: [Bool]
    var hasErrors: Bool { logs.contains(where: \.hasErrors) }
  }

  /// Walks all inputs in step, whole or in these ranges of theirs.
  private func align(ranges: [Range<Int>]?) -> Part {
    let inputs = inputs
    let streams = inputs.enumerated().map { index, input in
      PositionalStream(
        input.decoder(
          range: ranges?[index], codes: IdentifierCodes(), scale: input.role == .questions ? nil : scale))
    }
    func stream(_ role: InputRole) -> PositionalStream? {
      inputs.firstIndex { $0.role == role }.map { streams[$0] }
    }
    let (predicted, answered, sets) = (stream(.predictions)!, stream(.answers), stream(.membership))
    let naming = zip(inputs, streams).filter { $0.0.detected.format.namesUsers }.map(\.1)
    var sums = ErrorAccumulator(scale: scale)
    var errors = request.keepsErrors && !naming.isEmpty ? ErrorCollector(withSets: sets != nil) : nil
    var rows = 0
    var total = 0
    var aligned = RowAligner.align(streams) { count in
      if naming.count > 1 {
        for other in naming.dropFirst() { other.compareUsers(with: naming[0], count: count) }
      }
      if let answered {
        sums.add(predictions: predicted.values, answers: answered.values, sets: sets?.values, count: count)
        errors?.add(
          users: naming[0].users, predictions: predicted.values, answers: answered.values, sets: sets?.values,
          count: count)
      }
      rows += count
    }
    // Rows that agree may still stand under other movie lines: a movie written in two blocks.
    aligned = aligned && streams.allSatisfy { $0.blocks.agrees(with: streams[0].blocks) }
    total = streams.map(\.decoder.rowCount).max() ?? 0
    var logs = streams.map(\.decoder.log)
    if total == 0 {
      for index in logs.indices where !logs[index].hasErrors { logs[index].record(.noRows, "the file has no rows") }
    }
    return Part(
      aligned: aligned, sums: sums, errors: errors, rows: rows, logs: logs, blocks: streams.map(\.blocks),
      stoppedEarly: streams.map(\.decoder.stoppedEarly))
  }

  private func compareBlocks(_ part: Part, in logs: inout [ProblemLog]) {
    let inputs = inputs
    let reference = inputs.firstIndex { $0.role == (questions == nil ? .answers : .questions) } ?? 0
    if part.stoppedEarly[reference] || logs[reference].hasErrors { return }
    for index in inputs.indices where index != reference && !part.stoppedEarly[index] {
      if !part.blocks[index].agrees(with: part.blocks[reference]) {
        part.blocks[index].compare(
          with: part.blocks[reference], referenceFile: RatingFiles.name(inputs[reference].path), in: &logs[index])
      }
    }
    if !logs.contains(where: \.hasErrors) {
      logs[0].record(.wrongOrder, "the rows do not agree with those of \(RatingFiles.name(inputs[reference].path))")
    }
  }

  private func finish(_ parts: [Part], cuts: BlockCuts?) -> Judgement {
    var sums = ErrorAccumulator(scale: scale)
    for part in parts { sums.merge(part.sums) }
    var result = Judgement()
    result.all = sums.total
    if membership != nil {
      result.quiz = sums.quiz
      result.test = sums.test
    }
    let collected = parts.compactMap(\.errors)
    if !collected.isEmpty { result.errors = ErrorCollector.joined(collected) }
    result.rows = parts.reduce(0) { $0 + $1.rows }
    result.scale = scale
    for index in inputs.indices {
      var log = ProblemLog(file: inputs[index].path)
      for (number, part) in parts.enumerated() where !part.logs[index].isEmpty {
        var later = part.logs[index]
        if let cuts, !log.isFull(for: later) { later.shiftLines(by: cuts.linesBefore(part: number, input: index)) }
        log.merge(later)
      }
      result.warnings += log.warnings
    }
    result.inputs = inputs.map { $0.report() }
    return result
  }

  // MARK: - By pairs

  private func judgeByPairs() throws(RatingDataError) -> Judgement {
    let join = try joinedByPairs()
    var judgement = join.judgement()
    if request.keepsErrors { judgement.errors = join.errors() }
    return judgement
  }

  /// The judgement with its rows, which only a join by pairs has.
  func judgeRows() throws(RatingDataError) -> (judgement: Judgement, rows: JudgedRows) {
    try unlessChanged { () throws(RatingDataError) in
      let join = try joinedByPairs()
      return (join.judgement(), join.judgedRows())
    }
  }

  /// Rows with an id alone can't be joined with rows of users and items.
  private func requireOneKindOfRows() throws(RatingDataError) {
    guard let keyed = inputs.first(where: { $0.detected.format == .keyedCSV }) else { return }
    let other = inputs.first { $0.detected.format != .keyedCSV }?.path ?? answersFolder ?? questionsFolder
    guard let other else { return }
    throw RatingDataError(
      .badData, .notJoinable, file: keyed.path,
      "the rows have an id alone, and those of \(RatingFiles.name(other)) have users and items; give all files with the"
        + " one or the other")
  }

  private func joinedByPairs() throws(RatingDataError) -> PairJoin {
    try requireOneKindOfRows()
    var join = PairJoin(codes: codes, scale: scale, threads: request.options.threads)
    let answersNameUsers = answersFolder != nil || (answers?.detected.format.namesUsers ?? false)
    let hasQuestions = request.questions != nil
    guard hasQuestions || answersNameUsers else {
      throw RatingDataError(
        .badData, .notJoinable, file: request.answers ?? "",
        "the answers name no users, so rows of users and items can't be joined with them; pass the questions with"
          + " --questions")
    }
    if let questions, !questions.detected.format.namesUsers {
      throw RatingDataError(
        .badData, .notJoinable, file: questions.path,
        "the questions name no users; expected blocks of CustomerID,Date or a file of user,item")
    }
    // What has no users of its own is walked in step with the rows that have.
    let others = [predictions, hasQuestions ? answers : nil, membership].compactMap { $0 }.filter {
      !$0.detected.format.namesUsers
    }
    if let referenceFolder {
      try join.collectFolder(referenceFolder, role: hasQuestions ? .questions : .answers, others: others)
    } else if let reference = questions ?? answers {
      if let other = others.first, !reference.detected.format.isBlocks {
        throw RatingDataError(
          .badData, .notJoinable, file: other.path,
          "names no users, so it is joined by position with blocks, but \(reference.path) has no movie lines")
      }
      try join.collect(reference: reference, others: others)
    }
    if hasQuestions {
      if let answersFolder {
        try join.lookUpFolder(answersFolder)
      } else if let answers, answers.detected.format.namesUsers {
        try join.lookUp(answers)
      }
    }
    join.inferScale()
    switch request.predictions {
    case .file: if let predictions, predictions.detected.format.namesUsers { try join.lookUp(predictions) }
    case .values(let values, let name): try join.take(values, name: name)
    }
    if let membership, membership.detected.format.namesUsers { try join.lookUp(membership) }
    return join
  }
}

extension PositionalStream {
  /// Notes where the users of the next rows differ from another stream's.
  fileprivate func compareUsers(with other: PositionalStream, count: Int) {
    for row in 0..<count where users[row] != other.users[row] {
      decoder.log.record(
        .userMismatch, line: lines[row],
        "the customer is not the one at this place in \(RatingFiles.name(other.decoder.log.file))")
    }
  }
}
