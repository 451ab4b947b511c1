import RatingNumerics

/// Adds up the errors of rows, for all of them and for quiz and test, as written and clipped.
struct ErrorAccumulator {
  private(set) var all = ClippedPair()
  private(set) var quiz = ClippedPair()
  private(set) var test = ClippedPair()
  private let bounds: FixedScale?

  init(scale: RatingScale?) { bounds = scale.map { FixedScale($0, checksStep: false) } }

  /// Adds `count` rows. `sets` has 0 for quiz and 1 for test; nil means that it is not known.
  mutating func add(
    predictions: UnsafePointer<Int64>, answers: UnsafePointer<Int64>, sets: UnsafePointer<Int64>?, count: Int
  ) {
    guard let sets else {
      add(predictions, answers, count, to: \.all)
      return
    }
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 2 * count) { scratch in
      for set in [Int64(0), 1] {
        var picked = 0
        for row in 0..<count where sets[row] == set {
          scratch[picked] = predictions[row]
          scratch[count + picked] = answers[row]
          picked += 1
        }
        add(scratch.baseAddress!, scratch.baseAddress! + count, picked, to: set == 0 ? \.quiz : \.test)
      }
    }
  }

  private mutating func add(
    _ predictions: UnsafePointer<Int64>, _ answers: UnsafePointer<Int64>, _ count: Int,
    to part: WritableKeyPath<ErrorAccumulator, ClippedPair>
  ) {
    var sums = ErrorSums()
    sums.add(predictions: predictions, answers: answers, count: count)
    self[keyPath: part].asWritten.merge(sums)
    guard let bounds else {
      self[keyPath: part].clipped.merge(sums)
      return
    }
    var outside = false
    for row in 0..<count { outside = outside || predictions[row] < bounds.lower || predictions[row] > bounds.upper }
    if outside {
      sums = ErrorSums()
      withUnsafeTemporaryAllocation(of: Int64.self, capacity: count) { clipped in
        for row in 0..<count { clipped[row] = min(max(predictions[row], bounds.lower), bounds.upper) }
        sums.add(predictions: clipped.baseAddress!, answers: answers, count: count)
      }
    }
    self[keyPath: part].clipped.merge(sums)
  }

  mutating func merge(_ other: ErrorAccumulator) {
    all.merge(other.all)
    quiz.merge(other.quiz)
    test.merge(other.test)
  }

  /// The sums of all rows: those without a known set, quiz and test together.
  var total: ClippedPair {
    var sum = all
    sum.merge(quiz)
    sum.merge(test)
    return sum
  }
}
