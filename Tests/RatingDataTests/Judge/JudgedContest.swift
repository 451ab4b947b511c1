import RatingData
import RatingNumerics
import _RatingTestSupport

/// A contest of any size in every form in which it can be judged, with its sums worked out row by row.
struct JudgedContest {
  struct Row {
    var user, movie, rating, prediction: Int
    var isQuiz: Bool
    /// Predictions are written with two decimals.
    var predictionText: String { "\(prediction / 100).\(prediction / 10 % 10)\(prediction % 10)" }
  }

  let folder: ScratchFolder
  let rows: [Row]

  /// - Parameter rowsPerMovie: movie m has `rowsPerMovie(m)` rows.
  init(movies: Int, seed: UInt64 = 7, rowsPerMovie: (Int) -> Int) throws {
    var random = SplitMix(seed)
    var rows: [Row] = []
    for movie in 1...movies {
      for place in 0..<rowsPerMovie(movie) {
        rows.append(
          Row(
            user: 1 + place * 3 + movie % 3, movie: movie, rating: 1 + random.below(5),
            prediction: 80 + random.below(450),
            isQuiz: random.below(2) == 0))
      }
    }
    self.rows = rows
    folder = try ScratchFolder()
    try folder.write("p.txt", blocks { $0.predictionText })
    try folder.write("q.txt", blocks { "\($0.user),2005-12-0\(1 + $0.user % 9)" })
    try folder.write("probe.txt", blocks { "\($0.user)" })
    try folder.write("a.txt", blocks { "\($0.rating),2005-12-0\(1 + $0.user % 9)" })
    try folder.write("t.txt", blocks { "\($0.user),\($0.rating),2005-12-0\(1 + $0.user % 9)" })
    try folder.write("m.txt", blocks { $0.isQuiz ? "quiz" : "test" })
    var shuffled = rows
    shuffled.shuffle(using: &random)
    try folder.write("p.csv", Self.csv("user,item,prediction", shuffled) { $0.predictionText })
    shuffled.shuffle(using: &random)
    try folder.write("a.csv", Self.csv("user,item,rating", shuffled) { "\($0.rating)" })
    shuffled.shuffle(using: &random)
    try folder.write("q.csv", "user,item\n" + shuffled.map { "\($0.user),\($0.movie)\n" }.joined())
    shuffled.shuffle(using: &random)
    try folder.write("m.csv", Self.csv("user,item,set", shuffled) { $0.isQuiz ? "quiz" : "test" })
    // A training folder with more than was asked.
    for movie in 1...min(movies, 40) {
      let mine = rows.filter { $0.movie == movie }.map { "\($0.user),\($0.rating),2005-12-01\n" }.joined()
      try folder.write("training_set/mv_\(1_000_000 + movie).txt", "\(movie):\n999999,3,2005-01-01\n" + mine)
    }
  }

  func blocks(_ row: (Row) -> String) -> String {
    var text = ""
    var movie = 0
    for one in rows {
      if one.movie != movie {
        movie = one.movie
        text += "\(movie):\n"
      }
      text += row(one) + "\n"
    }
    return text
  }

  private static func csv(_ header: String, _ rows: [Row], _ value: (Row) -> String) -> String {
    header + "\n" + rows.map { "\($0.user),\($0.movie),\(value($0))\n" }.joined()
  }

  /// The sums of the rows, in hundredths: no file, no parser and no join is involved.
  func sums(_ isIncluded: (Row) -> Bool = { _ in true }) -> ClippedPair {
    var pair = ClippedPair()
    let unit = FixedDecimal.unitsPerOne / 100
    for row in rows where isIncluded(row) {
      let answers = [Int64(row.rating * 100) * unit]
      for (path, value) in [
        (\ClippedPair.asWritten, row.prediction), (\ClippedPair.clipped, min(max(row.prediction, 100), 500)),
      ] {
        let predictions = [Int64(value) * unit]
        var sum = ErrorSums()
        predictions.withUnsafeBufferPointer { p in
          answers.withUnsafeBufferPointer { a in sum.add(predictions: p.baseAddress!, answers: a.baseAddress!, count: 1)
          }
        }
        pair[keyPath: path].merge(sum)
      }
    }
    return pair
  }

  func judge(
    _ predictions: String, _ answers: String?, questions: String? = nil, membership: String? = nil, threads: Int? = nil,
    scale: RatingScale? = .wholeStars
  ) throws(RatingDataError) -> Judgement {
    try SubmissionJudge(
      predictions: .file(folder.path(predictions)), answers: answers.map { folder.path($0) },
      questions: questions.map { folder.path($0) }, membership: membership.map { folder.path($0) },
      options: ReadingOptions(scale: scale, threads: threads)
    ).judge()
  }
}
