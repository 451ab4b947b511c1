import Foundation
import RatingData
import RatingEvaluation
import RatingNumerics
import Testing

// The code of the article AddingAMetric, so that it compiles and does what is said there.

/// The share of predictions that are at most half a star from the rating.
struct WithinHalfAStar: RatingMetric {
  private(set) var count = 0
  private var near = 0

  mutating func add(_ rows: RowSlice) {
    for row in 0..<rows.count {
      let (prediction, answer) = rows[row]
      if (prediction.units - answer.units).magnitude <= UInt64(FixedDecimal.unitsPerOne / 2) { near += 1 }
    }
    count += rows.count
  }

  mutating func merge(_ other: WithinHalfAStar) {
    count += other.count
    near += other.near
  }

  var value: Double? { count == 0 ? nil : Double(near) / Double(count) }
}

extension MetricRegistry {
  /// The metrics of the library, and ours.
  static let ours: MetricRegistry = {
    var registry = MetricRegistry.standard
    registry.add(
      MetricDefinition(
        name: "within-half", title: "share within half a star", formula: "rows with |d| <= 0.5 / n", direction: .greater
      ) { _ in WithinHalfAStar() })
    return registry
  }()
}

struct ArticleMetricTests {
  /// Predicted 3.5, 3.25, 4, 2.75, 1.5, so that d = -0.5, 0.25, -1, 0.75, 0.5: three of five are near.
  private static let answers = RatingDataset(
    users: [1, 2, 1, 3, 2], items: [1, 1, 2, 2, 2], ratings: [4, 3, 5, 2, 1], scale: .wholeStars)

  @Test func aMetricOfOnesOwnIsAskedForByName() throws {
    let rows = try ScoredRows(predictions: [3.5, 3.25, 4, 2.75, 1.5], answers: Self.answers)
    let figures = try rows.values(of: Metric.list(parsing: "within-half,within-half@users", in: .ours))
    #expect(figures[0].value == 0.6 && figures[0].count == 5)
    // User 1: 1 of 2, user 2: 2 of 2, user 3: 0 of 1.
    #expect(figures[1].value == 0.5 && figures[1].groups == 3)
    #expect(throws: EvaluationError.self) { try Metric(parsing: "within-half") }
  }

  @Test func partsThatAreMergedGiveTheSame() throws {
    var (first, second, empty) = (WithinHalfAStar(), WithinHalfAStar(), WithinHalfAStar())
    for (prediction, answer) in [("3.5", 4), ("4.500000000000001", 4)] {
      first.add(prediction: FixedDecimal(text: prediction)!, answer: FixedDecimal(answer))
    }
    second.add(prediction: FixedDecimal(1), answer: FixedDecimal(1))
    #expect(first.value == 0.5 && second.value == 1 && empty.value == nil)
    empty.merge(first)
    empty.merge(second)
    #expect(empty.value == 2.0 / 3 && empty.count == 3)
  }

  @Test func theArticleHasThisCode() throws {
    let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/RatingBench/RatingBench.docc/AddingAMetric.md").standardized
    let blocks = try String(contentsOf: article, encoding: .utf8).components(separatedBy: "```swift\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    let code = blocks.filter { $0.contains("WithinHalfAStar") && !$0.contains("let rows") }
    #expect(code.count == 2 && code.allSatisfy { source.contains($0) })
  }
}
