import RatingNumerics

/// A Gibbs sampler of the factorization: its state, and one sweep over all of it.
///
/// A sweep draws side after side. For a side, first the prior of what its rows have of their own is drawn, then all rows,
/// each with bias and factors jointly and all in parallel, since rows of one side don't depend on each other; then each
/// group of features, one feature after the other. With the ordered probit likelihood the cut-points are drawn first, and
/// the latents anew for every side. No residual is kept: every side computes what it needs of its ratings from the
/// parameters, so that no rounding adds up, and the state is the parameters alone.
final class GibbsSampler {
  let sides: [ModelSide]
  private let seed: Seed
  private let chain: Int
  private let levels: [Double]?
  private let overrelaxation: Double
  /// Sweeps without over-relaxation: a chain that is still far from the posterior gets there sooner by independent draws.
  private let independentSweeps: Int
  private var order: LevelOrder?
  private(set) var sweeps = 0
  /// The model's constant.
  private(set) var constant = 0.0
  /// The precision of a rating around the model.
  private(set) var precision = 1.0
  /// Whether a sweep ends with `recentre`. Tests that look at the draws before it switch it off.
  var recentres = true
  /// The cut-points, where the likelihood has them.
  private(set) var probit: OrderedProbit?

  init<Design: BayesianDesign>(
    _ algorithm: BayesianFactorization<Design>, _ data: BayesianData, seed: Seed, chain: Int, threads: Int?
  ) {
    self.seed = seed
    self.chain = chain
    levels = data.levels
    overrelaxation = algorithm.overrelaxation
    independentSweeps = algorithm.burnIn
    sides = data.sides.map { side in
      ModelSide(
        name: side.name, ratings: side.ratings, features: side.features, factors: algorithm.factors,
        hasBiases: algorithm.biases,
        hasMatrix: algorithm.covariance == .full && [SideAxes.users, SideAxes.items].contains(side.name))
    }
    if let levels = data.levels {
      let order = data.sides[0].ratings.levels.withUnsafeBufferPointer {
        LevelOrder(levels: $0, levelCount: levels.count)
      }
      probit = OrderedProbit(levelCounts: order.levelCounts)
      self.order = order
    }
    let keys = DrawKeys(seed: seed, chain: chain, sweep: 0)
    for side in sides {
      for group in side.groups { group.initialize(deviation: algorithm.initialStandardDeviation, keys: keys) }
      side.compose(threads: threads)
    }
  }

  struct Failure: Error {
    var isCancelled = false
    /// The row or feature whose equations had no solution.
    var part: String?
  }

  /// Draws everything once.
  ///
  /// - Returns: the root of the mean squared error of the training ratings: with the Gaussian likelihood after the sweep,
  ///   in units of the ratings' deviation; with the ordered probit likelihood before it, in the ratings' unit.
  func sweep(threads: Int?, cancellation: CancellationFlag?) throws(Failure) -> Double {
    let keys = DrawKeys(seed: seed, chain: chain, sweep: sweeps + 1)
    let count = Double(sides[0].ratings.count)
    var error = 0.0
    for (number, side) in sides.enumerated() {
      var sweep = SideSweep(
        side: side, others: sides.indices.filter { $0 != number }.map { sides[$0] }, likelihood: likelihood,
        overrelaxation: sweeps < independentSweeps ? 0 : overrelaxation, keys: keys, threads: threads,
        cancellation: cancellation)
      if number == 0, probit != nil {
        error = drawCutPoints(sweep, keys: keys)
        sweep.likelihood = likelihood
      }
      let isLast = number == sides.count - 1
      let residuals = sweep.drawRows(constant: Float(constant), needsResiduals: isLast)
      try check(residuals)
      if isLast {
        let change = drawConstant(sum: residuals.sum, count: count, keys: keys)
        if probit == nil {
          let squares = max(residuals.squares - change * (2 * residuals.sum - change * count), 0)
          error = (squares / count).squareRoot()
          var stream = keys.stream("precision")
          precision = stream.gamma(shape: (1 + count) / 2, rate: (1 + squares) / 2)
        }
        sweep.shiftResiduals(by: Float(change))
        sweep.likelihood = likelihood
      }
      try check(sweep.drawFeatures())
    }
    if recentres { recentre(keys: keys) }
    // The draws of features have moved rows along step by step; a run that goes on from the parameters alone must find the
    // same rows.
    for side in sides { side.compose(threads: threads) }
    sweeps += 1
    return error
  }

  /// Draws along the directions that leave every prediction as it is: a number that is added to the constant and taken from
  /// all biases of a side and their prior's mean, or added to all cut-points. One parameter at a time, these would hardly
  /// move.
  ///
  /// With a shift x, the constant c + x ~ N(0, 1), the side's mean m - x ~ N(0, 1 / p) for biases of precision p, and the
  /// first cut-point g + x ~ N(0, 1); all else keeps its density (Liu and Sabatti, "Generalised Gibbs sampler and multigrid
  /// Monte Carlo", Biometrika 87 (2000), doi:10.1093/biomet/87.2.353).
  private func recentre(keys: DrawKeys) {
    for side in sides where side.own.hasBiases {
      let (own, factors) = (side.own, side.own.prior.factors)
      let (mean, certainty) = (own.prior.means[factors], own.prior.precisions[factors])
      var stream = keys.stream("centre." + side.name)
      let shift =
        (certainty * mean - constant) / (1 + certainty) + stream.normal() / (1 + certainty).squareRoot()
      // What is added is what the biases lose, rounding included, but for their own.
      constant += shift
      own.prior.means[factors] -= shift
      for row in 0..<own.count { own.biases.elements[row] -= Float(shift) }
    }
    if let cuts = probit?.cutPoints {
      var stream = keys.stream("centre.cut-points")
      let shift = -(constant + cuts[0]) / 2 + stream.normal() / 2.squareRoot()
      constant += shift
      probit = OrderedProbit(cutPoints: cuts.map { $0 + shift })
    }
  }

  /// How a rating spreads around the model as of now.
  private var likelihood: SideSweep.Likelihood {
    probit.map { .orderedProbit(cuts: $0.kernelCuts) } ?? .gaussian(precision: precision)
  }

  private func check(_ outcome: SideSweep.Outcome) throws(Failure) {
    if outcome.isCancelled { throw Failure(isCancelled: true) }
    if let failed = outcome.failed { throw Failure(part: failed) }
  }

  /// Draws the cut-points. Returns the root of the mean squared error of the expected ratings.
  private func drawCutPoints(_ sweep: SideSweep, keys: DrawKeys) -> Double {
    let ratings = sides[0].ratings
    let means = FloatRows(count: 1, columns: ratings.count)
    sweep.means(constant: Float(constant), into: means.elements)
    probit!.update(
      means: UnsafePointer(means.elements), order: &order!, seed: keys.seed, sweep: keys.sweep,
      threads: sweep.threads ?? Parallel.availableThreads)
    let (levels, codes, probit) = (levels!, ratings.levels, probit!)
    let size = 1 << 14
    return
      (Parallel.map((ratings.count + size - 1) / size, threads: sweep.threads) { piece in
        let rows = piece * size..<min((piece + 1) * size, ratings.count)
        probit.expected(
          means: means.elements + rows.lowerBound, count: rows.count, levels: levels,
          into: means.elements + rows.lowerBound)
        return rows.reduce(into: 0.0) { sum, row in
          let error = Double(means.elements[row]) - levels[Int(codes[row])]
          sum += error * error
        }
      }.reduce(0, +) / Double(ratings.count)).squareRoot()
  }

  /// Draws the constant; its prior is N(0, 1). Returns by how much it has changed.
  private func drawConstant(sum: Double, count: Double, keys: DrawKeys) -> Double {
    let before = constant
    let posterior = precision * count + 1
    var stream = keys.stream("constant")
    constant = precision * (sum + count * before) / posterior + stream.normal() / posterior.squareRoot()
    return constant - before
  }

  // MARK: State

  /// All that a sweep begins with.
  func tensors(_ prefix: String) -> [Tensor] {
    var tensors = [Tensor(prefix + "scalars", .float64([constant, precision]))]
    if let probit { tensors.append(Tensor(prefix + "cut_points", .float64(probit.cutPoints))) }
    for group in sides.flatMap(\.groups) {
      tensors.append(
        Tensor(prefix + group.name, shape: [group.count, group.factors.columns], .float32(group.factors.dense)))
      tensors.append(Tensor(prefix + group.name + ".biases", .float32(group.biases.dense)))
    }
    return tensors
  }

  /// Goes to a state that `tensors` made.
  ///
  /// - Returns: nil, or what is wrong.
  func restore(_ tensors: [String: Tensor], _ prefix: String, sweeps: Int, threads: Int?) -> String? {
    guard case .float64(let scalars)? = tensors[prefix + "scalars"]?.values, scalars.count == 2, scalars[1] > 0 else {
      return "\(prefix)scalars is missing or none of a sampler"
    }
    if probit != nil {
      guard case .float64(let cuts)? = tensors[prefix + "cut_points"]?.values, cuts.count == probit!.cutPoints.count,
        zip(cuts, cuts.dropFirst()).allSatisfy({ Float($0) < Float($1) })
      else { return "\(prefix)cut_points is missing or does not ascend" }
      probit = OrderedProbit(cutPoints: cuts)
    }
    for group in sides.flatMap(\.groups) {
      guard case .float32(let factors)? = tensors[prefix + group.name]?.values,
        factors.count == group.count * group.factors.columns,
        case .float32(let biases)? = tensors[prefix + group.name + ".biases"]?.values, biases.count == group.count
      else { return "\(prefix)\(group.name) is missing or has another shape" }
      group.factors.replace(factors)
      group.biases.replace(biases)
    }
    (constant, precision) = (scalars[0], scalars[1])
    self.sweeps = sweeps
    for side in sides { side.compose(threads: threads) }
    return nil
  }
}
