/// The algorithms of a group that its plots show in colour, the same in all of them.
struct ReportSeries {
  let rows: [SuiteReport.Row]
  /// The colour of each row, nil for those in the background.
  let numbers: [Int?]

  /// At most six, spread evenly from the best to the last.
  init(_ rows: [SuiteReport.Row]) {
    self.rows = rows
    let count = min(rows.count, 6)
    var numbers = [Int?](repeating: nil, count: rows.count)
    for number in 0..<count {
      let place = count == 1 ? 0 : Int((Double(number) * Double(rows.count - 1) / Double(count - 1)).rounded())
      numbers[place] = number
    }
    self.numbers = numbers
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
