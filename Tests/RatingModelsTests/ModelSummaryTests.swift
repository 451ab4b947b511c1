import Foundation
import RatingData
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingModels

/// What a file's header tells, and that nothing but the header is read.
struct ModelSummaryTests {
  @Test func itTellsWhatTheModelHolds() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("model", ModelFileTests.bytes)
    let summary = try ModelSummary(contentsOf: path)
    let file = try ModelFile(contentsOf: path)
    #expect(summary.kind == .model && summary.provenance == file.provenance && summary.scale == .halfStars)
    #expect(summary.users == 3 && summary.items == 3 && summary.bytes == ModelFileTests.bytes.count)
    let factors = summary.tensors.first { $0.name == "factors.users" }
    #expect(factors?.shape == [3, 3] && factors?.type == "F32" && factors?.bytes == 36)
    #expect(Set(summary.tensors.map(\.name)).isSuperset(of: ["ids.users", "ids.users.ends", "mean"]))
  }

  @Test func itReadsNoMoreThanTheHeader() throws {
    let folder = try ScratchFolder()
    // 64 GiB of factors, as a file with a hole: reading it would take minutes.
    let rows = 1 << 28
    var header =
      #"{"__metadata__":{"format":"ratingbench-model","format_version":"1","algorithm":"biased-mf","seed":"1","#
      + #""ratings":"9","data_hash":"00","scale_lower":"1","scale_upper":"5","library_version":"9"},"#
      + #""ids.users":{"dtype":"I64","shape":[0],"data_offsets":[0,0]},"#
      + #""ids.items":{"dtype":"I64","shape":[0],"data_offsets":[0,0]},"#
      + #""factors":{"dtype":"F32","shape":[\#(rows),64],"data_offsets":[0,\#(rows * 256)]}}"#
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let start = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
    let path = try folder.write("large", start)
    try #require(truncate(path, off_t(start.count + rows * 256)) == 0)
    let began = ContinuousClock.now
    let summary = try ModelSummary(contentsOf: path)
    #expect(ContinuousClock.now - began < .seconds(1))
    #expect(summary.tensors.first { $0.name == "factors" }?.shape == [rows, 64] && summary.users == 0)
    try #require(truncate(path, off_t(start.count + rows * 256 - 1)) == 0)
    let error = #expect(throws: RatingDataError.self) { try ModelSummary(contentsOf: path) }
    #expect(error?.problems.first?.message.contains("cut off") == true)
  }

  @Test func whatIsNoModelIsRefused() throws {
    let folder = try ScratchFolder()
    for length in 0..<ModelFileTests.bytes.count {
      #expect(throws: Safetensors.Failure.self) {
        try ModelSummary(Array(ModelFileTests.bytes.prefix(length)), fileSize: length)
      }
    }
    try folder.write("ratings.csv", "user,item,rating\n1,2,3\n")
    let error = #expect(throws: RatingDataError.self) { try ModelSummary(contentsOf: folder.path("ratings.csv")) }
    #expect(error?.kind == .badData && error?.problems.map(\.code) == ["bad-model"])
    let missing = #expect(throws: RatingDataError.self) { try ModelSummary(contentsOf: folder.path("none")) }
    #expect(missing?.kind == .inputMissing)
    #expect(throws: RatingDataError.self) { try ModelSummary(contentsOf: folder.path) }
  }
}
