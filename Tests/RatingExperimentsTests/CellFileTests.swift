import RatingModels
import Testing
import _RatingTestSupport

@testable import RatingExperiments

@Suite struct CellFileTests {
  struct Failure: Error {
    var message: String
    init(_ message: String) { self.message = message }
  }

  private let key = CellKey(
    data: "d", split: "s", algorithm: DampedBiases(), search: nil, seed: 1, measurement: "m")

  private var result: CellResult {
    CellResult(
      trainingRatings: 100, testRatings: 20, coldUserRatings: 1, coldItemRatings: 2, rmseUnclipped: 0.1 + 0.2,
      rmseClipped: 1.0 / 3, metrics: [.init(name: "mae", value: 0.7), .init(name: "r2", value: nil)],
      users: [.init(user: 3, count: 7, squares: 1e-17), .init(user: 5, count: 13, squares: 2)],
      curve: [.init(epoch: 1, trainingRMSE: 1.5, testRMSE: nil), .init(epoch: 2, trainingRMSE: 1.25, testRMSE: 1.1)],
      strata: [.init(group: "rating", label: "4 and a half", count: 20, squares: 3.5, errors: -1)],
      reliability: [.init(lower: 1, count: 20, meanPrediction: 1.5, meanAnswer: 1.25)],
      chosen: [ParameterSetting("factors", "8")])
  }

  private var timing: CellTiming {
    CellTiming(trainingSeconds: 1.5, predictionSeconds: 0.1, searchSeconds: 0, threads: 2, machine: .current)
  }

  @Test func aCellReadsBackAsItWas() {
    let text = CellFile.text(.measured(result), key: key)
    #expect(CellFile.outcome(text, key: key) == .measured(result))
    #expect(CellFile.timing(CellFile.text(timing, key: key), key: key) == timing)
    let failed = CellOutcome.failed(code: "diverged", message: "two\nlines")
    #expect(
      CellFile.outcome(CellFile.text(failed, key: key), key: key) == .failed(code: "diverged", message: "two lines"))
  }

  @Test func everyCutAndEveryChangedByteIsNoticed() {
    let bytes = Array(CellFile.text(.measured(result), key: key).utf8)
    for length in 0..<bytes.count {
      #expect(CellFile.outcome(String(decoding: bytes[..<length], as: UTF8.self), key: key) == nil)
    }
    for place in bytes.indices {
      var changed = bytes
      changed[place] = changed[place] == 0x31 ? 0x32 : 0x31
      #expect(CellFile.outcome(String(decoding: changed, as: UTF8.self), key: key) == nil, "byte \(place)")
    }
  }

  @Test func aCellOfAnotherKeyIsNone() {
    let other = CellKey(data: "d", split: "s", algorithm: DampedBiases(), search: nil, seed: 2, measurement: "m")
    #expect(other.hash != key.hash)
    #expect(CellFile.outcome(CellFile.text(.measured(result), key: key), key: other) == nil)
  }

  /// Each part of what decides a result gives another key.
  @Test func theKeyHoldsAllThatDecides() throws {
    let entry = try AlgorithmRegistry.standard.entry("biased-mf")
    func key(
      data: String = "d", split: String = "s", _ settings: [(String, String)] = [], seed: UInt64 = 1,
      search: SearchPlan? = nil, measurement: String = "m"
    ) throws -> String {
      CellKey(
        data: data, split: split, algorithm: try entry.make(settings.map { (name: $0.0, text: $0.1) }), search: search,
        seed: seed, measurement: measurement
      ).hash
    }
    let plan = SearchPlan(space: try SearchSpace("factors=8|9", for: entry))
    let keys = try [
      key(), key(data: "e"), key(split: "t"), key([("factors", "9")]), key([("epochs", "21")]), key(seed: 2),
      key(search: plan), key(measurement: "n"),
    ]
    #expect(Set(keys).count == keys.count)
    #expect(try key() == key([("factors", "64")]), "a default that is spelled out is the same setting")
  }

  @Test func theCacheFindsWhatItKeptAndTellsDamage() throws {
    let folder = try ScratchFolder()
    let cache = try CellCache(folder: folder.path("a/b"))
    guard case .nothing = cache.find(key) else { throw Failure("an empty cache has something") }
    try cache.keep(.measured(result), timing, key)
    guard case .finished(let outcome, let found) = cache.find(key) else { throw Failure("the cell is not there") }
    #expect(outcome == .measured(result) && found == timing)
    try folder.write("a/b/\(key.hash).cell", "half a file")
    guard case .damaged = cache.find(key) else { throw Failure("damage goes unnoticed") }
    try cache.keep(.measured(result), timing, key)
    try folder.write("a/b/\(key.hash).time", "")
    guard case .damaged = cache.find(key) else { throw Failure("damage goes unnoticed") }
    #expect(try ScratchFolder.names(in: folder.path("a/b")).count == 2)
  }
}
