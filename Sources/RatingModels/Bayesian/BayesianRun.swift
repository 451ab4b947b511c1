import RatingData
import RatingNumerics

/// A run of `BayesianFactorization`: its chains, the samples that were kept of them, and their trace.
public struct BayesianRun<Design: BayesianDesign>: TrainingRun {
  private let algorithm: BayesianFactorization<Design>
  private let seed: Seed
  private let options: RunOptions
  private let data: BayesianData
  private let chains: [GibbsSampler]
  private let thinning: Int
  private var samples: [PosteriorSample] = []
  private var trace: PosteriorTrace
  public private(set) var completedEpochs = 0
  /// Sums over the samples so far of what is predicted of some pairs: what `predict(_:threads:)` goes on from.
  private var running: (pairs: RatingPairs, sums: PosteriorSums)?

  init(
    _ algorithm: BayesianFactorization<Design>, _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) {
    self.algorithm = algorithm
    self.seed = seed
    self.options = options
    let data = try BayesianData(algorithm, input, threads: options.threads)
    self.data = data
    chains = (0..<algorithm.chains).map {
      GibbsSampler(algorithm, data, seed: seed, chain: $0, threads: options.threads)
    }
    trace = PosteriorTrace(chains: algorithm.chains)
    thinning = algorithm.thinning > 0 ? algorithm.thinning : Self.thinning(PosteriorSample(chains[0]))
  }

  public var epochs: Int { algorithm.sweeps }

  public mutating func step() throws(TrainingError) -> EpochResult {
    let errors = try sweep()
    completedEpochs += 1
    for (chain, sampler) in chains.enumerated() {
      trace.append(
        PosteriorTrace.Entry(error: errors[chain], constant: sampler.constant, precision: sampler.precision),
        chain: chain)
    }
    if keeps(completedEpochs) { samples += chains.map { PosteriorSample($0) } }
    return EpochResult(
      trainingRMSE: errors.reduce(0, +) / Double(errors.count), ratings: chains.count * data.sides[0].ratings.count)
  }

  /// One sweep of every chain, chains in parallel. Returns their training errors in the ratings' unit.
  private func sweep() throws(TrainingError) -> [Double] {
    typealias Outcome = Result<Double, GibbsSampler.Failure>
    let available = options.threads ?? Parallel.availableThreads
    let inner = max(available / chains.count, 1)
    nonisolated(unsafe) let chains = chains
    let cancellation = options.cancellation
    let outcomes = Parallel.map(chains.count, threads: min(available, chains.count)) { chain -> Outcome in
      Result { () throws(GibbsSampler.Failure) -> Double in
        try chains[chain].sweep(threads: inner, cancellation: cancellation)
      }
    }
    let unit = data.levels == nil ? data.deviation : 1
    var errors: [Double] = []
    for outcome in outcomes {
      do throws(GibbsSampler.Failure) {
        errors.append(try outcome.get() * unit)
      } catch {
        if error.isCancelled { throw .cancelled }
        throw .notDrawn(error.part ?? "a row", sweep: completedEpochs + 1)
      }
    }
    return errors
  }

  /// Whether the samples of a sweep are kept: a function of the sweep alone, so that a run that goes on for longer keeps
  /// the same ones.
  private func keeps(_ sweep: Int) -> Bool {
    sweep > algorithm.burnIn && (sweep - algorithm.burnIn) % thinning == 0
  }

  /// The least t for which a sample has at most 0.5 MiB x t^2: more samples of small models.
  private static func thinning(_ sample: PosteriorSample) -> Int {
    let rows = sample.sides + sample.folding.compactMap(\.features)
    let bytes = rows.reduce(0) { $0 + 2 * $1.factors.count + 4 * $1.biases.count }
    return max(Int((Double(bytes) / Double(1 << 19)).squareRoot().rounded(.up)), 1)
  }

  /// The number of samples that are kept of so many sweeps.
  private func sampleCount(sweeps: Int) -> Int {
    max(sweeps - algorithm.burnIn, 0) / thinning * chains.count
  }

  /// The model of the samples that were kept; where there is none yet, of the present state.
  ///
  /// - Complexity: O(users + items) x factors: a copy of the state.
  public func model() -> PosteriorModel {
    PosteriorModel(
      data, factors: algorithm.factors, samples: samples.isEmpty ? chains.map { PosteriorSample($0) } : samples,
      state: state)
  }

  /// What `model()` predicts, at the cost of the newest samples alone.
  public mutating func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    if samples.isEmpty { return model().predict(pairs, threads: threads) }
    let model = PosteriorModel(data, factors: algorithm.factors, samples: [], state: [])
    var sums = PosteriorSums(data.axes, pairs)
    if let running, running.pairs == pairs, running.sums.sampleCount <= samples.count { sums = running.sums }
    for sample in samples[sums.sampleCount...] { sums.add(sample, of: model, threads: threads) }
    running = (pairs, sums)
    let count = Double(sums.sampleCount)
    return Predictions(sums.values.map { model.rating($0 / count) })
  }

  /// The chains' states and traces.
  private var state: [Tensor] {
    chains.enumerated().flatMap { number, chain in
      chain.tensors("state.\(number).")
        + (0..<2).flatMap { side in
          FoldingPrior.tensors(
            of: [FoldingPrior(chain.sides[side], features: nil)], "state.\(number).", side: side,
            factors: algorithm.factors)
        }
    } + trace.tensors
  }

  public func checkpoint() -> Checkpoint {
    Checkpoint(
      completedEpochs: completedEpochs, seed: seed,
      tensors: state + PosteriorModel.tensors(of: samples, axes: data.axes, factors: algorithm.factors))
  }

  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    guard checkpoint.seed == seed else {
      throw .checkpointMismatch("the checkpoint has seed \(checkpoint.seed), the run has \(seed)")
    }
    guard (0...epochs).contains(checkpoint.completedEpochs) else {
      throw .checkpointMismatch("the checkpoint stands at sweep \(checkpoint.completedEpochs), the run has \(epochs)")
    }
    for tensor in checkpoint.tensors where !tensor.isFinite {
      throw .checkpointMismatch("the checkpoint's \(tensor.name) has values that are not finite")
    }
    let count = sampleCount(sweeps: checkpoint.completedEpochs)
    do throws(ModelTensors.Failure) {
      let tensors = ModelTensors(checkpoint.tensors, vocabularies: data.vocabularies, scale: data.scale)
      let restored =
        count == 0
        ? []
        : try PosteriorModel.samples(
          tensors, axes: data.axes, factors: algorithm.factors, levelCount: data.levels?.count)
      guard restored.count == count else {
        throw ModelTensors.Failure("it holds \(restored.count) samples, expected \(count)")
      }
      guard restored.allSatisfy({ [form = PosteriorSample(chains[0]).form] in $0.form == form }) else {
        throw ModelTensors.Failure("its samples have other parts than those of the run")
      }
      for (number, chain) in chains.enumerated() {
        for side in 0..<2 {
          let prior = try FoldingPrior.priors(
            tensors, "state.\(number).", side: side, count: 1, factors: algorithm.factors, features: nil)[0]
          guard (prior.matrix != nil) == (chain.sides[side].own.prior.matrix != nil) else {
            throw ModelTensors.Failure("its priors have other parts than those of the run")
          }
          chain.sides[side].own.prior = prior.groupPrior
        }
      }
      trace = try PosteriorTrace(tensors, chains: chains.count, sweeps: checkpoint.completedEpochs)
      samples = restored
    } catch {
      throw .checkpointMismatch("the checkpoint is none of this run: \(error.description)")
    }
    let named = Dictionary(checkpoint.tensors.map { ($0.name, $0) }) { first, _ in first }
    for (number, chain) in chains.enumerated() {
      if let problem = chain.restore(
        named, "state.\(number).", sweeps: checkpoint.completedEpochs, threads: options.threads)
      {
        throw .checkpointMismatch("the checkpoint is none of this run: \(problem)")
      }
    }
    completedEpochs = checkpoint.completedEpochs
    running = nil
  }
}

extension TrainingError {
  /// The posterior of `part`, such as `row 17 of users`, could not be drawn from.
  static func notDrawn(_ part: String, sweep: Int) -> TrainingError {
    TrainingError(
      .diverged, message: "the posterior of \(part) could not be drawn from in sweep \(sweep): its precision overflows",
      remedy: "use fewer factors or a smaller initialStandardDeviation")
  }
}
