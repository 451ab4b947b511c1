import Foundation
import RatingData
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingModels

/// Damaged checkpoints: refused with a message, or resumed to a model whose predictions are finite.
@Suite struct CheckpointFuzzTests {
  @Test func checkpointFuzz() throws {
    let folder = try ScratchFolder()
    let seconds = ProcessInfo.processInfo.environment["RATINGBENCH_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
    let ratings = RatingDataset(
      users: [1, 2, 3, 1, 2, 3], items: [7, 7, 8, 9, 9, 9], ratings: [1, 5, 3, 2, 4, 5],
      times: [100, 200, 90_000, 90_100, 200_000, 300_000], scale: .wholeStars)
    let split = Split(train: ratings.selecting(rows: [0, 1, 2, 3]), test: ratings.selecting(rows: [4, 5]))
    let rule = EarlyStopping(patience: 1)
    let inputs = [
      TrainingInput(split.train), TrainingInput(split.train, validation: split.test, earlyStopping: rule),
    ]
    /// A file, and what resumes it.
    struct Target {
      var bytes: [UInt8]
      var resume: (Checkpoint) throws -> any RatingModel
    }
    var targets: [Target] = []
    func add(_ algorithm: some RegisteredAlgorithm & IterativeAlgorithm) throws {
      for input in inputs {
        let path = folder.path("good")
        let provenance = ModelProvenance(algorithm, seed: 1, trainedOn: input)
        _ = try algorithm.train(
          on: input, seed: 1,
          options: RunOptions(threads: 1, checkpointing: try .file(path, every: .epochs(1), provenance)))
        targets.append(
          Target(bytes: Array(try Data(contentsOf: URL(fileURLWithPath: path)))) {
            try algorithm.fit(to: input, seed: 1, options: RunOptions(threads: 1), resuming: $0)
          })
      }
    }
    for algorithm in CheckpointTests.algorithms { try add(algorithm) }
    var random = SplitMix(2)
    let end = ContinuousClock.now + .milliseconds(Int(seconds * 1000))
    var (count, resumed) = (0, 0)
    while ContinuousClock.now < end {
      let target = targets[random.below(targets.count)]
      var bytes = target.bytes
      let header = bytes.withUnsafeBytes { Int(UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) } + 8
      for _ in 0..<(1 + random.below(3)) where !bytes.isEmpty {
        let place = random.below(random.below(2) == 0 ? bytes.count : min(header, bytes.count))
        switch random.below(6) {
        case 0, 1: bytes[place] ^= UInt8(1 << random.below(8))
        case 2: bytes[place] = Array("0123456789[]{}\",:-".utf8)[random.below(18)]
        case 3: bytes.remove(at: place)
        case 4: bytes.insert(Array("0123456789[]{}\",:-eE.\\u".utf8)[random.below(23)], at: place)
        default: bytes.removeSubrange(place...)
        }
      }
      count += 1
      guard let file = try? CheckpointFile(bytes: bytes), let model = try? target.resume(file.checkpoint) else {
        continue
      }
      resumed += 1
      let pairs = RatingPairs(users: [0, 1, 2, RatingPairs.unknown], items: [RatingPairs.unknown, 0, 1, 2])
      let isFinite = model.predict(pairs, threads: 1).values.allSatisfy { $0.isFinite }
      #expect(isFinite, "\(bytes)")
    }
    print("fuzz: checkpoints: \(count) inputs in \(seconds) s, \(resumed) of them resumed")
    #expect(resumed > 0)
  }
}
