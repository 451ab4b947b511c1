import ArgumentParser
import RatingBench

/// How ratings are to be divided: a method and the options that belong to it.
struct SplitArguments: ParsableArguments {
  enum Method: String, ExpressibleByArgument, CaseIterable {
    case random, last, time
    case kFold = "k-fold"
    case repeated
    case leaveOneOut = "leave-one-out"
    case given
    case allBut = "all-but"
    case rolling, predefined, netflix
  }

  @Option(help: "How to divide: \(Method.allCases.map(\.rawValue).joined(separator: ", ")).")
  var method: Method

  @Option(help: "The seed that all randomness comes from.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("For random and time: the test part's share. Default: 0.1.", valueName: "0...1"))
  var testFraction: Double?

  @Option(
    help: ArgumentHelp("For time: what was rated from this day on, in place of a share.", valueName: "yyyy-mm-dd"),
    transform: SplitArguments.cut)
  var cut: TimeCut?

  @Option(help: ArgumentHelp("For last and netflix: ratings held out of each user. Default: 1, and 9.", valueName: "n"))
  var last: Int?

  @Option(help: ArgumentHelp("For k-fold and repeated: the number of folds. Default: 5.", valueName: "n"))
  var folds: Int?

  @Option(help: ArgumentHelp("For repeated: how often the rows are dealt. Default: 3.", valueName: "n"))
  var repetitions: Int?

  @Option(help: ArgumentHelp("For given: training ratings of each user. Default: 10.", valueName: "n"))
  var given: Int?

  @Option(help: ArgumentHelp("For all-but: test ratings of each user. Default: 1.", valueName: "n"))
  var allBut: Int?

  @Option(
    help: ArgumentHelp(
      "For leave-one-out, given and all-but: which ratings are held out. Default: last for leave-one-out, else random.",
      valueName: "random|last"))
  var heldOut: HeldOutRatings?

  @Option(help: ArgumentHelp("For rolling: the number of test parts along time. Default: 4.", valueName: "n"))
  var windows: Int?

  @Flag(help: "For rolling: train on the part just before, not on all before.")
  var sliding = false

  @Option(
    help: ArgumentHelp(
      "For predefined: which, such as u1,u5. Default: those with numbers (u1 to u5), else all.", valueName: "names"))
  var names: String?

  @Sendable private static func cut(_ text: String) throws -> TimeCut {
    guard let cut = TimeCut(date: text) else {
      throw ValidationError(
        "write a day from 1970-01-01 to 2105-12-31, such as 2005-12-01, or 2005-12-01T18:00:00 (UTC)")
    }
    return cut
  }

  func validate() throws {
    func refuse(_ flag: String, _ isGiven: Bool, unless methods: [Method]) throws {
      guard isGiven && !methods.contains(method) else { return }
      throw ValidationError(
        "\(flag) belongs to \(methods.map(\.rawValue).joined(separator: " and ")), not to \(method.rawValue).")
    }
    try refuse("--test-fraction", testFraction != nil, unless: [.random, .time])
    try refuse("--cut", cut != nil, unless: [.time])
    try refuse("--last", last != nil, unless: [.last, .netflix])
    try refuse("--folds", folds != nil, unless: [.kFold, .repeated])
    try refuse("--repetitions", repetitions != nil, unless: [.repeated])
    try refuse("--given", given != nil, unless: [.given])
    try refuse("--all-but", allBut != nil, unless: [.allBut])
    try refuse("--held-out", heldOut != nil, unless: [.leaveOneOut, .given, .allBut])
    try refuse("--windows", windows != nil, unless: [.rolling])
    try refuse("--sliding", sliding, unless: [.rolling])
    try refuse("--names", names != nil, unless: [.predefined])
    if cut != nil && testFraction != nil { throw ValidationError("give either --cut or --test-fraction.") }
    if let testFraction, !(testFraction >= 0 && testFraction <= 1) {
      throw ValidationError("--test-fraction lies in 0...1, got \(testFraction); 0.1 is one row in ten.")
    }
    for (flag, value) in [("--last", last), ("--given", given), ("--all-but", allBut)] {
      if let value, value < 1 { throw ValidationError("\(flag) is at least 1, got \(value).") }
    }
    if let folds, !(2...1_000).contains(folds) { throw ValidationError("--folds lies in 2...1000, got \(folds).") }
    for (flag, value) in [("--repetitions", repetitions), ("--windows", windows)] {
      if let value, !(1...1_000).contains(value) { throw ValidationError("\(flag) lies in 1...1000, got \(value).") }
    }
  }

  /// The plan; nil for `netflix`, which yields no train and test.
  var plan: SplittingPlan? {
    switch method {
    case .random: .random(testFraction: testFraction ?? 0.1)
    case .last: .lastPerUser(count: last ?? 1)
    case .time: cut.map { .timeCut($0) } ?? .timeFraction(testFraction ?? 0.1)
    case .kFold: .kFold(KFold(folds: folds ?? 5))
    case .repeated: .repeatedKFold(RepeatedKFold(repetitions: repetitions ?? 3, folds: folds ?? 5))
    case .leaveOneOut: .leaveOneOut(heldOut ?? .last)
    case .given: .givenPerUser(GivenPerUser(count: given ?? 10, heldOut: heldOut ?? .random))
    case .allBut: .allButPerUser(AllButPerUser(count: allBut ?? 1, heldOut: heldOut ?? .random))
    case .rolling: .rolling(RollingWindows(windows: windows ?? 4, training: sliding ? .sliding : .expanding))
    case .predefined: .predefined(names: foldNames)
    case .netflix: nil
    }
  }

  var foldNames: [String] { names?.split(separator: ",").map(String.init) ?? [] }
}

extension HeldOutRatings: ExpressibleByArgument {}
