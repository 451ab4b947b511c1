import RatingData
import Testing
import _RatingTestSupport

/// The publishers' own counts, where the data is there.
@Suite struct RealDataReadingTests {
  struct Published: Sendable, CustomTestStringConvertible {
    var file: String
    var format: RatingFormat
    var ratings, users, items: Int
    var minimum, maximum: Float
    var duplicates = DuplicateCount()
    var testDescription: String { file }
  }

  static let sets: [Published] = {
    var epinions = DuplicateCount()
    (epinions.pairs, epinions.surplusRows, epinions.conflicting) = (6886, 9826, 3242)
    return [
      Published(
        file: "ml-100k/u.data", format: .movieLens100K, ratings: 100_000, users: 943, items: 1682, minimum: 1,
        maximum: 5),
      Published(
        file: "ml-100k/u1.base", format: .movieLens100K, ratings: 80_000, users: 943, items: 1650, minimum: 1,
        maximum: 5),
      Published(
        file: "ml-100k/u1.test", format: .movieLens100K, ratings: 20_000, users: 459, items: 1410, minimum: 1,
        maximum: 5),
      Published(
        file: "ml-latest-small/ratings.csv", format: .movieLensCSV, ratings: 100_836, users: 610, items: 9724,
        minimum: 0.5,
        maximum: 5),
      Published(
        file: "jester-1", format: .tsv, ratings: 1_810_455, users: 24_983, items: 100, minimum: -9.95, maximum: 10),
      Published(
        file: "epinions", format: .tsv, ratings: 922_267, users: 22_164, items: 296_277, minimum: 1, maximum: 5,
        duplicates: epinions),
    ]
  }()

  /// The file itself, or the only compressed one of a folder.
  static func path(_ set: Published) -> String? {
    if !["jester-1", "epinions"].contains(set.file) { return RealData.path(set.file) }
    return RealData.path(set.file).flatMap { folder in
      try? ScratchFolder.names(in: folder).first { $0.hasSuffix(".gz") }.map { folder + "/" + $0 }
    }
  }

  @Test(
    .enabled(if: sets.contains { path($0) != nil }, "RATINGBENCH_DATA names no folder of real ratings"), arguments: sets
  )
  func countsAreThePublished(set: Published) throws {
    guard let path = Self.path(set) else { return }
    let result = try RatingDataset.read(path, options: ReadingOptions(duplicates: .all))
    #expect(result.input.format == set.format)
    #expect(result.dataset.count == set.ratings)
    #expect(result.dataset.userCount == set.users && result.dataset.itemCount == set.items)
    #expect(result.duplicates == set.duplicates)
    let (low, high) = result.dataset.withUnsafeColumns { ($0.ratings.min(), $0.ratings.max()) }
    #expect(low == set.minimum && high == set.maximum)
    if set.duplicates.pairs > 0 {
      #expect(problems { _ = try RatingDataset.read(path) }.first?.hasPrefix("duplicate-pair 9826 ") == true)
    }
  }
}
