import RatingData
import RatingModels

extension SuiteAlgorithm {
  static let keys = ["name", "label", "settings", "search"]

  /// A name alone, or a mapping.
  static func read(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) -> SuiteAlgorithm? {
    if case .scalar(let name) = node.content {
      return entry(name, node, &reader).map { SuiteAlgorithm($0.name) }
    }
    guard let members = reader.members(node, of: "algorithms", allowed: keys, required: ["name"]),
      let nameNode = members["name"], let name = reader.text(nameNode, key: "algorithms, name"),
      let entry = entry(name, nameNode, &reader)
    else { return nil }
    let label = reader.text(members["label"], key: "algorithms, label")
    let settings = members["settings"].map { Self.settings($0, entry, &reader) } ?? []
    let search = members["search"].flatMap { SearchPlan.read($0, entry, settings, &reader) }
    return SuiteAlgorithm(name, label: label, settings: settings, search: search)
  }

  private static func entry(
    _ name: String, _ node: ConfigurationNode, _ reader: inout ConfigurationReader
  ) -> AlgorithmRegistry.Entry? {
    let registry = AlgorithmRegistry.standard
    do throws(TrainingError) { return try registry.entry(name) } catch {
      reader.record(
        "unknown-name", node, "algorithms: \(error.description)\(NearestName.hint(name, among: registry.names))")
      return nil
    }
  }

  private static func settings(
    _ node: ConfigurationNode, _ entry: AlgorithmRegistry.Entry, _ reader: inout ConfigurationReader
  ) -> [ParameterSetting] {
    guard case .mapping(let pairs) = node.content else {
      reader.unexpected(
        node, key: "algorithms, settings", expected: "a mapping such as {factors: 32, epochs: 20}", code: "wrong-type")
      return []
    }
    var settings: [ParameterSetting] = []
    for (key, value) in pairs {
      guard let name = key.scalar, let text = reader.text(value, key: "settings of \(entry.name)") else { continue }
      guard let parameter = entry.parameters.first(where: { $0.isNamed(name) }) else {
        let names = entry.parameters.map(\.flagName)
        reader.record(
          "unknown-key", key,
          names.isEmpty
            ? "settings: \(entry.name) has no parameters, found \(name)"
            : "settings: \(entry.name) has no parameter \(name), expected one of \(names.joined(separator: ", "))"
              + NearestName.hint(name, among: names))
        continue
      }
      guard !settings.contains(where: { $0.name == parameter.flagName }) else {
        reader.record("duplicate-key", key, "settings: \(parameter.flagName) is given twice; keep one")
        continue
      }
      let spelled = Self.spelled(text, parameter)
      do throws(TrainingError) {
        _ = try entry.make([(parameter.flagName, spelled)])
        settings.append(ParameterSetting(parameter.flagName, spelled))
      } catch { reader.record("bad-value", value, "settings: \(error.description)") }
    }
    return settings
  }

  /// YAML's `true` and `no` for parameters that say yes or no.
  private static func spelled(_ text: String, _ parameter: AlgorithmParameter) -> String {
    guard case .choices(["yes", "no"]) = parameter.domain else { return text }
    switch text.lowercased() {
    case "true", "on", "yes": return "yes"
    case "false", "off", "no": return "no"
    default: return text
    }
  }
}

extension SearchPlan {
  static let keys = ["space", "strategy", "trials", "reduction", "inner", "seed"]

  enum StrategyName: String, CaseIterable { case grid, random, halving }

  static func read(
    _ node: ConfigurationNode, _ entry: AlgorithmRegistry.Entry, _ settings: [ParameterSetting],
    _ reader: inout ConfigurationReader
  ) -> SearchPlan? {
    guard let members = reader.members(node, of: "search", allowed: keys, required: ["space"]),
      let spaceNode = members["space"]
    else { return nil }
    let space = space(spaceNode, entry, &reader)
    let name = reader.name(members["strategy"], key: "search, strategy", StrategyName.self)
    let trials = reader.integer(members["trials"], key: "search, trials", in: 1...100_000)
    let reduction = reader.integer(members["reduction"], key: "search, reduction", in: 2...100)
    let seed = reader.naturals(members["seed"], key: "search, seed", atMost: 1)?.first
    let inner = members["inner"].flatMap { Self.inner($0, &reader) }
    guard let space else { return nil }
    let plan = SearchPlan(
      space: space, strategy: Self.strategy(name ?? .random, trials: trials, reduction: reduction),
      inner: inner ?? .holdOut(0.1), seed: seed ?? 1)
    if let fault = plan.fault(for: entry, settings: settings) { reader.record("bad-search", node, "search: \(fault)") }
    return plan
  }

  /// A strategy by name; 16 trials and a reduction by 3 where nothing is said.
  static func strategy(_ name: StrategyName, trials: Int?, reduction: Int?) -> Strategy {
    switch name {
    case .grid: .grid
    case .random: .random(trials: trials ?? 16)
    case .halving: .halving(trials: trials ?? 16, reduction: reduction ?? 3)
    }
  }

  /// The text of a space, or a mapping of parameters to values: lists, or texts such as `8|16` and `0.01...0.2 log`.
  private static func space(
    _ node: ConfigurationNode, _ entry: AlgorithmRegistry.Entry, _ reader: inout ConfigurationReader
  ) -> SearchSpace? {
    do throws(SearchSpaceError) {
      switch node.content {
      case .scalar(let text): return try SearchSpace(text, for: entry)
      case .mapping(let pairs):
        return try SearchSpace(
          pairs.map { key, value in (key.scalar ?? "", value.elements.map { $0.scalar ?? "" }) }, for: entry)
      case .list, .empty:
        reader.unexpected(
          node, key: "search, space", expected: "a space such as factors=8|16|32, regularization=0.01...0.2 log",
          code: "wrong-type")
        return nil
      }
    } catch {
      for message in error.messages { reader.record("bad-search", node, "search, space: \(message)") }
      return nil
    }
  }

  /// `hold-out 10%` or `k-fold 5`.
  private static func inner(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) -> Inner? {
    if let inner = node.scalar.flatMap({ Inner($0) }) { return inner }
    reader.unexpected(node, key: "search, inner", expected: "hold-out 10% or k-fold 5")
    return nil
  }
}

extension SearchPlan.Inner {
  /// Reads `hold-out 10%` and `k-fold 5`; nil for anything else.
  public init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2 else { return nil }
    switch words[0] {
    case "hold-out":
      let share = words[1].hasSuffix("%") ? Double(words[1].dropLast()).map { $0 / 100 } : Double(words[1])
      guard let share, share > 0, share < 1 else { return nil }
      self = .holdOut(share)
    case "k-fold":
      guard let folds = Int(words[1]), 2...1_000 ~= folds else { return nil }
      self = .kFold(folds)
    default: return nil
    }
  }
}
