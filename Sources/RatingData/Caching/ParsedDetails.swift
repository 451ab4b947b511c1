/// All that a reading result has besides the columns, as it stands in a file of the cache.
struct ParsedDetails {
  /// The path that the ratings were first read from, for who looks at the cache.
  var source: String
  var format: RatingFormat
  /// The size of the input.
  var bytes: Int
  /// The SHA-256 of the input, where the first reading told it unasked.
  var sha256: String?
  var duplicates: DuplicateCount
  var scale: RatingScale
  var scaleIsInferred: Bool
  var warnings: [Problem]
  var places: RowPlaces
  var vocabularies: Vocabularies

  /// - Parameter result: was read with repeated pairs kept.
  init(_ result: ReadingResult, _ names: InputNames) {
    source = names.absolute
    (format, bytes, sha256) = (result.input.format, result.input.bytes, result.input.sha256)
    (scale, scaleIsInferred) = (result.dataset.scale, result.scaleIsInferred)
    (duplicates, warnings, places) = (result.duplicates, result.warnings, result.places)
    vocabularies = result.dataset.vocabularies
  }

  // MARK: Writing

  func write(to writer: inout CacheWriter, _ names: InputNames) {
    writer.put(source)
    writer.put(format.rawValue)
    writer.put(UInt64(bytes))
    writer.put(sha256 ?? "")
    for count in [duplicates.pairs, duplicates.surplusRows, duplicates.conflicting] { writer.put(UInt64(count)) }
    writer.put(scale.lower)
    writer.put(scale.upper)
    writer.put(scale.step != nil)
    writer.put(scale.step ?? 0)
    writer.put(scaleIsInferred)
    // The vocabularies stand in front of what grows with the number of files: who lists the cache reads no further.
    write(vocabularies.users, to: &writer)
    write(vocabularies.items, to: &writer)
    writer.put(UInt64(warnings.count))
    for warning in warnings {
      writer.put(warning.severity == .error)
      writer.put(warning.code)
      write(warning.file, to: &writer, names)
      writer.put(UInt64(warning.count))
      writer.put(warning.lines)
      writer.put(warning.message)
    }
    writer.put(UInt64(places.files.count))
    for place in places.files.indices {
      // Pieces of one file stand side by side.
      let isRepeated = place > 0 && places.files[place] == places.files[place - 1]
      writer.put(isRepeated)
      if !isRepeated { write(places.files[place], to: &writer, names) }
      writer.put(UInt64(places.firstRows[place]))
      let starts = places.lines[place].starts
      writer.put(UInt64(starts.count))
      for start in starts {
        writer.put(UInt64(start.row))
        writer.put(UInt64(start.line))
      }
    }
  }

  private func write(_ file: String, to writer: inout CacheWriter, _ names: InputNames) {
    let (base, rest) = names.relative(file)
    writer.put(base.rawValue)
    writer.put(rest)
  }

  private func write(_ vocabulary: Vocabulary, to writer: inout CacheWriter) {
    switch vocabulary.storage {
    case .integers(let numbers):
      writer.put(false)
      writer.put(UInt64(numbers.count))
      for number in numbers { writer.put(number) }
    case .texts(let bytes, let ends):
      writer.put(true)
      writer.put(ends)
      writer.put(UInt64(bytes.count))
      bytes.withUnsafeBytes { writer.put(raw: $0) }
    }
  }

  // MARK: Reading

  init(_ reader: inout CacheReader, _ names: InputNames) throws(CacheFlaw) {
    source = try reader.text()
    guard let format = RatingFormat(rawValue: try reader.text()) else { throw CacheFlaw("its format is unknown") }
    self.format = format
    bytes = try reader.natural()
    let hash = try reader.text()
    sha256 = hash.isEmpty ? nil : hash
    duplicates = DuplicateCount()
    duplicates.pairs = try reader.natural()
    duplicates.surplusRows = try reader.natural()
    duplicates.conflicting = try reader.natural()
    let (lower, upper) = (try reader.double(), try reader.double())
    let hasStep = try reader.flag()
    let step = try reader.double()
    guard lower < upper, lower.isFinite, upper.isFinite, !hasStep || (step > 0 && step.isFinite) else {
      throw CacheFlaw("its scale is none")
    }
    scale = RatingScale(lower...upper, step: hasStep ? step : nil)
    scaleIsInferred = try reader.flag()
    vocabularies = Vocabularies(users: try Self.vocabulary(&reader), items: try Self.vocabulary(&reader))
    warnings = []
    for _ in 0..<(try reader.count(elementSize: 33)) {
      let severity: Problem.Severity = try reader.flag() ? .error : .warning
      let code = try reader.text()
      let file = try Self.file(&reader, names)
      let count = try reader.natural()
      let lines = try reader.naturals()
      warnings.append(
        Problem(severity, code, file: file, count: count, lines: lines, message: try reader.text()))
    }
    let pieces = try reader.count(elementSize: 17)
    var (firstRows, files, lines) = ([Int](), [String](), [LineMap]())
    for place in 0..<pieces {
      if try reader.flag() {
        guard place > 0 else { throw CacheFlaw("its first piece is of no file") }
        files.append(files[place - 1])
      } else {
        files.append(try Self.file(&reader, names))
      }
      firstRows.append(try reader.natural())
      guard firstRows[place] >= (place > 0 ? firstRows[place - 1] : 0) else {
        throw CacheFlaw("its pieces are in no order")
      }
      var map = LineMap()
      for _ in 0..<(try reader.count(elementSize: 16)) {
        map.starts.append((row: try reader.natural(), line: try reader.natural()))
      }
      lines.append(map)
    }
    places = RowPlaces(firstRows: firstRows, files: files, lines: lines)
  }

  private static func file(_ reader: inout CacheReader, _ names: InputNames) throws(CacheFlaw) -> String {
    guard let base = InputNames.Base(rawValue: try reader.number()) else {
      throw CacheFlaw("a name is relative to nothing")
    }
    return names.name(base, try reader.text())
  }

  private static func vocabulary(_ reader: inout CacheReader) throws(CacheFlaw) -> Vocabulary {
    let storage: Vocabulary.Storage
    if try reader.flag() {
      let ends = try reader.naturals()
      let bytes = try reader.raw(try reader.count(elementSize: 1))
      storage = .texts(bytes: Array(bytes), ends: ends)
    } else {
      let count = try reader.count(elementSize: 8)
      let raw = try reader.raw(8 * count)
      storage = .integers(
        [Int64](unsafeUninitializedCapacity: count) { numbers, initialized in
          for index in 0..<count {
            numbers[index] = Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
          }
          initialized = count
        })
    }
    switch Vocabulary.checked(storage) {
    case .success(let vocabulary): return vocabulary
    case .failure(let flaw): throw CacheFlaw("its identifiers are no vocabulary: \(flaw.description)")
    }
  }
}
