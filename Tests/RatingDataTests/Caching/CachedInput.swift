import Foundation
import RatingData
import Synchronization
import _RatingTestSupport

/// Inputs of several kinds, each with something that a cache might lose.
enum CachedInput: CaseIterable {
  /// CSV of whole numbers, with times in seconds and half stars.
  case delimited
  /// Text ids, ratings of any kind, no times, Windows line ends (a warning).
  case texts
  /// A folder of Netflix files, one of them with Windows line ends.
  case folder
  /// A compressed file.
  case gzip
  /// Pairs that are rated more than once.
  case repeated
  /// More rows than a block has, users that ascend.
  case blocks

  static let all = allCases
  static let rows = 3000

  /// Writes the input; returns its path.
  func write(to folder: ScratchFolder, seed: UInt64 = 1, as name: String = "ratings") throws -> String {
    var random = SplitMix(seed)
    func csv(_ rows: Int, items: Int) -> String {
      var text = "user,item,rating,time\n"
      for row in 0..<rows {
        let (user, item) = (row / items * 7, row % items * 3)
        text += "\(user),\(item),\(Double(1 + random.below(10)) / 2),\(1_000_000_000 + random.below(100_000_000))\n"
      }
      return text
    }
    switch self {
    case .delimited: return try folder.write(name, csv(Self.rows, items: 50))
    case .texts:
      var text = "user,item,rating\r\n"
      for row in 0..<2000 {
        text += "user-\(row / 20),\u{e9}t\u{e9} \(row % 20),\(Double(random.below(2000) - 1000) / 100)\r\n"
      }
      return try folder.write(name, text)
    case .folder:
      for movie in 1...5 {
        var text = "\(movie):\n"
        for user in 1...200 where random.below(3) > 0 {
          text +=
            "\(user * 11),\(1 + random.below(5)),200\(random.below(6))-0\(1 + random.below(9))-1\(random.below(10))\n"
        }
        if movie == 3 { text = text.replacingOccurrences(of: "\n", with: "\r\n") }
        try folder.write("\(name)/training_set/mv_000000\(movie).txt", text)
      }
      return folder.path(name)
    case .gzip: return try folder.write(name, Gzip.member(csv(Self.rows, items: 40).utf8))
    case .repeated: return try folder.write(name, csv(500, items: 25) + csv(40, items: 10).dropFirst(22))
    case .blocks: return try folder.write(name, csv(200_001, items: 1000))
    }
  }
}

/// All that a reading gives, or what it throws.
struct Outcome: Equatable, CustomStringConvertible {
  private(set) var description = ""

  init(_ path: String, _ options: ReadingOptions) {
    do throws(RatingDataError) {
      let result = try RatingDataset.read(path, options: options)
      let rows = stride(from: 0, to: result.dataset.count, by: max(result.dataset.count / 20, 1))
      description = """
        \(result.input) \(result.duplicates) \(result.dataset.count) rows, \(result.dataset.contentHash)
        scale \(result.dataset.scale) step \(result.dataset.scale.step ?? 0) \(result.scaleIsInferred)
        \(result.warnings)
        \(rows.map { row in result.places.place(ofRow: row).map { "\($0.file):\($0.line)" } ?? "-" })
        """
    } catch {
      description = error.description
    }
  }
}

/// The problems that the cache tells of, from any thread.
final class Notes: Sendable {
  private let problems = Mutex<[Problem]>([])

  func add(_ event: RatingCache.Event) {
    if case .problem(let problem) = event { problems.withLock { $0.append(problem) } }
  }
  var all: [Problem] { problems.withLock { $0 } }
  var codes: [String] { all.map(\.code) }
  func removeAll() { problems.withLock { $0.removeAll() } }
}
