import Foundation
import RatingData
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingModels

/// Damaged model files: refused, or models whose predictions are finite.
@Suite struct ModelFileFuzzTests {
  @Test func modelFileFuzz() throws {
    let folder = try ScratchFolder()
    let seconds = ProcessInfo.processInfo.environment["RATINGBENCH_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
    let ratings = RatingDataset(
      users: ["a", "b", "c", "a", "b"], items: ["x", "x", "y", "y", "z"], ratings: [1, 5, 3, 2, 4],
      times: [1, 90_000, 5000, 400_000, 7], scale: .wholeStars)
    let numbered = RatingDataset(
      users: [1, 2, 3, 1], items: [7, 7, 8, 9], ratings: [1, 5, 3, 2], times: [9, 80_000, 70, 6],
      scale: .wholeStars)
    var good: [[UInt8]] = []
    for (number, name) in AlgorithmRegistry.standard.names.enumerated() {
      let algorithm = try AlgorithmRegistry.standard.algorithm(name, [])
      func save(_ algorithm: some RegisteredAlgorithm) throws {
        let data = number % 2 == 0 ? ratings : numbered
        let model =
          try algorithm.fit(to: TrainingInput(data), seed: Seed(1), options: RunOptions(threads: 1))
          as any SavableModel
        let path = folder.path("model")
        try ModelFile(model, ModelProvenance(algorithm, seed: Seed(1), trainedOn: data)).write(to: path)
        good.append(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
      }
      try save(algorithm)
    }
    var random = SplitMix(1)
    let end = ContinuousClock.now + .milliseconds(Int(seconds * 1000))
    var inputs = 0
    while ContinuousClock.now < end {
      var bytes = good[random.below(good.count)]
      let header = bytes.withUnsafeBytes { Int(UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) } + 8
      for _ in 0..<(1 + random.below(4)) where !bytes.isEmpty {
        // Most damage is to the header: the values are checked one by one.
        let place = random.below(random.below(4) == 0 ? bytes.count : min(header, bytes.count))
        switch random.below(5) {
        case 0: bytes[place] ^= UInt8(1 << random.below(8))
        case 1: bytes[place] = Array("0123456789[]{}\",:-".utf8)[random.below(18)]
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(Array("0123456789[]{}\",:-eE.\\u".utf8)[random.below(23)], at: place)
        default: bytes.removeSubrange(place...)
        }
        // A damaged length alone would hide all other damage.
        if bytes.count > 8, random.below(2) == 0 {
          let length = UInt64(max(0, min(bytes.count, header) - 8))
          withUnsafeBytes(of: length.littleEndian) { for (k, byte) in $0.enumerated() { bytes[k] = byte } }
        }
      }
      inputs += 1
      let path = try folder.write("model", bytes)
      guard let model = try? ModelFile.load(path) else { continue }
      let pairs = RatingPairs(
        users: [0, RatingPairs.unknown, 0], items: [RatingPairs.unknown, 0, 0], times: [0, .max, 100_000])
      let known = model.vocabularies.users.count > 0 && model.vocabularies.items.count > 0
      #expect(!known || model.predict(pairs, threads: 1).values.allSatisfy(\.isFinite), "\(bytes)")
    }
    print("fuzz: models: \(inputs) inputs in \(seconds) s")
  }
}
