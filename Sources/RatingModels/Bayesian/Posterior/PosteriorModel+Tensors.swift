import RatingData
import RatingNumerics

extension PosteriorModel {
  public var tensors: [Tensor] {
    var tensors = [
      Tensor("moments", .float64([mean, deviation])), Tensor("factors", .int64([Int64(factors)])),
    ]
    if let days = axes.days { tensors.append(Tensor("days", .int64(days.days))) }
    if let axis = axes.sessions {
      tensors.append(Tensor("sessions.seconds", .int64([Int64(axis.seconds)])))
      tensors.append(Tensor("sessions.starts", .int64(axis.sessions.starts.map { Int64($0) })))
      tensors.append(Tensor("sessions", .int64(axis.sessions.sessions)))
    }
    if let levels { tensors.append(Tensor("levels", .float64(levels))) }
    if !stars.isEmpty { tensors.append(Tensor("stars", .float64(stars))) }
    return tensors + Self.tensors(of: samples, axes: axes, factors: factors) + state
  }

  /// Samples stacked: the first dimension is the sample.
  static func tensors(of samples: [PosteriorSample], axes: SideAxes, factors: Int) -> [Tensor] {
    guard let first = samples.first else { return [] }
    var tensors = [
      Tensor("samples.constant", .float32(samples.map(\.constant))),
      Tensor("samples.precision", .float64(samples.map(\.precision))),
    ]
    if !first.cutPoints.isEmpty {
      tensors.append(
        Tensor(
          "samples.cut_points", shape: [samples.count, first.cutPoints.count], .float64(samples.flatMap(\.cutPoints))))
    }
    for (side, name) in axes.sides.map(\.name).enumerated() {
      tensors += PosteriorSample.Rows.tensors(of: samples.map { $0.sides[side] }, "samples." + name, factors: factors)
    }
    for side in first.folding.indices {
      tensors += FoldingPrior.tensors(
        of: samples.map { $0.folding[side] }, "samples.", side: side, factors: factors)
    }
    return tensors
  }

  /// The samples that `tensors(of:axes:factors:)` has stacked.
  static func samples(
    _ tensors: ModelTensors, axes: SideAxes, factors: Int, levelCount: Int?
  ) throws(ModelTensors.Failure) -> [PosteriorSample] {
    let rows = axes.sides.map { $0.count + 1 }
    let constants = try tensors.floats("samples.constant", shape: [nil]).values
    let count = constants.count
    guard count > 0 else { throw ModelTensors.Failure("the model has no samples") }
    let precisions = try tensors.doubles("samples.precision", shape: [count])
    guard precisions.allSatisfy({ $0 > 0 && $0 < 1e30 }), constants.allSatisfy({ abs($0) < 1e15 }) else {
      throw ModelTensors.Failure("a sample's precision or constant is none that a sampler could draw")
    }
    let cutCount = (levelCount ?? 1) - 1
    let cuts = cutCount > 0 ? try tensors.doubles("samples.cut_points", shape: [count, cutCount]) : []
    for sample in 0..<(cutCount > 0 ? count : 0) {
      let own = cuts[sample * cutCount..<(sample + 1) * cutCount]
      guard zip(own, own.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw ModelTensors.Failure("the cut-points of sample \(sample + 1) don't ascend")
      }
    }
    var sides: [[PosteriorSample.Rows]] = []
    for (side, name) in axes.sides.map(\.name).enumerated() {
      sides.append(
        try PosteriorSample.Rows.stack(tensors, "samples." + name, count: count, rows: rows[side], factors: factors))
    }
    var folding: [[FoldingPrior]] = []
    for side in 0..<2 {
      folding.append(
        try FoldingPrior.priors(
          tensors, "samples.", side: side, count: count, factors: factors, features: rows[1 - side] - 1))
    }
    return (0..<count).map { sample in
      PosteriorSample(
        constant: constants[sample], precision: precisions[sample],
        cutPoints: Array(cuts[sample * cutCount..<(sample + 1) * cutCount]), sides: sides.map { $0[sample] },
        folding: folding.map { $0[sample] })
    }
  }

  private static func sessions(
    _ tensors: ModelTensors, userCount: Int
  ) throws(ModelTensors.Failure) -> SessionAxis {
    let seconds = try tensors.integers("sessions.seconds", shape: [1])[0]
    let starts = try tensors.integers("sessions.starts", shape: [userCount + 1])
    let sessions = try tensors.integers("sessions", shape: [nil])
    guard seconds > 0, seconds < 1 << 40, starts.first == 0, starts.last == Int64(sessions.count),
      zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw ModelTensors.Failure("the users' sessions don't follow each other") }
    return SessionAxis(
      seconds: Int(seconds), sessions: UserSessions(starts: starts.map { Int($0) }, sessions: sessions))
  }

  public init(_ tensors: ModelTensors) throws(ModelTensors.Failure) {
    vocabularies = tensors.vocabularies
    scale = tensors.scale
    let moments = try tensors.doubles("moments", shape: [2])
    guard moments[1] > 0, abs(moments[0]) < 1e15, moments[1] < 1e15 else {
      throw ModelTensors.Failure("the ratings' mean and deviation are \(moments), which no ratings have")
    }
    (mean, deviation) = (moments[0], moments[1])
    let factors = try tensors.integers("factors", shape: [1])[0]
    guard (1...1024).contains(factors) else {
      throw ModelTensors.Failure("the model has \(factors) factors, expected 1...1024")
    }
    self.factors = Int(factors)
    var days: DayAxis?
    if tensors.names.contains("days") {
      let numbers = try tensors.integers("days", shape: [nil])
      guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw ModelTensors.Failure("the days don't ascend")
      }
      days = DayAxis(days: numbers)
    }
    axes = SideAxes(
      userCount: vocabularies.users.count, itemCount: vocabularies.items.count, days: days,
      sessions: tensors.names.contains("sessions")
        ? try Self.sessions(tensors, userCount: vocabularies.users.count) : nil)
    levels = try Self.ratings(tensors, "levels")
    stars = try Self.ratings(tensors, "stars") ?? []
    samples = try Self.samples(tensors, axes: axes, factors: Int(factors), levelCount: levels?.count)
    state = try tensors.all(prefix: "state.")
  }

  /// Different ratings, ascending; nil where there is no such tensor.
  private static func ratings(_ tensors: ModelTensors, _ name: String) throws(ModelTensors.Failure) -> [Double]? {
    guard tensors.names.contains(name) else { return nil }
    let ratings = try tensors.doubles(name, shape: [nil])
    guard (2...BayesianData.largestLevelCount).contains(ratings.count), ratings.allSatisfy({ abs($0) < 1e15 }),
      zip(ratings, ratings.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw ModelTensors.Failure(
        "the \(name) need 2...\(BayesianData.largestLevelCount) ascending ratings, got \(ratings.count)")
    }
    return ratings
  }
}
