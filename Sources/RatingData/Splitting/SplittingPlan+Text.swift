extension SplittingPlan: CustomStringConvertible {
  /// A plan from its text, as `SplittingPlan` lists them.
  ///
  /// - Throws: `bad-split`, with what was expected; the problem's file is `split`.
  public init(_ text: String) throws(RatingDataError) {
    let words = text.split(separator: " ").map(String.init)
    guard let method = words.first else { throw Self.unreadable(text, "is empty") }
    let arguments = Array(words.dropFirst())
    func whole(_ word: String, _ range: ClosedRange<Int>, _ what: String) throws(RatingDataError) -> Int {
      guard let number = Int(word), range.contains(number) else {
        let bounds = range.upperBound == .max ? "of at least \(range.lowerBound)" : "in \(range)"
        throw Self.unreadable(text, "\(what) is a whole number \(bounds), got \(word)")
      }
      return number
    }
    func expect(_ counts: ClosedRange<Int>, _ example: String) throws(RatingDataError) {
      guard counts.contains(arguments.count) else { throw Self.unreadable(text, "write it as \(example)") }
    }
    func heldOut(_ position: Int, default fallback: HeldOutRatings) throws(RatingDataError) -> HeldOutRatings {
      guard position < arguments.count else { return fallback }
      guard let found = HeldOutRatings(rawValue: arguments[position]) else {
        throw Self.unreadable(text, "which ratings are held out is random or last, got \(arguments[position])")
      }
      return found
    }
    switch method {
    case "random":
      try expect(1...1, "random 10%")
      self = .random(testFraction: try Self.fraction(arguments[0], of: text))
    case "k-fold":
      try expect(1...1, "k-fold 5")
      self = .kFold(KFold(folds: try whole(arguments[0], 2...1_000, "the number of folds")))
    case "repeated":
      let parts = arguments.first?.split(separator: "x", omittingEmptySubsequences: false).map(String.init) ?? []
      guard arguments.count == 1, parts.count == 2 else {
        throw Self.unreadable(text, "write it as repeated 3x5: three times 5 folds")
      }
      self = .repeatedKFold(
        RepeatedKFold(
          repetitions: try whole(parts[0], 1...1_000, "the number of repetitions"),
          folds: try whole(parts[1], 2...1_000, "the number of folds")))
    case "last":
      try expect(1...1, "last 9")
      self = .lastPerUser(count: try whole(arguments[0], 1...Int.max, "the number of ratings"))
    case "leave-one-out":
      try expect(0...1, "leave-one-out, leave-one-out last or leave-one-out random")
      self = .leaveOneOut(try heldOut(0, default: .last))
    case "given":
      try expect(1...2, "given 10 or given 10 last")
      self = .givenPerUser(
        GivenPerUser(
          count: try whole(arguments[0], 1...Int.max, "the number of ratings"),
          heldOut: try heldOut(1, default: .random)))
    case "all-but":
      try expect(1...2, "all-but 2 or all-but 2 last")
      self = .allButPerUser(
        AllButPerUser(
          count: try whole(arguments[0], 1...Int.max, "the number of ratings"),
          heldOut: try heldOut(1, default: .random)))
    case "time":
      try expect(1...1, "time 10% or time 2005-12-01")
      if let cut = TimeCut(date: arguments[0]) {
        self = .timeCut(cut)
      } else {
        self = .timeFraction(try Self.fraction(arguments[0], of: text))
      }
    case "rolling":
      try expect(1...2, "rolling 4 or rolling 4 sliding")
      let training = arguments.count < 2 ? .expanding : RollingWindows.Training(rawValue: arguments[1])
      guard let training else {
        throw Self.unreadable(text, "training is expanding or sliding, got \(arguments[1])")
      }
      self = .rolling(
        RollingWindows(windows: try whole(arguments[0], 1...1_000, "the number of windows"), training: training))
    case "predefined":
      self = .predefined(names: arguments)
    default:
      throw Self.unreadable(
        text,
        "there is no such split; there are random, k-fold, repeated, last, leave-one-out, given, all-but, time, rolling"
          + " and predefined")
    }
  }

  /// A text that gives this plan again, and is the same for the same plan.
  public var description: String {
    switch self {
    case .random(let fraction): "random \(Self.percent(fraction))"
    case .kFold(let folds): "k-fold \(folds.folds)"
    case .repeatedKFold(let folds): "repeated \(folds.repetitions)x\(folds.folds)"
    case .lastPerUser(let count): "last \(count)"
    case .leaveOneOut(let heldOut): "leave-one-out \(heldOut.rawValue)"
    case .givenPerUser(let given): "given \(given.count) \(given.heldOut.rawValue)"
    case .allButPerUser(let allBut): "all-but \(allBut.count) \(allBut.heldOut.rawValue)"
    case .timeFraction(let fraction): "time \(Self.percent(fraction))"
    case .timeCut(let cut): "time \(CalendarTime(cut.time))"
    case .rolling(let windows): "rolling \(windows.windows) \(windows.training.rawValue)"
    case .predefined(let names): (["predefined"] + names).joined(separator: " ")
    }
  }

  /// The protocol in words, for reports.
  public var summary: String {
    func ratings(_ count: Int) -> String { count == 1 ? "rating" : "\(count) ratings" }
    func which(_ heldOut: HeldOutRatings, _ count: Int) -> String {
      heldOut == .last ? "the last \(ratings(count))" : count == 1 ? "a random rating" : "\(count) random ratings"
    }
    switch self {
    case .random(let fraction): return "a random \(Self.percent(fraction)) of the ratings"
    case .kFold(let folds): return "\(folds.folds)-fold cross-validation"
    case .repeatedKFold(let folds):
      return "\(folds.folds)-fold cross-validation, repeated \(folds.repetitions) times"
    case .lastPerUser(let count): return "the last \(ratings(count)) of each user"
    case .leaveOneOut(let heldOut): return "\(which(heldOut, 1)) of each user"
    case .givenPerUser(let given):
      let kept = given.heldOut == .last ? "the first \(ratings(given.count))" : which(.random, given.count)
      return "all ratings of each user but \(kept)"
    case .allButPerUser(let allBut): return "\(which(allBut.heldOut, allBut.count)) of each user"
    case .timeFraction(let fraction): return "the last \(Self.percent(fraction)) of the ratings in time"
    case .timeCut(let cut): return "the ratings from \(CalendarTime(cut.time)) on"
    case .rolling(let windows):
      return "\(windows.windows) windows along time, training on "
        + (windows.training == .expanding ? "all before" : "the part before")
    case .predefined(let names):
      return "predefined splits" + (names.isEmpty ? "" : " \(names.joined(separator: ", "))")
    }
  }

  /// `10%` or `0.1`, above 0 and below 1.
  private static func fraction(_ word: String, of text: String) throws(RatingDataError) -> Double {
    let number = word.hasSuffix("%") ? Double(word.dropLast()).map { $0 / 100 } : Double(word)
    guard let number, number > 0, number < 1 else {
      throw unreadable(text, "a share is above 0% and below 100%, such as 10%, got \(word)")
    }
    return number
  }

  /// The share in percent where that reads back as the same number, else as it is.
  private static func percent(_ fraction: Double) -> String {
    let percent = (fraction * 100 * 1e6).rounded() / 1e6
    guard percent / 100 == fraction else { return "\(fraction)" }
    return percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
  }

  private static func unreadable(_ text: String, _ why: String) -> RatingDataError {
    RatingDataError(
      .badData,
      [Problem(.error, "bad-split", file: "split", message: "\(text.debugDescription): \(why)")])
  }
}
