import RatingNumerics
import Testing

@testable import RatingEvaluation

/// How often nominal 95% intervals hold the truth, on simulated contests of 600 or 1,000 users with 7.5 rows each. The tables
/// are printed: those of the article "Reading an interval" come from here.
@Suite struct CoverageTests {
  private struct Row {
    var name: String
    var method: String
    var coverage: Double
  }

  private static func report(_ title: String, _ rows: [Row]) {
    print("\n\(title)\n\n| figure | interval | coverage of nominal 95% |\n|:--|:--|--:|")
    for row in rows {
      let tenths = Int((row.coverage * 1000).rounded())
      print("| \(row.name) | \(row.method) | \(tenths / 10).\(tenths % 10)% |")
    }
  }

  private static let statistics: [(String, ErrorStatistic)] = [
    ("RMSE", .rmse(0)), ("difference", .difference(0, 1)), ("improvement in percent", .improvement(0, over: 1)),
  ]

  private static func truth(_ statistic: ErrorStatistic, _ contest: SimulatedContest) -> Double {
    let means = contest.trueMeans
    return statistic.value(means.0, means.1)
  }

  /// The share of repetitions in which each statistic's interval holds the truth, by clustering.
  private static func coverage(
    _ contest: SimulatedContest, _ clusterings: [Clustering], repetitions: Int, seed: Seed
  ) -> [[Double]] {
    let held = Parallel.map(repetitions) { repetition -> [[Bool]] in
      let inference = ErrorInference(try! contest.rows(seed: seed, index: UInt64(repetition)))
      return statistics.map { _, statistic in
        clusterings.map { clustering in
          try! inference.interval(for: statistic, clustering: clustering).straddles(truth(statistic, contest))
        }
      }
    }
    return statistics.indices.map { statistic in
      clusterings.indices.map { clustering in
        Double(held.count { $0[statistic][clustering] }) / Double(repetitions)
      }
    }
  }

  @Test func intervalsClusteredByUserCover() {
    let found = Self.coverage(SimulatedContest(users: 1000), [.users, .none], repetitions: 5000, seed: 20)
    var rows: [Row] = []
    for (statistic, coverage) in zip(Self.statistics, found) {
      // Two standard errors of a share of 5,000 are 0.6%.
      #expect((0.94...0.96).contains(coverage[0]), "\(statistic.0): \(coverage[0])")
      #expect(coverage[1] < 0.925, "\(statistic.0), rows as independent: \(coverage[1])")
      rows.append(Row(name: statistic.0, method: "clustered by user", coverage: coverage[0]))
      rows.append(Row(name: statistic.0, method: "rows as independent", coverage: coverage[1]))
    }
    Self.report("Effects of users, 5,000 contests of 1,000 users", rows)
  }

  @Test func whereItemsMatterTooOnlyBothCover() {
    let contest = SimulatedContest(users: 600, items: 150)
    let found = Self.coverage(contest, [.usersAndItems, .users, .none], repetitions: 3000, seed: 21)
    #expect((0.935...0.965).contains(found[0][0]), "\(found[0][0])")
    #expect(found[0][1] < 0.93, "by user alone: \(found[0][1])")
    #expect(found[0][2] < found[0][1])
    Self.report(
      "Effects of users and of 150 items, 3,000 contests of 600 users",
      zip(["clustered by user and item", "clustered by user", "rows as independent"], found[0]).map {
        Row(name: "RMSE", method: $0, coverage: $1)
      })
  }

  @Test func bootstrapIntervalsCover() throws {
    let contest = SimulatedContest(users: 600)
    let repetitions = 1000
    var rows: [Row] = []
    for (name, statistic) in [Self.statistics[0], Self.statistics[2]] {
      for scheme in UserBootstrap.Scheme.allCases {
        let held = Parallel.map(repetitions) { repetition -> [Bool] in
          let inference = ErrorInference(try! contest.rows(seed: 22, index: UInt64(repetition)))
          let bootstrap = UserBootstrap(
            inference.users, for: statistic, replicates: 999, scheme: scheme, seed: Seed(UInt64(repetition)),
            threads: 1)
          return UserBootstrap.Kind.allCases.map {
            bootstrap.interval($0).straddles(Self.truth(statistic, contest))
          }
        }
        for (place, kind) in UserBootstrap.Kind.allCases.enumerated() {
          let share = Double(held.count { $0[place] }) / Double(repetitions)
          // Two standard errors of a share of 1,000 are 1.4%.
          #expect((0.93...0.97).contains(share), "\(name), \(scheme) \(kind): \(share)")
          rows.append(Row(name: name, method: "\(scheme.rawValue) bootstrap, \(kind.rawValue)", coverage: share))
        }
      }
    }
    Self.report("Bootstrap over users, 999 replicates, 1,000 contests of 600 users", rows)
  }

  /// The probability that the truth reaches a target is right as a forecast: of the contests where it is about 70%, about
  /// 70% have an estimate that errs to that side.
  @Test func theProbabilityOfReachingATargetIsUniformAtTheTruth() {
    let contest = SimulatedContest(users: 600)
    let statistic = ErrorStatistic.improvementBelow(0, baseline: 1)
    let truth = Self.truth(statistic, contest)
    let values = Parallel.map(4000) { repetition in
      let inference = ErrorInference(try! contest.rows(seed: 23, index: UInt64(repetition)))
      return try! inference.interval(for: statistic).probability(atLeast: truth)
    }
    #expect(kolmogorovSmirnov(values) < 1.95 / 4000.0.squareRoot())
  }

  /// 80% of contests of this size find an improvement of the size that is called the smallest detectable.
  @Test func theSmallestDetectableDifferenceIsFoundAtItsPower() throws {
    let contest = SimulatedContest(users: 600)
    let truth = Self.truth(.difference(0, 1), contest)
    let outcomes = Parallel.map(3000) { repetition -> (Double, Bool) in
      let inference = ErrorInference(try! contest.rows(seed: 24, index: UInt64(repetition)))
      let interval = try! inference.interval(for: .difference(0, 1))
      let smallest = try! inference.smallestDetectable(.difference(0, 1))
      // The contest as it would be with a true difference of that size.
      let shifted = interval.estimate - truth + smallest
      return (smallest, abs(shifted) > interval.upper - interval.estimate)
    }
    let power = Double(outcomes.count { $0.1 }) / 3000
    #expect((0.77...0.83).contains(power), "power \(power)")
  }
}

/// The largest distance between the empirical distribution of numbers in 0...1 and the uniform one.
func kolmogorovSmirnov(_ numbers: [Double]) -> Double {
  let n = Double(numbers.count)
  return numbers.sorted().enumerated().reduce(0) {
    max($0, $1.element - Double($1.offset) / n, Double($1.offset + 1) / n - $1.element)
  }
}
