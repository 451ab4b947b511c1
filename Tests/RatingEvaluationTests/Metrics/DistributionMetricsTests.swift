import Foundation
import RatingNumerics
import Testing

@testable import RatingEvaluation

struct DistributionMetricsTests {
  /// Two rows with the stars 1, 2, 3: probabilities 0.2 0.5 0.3 and the answer 2; 0.6 0.3 0.1 and the answer 3.
  private static func stars() throws -> DistributionRows {
    try DistributionRows(
      means: [2.1, 1.5], deviations: [0.7, 0.67], answers: [2, 3], intervals: ([1, 1], [3, 2], 0.9), stars: [1, 2, 3],
      probabilities: [0.2, 0.5, 0.3, 0.6, 0.3, 0.1])
  }

  private static func values(_ names: String, of rows: DistributionRows, threads: Int? = nil) throws -> [Double] {
    try rows.values(of: Metric.list(parsing: names), threads: threads).map { $0.value ?? .nan }
  }

  private static func near(_ a: [Double], _ b: [Double], within: Double = 1e-14) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= within }
  }

  @Test func starProbabilities() throws {
    // nll = -(ln 0.5 + ln 0.1) / 2.
    // rps: (0.2)^2 + (0.7 - 1)^2 = 0.13 and 0.6^2 + 0.9^2 = 1.17; mean 0.65.
    // One answer of two lies inside its interval; widths 2 and 1.
    let found = try Self.values("nll,rps,interval-coverage,interval-width", of: Self.stars())
    #expect(Self.near(found, [-(log(0.5) + log(0.1)) / 2, 0.65, 0.5, 1.5]))
  }

  @Test func starReliability() throws {
    // Bins of 0.1: 0.1 false... the answer 3 had 0.1: true; 0.2 false; 0.3 twice, false; 0.5 true; 0.6 false.
    // |0.1 - 1| + |0.2 - 0| + |0.6 - 0| + |0.5 - 1| + |0.6 - 0| = 2.8 of 6 statements.
    #expect(Self.near(try Self.values("star-calibration", of: Self.stars()), [2.8 / 6]))
    var metric = StarReliability(bins: 10)
    metric.add(try Self.stars(), in: 0..<2)
    #expect(metric.bins.map(\.statements) == [0, 1, 1, 2, 0, 1, 1, 0, 0, 0])
    #expect(metric.bins[1].observedFrequency == 1 && metric.bins[3].observedFrequency == 0)
    #expect(metric.bins[0].meanProbability == nil)
  }

  @Test func normalDensities() throws {
    let rows = try DistributionRows(means: [3, 3], deviations: [1, 2], answers: [3, 5])
    // ln(2 pi) / 2 and ln(2 pi) / 2 + ln 2 + 1/2.
    let constant = 0.918938533204672742
    // z = 0, s = 1: 2 phi(0) - 1 / sqrt(pi) = 0.2336949772551092. z = 1, s = 2:
    // 2 (2 Phi(1) - 1 + 2 phi(1) - 1 / sqrt(pi)) = 2 (0.6826894921370859 + 0.4839414490382867 - 0.5641895835477563).
    let found = try Self.values("nlpd,crps", of: rows)
    let crps = (0.2336949772551092 + 2 * (0.6826894921370859 + 0.4839414490382867 - 0.5641895835477563)) / 2
    #expect(Self.near(found, [constant + (log(2) + 0.5) / 2, crps]))
  }

  @Test func aCertainModelsRankedProbabilityIsTheAbsoluteError() throws {
    // Half stars: certain of 4 where 2.5 was given.
    let stars = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]
    let rows = try DistributionRows(
      means: [4], deviations: [0.1], answers: [2.5], stars: stars, probabilities: stars.map { $0 == 4 ? 1 : 0 })
    #expect(try Self.values("rps", of: rows) == [1.5])
    let sharp = try DistributionRows(means: [4], deviations: [1e-9], answers: [2.5])
    #expect(Self.near(try Self.values("crps", of: sharp), [1.5], within: 1e-8))
    // An answer that was given no probability has no finite loss.
    #expect(try rows.values(of: [Metric(parsing: "nll")])[0].value == nil)
  }

  @Test func theTransformIsUniformOfTheTrueDistributionAndNotOfANarrowOne() throws {
    var random = RandomStream(seed: Seed(3), purpose: "PIT", index: 0)
    let answers = (0..<20_000).map { _ in 3.5 + random.normal() }
    func distance(_ deviation: Double) throws -> Double {
      let rows = try DistributionRows(
        means: answers.map { _ in 3.5 }, deviations: answers.map { _ in deviation }, answers: answers)
      return try Self.values("pit-distance", of: rows)[0]
    }
    // 1.36 / sqrt(n) is the 95% point of Kolmogorov's distance: 0.0096.
    #expect(try distance(1) < 0.0136)
    #expect(try distance(0.5) > 0.1 && distance(2) > 0.1)
    // Stars: an answer is spread over its step. One row with 0.25, 0.5, 0.25 and the answer in the middle is spread
    // over 0.25...0.75: of four bins the two in the middle.
    var histogram = PITHistogram(bins: 4)
    histogram.add(
      try DistributionRows(
        means: [2], deviations: [1], answers: [2], stars: [1, 2, 3], probabilities: [0.25, 0.5, 0.25]), in: 0..<1)
    #expect(histogram.shares == [0, 0.5, 0.5, 0] && histogram.value == 0.25)
  }

  @Test func threadsAndShardsChangeNothing() throws {
    var random = RandomStream(seed: Seed(4), purpose: "shards", index: 0)
    let count = 40_000
    let answers = (0..<count).map { _ in Double(1 + random.next() % 5) }
    let probabilities = (0..<count).flatMap { _ -> [Double] in
      let weights = (0..<5).map { _ in random.uniform() + 0.01 }
      return weights.map { $0 / weights.reduce(0, +) }
    }
    let rows = try DistributionRows(
      means: answers.map { $0 * 0.5 + 1 }, deviations: answers.map { _ in 0.9 }, answers: answers,
      intervals: (answers.map { _ in 2 }, answers.map { _ in 4 }, 0.8), stars: [1, 2, 3, 4, 5],
      probabilities: probabilities)
    let names = "nll,nlpd,rps,crps,interval-coverage,interval-width,star-calibration,pit-distance"
    let expected = try Self.values(names, of: rows, threads: 1)
    for threads in [2, 4] { #expect(try Self.values(names, of: rows, threads: threads) == expected) }
    func check<Base: DistributionMetric>(_ empty: Base) {
      var (whole, merged) = (empty, empty)
      whole.add(rows, in: 0..<count)
      for start in stride(from: 0, to: count, by: 9_999) {
        var part = empty
        part.add(rows, in: start..<min(start + 9_999, count))
        merged.merge(part)
      }
      #expect(merged.count == count && abs(merged.value! - whole.value!) < 1e-13)
    }
    check(LogLoss(.star))
    check(LogLoss(.normal))
    check(RankedProbability(.stars))
    check(RankedProbability(.normal))
    check(IntervalCoverage(.coverage))
    check(IntervalCoverage(.width))
    check(StarReliability())
    check(PITHistogram())
  }

  @Test func badDistributionsAreRefused() {
    func refused(
      _ code: EvaluationError.Code, means: [Double] = [3], deviations: [Double] = [1], answers: [Double] = [2],
      stars: [Double] = [], probabilities: [Double] = [], interval: (Double, Double)? = nil
    ) -> Bool {
      RatingEvaluationTests.code {
        _ = try DistributionRows(
          means: means, deviations: deviations, answers: answers,
          intervals: interval.map { ([$0.0], [$0.1], 0.9) }, stars: stars, probabilities: probabilities)
      } == code
    }
    #expect(refused(.noRows, means: [], deviations: [], answers: []))
    #expect(refused(.lengthsDiffer, deviations: [1, 1]))
    #expect(refused(.lengthsDiffer, stars: [1, 2], probabilities: [1]))
    #expect(refused(.notANumber, deviations: [0]))
    #expect(refused(.notANumber, means: [.nan]))
    #expect(refused(.notANumber, interval: (3, 2)))
    #expect(refused(.notANumber, stars: [1, 3], probabilities: [0.5, 0.5]))
    #expect(refused(.notANumber, stars: [1, 2], probabilities: [0.5, 0.4]))
    #expect(refused(.notANumber, stars: [2, 1], probabilities: [0.5, 0.5]))
    #expect(
      code {
        let rows = try DistributionRows(means: [3], deviations: [1], answers: [2])
        _ = try rows.values(of: Metric.list(parsing: "nll"))
      } == .missingInput)
  }
}
