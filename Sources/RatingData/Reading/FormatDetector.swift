import RatingNumerics

/// Tells from the first lines of a file what format it has and how its columns lie.
struct FormatDetector {
  struct Detected: Sendable, Hashable {
    var format: RatingFormat
    /// nil for block formats.
    var layout: DelimitedLayout?

    var hasTimes: Bool {
      switch format {
      case .netflixTraining, .netflixQualifying, .netflixJudging: true
      case .netflixProbe, .netflixPredictions, .netflixMembership: false
      default: layout!.hasTimes
      }
    }

    var hasValues: Bool {
      switch format {
      case .netflixTraining, .netflixJudging, .netflixPredictions, .netflixMembership: true
      case .netflixQualifying, .netflixProbe: false
      default: layout!.hasValues
      }
    }
  }

  /// The number of bytes that are looked at.
  static let sampleSize = 1 << 16

  let file: String
  let role: InputRole
  let columns: ColumnMap?

  /// - Parameter sample: the start of the file; if it is not the whole file, its last line may be cut.
  func detect(
    _ sample: UnsafeBufferPointer<UInt8>, isWhole: Bool, as forced: RatingFormat?
  ) throws(RatingDataError) -> Detected {
    let texts = try Self.lines(of: sample, isWhole: isWhole, file: file, expected: "ratings or predictions")
    let first = texts[0]
    if let forced {
      if forced.isBlocks { return Detected(format: try usable(forced), layout: nil) }
      return try delimited(texts, first: first, forced: forced)
    }
    if Self.isMovieLine(first) || texts.prefix(20).contains(where: Self.isMovieLine) {
      return Detected(format: try usable(try blockFormat(texts)), layout: nil)
    }
    return try delimited(texts, first: first, forced: nil)
  }

  /// The lines of the start of a file, at most 2000 of them, without their ends and without blank ones: at least one.
  ///
  /// - Throws: what is wrong with a file that has none, or is no text.
  static func lines(
    of sample: UnsafeBufferPointer<UInt8>, isWhole: Bool, file: String, expected: String
  ) throws(RatingDataError) -> [UnsafeBufferPointer<UInt8>] {
    func fail(_ code: ProblemCode, _ message: String, lines: [Int] = []) -> RatingDataError {
      RatingDataError(.badData, [Problem(.error, code.rawValue, file: file, lines: lines, message: message)])
    }
    var sample = sample
    if sample.count >= 3 && sample[0] == 0xEF && sample[1] == 0xBB && sample[2] == 0xBF {
      sample = UnsafeBufferPointer(rebasing: sample[3...])
    }
    if sample.isEmpty { throw fail(.emptyFile, "the file is empty; expected \(expected)") }
    if sample.contains(0) { throw fail(.binaryData, "the file has zero bytes: it is not a text file") }
    var lines = sample.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if !isWhole && lines.count == 1 {
      throw fail(
        .lineTooLong, "the line is longer than \(LineStream.longestLine) bytes; is this a text file?", lines: [1])
    }
    if !isWhole { lines.removeLast() }
    let texts = lines.prefix(2000).map { line -> UnsafeBufferPointer<UInt8> in
      var line = line
      if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
      return UnsafeBufferPointer(rebasing: line)
    }.filter { !$0.isEmpty }
    if texts.isEmpty { throw fail(.noRows, "the file has only blank lines; expected rows") }
    return texts
  }

  private func fail(_ code: ProblemCode, _ message: String) -> RatingDataError {
    RatingDataError(.badData, code, file: file, message)
  }

  static func isMovieLine(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.count >= 2 && line.last == UInt8(ascii: ":") && line.dropLast().allSatisfy { $0 &- 48 <= 9 }
  }

  // MARK: - Blocks

  private func blockFormat(_ lines: [UnsafeBufferPointer<UInt8>]) throws(RatingDataError) -> RatingFormat {
    let rows = lines.filter { !Self.isMovieLine($0) }
    // Most rows decide, so that a bad first row is reported as such.
    func fieldCount(_ row: UnsafeBufferPointer<UInt8>) -> Int { row.count { $0 == UInt8(ascii: ",") } + 1 }
    var frequencies: [Int: Int] = [:]
    for row in rows.prefix(100) { frequencies[fieldCount(row), default: 0] += 1 }
    let usual = frequencies.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
    guard let usual, let row = rows.first(where: { fieldCount($0) == usual }) else {
      throw fail(.noRows, "the file has movie lines but no rows")
    }
    switch (usual, role) {
    case (1, .membership): return .netflixMembership
    case (1, .predictions), (2, .predictions): return .netflixPredictions
    case (1, .questions):
      // Customer numbers, unless they are words or decimals.
      return isSet(row) ? .netflixMembership : .netflixProbe
    case (1, _):
      throw fail(
        .wrongRole,
        "the rows have one field each: this looks like probe.txt or a prediction file, which holds no ratings;"
          + " expected Rating,Date or CustomerID,Rating,Date")
    case (2, .answers), (2, .ratings):
      if looksLikeCustomers(rows) {
        throw fail(
          .wrongRole,
          "the rows are CustomerID,Date: this looks like qualifying.txt, which holds no ratings;"
            + " expected Rating,Date or CustomerID,Rating,Date")
      }
      return .netflixJudging
    case (2, _): return looksLikeCustomers(rows) ? .netflixQualifying : .netflixJudging
    default: return .netflixTraining
    }
  }

  /// The format, where it holds what the role asks for.
  private func usable(_ format: RatingFormat) throws(RatingDataError) -> RatingFormat {
    let holdsRatings: [RatingFormat] = [.netflixTraining, .netflixJudging, .netflixPredictions]
    let lack: String? =
      switch role {
      case .ratings:
        format == .netflixTraining ? nil : "no ratings of customers; expected blocks of CustomerID,Rating,Date"
      case .answers, .predictions:
        holdsRatings.contains(format) ? nil : "no \(role == .answers ? "ratings" : "predictions")"
      case .membership: format == .netflixMembership ? nil : "no quiz or test; expected one of them on each row"
      case .questions: nil
      }
    guard let lack else { return format }
    throw fail(.wrongRole, "is \(format.rawValue), which holds \(lack)")
  }

  private func isSet(_ row: UnsafeBufferPointer<UInt8>) -> Bool {
    ["quiz", "test"].contains(String(decoding: row, as: UTF8.self).lowercased())
  }

  /// Whether the first fields are customer numbers rather than ratings: some number is over 5.
  private func looksLikeCustomers(_ rows: [UnsafeBufferPointer<UInt8>]) -> Bool {
    rows.contains { row in
      let field = row.prefix { $0 != UInt8(ascii: ",") }
      guard field.count > 0, field.allSatisfy({ $0 &- 48 <= 9 }) else { return false }
      return field.count > 3 || field.reduce(0) { $0 * 10 + Int($1 &- 48) } > 10
    }
  }

  // MARK: - Delimited text

  private func delimited(
    _ lines: [UnsafeBufferPointer<UInt8>], first: UnsafeBufferPointer<UInt8>, forced: RatingFormat?
  ) throws(RatingDataError) -> Detected {
    let delimiter = try delimiter(of: lines, forced: forced)
    guard let header = DelimitedDecoder.fields(of: first, delimiter: delimiter) else {
      throw fail(.unknownFormat, "the first line has a quote without an end")
    }
    let names = header.map { String(decoding: $0.trimmingSpaces, as: UTF8.self) }
    let hasHeader = isHeader(names)
    if hasHeader && lines.count == 1 { throw fail(.noRows, "the file has a header but no rows") }
    let roles = try roles(names, hasHeader: hasHeader, forced: forced)
    let layout = DelimitedLayout(delimiter: delimiter, hasHeader: hasHeader, roles: roles)
    if (role.wantsValues || role == .membership) && !layout.hasValues {
      let what = role == .predictions ? "predictions" : role == .membership ? "sets (quiz or test)" : "ratings"
      throw fail(
        .missingColumn,
        "there is no column of \(what) among \(names.joined(separator: ", "));"
          + " name it with --columns, for example user=1,item=2,rating=3")
    }
    if layout.isKeyed { return Detected(format: .keyedCSV, layout: layout) }
    let format = forced == .keyedCSV ? nil : forced
    return Detected(format: format ?? self.format(layout, names, lines), layout: layout)
  }

  private func format(
    _ layout: DelimitedLayout, _ names: [String], _ lines: [UnsafeBufferPointer<UInt8>]
  ) -> RatingFormat {
    switch layout.delimiter {
    case .doubleColon: return .movieLensDoubleColon
    case .byte(UInt8(ascii: "\t")):
      let isMovieLens =
        !layout.hasHeader && columns == nil && role != .predictions && names.count == 4
        && lines.prefix(100).allSatisfy { line in
          line.allSatisfy { $0 == UInt8(ascii: "\t") || $0 &- 48 <= 9 }
        }
      return isMovieLens ? .movieLens100K : .tsv
    case .byte(UInt8(ascii: " ")): return .libmf
    case .byte:
      let isMovieLens = columns == nil && names == ["userId", "movieId", "rating", "timestamp"] && role != .predictions
      return isMovieLens ? .movieLensCSV : .csv
    }
  }

  private func delimiter(
    of lines: [UnsafeBufferPointer<UInt8>], forced: RatingFormat?
  ) throws(RatingDataError) -> DelimitedLayout.Delimiter {
    switch forced {
    case .movieLensDoubleColon: return .doubleColon
    case .movieLens100K, .tsv: return .byte(UInt8(ascii: "\t"))
    case .libmf: return .byte(UInt8(ascii: " "))
    case .movieLensCSV: return .byte(UInt8(ascii: ","))
    default: break
    }
    let sample = lines.prefix(20)
    func everyLine(_ has: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool { sample.allSatisfy(has) }
    for byte in [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|")]
    where everyLine({ $0.contains(byte) }) {
      return .byte(byte)
    }
    if everyLine({ String(decoding: $0, as: UTF8.self).contains("::") }) { return .doubleColon }
    if everyLine({ $0.contains(UInt8(ascii: " ")) }) { return .byte(UInt8(ascii: " ")) }
    // The first line decides where the others are damaged: they are reported one by one.
    let first = sample[sample.startIndex]
    for byte in [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|")] where first.contains(byte)
    {
      return .byte(byte)
    }
    throw fail(
      .unknownFormat,
      "the format is not known: the first line has neither a movie number with a colon nor fields separated by commas,"
        + " tabs, semicolons, bars, :: or spaces; see --input-format and --columns")
  }

  /// A header has a name for a user, an item or a value; data has a number where the third column is.
  private func isHeader(_ names: [String]) -> Bool {
    let roles = names.map { ColumnRole.named($0, in: role) }
    if roles.contains(where: { $0 == .user || $0 == .item || $0 == .value }) { return true }
    // A submission with ids can be the questions of another.
    if role == .questions, names.contains(where: ColumnRole.isKey),
      names.contains(where: { ColumnRole.named($0, in: .predictions) == .value })
    {
      return true
    }
    if let columns,
      [columns.user, columns.item, columns.value, columns.time].contains(where: { column in
        if case .named(let name)? = column { names.contains(name) } else { false }
      })
    {
      return true
    }
    // No known name: a header still, if nothing in it starts like a number.
    return names.count >= 2
      && names.allSatisfy { name in
        guard let byte = name.utf8.first else { return false }
        return !(byte &- 48 <= 9 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."))
      } && columns != nil
  }

  private func roles(
    _ names: [String], hasHeader: Bool, forced: RatingFormat?
  ) throws(RatingDataError) -> [ColumnRole] {
    var roles = hasHeader ? names.map { ColumnRole.named($0, in: role) } : names.map { _ in .ignored }
    if !hasHeader && columns == nil {
      let order: [ColumnRole] = [.user, .item, .value, .time]
      for position in names.indices.prefix(4) { roles[position] = order[position] }
      if role.wantsValues, names.count >= 3, let letter = names[2].first, letter.isLetter,
        !["nan", "inf", "infinity", "null", "none", "na"].contains(names[2].lowercased())
      {
        throw fail(
          .missingColumn,
          "the first line looks like a header whose names are not known: \(names.joined(separator: ", "));"
            + " name the columns with --columns, for example user=1,item=2,rating=3")
      }
    }
    if let columns {
      let wanted: [(ColumnMap.Column?, ColumnRole)] = [
        (columns.user, .user), (columns.item, .item), (columns.value, .value), (columns.time, .time),
      ]
      for (column, meaning) in wanted {
        guard let column else { continue }
        let position: Int? =
          switch column {
          case .named(let name): names.firstIndex(of: name)
          case .number(let number): number <= names.count ? number - 1 : nil
          }
        guard let position else {
          throw fail(
            .missingColumn,
            "there is no column '\(column)'; the file has \(names.count) columns: \(names.joined(separator: ", "))")
        }
        for other in roles.indices where roles[other] == meaning { roles[other] = .ignored }
        roles[position] = meaning
      }
    }
    // A name that occurs twice counts where it comes first.
    for meaning in [ColumnRole.user, .item, .value, .time] {
      guard let first = roles.firstIndex(of: meaning) else { continue }
      for other in roles.indices where other > first && roles[other] == meaning { roles[other] = .ignored }
    }
    if role != .ratings, hasHeader, !roles.contains(.user), !roles.contains(.item),
      let key = names.firstIndex(where: ColumnRole.isKey) ?? (forced == .keyedCSV ? 0 : nil), roles[key] == .ignored
    {
      roles[key] = .item
      return roles
    }
    guard roles.contains(.user), roles.contains(.item) else {
      throw fail(
        .missingColumn,
        "there is no column of \(roles.contains(.user) ? "items" : "users") among \(names.joined(separator: ", "));"
          + " name the columns with --columns, for example user=1,item=2,rating=3")
    }
    return roles
  }
}
