import RatingData
import RatingNumerics

/// A checkpoint on disk: a safetensors file with the state of a run, and with all that the run depends on.
///
/// Tensors: `run.<name>` for those of the run, and with early stopping `best.<name>` for those of its best epoch where
/// that is an earlier one. `__metadata__` holds `format` (`ratingbench-checkpoint`), `format_version`, `algorithm`,
/// `parameter.<name>`, `seed`, `ratings`, `data_hash`, `completed_epochs`, `library_version`, and with early stopping
/// what a model file holds of it, and `best_epoch`, `best_rmse`, `improved_epoch` and `improved_rmse`.
///
/// ```swift
/// let provenance = ModelProvenance(algorithm, seed: 1, trainedOn: input)
/// let options = RunOptions(checkpointing: try .file("run.checkpoint", provenance))
/// let outcome = try algorithm.train(on: input, seed: 1, options: options)
/// // After the process was killed:
/// let file = try CheckpointFile(contentsOf: "run.checkpoint")
/// let resumed = try algorithm.train(on: input, seed: 1, resuming: try file.checkpoint(for: provenance))
/// ```
public struct CheckpointFile: Sendable {
  /// The state of the run. `checkpoint(for:)` checks that it is one of the run that is to go on.
  public let checkpoint: Checkpoint
  /// What the run was made from.
  public let provenance: ModelProvenance

  static let format = "ratingbench-checkpoint"
  static let formatVersion = "1"
  static let runPrefix = "run."
  private static let bestPrefix = "best."

  public init(_ checkpoint: Checkpoint, _ provenance: ModelProvenance) {
    self.checkpoint = checkpoint
    self.provenance = provenance
  }

  /// Reads a checkpoint and checks the file: its header, the tensors' types, shapes and offsets, and that it is of this
  /// format.
  ///
  /// - Throws: `inputMissing`, or `badData` with the code `bad-checkpoint` and what is wrong.
  public init(contentsOf path: String) throws(RatingDataError) {
    let bytes = try FileBytes.read(path)
    do throws(Safetensors.Failure) {
      self = try CheckpointFile(bytes: bytes)
    } catch {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, "bad-checkpoint", file: path,
            message: "this is not a checkpoint that can be used: \(error.description); train from the beginning")
        ])
    }
  }

  /// The checkpoint, if it is one of the run of this recipe, seed and ratings.
  ///
  /// - Throws: `checkpointMismatch`, naming everything that differs.
  public func checkpoint(for run: ModelProvenance) throws(TrainingError) -> Checkpoint {
    let differences = provenance.differences(from: run, in: "checkpoint")
    guard differences.isEmpty else { throw .checkpointMismatch(differences.joined(separator: "; ")) }
    return checkpoint
  }

  /// Writes the checkpoint under a name that appears only when the file is complete.
  public func write(to path: String) throws(RatingDataError) {
    let file = try OutputFile(path)
    try contents.write { bytes throws(RatingDataError) in try file.write(raw: bytes) }
    try file.commit()
  }

  // MARK: Contents

  var contents: Safetensors {
    var metadata = [("format", Self.format), ("format_version", Self.formatVersion)]
    metadata += provenance.metadata
    metadata.append(("completed_epochs", String(checkpoint.completedEpochs)))
    var tensors = checkpoint.tensors.map { $0.renamed(Self.runPrefix + $0.name) }
    if let stopping = checkpoint.stopping {
      metadata += [
        ("best_epoch", String(stopping.bestEpoch)), ("best_rmse", String(stopping.bestRMSE)),
        ("improved_epoch", String(stopping.improvedEpoch)), ("improved_rmse", String(stopping.improvedRMSE)),
      ]
      if stopping.bestEpoch != checkpoint.completedEpochs {
        tensors += stopping.bestTensors.map { $0.renamed(Self.bestPrefix + $0.name) }
      }
    }
    metadata.append(("library_version", provenance.libraryVersion))
    return Safetensors(metadata: metadata.map { (key: $0.0, value: $0.1) }, tensors: tensors)
  }

  init(bytes: [UInt8]) throws(Safetensors.Failure) {
    let file = try Safetensors(bytes)
    try file.requireFormat(Self.format, version: Self.formatVersion)
    provenance = try ModelProvenance(file)
    func tensors(_ prefix: String) -> [Tensor] {
      file.tensors.filter { $0.name.hasPrefix(prefix) }.map { $0.renamed(String($0.name.dropFirst(prefix.count))) }
    }
    let (run, best) = (tensors(Self.runPrefix), tensors(Self.bestPrefix))
    guard run.count + best.count == file.tensors.count else {
      throw Safetensors.Failure("it has tensors that are neither \(Self.runPrefix) nor \(Self.bestPrefix)")
    }
    let completed = try file.requiredNatural("completed_epochs")
    var checkpoint = Checkpoint(completedEpochs: completed, seed: provenance.seed, tensors: run)
    if let rule = provenance.earlyStopping?.rule {
      func rmse(_ key: String) throws(Safetensors.Failure) -> Double {
        guard let value = Double(try file.text(key)), value >= 0 else {
          throw Safetensors.Failure("its \(key) is no number of at least 0")
        }
        return value
      }
      var state = StoppingState(rule)
      (state.bestEpoch, state.bestRMSE) = (try file.requiredNatural("best_epoch"), try rmse("best_rmse"))
      (state.improvedEpoch, state.improvedRMSE) = (
        try file.requiredNatural("improved_epoch"), try rmse("improved_rmse")
      )
      state.bestTensors = state.bestEpoch == completed ? run : best
      checkpoint.stopping = state
    }
    guard checkpoint.stopping.map({ $0.bestEpoch != completed }) ?? false || best.isEmpty else {
      throw Safetensors.Failure("it has tensors of a best epoch that isn't an earlier one")
    }
    self.checkpoint = checkpoint
  }
}

extension Checkpointing {
  /// Saves checkpoints in a file, which at any time holds a complete one.
  ///
  /// - Throws: `cannotWrite` where the file can't be written, before anything is trained.
  public static func file(
    _ path: String, every interval: Interval = .seconds(30), _ provenance: ModelProvenance
  ) throws(RatingDataError) -> Checkpointing {
    _ = try OutputFile(path)
    return Checkpointing(every: interval) { checkpoint throws(TrainingError) in
      do throws(RatingDataError) {
        try CheckpointFile(checkpoint, provenance).write(to: path)
      } catch {
        throw TrainingError(
          .checkpointNotWritten,
          message: error.problems.first.map { "\($0.file) \($0.message)" } ?? "\(path) can't be written",
          remedy: "the run ended after epoch \(checkpoint.completedEpochs)")
      }
    }
  }
}

extension Tensor {
  func renamed(_ name: String) -> Tensor { Tensor(name, shape: shape, values) }
}
