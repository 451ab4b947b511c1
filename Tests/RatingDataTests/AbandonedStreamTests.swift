import RatingData
import Testing
import _RatingTestSupport

/// Compressed files whose decoding ends long before their reading thread does. A race between the two shows under the
/// thread sanitizer.
struct AbandonedStreamTests {
  /// A line that is too long, then more than all slots of a stream hold.
  private static let bytes: [UInt8] = {
    let rows = (0..<400_000).map { "\(1 + $0),3,2005-01-01\n" }.joined()
    return Gzip.member(Array("1:\n7,4,2005-01-01\n".utf8) + [UInt8](repeating: 49, count: 200_000) + Array(rows.utf8))
  }()

  @Test(arguments: [1, 4])
  func aFolderOfThemIsRefusedWithTheProblemsOfEach(threads: Int) throws {
    let folder = try ScratchFolder()
    for movie in 1...6 { try folder.write("mv_000000\(movie).txt.gz", Self.bytes) }
    let error = #expect(throws: RatingDataError.self) {
      try RatingDataset.read(folder.path, options: ReadingOptions(threads: threads, hashesInput: true))
    }
    #expect(error?.problems.count { $0.code == "line-too-long" } == 6)
  }

  @Test func predictionsAreRefused() throws {
    let folder = try ScratchFolder()
    let bad = try folder.write("p.gz", Self.bytes)
    let questions = try folder.write("q.txt", "1:\n7,2005-01-01\n")
    for answers in ["a.txt", "a.csv"] {
      let path = try folder.write(
        answers, answers == "a.txt" ? "1:\n4,2005-01-01\n" : "user,item,rating\n7,1,4\n")
      let judge = SubmissionJudge(predictions: .file(bad), answers: path, questions: questions)
      let error = #expect(throws: RatingDataError.self) { try judge.judge() }
      #expect(error?.problems.isEmpty == false)
    }
  }
}
