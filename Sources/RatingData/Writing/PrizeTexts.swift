/// The text of some movies' rows, as it goes into the files of a contest.
struct PrizeTexts: Sendable {
  private let dates: DayTexts
  private var movie = ByteText()
  /// By file of the training set, where several movies share one.
  private(set) var training: [Int: ByteText] = [:]
  private(set) var probe = ByteText()
  private(set) var qualifying = ByteText()
  private(set) var judging = ByteText()
  private(set) var membership = ByteText()
  private(set) var summary = PrizeFolderWriter.Summary()

  init(dates: DayTexts) { self.dates = dates }

  /// Adds a movie; its training rows go where `files` has them.
  mutating func add(item: Int, rows: ArraySlice<PrizeRow>, to files: PrizeFiles.Training) throws(RatingDataError) {
    movie.removeAll()
    let before = (probe.count, qualifying.count)
    func head(_ text: inout ByteText) {
      text.append(Int64(item))
      text.append(":\n")
    }
    for row in rows {
      switch row.part {
      case .training, .probe:
        if movie.count == 0 { head(&movie) }
        movie.appendLine(row.user, row.stars, dates[row.day])
        summary.training += 1
        guard row.part == .probe else { continue }
        if probe.count == before.0 { head(&probe) }
        probe.append(Int64(row.user))
        probe.newline()
        summary.probe += 1
      case .quiz, .test:
        if qualifying.count == before.1 {
          head(&qualifying)
          head(&judging)
          head(&membership)
        }
        qualifying.append(Int64(row.user))
        qualifying.comma()
        qualifying.append(dates[row.day])
        qualifying.newline()
        judging.append(Int64(row.stars))
        judging.comma()
        judging.append(dates[row.day])
        judging.newline()
        membership.append(row.part == .quiz ? "quiz\n" : "test\n")
        if row.part == .quiz { summary.quiz += 1 } else { summary.test += 1 }
      }
    }
    guard movie.count > 0 else { return }
    summary.movieFiles += 1
    if try files.add(movie, of: item, to: &training) { summary.bytes += movie.count }
  }
}

extension ByteText {
  /// `CustomerID,Rating,Date` and a line feed: the line that there are a hundred million of.
  mutating func appendLine(_ user: UInt32, _ stars: UInt8, _ date: ArraySlice<UInt8>) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { line in
      // From the end: line feed, ten bytes of date, comma, one digit, comma, and up to ten digits.
      line[23] = 0x0A
      date.withUnsafeBufferPointer { date in for place in 0..<10 { line[13 + place] = date[place] } }
      line[12] = 0x2C
      line[11] = 0x30 + stars
      line[10] = 0x2C
      var start = 10
      var rest = user
      repeat {
        start -= 1
        line[start] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      append(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(line)[start...]))
    }
  }
}
