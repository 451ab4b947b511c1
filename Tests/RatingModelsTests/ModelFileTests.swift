import Foundation
import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct ModelFileTests {
  /// A small model with text ids.
  static let bytes: [UInt8] = {
    let ratings = RatingDataset(
      users: ["ann", "bob", "zoë", "ann"], items: ["x", "y", "10", "10"], ratings: [1, 2, 5, 4], scale: .halfStars)
    let algorithm = BiasedMatrixFactorization(factors: 3, epochs: 2)
    let model = try! algorithm.fit(to: ratings, seed: 1)
    return ModelFile(model, ModelProvenance(algorithm, seed: 1, trainedOn: ratings)).bytes
  }()

  private func header(_ bytes: [UInt8]) -> String {
    let length = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
    return String(decoding: bytes[8..<8 + length], as: UTF8.self)
  }

  /// The file with a part of its header replaced.
  private func altered(_ old: String, _ new: String) throws -> [UInt8] {
    let header = header(Self.bytes)
    try #require(header.contains(old), "\(header) has no \(old)")
    let text = Array(header.replacingOccurrences(of: old, with: new).utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
      + Self.bytes.dropFirst(8 + header.utf8.count)
  }

  private func problem(_ bytes: [UInt8]) -> String? {
    do throws(Safetensors.Failure) {
      _ = try ModelFile(bytes: bytes)
      return nil
    } catch { return error.description }
  }

  @Test func aFileIsReadBackWhole() throws {
    let path = NSTemporaryDirectory() + "model-\(UUID().uuidString).safetensors"
    defer { unlink(path) }
    try ModelFile(bytes: Self.bytes).write(to: path)
    #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == Self.bytes)
    let model = try ModelFile.load(path)
    #expect(model.vocabularies.users.count == 3)
    #expect(model.scale == .halfStars)
    #expect(model.rating(user: "zoë", item: "10").isFinite)
  }

  @Test func aMissingFileIsInputMissing() {
    let error = #expect(throws: RatingDataError.self) { try ModelFile.load("/nonexistent/model") }
    #expect(error?.kind == .inputMissing)
  }

  @Test func aBadFileNamesThePathAndACode() throws {
    let path = NSTemporaryDirectory() + "model-\(UUID().uuidString).safetensors"
    defer { unlink(path) }
    try Data("user,item,rating\n1,2,3\n".utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: RatingDataError.self) { try ModelFile.load(path) }
    #expect(error?.kind == .badData)
    #expect(error?.problems.map(\.code) == ["bad-model"])
    #expect(error?.problems.first?.file == path)
  }

  @Test(arguments: [
    (#""format":"ratingbench-model""#, #""format":"other""#, "doesn't name the format"),
    (#""format_version":"1""#, #""format_version":"9""#, "format version 9"),
    (#""algorithm":"biased-mf""#, #""algorithm":"magic""#, "no algorithm magic"),
    (#""algorithm":"biased-mf""#, #""algorithm":"biases""#, "biases.users"),
    (#""seed":"1""#, #""seed":"one""#, "seed"),
    (#""scale_lower":"0.5""#, #""scale_lower":"nan""#, "finite bounds"),
    (#""scale_upper":"5.0""#, #""scale_upper":"-1""#, "finite bounds"),
    (#""scale_step":"0.5""#, #""scale_step":"0""#, "step"),
    (#""dtype":"F64""#, #""dtype":"BF16""#, "type BF16"),
    (#""dtype":"F64""#, #""dtype":"F16""#, "needs"),
    (#""shape":[3,3]"#, #""shape":[3,4]"#, "needs"),
    (#""shape":[3,3]"#, #""shape":[9]"#, "shape"),
    (#""shape":[3,3]"#, #""shape":[4611686018427387904,4611686018427387904]"#, "too large"),
    (#""shape":[3,3]"#, #""shape":[-3,-3]"#, "dimension"),
    (#""data_offsets":[0,24]"#, #""data_offsets":[8,32]"#, "begins at byte"),
    (#"{"__metadata__""#, #"{"__metadata__":{},"__metadata__""#, "second time"),
    (#"{"__metadata__""#, #"{"a":[[[[[[[[[[[[1]]]]]]]]]]]],"__metadata__""#, "nesting"),
    (#"{"__metadata__""#, #"{"a":1.5,"__metadata__""#, "expected"),
    (#"{"__metadata__""#, #"{"a":null,"__metadata__""#, "expected an object"),
    (#"{"__metadata__""#, #"{"\ud800":1,"__metadata__""#, "surrogate"),
    (#"{"__metadata__""#, #"["__metadata__""#, "header"),
  ])
  func aHeaderThatLiesIsRejected(_ old: String, _ new: String, _ message: String) throws {
    let found = problem(try altered(old, new))
    #expect(found?.contains(message) == true, "\(found ?? "accepted")")
  }

  @Test func aHostileHeaderLengthIsRejectedWithoutAllocating() {
    for length in [UInt64.max, 1 << 62, 100_000_001, UInt64(Self.bytes.count)] {
      let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + Self.bytes.dropFirst(8)
      #expect(problem(bytes)?.contains("its header would have \(length) bytes") == true)
    }
  }

  @Test func everyTruncationIsRejected() {
    for length in 0..<Self.bytes.count { #expect(problem(Array(Self.bytes.prefix(length))) != nil) }
    #expect(problem(Self.bytes + [0]) != nil)
  }

  @Test func valuesThatNoFitMakesAreRejected() throws {
    let file = try Safetensors(Self.bytes)
    func altered(_ name: String, _ values: Tensor.Values) -> String? {
      var copy = file
      let index = copy.tensors.firstIndex { $0.name == name }!
      copy.tensors[index] = Tensor(name, shape: copy.tensors[index].shape, values)
      var bytes: [UInt8] = []
      copy.write { bytes.append(contentsOf: $0) }
      return problem(bytes)
    }
    #expect(altered("biases.users", .float32([0, .nan, 0]))?.contains("not finite") == true)
    #expect(altered("mean", .float64([.infinity]))?.contains("not finite") == true)
    #expect(altered("factors.users", .float32([3e38, 0, 0, 3e38, 0, 0, 0, 0, .infinity]))?.contains("finite") == true)
    #expect(altered("mean", .float64([1e300]))?.contains("so large") == true)
    #expect(altered("ids.users.ends", .int64([3, 3, 10]))?.contains("doesn't ascend") == true)
    #expect(altered("ids.users.ends", .int64([3, .max, 10]))?.contains("ends at byte") == true)
    #expect(altered("ids.users.ends", .int64([-3, 6, 10]))?.contains("ends at byte") == true)
    #expect(altered("ids.users.ends", .int64([3, 6, 9]))?.contains("end at byte 9 of 10") == true)
    #expect(altered("ids.users", .uint8([UInt8](repeating: 0xff, count: 10)))?.contains("UTF-8") == true)
    #expect(altered("ids.users", .uint8(Array("bobannzoë".utf8)))?.contains("doesn't ascend") == true)
  }

  /// Flips, overwrites, inserts and cuts bytes at random: whatever comes of it is rejected with a message, or predicts
  /// finite ratings. `RATINGBENCH_FUZZ` multiplies the number of files.
  @Test func mutatedFilesNeverCrash() {
    let effort = ProcessInfo.processInfo.environment["RATINGBENCH_FUZZ"].flatMap { Int($0) } ?? 1
    var accepted = 0
    for number in 0..<3000 * effort {
      var stream = RandomStream(seed: 11, purpose: "tests.model-mutations", index: UInt64(number))
      var bytes = Self.bytes
      for _ in 0...stream.below(4) {
        let position = stream.below(bytes.count)
        switch stream.below(5) {
        case 0: bytes[position] ^= 1 << stream.below(8)
        case 1: bytes[position] = UInt8(stream.below(256))
        case 2: bytes.insert(Array("{}[]\",:0919\\u".utf8)[stream.below(13)], at: position)
        case 3: bytes.removeSubrange(position..<min(position + 1 + stream.below(9), bytes.count))
        default:
          let header = 8 + Int(bytes[0]) | Int(bytes[1]) << 8
          bytes[min(stream.below(max(header, 1)), bytes.count - 1)] = UInt8(0x30 + stream.below(10))
        }
        if bytes.isEmpty { break }
      }
      guard let file = try? ModelFile(bytes: bytes) else { continue }
      accepted += 1
      let pairs = RatingPairs(users: [0, 1, 2, .max], items: [0, 1, 2, .max])
      #expect(file.model.predict(pairs, threads: 1).values.allSatisfy { $0.isFinite }, "file \(number)")
    }
    // Most flips of a factor's or a parameter's digits leave a file that is in order.
    #expect(accepted > 0)
  }
}
