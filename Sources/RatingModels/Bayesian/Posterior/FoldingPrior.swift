/// What a draw of the posterior says of rows that are not there yet: their prior, and the factors of their features.
struct FoldingPrior: Sendable {
  /// Of each factor, and of the bias behind them.
  let means: [Double]
  /// Likewise; 0 for a bias that rows don't have.
  let precisions: [Double]
  /// The factors' precision matrix, row-major, where there is one.
  let matrix: [Double]?
  /// For users the features that items are, for items those that users are, one for each of the vocabulary; nil where the
  /// design has none.
  let features: PosteriorSample.Rows?

  /// The names of the feature groups of users and items that come from the ratings.
  static let featureNames = ["users.items", "items.users"]

  init(means: [Double], precisions: [Double], matrix: [Double]?, features: PosteriorSample.Rows?) {
    self.means = means
    self.precisions = precisions
    self.matrix = matrix
    self.features = features
  }

  /// Of a side of a sampler.
  ///
  /// - Parameter name: of its feature group; nil for the prior alone.
  init(_ side: ModelSide, features name: String?) {
    let prior = side.own.prior
    var precisions = prior.precisions
    if !side.own.hasBiases { precisions[prior.factors] = 0 }
    self.init(
      means: prior.means, precisions: precisions, matrix: prior.matrix,
      features: side.features.first { $0.parameters.name == name }.map {
        PosteriorSample.Rows($0.parameters.factors, $0.parameters.biases)
      })
  }

  /// The prior as the kernels read it.
  ///
  /// - Parameter precision: of a rating around the model.
  func scaled(precision: Double) -> ScaledPrior {
    ScaledPrior(groupPrior, hasBias: precisions[means.count - 1] > 0, precision: precision)
  }

  var groupPrior: GroupPrior {
    var prior = GroupPrior(factors: means.count - 1, hasMatrix: matrix != nil)
    prior.means = means
    prior.precisions = precisions
    prior.matrix = matrix
    return prior
  }
}

// MARK: Tensors

extension FoldingPrior {
  private static func name(_ prefix: String, side: Int) -> String { prefix + "prior." + ["users", "items"][side] }

  /// One side of all samples, with the prefix `samples.`: `samples.prior.users`, [samples, 2, factors + 1], means and
  /// precisions; `samples.prior.users.matrix`, [samples, factors, factors]; `samples.users.items` and
  /// `samples.users.items.biases`.
  static func tensors(of priors: [FoldingPrior], _ prefix: String, side: Int, factors: Int) -> [Tensor] {
    guard let first = priors.first else { return [] }
    let name = name(prefix, side: side)
    var tensors = [
      Tensor(name, shape: [priors.count, 2, factors + 1], .float64(priors.flatMap { $0.means + $0.precisions }))
    ]
    if first.matrix != nil {
      tensors.append(
        Tensor(
          name + ".matrix", shape: [priors.count, factors, factors], .float64(priors.flatMap { $0.matrix ?? [] })))
    }
    if first.features != nil {
      tensors += PosteriorSample.Rows.tensors(
        of: priors.compactMap(\.features), prefix + featureNames[side], factors: factors)
    }
    return tensors
  }

  /// What `tensors(of:_:side:factors:)` has stacked.
  ///
  /// - Parameter features: how many there are where the design has them; nil leaves them out.
  static func priors(
    _ tensors: ModelTensors, _ prefix: String, side: Int, count: Int, factors: Int, features: Int?
  ) throws(ModelTensors.Failure) -> [FoldingPrior] {
    let (name, width) = (name(prefix, side: side), factors + 1)
    let values = try tensors.doubles(name, shape: [count, 2, width])
    let matrices =
      tensors.names.contains(name + ".matrix")
      ? try tensors.doubles(name + ".matrix", shape: [count, factors, factors]) : nil
    var rows: [PosteriorSample.Rows]?
    if let features, tensors.names.contains(prefix + featureNames[side]) {
      rows = try PosteriorSample.Rows.stack(
        tensors, prefix + featureNames[side], count: count, rows: features, factors: factors)
    }
    var priors: [FoldingPrior] = []
    for sample in 0..<count {
      let start = 2 * sample * width
      let means = Array(values[start..<start + width])
      let precisions = Array(values[start + width..<start + 2 * width])
      guard means.allSatisfy({ abs($0) < 1e15 }), precisions.dropLast().allSatisfy({ $0 > 0 && $0 < 1e30 }),
        (0..<1e30).contains(precisions[factors])
      else { throw ModelTensors.Failure("\(name) of sample \(sample + 1) is none that a sampler could draw") }
      priors.append(
        FoldingPrior(
          means: means, precisions: precisions,
          matrix: matrices.map { Array($0[sample * factors * factors..<(sample + 1) * factors * factors]) },
          features: rows?[sample]))
    }
    return priors
  }
}
