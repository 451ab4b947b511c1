/// Tells from the first lines of a file of features what format it has.
struct FeatureFormatDetector {
  typealias Field = UnsafeBufferPointer<UInt8>

  let file: String
  let side: FeatureTable.Side

  /// - Parameter sample: the start of the file; if it is not the whole file, its last line may be cut.
  func detect(_ sample: Field, isWhole: Bool) throws(RatingDataError) -> FeatureLayout {
    let lines = try FormatDetector.lines(of: sample, isWhole: isWhole, file: file, expected: "ids with features")
    let layout = try layout(Array(lines.prefix(20)))
    guard layout.format.side ?? side == side else {
      throw fail(
        .wrongRole,
        "is \(layout.format.rawValue), which describes \(layout.format.side!.rawValue); expected features of "
          + side.rawValue)
    }
    if layout.hasHeader && lines.count == 1 { throw fail(.noRows, "the file has a header but no rows") }
    return layout
  }

  private func fail(_ code: ProblemCode, line: Int? = nil, _ message: String) -> RatingDataError {
    RatingDataError(
      .badData, [Problem(.error, code.rawValue, file: file, lines: line.map { [$0] } ?? [], message: message)])
  }

  private func layout(_ lines: [Field]) throws(RatingDataError) -> FeatureLayout {
    // Ids of MovieLens are whole numbers, which no name of a header is.
    let start = lines[0].prefix { $0 != UInt8(ascii: "|") && $0 != UInt8(ascii: ":") }
    if start.count < lines[0].count, Self.isWhole(Field(rebasing: start)) {
      for format in [FeatureFormat.movieLens100KItems, .movieLens100KUsers, .movieLensUsers, .movieLensMovies] {
        // Most lines decide, so that bad ones among them are reported one by one.
        if 2 * lines.count(where: { Self.fits($0, format) }) >= lines.count { return FeatureLayout(format) }
      }
    }
    return try headed(lines[0])
  }

  /// Whether a line looks like one of a format without a header.
  private static func fits(_ line: Field, _ format: FeatureFormat) -> Bool {
    let layout = FeatureLayout(format)
    guard let fields = DelimitedDecoder.fields(of: line, delimiter: layout.delimiter, quotes: false),
      fields.count == layout.fieldNames.count, isWhole(fields[0])
    else { return false }
    func isGender(_ field: Field) -> Bool { field.count == 1 && (field[0] == 0x4D || field[0] == 0x46) }
    switch format {
    case .movieLens100KItems: return fields[5...].allSatisfy { $0.count == 1 && $0[0] | 1 == UInt8(ascii: "1") }
    case .movieLens100KUsers: return isGender(fields[2])
    case .movieLensUsers: return isGender(fields[1])
    default: return fields[2].contains { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
    }
  }

  private static func isWhole(_ field: Field) -> Bool { !field.isEmpty && field.allSatisfy { $0 &- 48 <= 9 } }

  // MARK: - Files with a header

  private func headed(_ line: Field) throws(RatingDataError) -> FeatureLayout {
    for byte in [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|")] {
      let unquoted = UnsafeMutablePointer<UInt8>.allocate(capacity: LineStream.longestLine)
      defer { unquoted.deallocate() }
      guard let fields = DelimitedDecoder.fields(of: line, delimiter: .byte(byte), unquoted: unquoted), fields.count > 1
      else { continue }
      let names = fields.map { FeatureText.decoded($0.trimmingSpaces) }
      if byte == UInt8(ascii: ","), names == FeatureLayout.movieHeader { return FeatureLayout(.movieLensCSVMovies) }
      try check(names)
      return FeatureLayout(header: names, delimiter: .byte(byte))
    }
    throw fail(
      .unknownFormat,
      "the format is not known: the first line is no header of at least two names separated by tabs, commas, semicolons or"
        + " bars, nor a line of MovieLens's u.user, u.item, users.dat or movies.dat")
  }

  private func check(_ names: [String]) throws(RatingDataError) {
    for (position, name) in names.enumerated() {
      if name.isEmpty {
        throw fail(.missingHeader, line: 1, "column \(position + 1) has no name; name every column in the first line")
      }
      if FeatureText.number(name) != nil {
        throw fail(
          .missingHeader, line: 1,
          "the first line is no header: '\(name)' is a number; expected names such as \(side.singular),age,occupation")
      }
      if names[..<position].contains(name) {
        throw fail(.duplicateColumn, line: 1, "two columns are called '\(name)'; give each a name of its own")
      }
    }
    let role = ColumnRole.named(names[0], in: .ratings)
    if role == (side == .users ? .item : .user) {
      throw fail(
        .wrongRole,
        "the first column is '\(names[0])', which names \(side == .users ? "items" : "users"); expected ids of "
          + "\(side.rawValue)")
    }
  }
}
