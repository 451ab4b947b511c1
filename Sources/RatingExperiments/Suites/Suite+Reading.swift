import RatingData
import RatingEvaluation
import RatingModels

extension Suite {
  /// The keys of a suite file.
  static let keys = [
    "schema", "name", "title", "summary", "data", "splits", "algorithms", "metrics", "seeds", "threads", "clip",
    "curves",
  ]

  /// Reads a suite; `BenchmarkSuites` in the documentation describes all keys.
  ///
  /// - Parameter file: the file's name, for problems.
  /// - Throws: `configuration`: everything that is wrong, each with its line, what was found and expected, and the nearest
  ///   name where one is unknown.
  public init(_ node: ConfigurationNode, file: String) throws(ExperimentError) {
    var reader = ConfigurationReader(file: file)
    let suite = Suite.read(node, &reader)
    guard let suite, reader.problems.isEmpty else { throw .configuration(reader.problems) }
    self = suite
  }

  private static func read(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) -> Suite? {
    guard
      let members = reader.members(
        node, of: "suite", allowed: keys, required: ["schema", "name", "data", "splits", "algorithms"])
    else { return nil }
    if let schema = members["schema"], schema.scalar != "ratingbench.suite/1" {
      reader.unexpected(schema, key: "schema", expected: "ratingbench.suite/1")
    }
    let name = reader.text(members["name"], key: "name")
    if let name, let node = members["name"], !isFileName(name) {
      reader.unexpected(node, key: "name", expected: "letters, digits, and -._+ between them, to name files by")
    }
    let title = reader.text(members["title"], key: "title")
    let summary = reader.text(members["summary"], key: "summary")
    let data = list(members["data"], key: "data", &reader).compactMap { SuiteData.read($0, &reader) }
    let splits = list(members["splits"], key: "splits", &reader).compactMap { SuiteSplit.read($0, &reader) }
    let algorithms = list(members["algorithms"], key: "algorithms", &reader).compactMap {
      SuiteAlgorithm.read($0, &reader)
    }
    unique(data.map(\.name), members["data"], "data set", &reader)
    unique(algorithms.map(\.label), members["algorithms"], "algorithm", &reader)
    let metrics = metrics(members["metrics"], &reader)
    let seeds = reader.naturals(members["seeds"], key: "seeds", atMost: 1_000)
    let threads = reader.integer(members["threads"], key: "threads", in: 1...1_024)
    let isClipped = reader.flag(members["clip"], key: "clip")
    let hasCurves = reader.flag(members["curves"], key: "curves")
    return Suite(
      name: name ?? "", title: title, summary: summary ?? "", data: data, splits: splits, algorithms: algorithms,
      metrics: metrics, seeds: seeds ?? [1], threads: threads, isClipped: isClipped ?? true,
      hasCurves: hasCurves ?? true)
  }

  private static func list(
    _ node: ConfigurationNode?, key: String, _ reader: inout ConfigurationReader
  ) -> [ConfigurationNode] {
    guard let node else { return [] }
    if node.elements.isEmpty { reader.unexpected(node, key: key, expected: "at least one entry") }
    return node.elements
  }

  private static func unique(
    _ names: [String], _ node: ConfigurationNode?, _ what: String, _ reader: inout ConfigurationReader
  ) {
    guard let node else { return }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      reader.record(
        "duplicate-name", node,
        "two entries are named \(name); give each \(what) a \(what == "algorithm" ? "label" : "name") of its own")
    }
  }

  private static func metrics(_ node: ConfigurationNode?, _ reader: inout ConfigurationReader) -> [Metric] {
    guard let node else { return [] }
    var metrics: [Metric] = []
    for element in node.elements {
      guard let text = reader.text(element, key: "metrics") else { continue }
      do throws(EvaluationError) {
        let metric = try Metric(parsing: text)
        guard metric.needs == .predictions || metric.needs == .users else {
          reader.record(
            "unknown-metric", element,
            "metrics: \(text) needs \(metric.needs.rawValue), which suites don't make; expected a metric of predictions"
          )
          continue
        }
        if !metrics.contains(metric) { metrics.append(metric) }
      } catch {
        reader.record(
          "unknown-metric", element,
          "metrics: \(error.message)\(NearestName.hint(text, among: MetricRegistry.standard.names))")
      }
    }
    return metrics
  }

  private static func isFileName(_ name: String) -> Bool {
    let middle = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || "-._+".utf8.contains(byte)
    }
    return middle && name.utf8.first != UInt8(ascii: ".") && name.utf8.first != UInt8(ascii: "-")
      && name.utf8.count <= 100
  }
}

extension SuiteData {
  static let keys = ["name", "path", "catalogue", "file", "format", "scale", "columns", "duplicates"]

  /// A catalogue's name alone, or a mapping.
  static func read(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) -> SuiteData? {
    let names = DatasetCatalogue.entries.map(\.name)
    guard let members = reader.members(node, of: "data", allowed: keys) else { return nil }
    let name = reader.text(members["name"], key: "data, name")
    let path = reader.text(members["path"], key: "data, path")
    let file = reader.text(members["file"], key: "data, file")
    let catalogue = reader.text(members["catalogue"], key: "data, catalogue")
    if let catalogue, let node = members["catalogue"], !names.contains(catalogue) {
      reader.record(
        "unknown-name", node,
        "data: there is no data set \(catalogue) in the catalogue, expected one of \(names.joined(separator: ", "))"
          + NearestName.hint(catalogue, among: names))
    }
    if (path == nil) == (catalogue == nil), members["path"] == nil || members["catalogue"] != nil {
      reader.record("missing-key", node, "data: give either path, or catalogue and the file in it")
      return nil
    }
    let known = catalogue.flatMap { DatasetCatalogue.entry(named: $0)?.ratingsFile }
    if catalogue != nil && file == nil && known == nil && members["file"] == nil {
      reader.record("missing-key", node, "data: a data set of the catalogue needs the key file, such as file: u.data")
    }
    if catalogue == nil, let node = members["file"] {
      reader.record("unknown-key", node, "data: the key file belongs to catalogue; write path")
    }
    if catalogue == nil && name == nil && members["name"] == nil {
      reader.record("missing-key", node, "data: the key name is missing")
    }
    let format = reader.name(members["format"], key: "data, format", RatingFormat.self)
    let duplicates = reader.name(members["duplicates"], key: "data, duplicates", DuplicatePolicy.self)
    var columns: ColumnMap?
    if let node = members["columns"], let text = reader.text(node, key: "data, columns") {
      columns = ColumnMap(text)
      if columns == nil {
        reader.unexpected(node, key: "data, columns", expected: "columns such as user=1,item=2,rating=3,time=4")
      }
    }
    return SuiteData(
      name: name ?? catalogue ?? "", path: path ?? file ?? known ?? "", catalogue: catalogue, format: format,
      scale: scale(members["scale"], &reader), columns: columns, duplicates: duplicates ?? .error)
  }

  /// `1...5`, `0.5...5` or `-10...10`.
  private static func scale(_ node: ConfigurationNode?, _ reader: inout ConfigurationReader) -> RatingScale? {
    guard let node else { return nil }
    let bounds = (node.scalar ?? "").split(separator: "...", omittingEmptySubsequences: false).map { Double($0) }
    guard bounds.count == 2, let lower = bounds[0], let upper = bounds[1], lower < upper, lower.isFinite, upper.isFinite
    else {
      reader.unexpected(node, key: "data, scale", expected: "the lowest and the highest rating, such as 1...5")
      return nil
    }
    return RatingScale(lower...upper)
  }
}

extension SuiteSplit {
  /// A text such as `k-fold 5`, or a mapping with that text, repeats and seed.
  static func read(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) -> SuiteSplit? {
    var text = node
    var repetitions = 1
    var seed: UInt64 = 1
    if case .mapping = node.content {
      guard
        let members = reader.members(
          node, of: "splits", allowed: ["split", "repeats", "seed"], required: ["split"]),
        let split = members["split"]
      else { return nil }
      text = split
      repetitions = reader.integer(members["repeats"], key: "splits, repeats", in: 1...1_000) ?? 1
      seed = reader.naturals(members["seed"], key: "splits, seed", atMost: 1)?.first ?? 1
    }
    guard let words = reader.text(text, key: "splits") else { return nil }
    do throws(RatingDataError) {
      return try SuiteSplit(words, repetitions: repetitions, seed: seed)
    } catch {
      for problem in error.problems { reader.record("bad-split", text, "splits: \(problem.message)") }
      return nil
    }
  }
}
