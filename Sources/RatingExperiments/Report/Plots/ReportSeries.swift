/// The algorithms of a group that its plots show in colour, the same in all of them.
struct ReportSeries {
  let rows: [SuiteReport.Row]
  /// The colour of each row, nil for those in the background.
  let numbers: [Int?]

  /// At most six, spread evenly from the best to the last that isn't far behind.
  init(_ rows: [SuiteReport.Row]) {
    self.rows = rows
    let near = Self.near(rows)
    let count = min(near, 6)
    var numbers = [Int?](repeating: nil, count: rows.count)
    for number in 0..<count {
      let place = count == 1 ? 0 : Int((Double(number) * Double(near - 1) / Double(count - 1)).rounded())
      numbers[place] = number
    }
    self.numbers = numbers
  }

  /// How many rows, from the best on, are no further from it than four times the median row: others, such as the mean of
  /// all ratings, would press all differences together.
  static func near(_ rows: [SuiteReport.Row]) -> Int {
    guard rows.count > 3 else { return rows.count }
    let best = rows[0].rmse.estimate
    let reach = 4 * (rows[rows.count / 2].rmse.estimate - best)
    return max(3, rows.prefix { $0.rmse.estimate <= best + reach }.count)
  }

  func style(_ row: Int) -> SeriesStyle { SeriesStyle(number: numbers[row]) }

  /// The places of the rows in colour.
  var shown: [Int] { rows.indices.filter { numbers[$0] != nil } }
}

extension ReportSeries {
  /// The series of some rows alone, with the colours that they have among all.
  init(subset series: ReportSeries, _ places: [Int]) {
    rows = places.map { series.rows[$0] }
    numbers = places.map { series.numbers[$0] }
  }
}
