import Foundation
import RatingData
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingModels

/// NumPy reads every model by a script that knows the safetensors format and nothing of ours: Tests/Scripts/read_model.py.
///
/// `RATINGBENCH_PYTHON` names the interpreter; else it is the `python3` of the path. Skipped where it lacks NumPy.
struct NumPyReadsModelsTests {
  /// What the script tells of a tensor.
  private struct Read: Decodable {
    var type: String
    var shape: [Int]
    var sum: Double
    var moment: Double
  }

  private struct Answer: Decodable {
    var metadata: [String: String]
    var tensors: [String: Read]
  }

  @Test(arguments: AlgorithmRegistry.standard.names, [false, true])
  func numpyReadsWhatWeWrote(_ name: String, _ hasTextIDs: Bool) throws {
    let ratings =
      hasTextIDs
      ? RatingDataset(
        users: ["ann", "bob", "zoë", "ann"], items: ["x", "y", "10", "10"], ratings: [1, 2, 5, 4],
        times: [100, 200, 300, 90_000], scale: .halfStars)
      : RatingDataset(
        users: [3, 1, 2, 3], items: [7, 8, 9, 9], ratings: [1, 2, 5, 4], times: [100, 200, 300, 90_000],
        scale: .halfStars)
    let algorithm = try AlgorithmRegistry.standard.algorithm(name)
    func save(_ algorithm: some RegisteredAlgorithm, _ folder: ScratchFolder) throws -> ModelFile {
      let model = try algorithm.fit(to: ratings, seed: 7) as any SavableModel
      let file = ModelFile(model, ModelProvenance(algorithm, seed: 7, trainedOn: ratings))
      try file.write(to: folder.path("model"))
      return file
    }
    let folder = try ScratchFolder()
    let file = try save(algorithm, folder)
    guard let answer = try read(folder.path("model")) else {
      print("skipped: NumPy is not installed, so that it reads our models is not tested here")
      return
    }
    let contents = file.contents
    #expect(answer.metadata == Dictionary(uniqueKeysWithValues: contents.metadata.map { ($0.key, $0.value) }))
    #expect(answer.metadata["algorithm"] == name && answer.metadata["data_hash"] == ratings.contentHash)
    #expect(Set(answer.tensors.keys) == Set(contents.tensors.map(\.name)))
    for tensor in contents.tensors {
      let found = try #require(answer.tensors[tensor.name])
      let values: [Double] =
        switch tensor.values {
        case .float16(let values): values.map { Double(HalfPrecision.value($0)) }
        case .float32(let values): values.map { Double($0) }
        case .float64(let values): values
        case .int64(let values): values.map { Double($0) }
        case .uint8(let values): values.map { Double($0) }
        }
      let moment = values.enumerated().reduce(0.0) { $0 + Double($1.offset) * $1.element }
      #expect(found.type == tensor.values.typeName && found.shape == tensor.shape)
      let size = values.reduce(1.0) { $0 + abs($1) }
      #expect(abs(found.sum - values.reduce(0, +)) < 1e-12 * size)
      #expect(abs(found.moment - moment) < 1e-12 * size * Double(values.count + 1))
    }
  }

  /// What the script says of a model; nil where there is no NumPy.
  private func read(_ path: String) throws -> Answer? {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Scripts/read_model.py")
    let python = ProcessInfo.processInfo.environment["RATINGBENCH_PYTHON"] ?? "python3"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, script.path, path]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let trouble = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus == 127 || text.starts(with: Data("no numpy".utf8)) { return nil }
    #expect(process.terminationStatus == 0, "\(trouble)")
    return try JSONDecoder().decode(Answer.self, from: text)
  }
}
