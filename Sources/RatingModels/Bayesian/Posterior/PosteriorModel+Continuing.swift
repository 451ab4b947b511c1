import RatingData
import RatingNumerics

extension PosteriorModel {
  /// The state of the run that made this model, after its last sweep, to go on from: with the samples so far.
  ///
  /// A run of the same recipe but for more sweeps, with the same seed and ratings, that is resumed from it ends with the
  /// same bytes as one that was never interrupted.
  ///
  /// - Parameter seed: the run's.
  /// - Returns: nil where users or items were folded in, which the run doesn't know.
  public func checkpoint(seed: Seed) -> Checkpoint? {
    guard let trace = PosteriorTrace(state: state), state.contains(where: { $0.name == "state.0.scalars" }) else {
      return nil
    }
    return Checkpoint(
      completedEpochs: trace.sweeps, seed: seed,
      tensors: state + Self.tensors(of: samples, axes: axes, factors: factors))
  }
}

extension ModelFile {
  /// The state that a posterior model ends with, if it is one of this run but for the number of sweeps.
  ///
  /// ```swift
  /// let file = try ModelFile(contentsOf: "model.safetensors")
  /// let longer = BayesianTimeSVDPlusPlusFlipped(sweeps: 1024)
  /// let checkpoint = try file.checkpoint(continuedBy: ModelProvenance(longer, seed: 1, trainedOn: ratings))
  /// let outcome = try longer.train(on: TrainingInput(ratings), seed: 1, resuming: checkpoint)
  /// ```
  ///
  /// - Throws: `checkpointMismatch`, naming everything that differs.
  public func checkpoint(continuedBy run: ModelProvenance) throws(TrainingError) -> Checkpoint {
    func mismatch(_ message: String) -> TrainingError {
      TrainingError(
        .checkpointMismatch, message: message,
        remedy: "continue with the algorithm, parameters (but sweeps), seed and ratings that the model was made with")
    }
    guard let posterior = model as? PosteriorModel else {
      throw mismatch("a model of \(provenance.algorithm) has no chains that could go on")
    }
    var mine = provenance
    if let sweeps = run.parameters.first(where: { $0.name == "sweeps" }),
      let index = mine.parameters.firstIndex(where: { $0.name == sweeps.name })
    {
      mine.parameters[index] = sweeps
    }
    let differences = mine.differences(from: run, in: "model")
    guard differences.isEmpty else { throw mismatch(differences.joined(separator: "; ")) }
    guard mine.earlyStopping == nil else { throw mismatch("early stopping can't go on from a model") }
    guard mine.foldedIn.isEmpty, let checkpoint = posterior.checkpoint(seed: mine.seed) else {
      throw mismatch("users or items were folded into the model, which the chains don't know")
    }
    if let sweeps = run.parameters.first(where: { $0.name == "sweeps" }).flatMap({ Int($0.value) }),
      sweeps < checkpoint.completedEpochs
    {
      throw mismatch("the model has \(checkpoint.completedEpochs) sweeps already, the run asks for \(sweeps)")
    }
    return checkpoint
  }
}
