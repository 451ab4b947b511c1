import RatingData
import RatingNumerics

/// What the runs of `TimeBiases` and `TimeSVDPlusPlus` share: the parameters, in units of the training ratings'
/// standard deviation, and one epoch of stochastic gradient descent.
struct TimedDescent: Sendable {
  /// Without factors for `TimeBiases`.
  let recipe: TimeSVDPlusPlus
  let options: RunOptions
  let data: TimedData
  let rated: RatedItems
  /// All single numbers, a part for each section; and p, its slopes, q and y.
  var state: LearnedState

  init(
    _ recipe: TimeSVDPlusPlus, _ input: TrainingInput, algorithm: String, seed: Seed, options: RunOptions
  ) throws(TrainingError) {
    self.recipe = recipe
    self.options = options
    let byUser = SparseRatings(input.ratings, by: .user, threads: options.threads)
    data = try TimedData(
      input.ratings, byUser: byUser, recipe.effects, algorithm: algorithm, seed: seed, threads: options.threads)
    rated = RatedItems(
      byUser, itemCount: input.ratings.itemCount, questions: input.questions, damping: recipe.implicitDamping,
      threads: options.threads)
    let (layout, factors) = (data.layout, recipe.factors)
    let items = Matrix.randomFactors(
      rows: layout.items, factors: factors, standardDeviation: recipe.initialStandardDeviation, seed: seed,
      purpose: "time-svd++.items", threads: options.threads,
      isSeen: data.counts[layout.range(.itemBiases)].map { $0 > 0 })
    let users = Matrix(rows: layout.users, columns: factors)
    state = LearnedState(
      epochs: recipe.epochs, seed: seed,
      numbers: TimedLayout.Section.allCases.map { ($0.tensorName, layout.shape($0)) },
      factors: [
        ("factors.users", users), ("factors.slopes", users), ("factors.items", items),
        ("factors.implicit", Matrix(rows: layout.items, columns: factors)),
      ])
  }

  /// What is left of each number after the decay of one step, in the order of the layout.
  private func keeps(_ steps: ImplicitSteps, rate: Float) -> [Float] {
    var keeps = [Float](repeating: 1, count: data.layout.count)
    for section in TimedLayout.Section.allCases {
      let (range, weight) = (data.layout.range(section), rate * Float(recipe.effects.weight(section)))
      switch section {
      case .userBiases: for place in range { keeps[place] = steps.userBiases.keep(Int(data.counts[place])) }
      case .itemBiases: for place in range { keeps[place] = steps.itemBiases.keep(Int(data.counts[place])) }
      default: for place in range { keeps[place] = 1 / (1 + weight / Float(max(data.counts[place], 1))) }
      }
    }
    return keeps
  }

  /// One epoch.
  mutating func step() throws(TrainingError) -> EpochResult {
    let epoch = state.completedEpochs + 1
    let steps = ImplicitSteps(recipe.descent, epoch: epoch)
    let biasRate = Float(recipe.biasLearningRate * steps.share)
    let ownKeep = 1 - steps.rate * Float(recipe.regularization)
    let slopeWeight = steps.rate * Float(recipe.factorDriftRegularization)
    let (data, rated, cancellation, layout) = (data, rated, options.cancellation, data.layout)
    let stride = state["factors.items"].stride
    var squares = 0.0
    var sum = ImplicitSum(stride: stride)
    try state.withUnsafeElements(
      keeps(steps, rate: biasRate),
      data.counts[layout.range(.itemBiases)].map { steps.itemBiases.rate(Int($0)) }
    ) { elements, keeps, itemRates throws(TrainingError) in
      let sections = TimedLayout.Section.allCases.map { elements($0.tensorName) }
      func numbers(_ section: TimedLayout.Section) -> UnsafeMutablePointer<Float> { sections[section.rawValue] }
      func keep(_ section: TimedLayout.Section) -> UnsafePointer<Float> { keeps + layout.start(section) }
      let (users, slopes, implicit) = (
        elements("factors.users"), elements("factors.slopes"), elements("factors.implicit")
      )
      let items = Kernels.ImplicitItems(
        factors: elements("factors.items"), biases: numbers(.itemBiases), bias_rates: itemRates,
        bias_keeps: keep(.itemBiases), stride: stride, factor_rate: steps.rate, factor_keep: steps.itemKeep)
      try data.order.forEachUser(epoch: epoch, data.ratings) { user, first, second throws(TrainingError) in
        if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
        if stride > 0 { sum.gather(implicit, rated, user) }
        let count = first.count + second.count
        var row = Kernels.ImplicitUser(
          own: users + user * stride, implicit: sum.row, own_rate: steps.rate, own_keep: ownKeep,
          implicit_rate: steps.implicitRate * rated.gains[user], implicit_keep: steps.implicitKeep,
          bias: numbers(.userBiases)[user], bias_rate: steps.userBiases.rate(count),
          bias_keep: keep(.userBiases)[user])
        var drift = Kernels.Drift(
          item_bin_biases: numbers(.cellBiases), item_bin_keeps: keep(.cellBiases), bin_biases: numbers(.binBiases),
          bin_keeps: keep(.binBiases), bins: UInt32(layout.bins), day_biases: numbers(.sessionBiases),
          day_keeps: keep(.sessionBiases), rate: biasRate, day_scales: numbers(.sessionScales),
          day_scale_keeps: keep(.sessionScales), bias_slope: numbers(.userSlopes)[user],
          bias_slope_keep: keep(.userSlopes)[user], factor_slopes: slopes + user * stride,
          factor_slope_rate: steps.rate, factor_slope_keep: 1 / (1 + slopeWeight / Float(count)),
          scale: numbers(.userScales)[user], scale_rate: biasRate, scale_keep: keep(.userScales)[user])
        for run in [first, second] {
          squares += Kernels.descend(items, user: &row, drift: &drift, ratings: run.baseAddress!, count: run.count)
        }
        numbers(.userBiases)[user] = row.bias
        numbers(.userSlopes)[user] = drift.bias_slope
        numbers(.userScales)[user] = drift.scale
        if stride > 0 { sum.scatter(implicit, rated, user, kept: steps.implicitKept(after: count)) }
      }
    }
    state.completedEpochs = epoch
    return EpochResult(
      trainingRMSE: isFinite ? (squares / Double(data.count)).squareRoot() * data.deviation : .infinity,
      learningRate: recipe.learningRate * steps.share, ratings: data.count)
  }

  private var isFinite: Bool {
    let users =
      state.longest("factors.users") + state.longest("factors.slopes")
      + state.longest("factors.implicit") * rated.largestGain
    return users * state.longest("factors.items") * data.deviation < 1e38
      && state.largestNumber * max(data.deviation, 1) < TimeBiasModel.largestNumber
  }

  // MARK: What comes out

  /// The model without factors, in the rating's unit.
  var biases: TimeBiasModel {
    let values = TimedLayout.Section.allCases.flatMap { section in
      let unit = section.isInRatingUnit ? Float(data.deviation) : 1
      return state.numbers(section.tensorName).map { $0 * unit }
    }
    return TimeBiasModel(
      vocabularies: data.vocabularies, scale: data.scale, mean: data.mean, frame: data.frame,
      userTimes: data.userTimes, sessions: data.sessions, layout: data.layout, numbers: values)
  }

  /// The model with factors.
  var model: TimeFactorModel {
    let root = Float(data.deviation.squareRoot())
    let implicit = state["factors.implicit"]
    let users = rated.users(state["factors.users"], plus: implicit, threads: options.threads)
    return TimeFactorModel(
      biases, userFactors: users.scaled(by: root), slopes: state["factors.slopes"].scaled(by: root),
      itemFactors: state["factors.items"].scaled(by: root),
      implicitFactors: rated.weighted(implicit, scale: root))
  }
}

extension TimeEffects {
  /// Ratings without a residual that each number of a section counts more; the biases of users and items have weights
  /// of their own.
  fileprivate func weight(_ section: TimedLayout.Section) -> Double {
    switch section {
    case .userBiases, .itemBiases: 0
    case .userSlopes: driftRegularization
    case .userScales, .sessionScales: scaleRegularization
    case .binBiases: binRegularization
    case .sessionBiases: sessionRegularization
    case .cellBiases: itemBinRegularization
    }
  }
}
