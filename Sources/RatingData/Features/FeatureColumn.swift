/// The cells of one column, one for each entity, while a file is being read; in the end a group of features.
struct FeatureColumn {
  private enum Kind {
    /// One number in each cell, put into bins.
    case bins
    /// Texts, each a feature.
    case categories
    /// Bins where every value is a number and there are more than `mostCategories` different ones, else categories.
    case either
  }

  /// Up to so many different numbers are categories: ratings, months, codes.
  static let mostCategories = 20
  private static let none = UInt32.max

  let name: String
  private let kind: Kind
  private let isMultiple: Bool
  /// The different cells, coded from -1 downward in the order in which they came.
  private let codes = IdentifierCodes()
  /// The line where each different cell came first.
  private var firstLines: [Int] = []
  /// The position of each entity's cell among the different ones.
  private var cells: [UInt32]

  init(_ column: FeatureLayout.Column, entities: Int) {
    name = column.name
    switch column.rule {
    case .cell: (kind, isMultiple) = (.either, true)
    case .genres, .flags: (kind, isMultiple) = (.categories, true)
    case .category, .firstCharacter: (kind, isMultiple) = (.categories, false)
    case .number, .yearOfDate, .yearOfTitle: (kind, isMultiple) = (.bins, false)
    }
    cells = [UInt32](repeating: Self.none, count: entities)
  }

  /// Notes what the cell of an entity says.
  mutating func set(_ entity: Int, _ cell: String, line: Int) {
    let position = Int(-codes.code(cell) - 1)
    if position == firstLines.count { firstLines.append(line) }
    cells[entity] = UInt32(position)
  }

  /// The group of all cells; nil, with a warning, where no cell says anything.
  func group(_ log: inout ProblemLog) -> FeatureGroup? {
    let values = codes.texts.map { text in isMultiple ? FeatureText.parts(text) : [Identifier(text)] }
    let numbers = values.map { parts in parts.count == 1 ? FeatureText.number(parts[0].description) : nil }
    let distinct = Set(values.joined())
    if distinct.isEmpty {
      log.record(.uselessColumn, as: .warning, "column '\(name)' has no value for any id; it makes no features")
      return nil
    }
    let areNumbers = zip(values, numbers).allSatisfy { $0.isEmpty || $1 != nil }
    if kind == .bins || (kind == .either && areNumbers && Set(numbers.compactMap(\.self)).count > Self.mostCategories) {
      return binned(numbers)
    }
    if kind == .either { warn(distinct, values, &log) }
    return categories(distinct.sorted(), values)
  }

  private func binned(_ numbers: [Double?]) -> FeatureGroup {
    let bins = PercentileBins(cells.compactMap { $0 == Self.none ? nil : numbers[Int($0)] })
    return group(bins.names, numbers.map { number in number.map { [UInt32(bins.bin(of: $0))] } ?? [] })
  }

  private func categories(_ names: [Identifier], _ values: [[Identifier]]) -> FeatureGroup {
    let indices = Dictionary(uniqueKeysWithValues: zip(names, 0...).map { ($0, UInt32($1)) })
    return group(names.map(\.description), values.map { parts in parts.map { indices[$0]! }.sorted() })
  }

  /// A group whose rows are those of the entities' cells; features of one row share the weight 1.
  private func group(_ names: [String], _ featuresOfCell: [[UInt32]]) -> FeatureGroup {
    var (starts, features, values) = ([0], [UInt32](), [Float]())
    starts.reserveCapacity(cells.count + 1)
    for cell in cells {
      if cell != Self.none {
        let row = featuresOfCell[Int(cell)]
        features += row
        for _ in row { values.append(1 / Float(row.count)) }
      }
      starts.append(features.count)
    }
    return FeatureGroup(name: name, featureNames: names, starts: starts, features: features, values: values)
  }

  /// Warns of categories that were hardly meant.
  private func warn(_ distinct: Set<Identifier>, _ values: [[Identifier]], _ log: inout ProblemLog) {
    func isText(_ value: Identifier) -> Bool { FeatureText.number(value.description) == nil }
    let texts = distinct.count(where: isText)
    let numbers = distinct.count - texts
    if texts > 0 && numbers > Self.mostCategories && numbers > texts,
      let odd = values.firstIndex(where: { $0.contains(where: isText) })
    {
      log.record(
        .mixedColumn, as: .warning, line: firstLines[odd],
        "column '\(name)' holds \(numbers) different numbers and \(texts) other text\(texts == 1 ? "" : "s"), so that each"
          + " of them is a feature of its own; leave cells empty where a number is not known")
    } else if numbers > Self.mostCategories && texts == 0 {
      log.record(
        .mixedColumn, as: .warning, line: firstLines[values.firstIndex { $0.count > 1 } ?? 0],
        "column '\(name)' holds \(numbers) different numbers, and several in one cell, so that each of them is a feature"
          + " of its own; write one number in each cell to have them put into bins")
    }
    let filled = cells.count { $0 != Self.none }
    if distinct.count == filled && filled > Self.mostCategories {
      log.record(
        .uselessColumn, as: .warning, line: firstLines[0],
        "column '\(name)' has another value for each of \(filled) ids, which tells no more than the id; leave it out")
    }
  }
}
