import RatingBench

/// What `recommend` tells: as text, as CSV, and as the object of `Schemas/recommend.schema.json`.
struct RecommendationReport {
  struct Row {
    var user: UserID
    /// Whether the model has the user.
    var isKnown: Bool
    /// The number of items that were left out.
    var excluded: Int
    var ranking: [RankedItem]
  }

  var algorithm: String
  var top: Int
  /// What the indices in rankings mean.
  var items: Vocabulary
  var rows: [Row]

  private var unknown: Int { rows.count { !$0.isKnown } }

  private func name(_ item: RankedItem) -> String { items[Int(item.item.value)].description }

  func json(_ schema: String, output: String?) -> JSON {
    let rankings = rows.map { row -> JSON in
      .object([
        "user": .string(row.user.description), "known": .bool(row.isKnown), "excluded": .integer(row.excluded),
        "items": .array(
          row.ranking.map { .object(["item": .string(name($0)), "prediction": .number($0.rating)]) }),
      ])
    }
    return .object([
      "schema": .string(schema), "algorithm": .string(algorithm), "top": .integer(top),
      "users": .object(["n": .integer(rows.count), "unknown": .integer(unknown)]),
      "rankings": output == nil ? .array(rankings) : nil, "output": output.map(JSON.string),
    ])
  }

  var text: String {
    let table = TextTable(
      header: ["user", "rank", "item", "prediction"],
      rows: rows.flatMap { row in
        row.ranking.enumerated().map { rank, item in
          [
            SafeText.line(row.user.description), String(rank + 1), SafeText.line(name(item)),
            Decimals.text(item.rating, digits: 4),
          ]
        }
      })
    return (table.lines + remarks).joined(separator: "\n")
  }

  /// Whom the model doesn't know, and whose ranking is short.
  private var remarks: [String] {
    func list(_ rows: [Row]) -> String {
      rows.prefix(10).map { SafeText.line($0.user.description) }.joined(separator: ", ")
        + (rows.count > 10 ? " and \(Decimals.grouped(rows.count - 10)) more" : "")
    }
    var lines: [String] = []
    let strangers = rows.filter { !$0.isKnown }
    if !strangers.isEmpty {
      lines.append("not known to the model, so that the ranking is not a personal one: \(list(strangers))")
    }
    let short = rows.filter { $0.ranking.count < top }
    if !short.isEmpty { lines.append("fewer than \(top) items are left for: \(list(short))") }
    return lines
  }

  func note(_ output: String) -> String {
    let count = rows.reduce(0) { $0 + $1.ranking.count }
    let what = "\(algorithm): \(Decimals.grouped(count)) items for \(Decimals.grouped(rows.count)) users"
    return (["\(what) in \(SafeText.line(output))"] + remarks).joined(separator: "\n")
  }

  func writeCSV(to path: String) throws(RatingDataError) {
    let file = try OutputFile(path)
    try file.write("user,rank,item,prediction\n")
    for row in rows {
      let user = SafeText.csv(row.user.description)
      for (rank, item) in row.ranking.enumerated() {
        try file.write(
          "\(user),\(rank + 1),\(SafeText.csv(name(item))),\(Decimals.text(item.rating, digits: 6))\n")
      }
    }
    try file.commit()
  }
}
