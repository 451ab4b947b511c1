import RatingData
import RatingNumerics

/// The hyper-parameters of both time-aware algorithms; without factors for `TimeBiases`.
struct TimedRecipe: Sendable {
  var epochs: Int
  var biasLearningRate: Double
  var schedule: LearningRateSchedule
  var biases: TimedBiasRegularization
  var bins: Int
  var sessionMinutes: Int
  var driftExponent: Double
  /// Nil learns no factors.
  var factors: Factors?

  struct Factors: Sendable {
    var count: Int
    var learningRate, implicitLearningRate: Double
    var regularization, itemRegularization, implicitRegularization, driftRegularization: Double
    var initialStandardDeviation: Double
    var implicitDamping: Double
  }
}

/// Ratings without a residual that each number counts more.
struct TimedBiasRegularization: Sendable {
  var bias, itemBias, itemBin, bin, session, drift, scale: Double

  func weight(_ section: TimedLayout.Section) -> Double {
    switch section {
    case .userBiases: bias
    case .itemBiases: itemBias
    case .userSlopes: drift
    case .userScales, .sessionScales: scale
    case .binBiases: bin
    case .sessionBiases: session
    case .cellBiases: itemBin
    }
  }
}

/// What the runs of `TimeBiases` and `TimeSVDPlusPlus` share: the parameters, in units of the training ratings'
/// standard deviation, and one epoch of stochastic gradient descent.
struct TimedDescent: Sendable {
  let recipe: TimedRecipe
  let seed: Seed
  let options: RunOptions
  let data: TimedData
  let rated: RatedItems
  /// All single numbers.
  private(set) var numbers: [Float]
  /// p, its slopes, q and y.
  private(set) var userFactors: Matrix
  private(set) var slopes: Matrix
  private(set) var itemFactors: Matrix
  private(set) var implicitFactors: Matrix
  private(set) var completedEpochs = 0

  init(
    _ recipe: TimedRecipe, _ input: TrainingInput, algorithm: String, seed: Seed, options: RunOptions
  ) throws(TrainingError) {
    self.recipe = recipe
    self.seed = seed
    self.options = options
    data = try TimedData(
      input.ratings, bins: recipe.bins, sessionMinutes: recipe.sessionMinutes, driftExponent: recipe.driftExponent,
      algorithm: algorithm, seed: seed)
    rated = RatedItems(
      input.ratings, questions: input.questions, damping: recipe.factors?.implicitDamping ?? 0)
    numbers = [Float](repeating: 0, count: data.layout.count)
    let (users, items, factors) = (data.layout.users, data.layout.items, recipe.factors?.count ?? 0)
    userFactors = Matrix(rows: users, columns: factors)
    slopes = Matrix(rows: users, columns: factors)
    implicitFactors = Matrix(rows: items, columns: factors)
    itemFactors = .randomFactors(
      rows: items, factors: factors, standardDeviation: recipe.factors?.initialStandardDeviation ?? 0, seed: seed,
      purpose: "time-svd++.items", threads: options.threads,
      isSeen: data.counts[data.layout.range(.itemBiases)].map { $0 > 0 })
  }

  /// What is left of each number after the decay of one step.
  private func keeps(rate: Float, users: BiasSteps, items: BiasSteps) -> [Float] {
    var keeps = [Float](repeating: 1, count: numbers.count)
    for section in TimedLayout.Section.allCases {
      guard section != .userBiases && section != .itemBiases else {
        let steps = section == .userBiases ? users : items
        for place in data.layout.range(section) { keeps[place] = steps.keep(Int(data.counts[place])) }
        continue
      }
      let weight = rate * Float(recipe.biases.weight(section))
      for place in data.layout.range(section) { keeps[place] = 1 / (1 + weight / Float(max(data.counts[place], 1))) }
    }
    return keeps
  }

  /// One epoch.
  mutating func step() throws(TrainingError) -> EpochResult {
    let epoch = completedEpochs + 1
    // The same share of each rate.
    let share = recipe.schedule.rate(1, epoch: epoch, of: recipe.epochs)
    let rates = Rates(recipe, share: share)
    let (rate, biases) = (recipe.biasLearningRate, recipe.biases)
    let steps = BiasSteps(rate: rate, regularization: biases.bias, share: share)
    let itemSteps = BiasSteps(rate: rate, regularization: biases.itemBias, share: share)
    let keeps = keeps(rate: rates.bias, users: steps, items: itemSteps)
    let itemRates = data.counts[data.layout.range(.itemBiases)].map { itemSteps.rate(Int($0)) }
    let (data, rated, cancellation, layout) = (data, rated, options.cancellation, data.layout)
    let stride = itemFactors.stride
    var squares = 0.0
    var sum = ImplicitSum(stride: stride)
    try withUnsafeState(keeps, itemRates) { state throws(TrainingError) in
      func numbers(_ section: TimedLayout.Section) -> UnsafeMutablePointer<Float> {
        state.numbers + layout.start(section)
      }
      func keeps(_ section: TimedLayout.Section) -> UnsafePointer<Float> { state.keeps + layout.start(section) }
      let items = Kernels.ImplicitItems(
        factors: state.items, biases: numbers(.itemBiases), bias_rates: state.itemRates,
        bias_keeps: keeps(.itemBiases), stride: stride, factor_rate: rates.factor, factor_keep: rates.itemKeep)
      try data.forEachUser(epoch: epoch) { user, first, second throws(TrainingError) in
        if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
        let own = rated.ofUser(user)
        if stride > 0 { sum.gather(state.implicit, own) }
        var row = Kernels.ImplicitUser(
          own: state.users + user * stride, implicit: sum.row, own_rate: rates.factor, own_keep: rates.userKeep,
          implicit_rate: rates.implicit * own.gain, implicit_keep: rates.implicitKeep, bias: numbers(.userBiases)[user],
          bias_rate: steps.rate(data.userCount(user)), bias_keep: keeps(.userBiases)[user])
        var drift = Kernels.Drift(
          item_bin_biases: numbers(.cellBiases), item_bin_keeps: keeps(.cellBiases), bin_biases: numbers(.binBiases),
          bin_keeps: keeps(.binBiases), bins: UInt32(layout.bins), day_biases: numbers(.sessionBiases),
          day_keeps: keeps(.sessionBiases), rate: rates.bias, day_scales: numbers(.sessionScales),
          day_scale_keeps: keeps(.sessionScales), bias_slope: numbers(.userSlopes)[user],
          bias_slope_keep: keeps(.userSlopes)[user], factor_slopes: state.slopes + user * stride,
          factor_slope_rate: rates.factor, factor_slope_keep: rates.slopeKeep(data.userCount(user)),
          scale: numbers(.userScales)[user], scale_rate: rates.bias, scale_keep: keeps(.userScales)[user])
        for run in [first, second] {
          guard let ratings = run.baseAddress else { continue }
          squares += Kernels.descend(items, user: &row, drift: &drift, ratings: ratings, count: run.count)
        }
        numbers(.userBiases)[user] = row.bias
        numbers(.userSlopes)[user] = drift.bias_slope
        numbers(.userScales)[user] = drift.scale
        if stride > 0 {
          sum.scatter(
            state.implicit, own, kept: SVDPlusPlusRun.power(rates.implicitKeep, first.count + second.count))
        }
      }
    }
    completedEpochs = epoch
    return EpochResult(
      trainingRMSE: isFinite ? (squares / Double(data.count)).squareRoot() * data.deviation : .infinity,
      learningRate: (recipe.factors?.learningRate ?? recipe.biasLearningRate) * share, ratings: data.count)
  }

  /// The rates of an epoch and what they leave.
  private struct Rates {
    let bias, factor, implicit, userKeep, itemKeep, implicitKeep: Float
    private let slopeRegularization: Float

    init(_ recipe: TimedRecipe, share: Double) {
      let factors = recipe.factors
      bias = Float(recipe.biasLearningRate * share)
      factor = Float((factors?.learningRate ?? 0) * share)
      implicit = Float((factors?.implicitLearningRate ?? 0) * share)
      userKeep = 1 - factor * Float(factors?.regularization ?? 0)
      itemKeep = 1 - factor * Float(factors?.itemRegularization ?? 0)
      implicitKeep = 1 - implicit * Float(factors?.implicitRegularization ?? 0)
      slopeRegularization = Float(factors?.driftRegularization ?? 0)
    }

    /// Of the slopes of a user of so many ratings.
    func slopeKeep(_ count: Int) -> Float { 1 / (1 + factor * slopeRegularization / Float(max(count, 1))) }
  }

  private struct State {
    let numbers, users, slopes, items, implicit: UnsafeMutablePointer<Float>
    let keeps, itemRates: UnsafePointer<Float>
  }

  private mutating func withUnsafeState(
    _ keeps: [Float], _ itemRates: [Float], _ body: (State) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    try numbers.withUnsafeMutableBufferPointer { numbers throws(TrainingError) in
      try userFactors.withUnsafeMutableElements { users throws(TrainingError) in
        try slopes.withUnsafeMutableElements { slopes throws(TrainingError) in
          try itemFactors.withUnsafeMutableElements { items throws(TrainingError) in
            try implicitFactors.withUnsafeMutableElements { implicit throws(TrainingError) in
              try keeps.withUnsafeBufferPointer { keeps throws(TrainingError) in
                try itemRates.withUnsafeBufferPointer { itemRates throws(TrainingError) in
                  try body(
                    State(
                      numbers: numbers.baseAddress!, users: users, slopes: slopes, items: items, implicit: implicit,
                      keeps: keeps.baseAddress!, itemRates: itemRates.baseAddress!))
                }
              }
            }
          }
        }
      }
    }
  }

  private var isFinite: Bool {
    let implicit = (implicitFactors.largestSquaredLength() * Double(rated.largestCount)).squareRoot()
    let users = userFactors.largestSquaredLength().squareRoot() + slopes.largestSquaredLength().squareRoot() + implicit
    let product = users * itemFactors.largestSquaredLength().squareRoot() * data.deviation
    return product < 1e38
      && TimeBiasModel.isFinite(numbers.map { $0 * Float(data.deviation) }) && TimeBiasModel.isFinite(numbers)
  }

  // MARK: What comes out

  /// The model without factors, in the rating's unit.
  var biases: TimeBiasModel {
    var values = numbers
    for section in TimedLayout.Section.allCases where section.isInRatingUnit {
      for place in data.layout.range(section) { values[place] *= Float(data.deviation) }
    }
    return TimeBiasModel(
      vocabularies: data.vocabularies, scale: data.scale, mean: data.mean, frame: data.frame,
      userTimes: data.userTimes, sessions: data.sessions, layout: data.layout, numbers: values)
  }

  private var tensors: [Tensor] {
    data.layout.tensors(numbers)
      + (recipe.factors == nil
        ? []
        : [
          userFactors.tensor("factors.users"), slopes.tensor("factors.slopes"), itemFactors.tensor("factors.items"),
          implicitFactors.tensor("factors.implicit"),
        ])
  }

  func checkpoint() -> Checkpoint { Checkpoint(completedEpochs: completedEpochs, seed: seed, tensors: tensors) }

  mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkpoint.check(epochs: recipe.epochs, seed: seed, like: tensors)
    let values = checkpoint.tensors.map(\.floats)
    let sections = TimedLayout.Section.allCases.count
    numbers = Array(values[..<sections].joined())
    if let factors = recipe.factors?.count {
      userFactors = Matrix(rows: data.layout.users, columns: factors, dense: values[sections])
      slopes = Matrix(rows: data.layout.users, columns: factors, dense: values[sections + 1])
      itemFactors = Matrix(rows: data.layout.items, columns: factors, dense: values[sections + 2])
      implicitFactors = Matrix(rows: data.layout.items, columns: factors, dense: values[sections + 3])
    }
    completedEpochs = checkpoint.completedEpochs
  }
}
