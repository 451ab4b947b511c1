import Foundation
import RatingData
import RatingNumerics
import Testing

@testable import RatingEvaluation

/// Errors d = -0.5, 1, -0.5, 0 on the answers 4, 2, 5, 2, of two users with two rows each and of two items.
private func smallRows(shift: Double = 0, biased: Double = 0) throws -> ScoredRows {
  let answers = RatingDataset(users: [1, 1, 2, 2], items: [7, 8, 7, 8], ratings: [4, 2, 5, 2], scale: .wholeStars)
  if shift == 0 && biased == 0 { return try ScoredRows(predictions: [3.5, 3, 4.5, 2], answers: answers) }
  return try ScoredRows(
    predictions: [3.5, 3, 4.5, 2].map { $0 + shift + biased }, answers: [4, 2, 5, 2].map { $0 + shift })
}

private func values(_ names: String, of rows: ScoredRows, threads: Int? = nil) throws -> [Double?] {
  try rows.values(of: Metric.list(parsing: names), threads: threads).map(\.value)
}

struct HandWorkedMetricsTests {
  @Test func metricsOfErrors() throws {
    // sum d^2 = 0.25 + 1 + 0.25 + 0 = 1.5; sum |d| = 2; sum d = 0; n = 4; the scale is 4 wide.
    let found = try values("rmse,mse,mae,nmae,bias,max-error", of: smallRows())
    #expect(found == [sqrt(0.375), 0.375, 0.5, 0.125, 0, 1])
  }

  @Test func explainedVariationForgivesABiasWhereR2DoesNot() throws {
    // mean y = 3.25; sum (y - mean)^2 = 0.5625 + 1.5625 + 3.0625 + 1.5625 = 6.75; R2 = 1 - 1.5 / 6.75 = 7/9.
    #expect(try values("r2,explained-variance", of: smallRows()) == [7.0 / 9, 7.0 / 9])
    // 1 more each: d = 0.5, 2, 0.5, 1; sum d^2 = 5.5; R2 = 1 - 5.5 / 6.75 = 5/27; the spread of d stays 1.5.
    #expect(try values("r2,explained-variance,bias", of: smallRows(biased: 1)) == [5.0 / 27, 7.0 / 9, 1])
    // 3 less each: d = -3.5, -2, -3.5, -3; sum d^2 = 37.5; R2 = 1 - 37.5 / 6.75 = -41/9.
    #expect(try values("r2", of: smallRows(biased: -3)) == [-41.0 / 9])
  }

  @Test func macroAveragesCountEachUserAndEachItemOnce() throws {
    // User 1: d = -0.5, 1: MSE 0.625, MAE 0.75. User 2: d = -0.5, 0: MSE 0.125, MAE 0.25.
    // Item 7: d = -0.5, -0.5: MSE 0.25. Item 8: d = 1, 0: MSE 0.5.
    let found = try smallRows().values(of: Metric.list(parsing: "rmse@users,mae@users,rmse@items,r2@users"))
    let users = (sqrt(0.625) + sqrt(0.125)) / 2
    #expect(abs(found[0].value! - users) < 1e-15 && found[1].value == 0.5)
    #expect(abs(found[2].value! - (0.5 + sqrt(0.5)) / 2) < 1e-15)
    // User 1: 1 - 1.25 / 2 = 0.375. User 2: 1 - 0.25 / 4.5 = 17/18.
    #expect(abs(found[3].value! - (0.375 + 17.0 / 18) / 2) < 1e-15)
    #expect(found.allSatisfy { $0.groups == 2 && $0.count == 4 && $0.leftOut == 0 })
  }

  @Test func concordantPairs() throws {
    // User 1, answers 5 3 4 3, predictions 4.2 3 4.5 3: of the five pairs with different answers, only 5 against 4 is in
    // the wrong order. User 2, answers 2 4, both predicted 3: a tie. User 3 has one row. FCP = (4 + 1/2) / 6.
    let answers = RatingDataset(
      users: [1, 2, 1, 1, 3, 2, 1], items: [1, 1, 2, 3, 1, 2, 4], ratings: [5, 2, 3, 4, 1, 4, 3], scale: .wholeStars)
    let rows = try ScoredRows(predictions: [4.2, 3, 3, 4.5, 2, 3, 3], answers: answers)
    let found = try rows.values(of: Metric.list(parsing: "fcp,fcp@users"))
    #expect(found[0].value == 0.75 && found[0].count == 7)
    // Users 1 and 2 have 4/5 and 1/2; user 3 has no pair.
    #expect(abs(found[1].value! - 0.65) < 1e-15 && found[1].groups == 2 && found[1].leftOut == 1)
  }

  @Test func whatHasNoValueIsNil() throws {
    let equal = try ScoredRows(predictions: [1, 2, 3], answers: [4, 4, 4])
    #expect(try values("r2,explained-variance,rmse", of: equal) == [nil, nil, sqrt(14.0 / 3)])
    #expect(ErrorMetric(.rmse).value == nil && LargestError().value == nil && ConcordantPairs().value == nil)
    #expect(ErrorMetric(.mae).quickValue == nil && MacroAverage(of: ErrorMetric(.mae)).value == nil)
  }

  @Test func rowsMayBeAddedOneByOne() {
    var metric = ErrorMetric(.mae)
    metric.add(prediction: FixedDecimal(text: "3.5")!, answer: FixedDecimal(4))
    metric.add(prediction: FixedDecimal(2), answer: FixedDecimal(4))
    #expect(metric.value == 1.25 && metric.count == 2)
  }

  @Test func whatAMetricLacksIsNamed() throws {
    func message(_ names: String, _ rows: ScoredRows) -> String {
      do { return "\(try values(names, of: rows))" } catch { return (error as? EvaluationError)?.message ?? "" }
    }
    let anonymous = try ScoredRows(predictions: [1, 2], answers: [1, 3])
    #expect(message("rmse@users", anonymous).contains("rmse@users needs rows whose users are known"))
    #expect(message("fcp", anonymous).contains("fcp needs rows whose users are known"))
    #expect(message("mae@items", anonymous).contains("whose items are known"))
    #expect(message("nmae", anonymous).contains("nmae needs the rating scale"))
    #expect(message("ndcg@10", anonymous).contains("ndcg@10 needs rankings"))
    #expect(message("nll", anonymous).contains("nll needs predictive distributions"))
    #expect(code { _ = try values("nll", of: anonymous) } == .missingInput)
  }
}

struct MetricPropertiesTests {
  private static let names =
    "rmse,mse,mae,nmae,bias,max-error,r2,explained-variance,fcp,rmse@users,mae@items,r2@users,bias@items,fcp@users"

  /// Whole stars and predictions with ties, of 83 users and 41 items; every number with all its digits.
  private static func random(_ count: Int, seed: UInt64) -> (ScoredRows, RandomStream) {
    var random = RandomStream(seed: Seed(seed), purpose: "metric rows", index: 0)
    func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    let answers = (0..<count).map { _ in Int64(1 + below(5)) * FixedDecimal.unitsPerOne }
    let predictions = answers.map { answer in
      below(4) == 0 ? 3_500_000_000_000_000 : answer + Int64(below(4_000_000_000_000_000)) - 2_000_000_000_000_000
    }
    let rows = ScoredRows(
      predictions: predictions, answers: answers, users: (0..<count).map { _ in UInt32(below(83)) },
      items: (0..<count).map { _ in UInt32(below(41)) }, scale: .wholeStars)
    return (rows, random)
  }

  @Test func noThreadCountAndNoOrderChangesAByte() throws {
    // More rows than a piece has, and more groups than one thread takes.
    var (rows, random) = Self.random(150_001, seed: 11)
    let metrics = try Metric.list(parsing: Self.names)
    let expected = try rows.values(of: metrics, threads: 1)
    #expect(expected.allSatisfy { $0.value != nil && $0.count == rows.count })
    for threads in [2, 4] { #expect(try rows.values(of: metrics, threads: threads) == expected) }
    var order = Array(0..<rows.count)
    random.shuffle(&order)
    #expect(try rows.selecting(rows: order)!.values(of: metrics) == expected)
  }

  @Test func shardsMergeToTheWhole() throws {
    let (rows, _) = Self.random(5_003, seed: 12)
    func check<Base: RatingMetric>(_ empty: Base) {
      var whole = empty
      rows.withSlice(0..<rows.count) { whole.add($0) }
      var merged = empty
      for start in stride(from: 0, to: rows.count, by: 777) {
        var part = empty
        rows.withSlice(start..<min(start + 777, rows.count)) { part.add($0) }
        merged.merge(part)
      }
      #expect(merged.value == whole.value && merged.count == rows.count)
      #expect(abs(merged.quickValue! - whole.value!) <= 1e-14 * max(1, abs(whole.value!)))
    }
    for figure in [ErrorMetric.Figure.rmse, .mse, .mae, .normalizedMAE(width: 4), .bias] { check(ErrorMetric(figure)) }
    check(ExplainedVariation(.r2))
    check(ExplainedVariation(.explainedVariance))
    check(LargestError())
  }

  @Test func movingAnswersAndPredictionsAlikeChangesNothing() throws {
    let (rows, _) = Self.random(1_009, seed: 13)
    let shift: Int64 = 900 * FixedDecimal.unitsPerOne + 1
    let moved = ScoredRows(
      predictions: rows.predictions.map { $0 + shift }, answers: rows.answers.map { $0 + shift }, users: rows.users,
      items: rows.items, scale: rows.scale)
    let metrics = try Metric.list(parsing: Self.names)
    #expect(try moved.values(of: metrics) == rows.values(of: metrics))
  }

  /// Against all pairs, by the definition.
  @Test(arguments: [1, 2, 7, 300])
  func concordantPairsAreThoseOfTheDefinition(_ count: Int) {
    let (rows, _) = Self.random(count, seed: UInt64(count))
    var metric = ConcordantPairs()
    rows.withSlice(0..<count) { metric.add($0) }
    var (concordant, discordant, tied) = (0, 0, 0)
    for i in 0..<count {
      for j in 0..<i where rows.answers[i] != rows.answers[j] {
        if rows.predictions[i] == rows.predictions[j] {
          tied += 1
        } else if (rows.predictions[i] > rows.predictions[j]) == (rows.answers[i] > rows.answers[j]) {
          concordant += 1
        } else {
          discordant += 1
        }
      }
    }
    #expect(metric.concordant == concordant && metric.discordant == discordant && metric.tied == tied)
  }

  @Test func doublesBecomeTheDecimalsThatTheyPrintAs() {
    var random = RandomStream(seed: Seed(5), purpose: "any Double", index: 0)
    for _ in 0..<100_000 {
      // Around 8, where the short way ends, around powers of two, and near multiples of the unit.
      let value =
        (random.uniform() - 0.5) * 0x1p-40 * Double(sign: .plus, exponent: Int(random.next() % 44), significand: 1)
      let near = Double(Int64(random.next() % 9_000_000_000_000_000)) / 1e15
      for number in [value, near, near.nextUp, near.nextDown.nextDown, 8 - abs(value), 0.1 + value, 4 - value] {
        #expect(decimalUnits(number) == FixedDecimal(text: "\(number)")?.units)
      }
    }
  }
}

struct MetricNameTests {
  @Test func namesSayWhatIsMeant() throws {
    let plain = try Metric(parsing: " RMSE ")
    #expect("\(plain)" == "rmse" && plain.average == .rows && plain.cutoff == nil)
    #expect(plain.definition.greaterIsBetter == false && plain.title == "root mean squared error")
    let users = try Metric(parsing: "rmse@users")
    #expect("\(users)" == "rmse@users" && users.average == .users && users.needs == .users)
    let ranking = try Metric(parsing: "ndcg@10")
    #expect("\(ranking)" == "ndcg@10" && ranking.cutoff == 10 && ranking.needs == .rankings)
    #expect(ranking.definition.greaterIsBetter == true)
    #expect(try Metric(parsing: "bias").definition.greaterIsBetter == nil)
    let list = try Metric.list(parsing: "rmse,mae, rmse")
    #expect(list.map(\.name) == ["rmse", "mae"])
  }

  @Test(arguments: [
    ("rsme", "there is no metric 'rsme'; there are rmse, mse, mae"), ("", "there is no metric ''"),
    ("ndcg", "such as ndcg@10"), ("ndcg@0", "from 1 to 10000"), ("ndcg@users", "from 1 to 10000"),
    ("rmse@10", "write rmse or rmse@users or rmse@items"), ("fcp@items", "write fcp or fcp@users"),
    ("rmse@users@items", "there is no metric"), ("nll@users", "write nll"),
  ])
  func otherNamesAreRefusedWithWhatThereIs(_ text: String, _ part: String) {
    do {
      let metric = try Metric(parsing: text)
      Issue.record("'\(text)' became \(metric)")
    } catch {
      #expect(error.code == .unknownMetric && error.message.contains(part), "\(error.message)")
    }
  }

  @Test func everyMetricTellsWhatItIs() throws {
    for definition in MetricRegistry.standard.definitions {
      #expect(!definition.title.isEmpty && !definition.formula.isEmpty)
      for spelling in definition.spellings {
        let name = spelling.hasSuffix("@N") ? String(spelling.dropLast()) + "5" : spelling
        #expect(try Metric(parsing: name).name == name)
      }
    }
  }

  @Test func aProgramMayAddAMetricOfItsOwn() throws {
    struct HalfStars: RatingMetric {
      var count = 0
      var near = 0
      mutating func add(_ rows: RowSlice) {
        for row in 0..<rows.count {
          let (prediction, answer) = rows[row]
          near += abs(prediction.units - answer.units) * 2 <= FixedDecimal.unitsPerOne ? 1 : 0
        }
        count += rows.count
      }
      mutating func merge(_ other: HalfStars) { (count, near) = (count + other.count, near + other.near) }
      var value: Double? { count == 0 ? nil : Double(near) / Double(count) }
    }
    var registry = MetricRegistry.standard
    registry.add(
      MetricDefinition(name: "near", title: "within half a star", formula: "|d| <= 1/2", direction: .greater) { _ in
        HalfStars()
      })
    let metrics = try Metric.list(parsing: "near,near@users,rmse", in: registry)
    // d = -0.5, 1, -0.5, 0: three of four; user 1 has one of two, user 2 both.
    let found = try smallRows().values(of: metrics)
    #expect(found[0].value == 0.75 && found[1].value == 0.75)
  }
}
