import _RatingTestSupport

/// A contest of 40 users with 6 rows each, and predictions with errors of known size, as CSV and as blocks.
enum ComparisonContest {
  static let users = 40
  static let items = 6

  /// Of a user and an item.
  static func answer(_ user: Int, _ item: Int) -> Int { 1 + (user * 7 + item * 3 + user * item) % 5 }

  /// An error in -1 ... 1 that differs from user to user and from row to row.
  static func noise(_ user: Int, _ item: Int, _ model: Int) -> Double {
    var random = SplitMix(UInt64(1 + user * 1000 + item * 100 + model))
    return Double(random.next() >> 11) / 4_503_599_627_370_496 - 1
  }

  static func prediction(_ user: Int, _ item: Int, _ model: Int, _ scale: Double) -> Double {
    let value = Double(answer(user, item)) + scale * noise(user, item, model)
    return (value * 10_000).rounded() / 10_000
  }

  static var pairs: [(user: Int, item: Int)] {
    (0..<items).flatMap { item in (0..<users).map { (user: $0, item: item) } }
  }

  /// a.csv errs by up to 0.5, b.csv by up to 1, c.csv by up to 0.52; with answers.csv, and the same as blocks.
  static func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write(
      "answers.csv",
      "user,item,rating\n" + pairs.map { "\($0.user + 1),\($0.item + 1),\(answer($0.user, $0.item))\n" }.joined())
    func block(_ line: (Int, Int) -> String) -> String {
      (0..<items).map { item in "\(item + 1):\n" + (0..<users).map { line($0, item) + "\n" }.joined() }.joined()
    }
    try folder.write("judging.txt", block { "\(answer($0, $1)),2005-01-01" })
    try folder.write("qualifying.txt", block { user, _ in "\(user + 1),2005-01-01" })
    for (model, (name, scale)) in [("a", 0.5), ("b", 1.0), ("c", 0.52)].enumerated() {
      try folder.write(
        "\(name).csv",
        "user,item,prediction\n"
          + pairs.map { "\($0.user + 1),\($0.item + 1),\(prediction($0.user, $0.item, model, scale))\n" }.joined())
      try folder.write("\(name).txt", block { "\(prediction($0, $1, model, scale))" })
    }
    return folder
  }
}
