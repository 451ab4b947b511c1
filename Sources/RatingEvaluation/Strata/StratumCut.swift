import RatingData
import RatingNumerics

/// Cuts rows into strata and adds up their errors.
struct StratumCut {
  let rows: ScoredRows
  let total: ErrorSums
  let threads: Int?

  /// The lower bounds of activity bins: 1, 3, 10, 30, 100 and so on; what lies below the first is bin 0.
  static let activityBounds: [Int] = (0..<9).flatMap { power in
    let ten = (0..<power).reduce(1) { ten, _ in ten * 10 }
    return [ten, 3 * ten]
  }

  static func activityBin(_ count: Int) -> Int { activityBounds.count { $0 <= count } }

  static func activityLabel(_ bin: Int) -> String {
    if bin == 0 { return "0" }
    guard bin < activityBounds.count else { return "\(grouped(activityBounds[bin - 1])) or more" }
    return "\(grouped(activityBounds[bin - 1]))-\(grouped(activityBounds[bin] - 1))"
  }

  func byActivity(_ property: StratumGroup.Property, of ids: [UInt32], counts: [Int]) -> StratumGroup {
    let bins = counts.map { UInt8(Self.activityBin($0)) }
    return group(
      property, "ratings of the \(property == .userActivity ? "user" : "item") in training",
      labels: (0...Self.activityBounds.count).map(Self.activityLabel)
    ) { Int(bins[Int(ids[$0])]) }
  }

  func byColdStart(users: [UInt32], items: [UInt32], _ activity: TrainingActivity) -> StratumGroup {
    let coldUsers = activity.users.map { $0 == 0 }
    let coldItems = activity.items.map { $0 == 0 }
    return group(
      .coldStart, "seen in training",
      labels: ["user and item", "item only (new user)", "user only (new item)", "neither"]
    ) { row in (coldUsers[Int(users[row])] ? 1 : 0) + (coldItems[Int(items[row])] ? 2 : 0) }
  }

  func byRating() -> StratumGroup {
    let most = 20
    let answers = rows.answers
    var distinct = Set<Int64>()
    for answer in answers where distinct.count <= most { distinct.insert(answer) }
    if distinct.count <= most {
      let values = distinct.sorted()
      let indices = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0.element, $0.offset) })
      return group(.rating, "true rating", labels: values.map { FixedDecimal(units: $0).description }) {
        indices[answers[$0]]!
      }
    }
    let bins = EqualBins(over: rows.scale, of: answers, count: 10)
    return group(.rating, "true rating", labels: bins.labels) { bins.index(answers[$0]) }
  }

  func byTime(_ times: [UInt32]) -> StratumGroup {
    let periods = TimePeriods(times)
    return group(.time, periods.title, labels: periods.labels) { periods.index(times[$0]) }
  }

  /// The strata that have rows, of all whose labels are given; `stratum` tells which one a row belongs to.
  @inline(__always)
  private func group(
    _ property: StratumGroup.Property, _ title: String, labels: [String], stratum: @Sendable (Int) -> Int
  ) -> StratumGroup {
    let predictions = rows.predictions
    let answers = rows.answers
    let parts = Parallel.map(rows.pieceCount, threads: threads) { piece in
      var sums = [ErrorSums](repeating: ErrorSums(), count: labels.count)
      for row in rows.piece(piece) { sums[stratum(row)].add(error: predictions[row] - answers[row]) }
      return sums
    }
    var sums = [ErrorSums](repeating: ErrorSums(), count: labels.count)
    for part in parts { for index in labels.indices { sums[index].merge(part[index]) } }
    return StratumGroup(
      property: property, title: title,
      strata: zip(labels, sums).compactMap { label, sums in
        sums.count > 0 ? Stratum(label: label, sums: sums, of: total) : nil
      })
  }

  /// `2,817,131`.
  static func grouped(_ count: Int) -> String {
    var text = String(count)
    var position = text.count - 3
    while position > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: position))
      position -= 3
    }
    return text
  }
}
