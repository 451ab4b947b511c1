import Foundation
import RatingData
import RatingNumerics
import Synchronization
import Testing
import _RatingTestSupport

@testable import RatingModels

/// Checkpoints: a run that is resumed from any of them ends with the same bytes as one that was never interrupted.
struct CheckpointTests {
  static let planted = PlantedRatings(users: 60, items: 40, perUser: 20)
  static let epochs = 5

  /// Every iterative algorithm of the registry, with few epochs.
  static let algorithms: [any RegisteredAlgorithm & IterativeAlgorithm] = AlgorithmRegistry.standard.entries.compactMap
  {
    entry in
    let name = entry.parameters.first { ["epochs", "sweeps"].contains($0.name) }?.name
    let small = entry.parameters.contains { $0.name == "factors" } ? [(name: "factors", text: "5")] : []
    return try! entry.make((name.map { [(name: $0, text: String(epochs))] } ?? []) + small)
      as? any RegisteredAlgorithm & IterativeAlgorithm
  }

  static func input(stopping: Bool = false) -> TrainingInput {
    TrainingInput(
      planted.train, validation: stopping ? planted.test : nil,
      earlyStopping: stopping ? EarlyStopping(patience: 2, minimumImprovement: 0.01) : nil)
  }

  /// The checkpoints of a run, one for each epoch.
  private final class Saved: Sendable {
    let all = Mutex<[Checkpoint]>([])
    var list: [Checkpoint] { all.withLock { $0 } }
    func checkpointing(every interval: Checkpointing.Interval) -> Checkpointing {
      Checkpointing(every: interval) { checkpoint in self.all.withLock { $0.append(checkpoint) } }
    }
  }

  @Test func thereAreIterativeAlgorithms() {
    #expect(Self.algorithms.map { type(of: $0).name }.starts(with: ["biases", "biased-mf"]))
  }

  @Test(arguments: algorithms.indices, [false, true])
  func resumingFromAnyEpochGivesTheSameBytes(_ index: Int, _ stopping: Bool) throws {
    func check(_ algorithm: some RegisteredAlgorithm & IterativeAlgorithm) throws {
      let input = Self.input(stopping: stopping)
      let provenance = ModelProvenance(algorithm, seed: 3, trainedOn: input)
      let saved = Saved()
      let straight = try algorithm.train(
        on: input, seed: 3, options: RunOptions(checkpointing: saved.checkpointing(every: .epochs(1))))
      #expect(saved.list.map(\.completedEpochs) == Array(1...straight.completedEpochs))
      for checkpoint in saved.list {
        let bytes = CheckpointFile(checkpoint, provenance).bytes
        let file = try CheckpointFile(bytes: bytes)
        #expect(file.bytes == bytes)
        let resumed = try algorithm.train(
          on: input, seed: 3, options: RunOptions(threads: 2), resuming: try file.checkpoint(for: provenance))
        #expect(resumed.model.tensors == straight.model.tensors, "from epoch \(checkpoint.completedEpochs)")
        #expect(resumed.modelEpoch == straight.modelEpoch && resumed.completedEpochs == straight.completedEpochs)
      }
    }
    try check(Self.algorithms[index])
  }

  @Test func aRunThatOverfitsResumesToItsBestEpoch() throws {
    let (algorithm, input) = (
      EarlyStoppingTests.overfitting,
      TrainingInput(Self.planted.train, validation: Self.planted.test, earlyStopping: EarlyStopping(patience: 3))
    )
    let saved = Saved()
    let straight = try algorithm.train(
      on: input, seed: 1, options: RunOptions(checkpointing: saved.checkpointing(every: .epochs(1))))
    #expect(straight.modelEpoch == straight.completedEpochs - 3)
    let provenance = ModelProvenance(algorithm, seed: 1, trainedOn: input)
    for checkpoint in saved.list.suffix(5) {
      let file = try CheckpointFile(bytes: CheckpointFile(checkpoint, provenance).bytes)
      let resumed = try algorithm.train(on: input, seed: 1, resuming: try file.checkpoint(for: provenance))
      #expect(resumed.model.tensors == straight.model.tensors && resumed.modelEpoch == straight.modelEpoch)
      #expect(resumed.ending == .earlyStopping && resumed.completedEpochs == straight.completedEpochs)
    }
  }

  @Test func theIntervalIsKeptAndTheLastEpochIsAlwaysSaved() throws {
    let algorithm = DampedBiases(sweeps: 7)
    let saved = Saved()
    _ = try algorithm.train(
      on: Self.input(), seed: 1, options: RunOptions(checkpointing: saved.checkpointing(every: .epochs(3))))
    #expect(saved.list.map(\.completedEpochs) == [3, 6, 7])
    let rare = Saved()
    _ = try algorithm.train(
      on: Self.input(), seed: 1, options: RunOptions(checkpointing: rare.checkpointing(every: .seconds(1000))))
    #expect(rare.list.map(\.completedEpochs) == [7])
  }

  @Test func aCancelledRunSavesItsLastCompleteEpoch() throws {
    let (saved, flag) = (Saved(), CancellationFlag())
    let options = RunOptions(
      cancellation: flag,
      onEpoch: {
        if $0.epoch == 4 { flag.cancel() }
        return .proceed
      }, checkpointing: saved.checkpointing(every: .seconds(1000)))
    let error = #expect(throws: TrainingError.self) {
      try DampedBiases(sweeps: 9).train(on: Self.input(), seed: 1, options: options)
    }
    #expect(error?.code == .cancelled && saved.list.map(\.completedEpochs) == [4])
  }

  @Test func aRunThatDivergesSavesNothingMore() throws {
    let saved = Saved()
    let error = #expect(throws: TrainingError.self) {
      try BiasedMatrixFactorization(factors: 8, epochs: 50, learningRate: 30).train(
        on: Self.input(), seed: 1, options: RunOptions(checkpointing: saved.checkpointing(every: .seconds(1000))))
    }
    #expect(error?.code == .diverged && saved.list.isEmpty)
  }

  @Test func aFileThatCannotBeWrittenEndsTheRunBeforeItBegins() throws {
    let provenance = ModelProvenance(DampedBiases(), seed: 1, trainedOn: Self.input())
    let error = #expect(throws: RatingDataError.self) {
      try Checkpointing.file("/nonexistent/folder/checkpoint", provenance)
    }
    #expect(error?.kind == .cannotWrite)
    // And one that can't be written later ends it with what was learned.
    let failing = Checkpointing(every: .epochs(2)) { _ throws(TrainingError) in
      throw TrainingError(.checkpointNotWritten, message: "no room", remedy: "make some")
    }
    let late = #expect(throws: TrainingError.self) {
      try DampedBiases().train(
        on: Self.input(), seed: 1, options: RunOptions(keepsLastGoodModel: true, checkpointing: failing))
    }
    #expect(late?.code == .checkpointNotWritten && late?.completedEpochs == 2 && late?.lastGoodEpoch == 2)
  }

  @Test func whatDiffersFromTheRunIsNamed() throws {
    let algorithm = BiasedMatrixFactorization(factors: 4, epochs: 5)
    let input = Self.input()
    let provenance = ModelProvenance(algorithm, seed: 1, trainedOn: input)
    let run = try algorithm.begin(input, seed: 1, options: RunOptions())
    let file = CheckpointFile(run.checkpoint(), provenance)
    func message(_ other: ModelProvenance) -> String {
      do throws(TrainingError) {
        _ = try file.checkpoint(for: other)
        return "accepted"
      } catch {
        return error.code == .checkpointMismatch ? error.description : "another error: \(error)"
      }
    }
    #expect(message(provenance) == "accepted")
    var other = algorithm
    other.learningRate = 0.5
    other.factors = 8
    let parameters = message(ModelProvenance(other, seed: 2, trainedOn: input))
    #expect(parameters.contains("learningRate is \(algorithm.learningRate) in the checkpoint and 0.5 in this run"))
    #expect(parameters.contains("factors is 4 in the checkpoint and 8 in this run"))
    #expect(parameters.contains("the seed is 1 in the checkpoint and 2 in this run"))
    #expect(message(ModelProvenance(DampedBiases(), seed: 1, trainedOn: input)).contains("the algorithm is biased-mf"))
    let fewer = Self.planted.train.selecting(rows: Array(0..<100))
    #expect(
      message(ModelProvenance(algorithm, seed: 1, trainedOn: fewer)).contains("the number of ratings is 1080 in"))
    let reversed = Self.planted.train.selecting(rows: (0..<Self.planted.train.count).reversed())
    #expect(message(ModelProvenance(algorithm, seed: 1, trainedOn: reversed)).contains("the ratings' hash is"))
    #expect(
      message(ModelProvenance(algorithm, seed: 1, trainedOn: Self.input(stopping: true)))
        .contains("early stopping is absent in the checkpoint and patience 2"))
    #expect(
      message(ModelProvenance(algorithm, seed: 1, trainedOn: TrainingInput(Self.planted.train, questions: fewer.pairs)))
        .contains("what will be asked is absent in the checkpoint and 100 pairs"))
    var version = provenance
    version.libraryVersion = "0.0.1"
    #expect(message(version).contains("the library's version is"))
    #expect(throws: TrainingError.self) {
      try algorithm.train(on: Self.input(stopping: true), seed: 1, resuming: file.checkpoint)
    }
  }

  @Test func valuesThatNoRunCouldHaveAreRefused() throws {
    let algorithm = BiasedMatrixFactorization(factors: 4, epochs: 5)
    let input = Self.input()
    var run = try algorithm.begin(input, seed: 1, options: RunOptions())
    for _ in 0..<5 { _ = try run.step() }
    let good = run.checkpoint()
    func code(_ checkpoint: Checkpoint) -> TrainingError.Code? {
      do throws(TrainingError) {
        _ = try algorithm.train(on: input, seed: 1, resuming: checkpoint)
        return nil
      } catch { return error.code }
    }
    func altered(_ change: ([Float]) -> [Float]) -> Checkpoint {
      Checkpoint(
        completedEpochs: 5, seed: 1,
        tensors: good.tensors.map { tensor in
          guard case .float32(let values) = tensor.values else { return tensor }
          return Tensor(tensor.name, shape: tensor.shape, .float32(change(values)))
        })
    }
    #expect(code(good) == nil && code(altered { $0 }) == nil)
    #expect(code(altered { $0.map { _ in .nan } }) == .checkpointMismatch)
    // Finite, but no prediction would be.
    #expect(code(altered { $0.map { _ in 3e38 } }) == .checkpointMismatch)
    #expect(code(Checkpoint(completedEpochs: 6, seed: 1, tensors: good.tensors)) == .checkpointMismatch)
    #expect(code(Checkpoint(completedEpochs: 5, seed: 2, tensors: good.tensors)) == .checkpointMismatch)
    #expect(code(Checkpoint(completedEpochs: 5, seed: 1, tensors: [])) == .checkpointMismatch)
    // The order of the tensors is the file's business.
    #expect(code(Checkpoint(completedEpochs: 5, seed: 1, tensors: good.tensors.reversed())) == nil)
  }

  @Test func aFileHoldsACompleteCheckpointAndCutsAreRefused() throws {
    let folder = try ScratchFolder()
    let algorithm = BiasedMatrixFactorization(factors: 3, epochs: 4)
    let input = Self.input(stopping: true)
    let path = folder.path("run.checkpoint")
    let provenance = ModelProvenance(algorithm, seed: 1, trainedOn: input)
    _ = try algorithm.train(
      on: input, seed: 1, options: RunOptions(checkpointing: try .file(path, every: .epochs(1), provenance)))
    #expect(try ScratchFolder.names(in: folder.path) == ["run.checkpoint"])
    let file = try CheckpointFile(contentsOf: path)
    #expect(file.checkpoint.completedEpochs == 4 && file.provenance == provenance)
    #expect(throws: RatingDataError.self) { try ModelFile.load(path) }
    let bytes = file.bytes
    for length in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: Safetensors.Failure.self) { try CheckpointFile(bytes: Array(bytes.prefix(length))) }
    }
    try folder.write("cut", bytes.dropLast())
    let error = #expect(throws: RatingDataError.self) { try CheckpointFile(contentsOf: folder.path("cut")) }
    #expect(error?.kind == .badData && error?.problems.first?.code == "bad-checkpoint")
    let missing = #expect(throws: RatingDataError.self) { try CheckpointFile(contentsOf: folder.path("none")) }
    #expect(missing?.kind == .inputMissing)
  }
}

extension CheckpointFile {
  /// The file's bytes.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    contents.write { bytes.append(contentsOf: $0) }
    return bytes
  }
}
