import Foundation
import RatingData
import RatingNumerics
import Testing

@testable import RatingEvaluation

struct ErrorStrataTests {
  /// Training: user 1 has four ratings, user 2 one, user 3 none; item 7 has three, item 8 two, item 9 none.
  private static let training = RatingDataset(
    users: [1, 1, 2, 1, 1], items: [7, 8, 7, 5, 6], ratings: [3, 3, 3, 3, 3], scale: .wholeStars)
  /// Of other vocabularies: user 1 isn't at the same place.
  private static let answers = RatingDataset(
    users: [1, 2, 3, 3], items: [8, 7, 8, 9], ratings: [4, 2, 5, 2],
    times: [885_000_000, 885_000_000, 888_000_000, 893_500_000], scale: .wholeStars)
  private static let predictions = [3.5, 3, 5.5, 2]

  @Test func rowsAreToldApartByWhatIsKnownOfThem() throws {
    // d = -0.5, 1, 0.5, 0: squares 0.25, 1, 0.25, 0; 1.5 in all.
    let strata = try ErrorStrata(predictions: Self.predictions, answers: Self.answers, training: Self.training)
    func table(_ property: StratumGroup.Property) -> [String] {
      strata[property]!.strata.map { "\($0.label): \($0.count) \($0.mae) \($0.bias) \($0.shareOfSquaredError)" }
    }
    let third = 1.0 / 6
    #expect(
      table(.userActivity) == [
        "0: 2 0.25 0.25 \(third)", "1-2: 1 1.0 1.0 \(2.0 / 3)", "3-9: 1 0.5 -0.5 \(third)",
      ])
    #expect(table(.itemActivity) == ["0: 1 0.0 0.0 0.0", "1-2: 3 \(2.0 / 3) \(1.0 / 3) 1.0"])
    #expect(
      table(.coldStart) == [
        "user and item: 2 0.75 0.25 \(5.0 / 6)", "item only (new user): 1 0.5 0.5 \(third)", "neither: 1 0.0 0.0 0.0",
      ])
    #expect(
      table(.rating) == ["2: 2 0.5 0.5 \(2.0 / 3)", "4: 1 0.5 -0.5 \(third)", "5: 1 0.5 0.5 \(third)"])
    #expect(table(.time).map { String($0.prefix(7)) } == ["1998-01", "1998-02", "1998-04"])
    #expect(strata[.time]!.title == "month")
    #expect(strata.total.mse == 0.375)
    for group in strata.groups {
      #expect(group.strata.reduce(0) { $0 + $1.count } == 4)
      #expect(abs(group.strata.reduce(0) { $0 + $1.shareOfSquaredError } - 1) < 1e-15)
      #expect(abs(group.strata.reduce(0) { $0 + $1.shareOfRows } - 1) < 1e-15)
    }
    // 5.5 moves to 5, where the answer is: squares 0.25, 1, 0, 0.
    let clipping = try #require(strata.clipping)
    #expect(clipping.rowsOutside == 1 && clipping.rmse == sqrt(0.375))
    #expect(clipping.rmseClipped == sqrt(0.3125) && clipping.gain > 0)
  }

  @Test func withoutTrainingThereIsNoActivity() throws {
    let strata = try ErrorStrata(predictions: Self.predictions, answers: Self.answers)
    #expect(strata.groups.map(\.property) == [.rating, .time])
    let timeless = RatingDataset(users: [1, 2], items: [1, 1], ratings: [1, 2])
    #expect(try ErrorStrata(predictions: [1, 1], answers: timeless).groups.map(\.property) == [.rating])
  }

  @Test func binsHaveBoundsOfTheirOwn() {
    let labels = (0...5).map(StratumCut.activityLabel)
    #expect(labels == ["0", "1-2", "3-9", "10-29", "30-99", "100-299"])
    #expect(StratumCut.activityLabel(StratumCut.activityBounds.count) == "300,000,000 or more")
    for (count, label) in [(0, "0"), (1, "1-2"), (2, "1-2"), (3, "3-9"), (2999, "1,000-2,999"), (3000, "3,000-9,999")] {
      #expect(StratumCut.activityLabel(StratumCut.activityBin(count)) == label)
    }
    #expect(StratumCut.activityBin(Int.max) == StratumCut.activityBounds.count)
  }

  @Test func manyDifferentRatingsGoIntoTenths() throws {
    let ratings = (0..<41).map { Float($0) / 2 - 10 }
    let answers = RatingDataset(
      users: ratings.map { _ in 1 }, items: ratings.indices.map { $0 }, ratings: ratings, scale: RatingScale(-10...10))
    let group = try #require(
      try ErrorStrata(predictions: ratings.map { Double($0) }, answers: answers)[.rating])
    #expect(group.strata.map(\.count) == [4, 4, 4, 4, 4, 4, 4, 4, 4, 5])
    #expect(group.strata.first!.label == "-10 to -8" && group.strata.last!.label == "8 to 10")
    #expect(group.strata.allSatisfy { $0.shareOfSquaredError == 0 && $0.rmse == 0 })
  }

  @Test func monthsYearsAndFifthsAreThoseOfTheCalendar() {
    var random = RandomStream(seed: Seed(2), purpose: "times", index: 0)
    func times(from first: UInt32, span: UInt32) -> [UInt32] {
      (0..<500).map { _ in first + UInt32(random.next() % UInt64(span)) }
    }
    let months = times(from: 880_000_000, span: 40_000_000)
    let periods = TimePeriods(months)
    for time in months + [months.min()!, months.max()!] {
      #expect(CalendarTime(time).description.hasPrefix(periods.labels[periods.index(time)]))
    }
    let years = times(from: 940_000_000, span: 200_000_000)
    let long = TimePeriods(years)
    #expect(long.title == "year" && long.labels.first == "1999")
    for time in years { #expect(CalendarTime(time).description.hasPrefix(long.labels[long.index(time)])) }
    let short = TimePeriods((0..<100).map { 880_000_000 + $0 })
    #expect(short.labels.count == 5 && short.labels[1] == "from \(CalendarTime(880_000_020))")
    #expect([0, 19, 20, 99].map { short.index(880_000_000 + $0) } == [0, 0, 1, 4])
    #expect(TimePeriods([5, 5, 5]).labels.count == 1)
  }

  @Test func threadsDoNotMatter() throws {
    var random = RandomStream(seed: Seed(21), purpose: "strata", index: 0)
    let count = 140_000
    let answers = RatingDataset(
      users: (0..<count).map { $0 % 997 }, items: (0..<count).map { $0 / 997 },
      ratings: (0..<count).map { _ in Float(1 + random.next() % 5) },
      times: (0..<count).map { _ in UInt32(900_000_000 + random.next() % 90_000_000) }, scale: .wholeStars)
    let predictions = (0..<count).map { _ in 0.5 + 5 * random.uniform() }
    let training = answers.selecting(rows: (0..<count).filter { $0 % 3 == 0 })
    let one = try ErrorStrata(predictions: predictions, answers: answers, training: training, threads: 1)
    let curve = try ReliabilityCurve(predictions: predictions, answers: answers, threads: 1)
    for threads in [2, 4] {
      #expect(try ErrorStrata(predictions: predictions, answers: answers, training: training, threads: threads) == one)
      #expect(try ReliabilityCurve(predictions: predictions, answers: answers, threads: threads) == curve)
    }
    // The judge's own sums are the strata's.
    let scores = try Scores(predictions: Predictions(predictions), answers: answers)
    #expect(one.total == scores.unclipped && one.clipping?.rmseClipped == scores.rmseClipped)
    #expect(curve.bins.reduce(0) { $0 + $1.count } == count)
  }
}

struct ReliabilityCurveTests {
  @Test func binsHoldWhatWasPredictedAndWhatWasGiven() throws {
    let answers = RatingDataset(
      users: [1, 2, 3, 4, 5, 6], items: [1, 1, 1, 1, 1, 1], ratings: [1, 3, 4, 5, 5, 4], scale: .wholeStars)
    // Four bins of width 1: 0.5 and 1.9 in the first, 2 in the second, 4, 4.5 and 6 in the last.
    let curve = try ReliabilityCurve(predictions: [0.5, 1.9, 2, 4, 4.5, 6], answers: answers, bins: 4)
    #expect(curve.bins.map(\.count) == [2, 1, 3] && curve.count == 6)
    #expect(curve.bins.map(\.lower) == [1, 2, 4] && curve.bins.map(\.upper) == [2, 3, 5])
    #expect(abs(curve.bins[0].meanPrediction - 1.2) < 1e-15 && curve.bins[0].meanAnswer == 2)
    #expect(curve.bins[0].answerDeviation == 1 && curve.bins[1].answerDeviation == 0)
    #expect(abs(curve.bins[2].meanPrediction - 14.5 / 3) < 1e-15 && abs(curve.bins[2].meanAnswer - 14.0 / 3) < 1e-15)
    // (2 |1.2 - 2| + |2 - 4| + 3 |14.5/3 - 14/3|) / 6 = (1.6 + 2 + 0.5) / 6.
    #expect(abs(curve.calibrationError - 4.1 / 6) < 1e-15)
  }

  @Test func everyNumberIsInTheBinWhoseBoundsHoldIt() throws {
    var random = RandomStream(seed: Seed(9), purpose: "bins", index: 0)
    for count in [1, 3, 7, 20, 1000] {
      let cut = EqualBins(over: .wholeStars, of: [], count: count)
      for index in 0..<count {
        #expect(cut.index(cut.bound(index)) == index)
        if index > 0 { #expect(cut.index(cut.bound(index) - 1) == index - 1) }
      }
      for _ in 0..<200 {
        let number = Int64(random.next() % 6_000_000_000_000_000)
        let index = cut.index(number)
        #expect(index == 0 || number >= cut.bound(index))
        #expect(index == count - 1 || number < cut.bound(index + 1))
      }
    }
    let rows = try ScoredRows(predictions: [2, 2, 2], answers: [1, 2, 3])
    #expect(ReliabilityCurve(rows).bins.map(\.count) == [3])
  }
}
