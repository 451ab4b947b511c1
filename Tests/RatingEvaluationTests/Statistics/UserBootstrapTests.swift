@_spi(Benchmarks) import RatingNumerics
import Testing

@_spi(Benchmarks) @testable import RatingEvaluation

@Suite struct UserBootstrapTests {
  private func sums(users: Int, seed: Seed = 1) throws -> ErrorInference {
    ErrorInference(try SimulatedContest(users: users).rows(seed: seed, index: 0))
  }

  @Test(arguments: UserBootstrap.Scheme.allCases)
  func replicatesAreTheSameBytesAtAnyNumberOfThreads(scheme: UserBootstrap.Scheme) throws {
    // More users than one call of the kernel takes, and fewer than are worth it.
    for users in [3, 70, 33_000] {
      let sums = try sums(users: users).users
      let values = [1, 2, 4].map { threads in
        UserBootstrap(
          sums, for: .difference(0, 1), replicates: 117, scheme: scheme, seed: 5, threads: threads
        ).values.map(\.bitPattern)
      }
      #expect(values[0] == values[1] && values[0] == values[2] && Set(values[0]).count > 5)
      let other = UserBootstrap(sums, for: .difference(0, 1), replicates: 117, scheme: scheme, seed: 6)
      #expect(other.values.map(\.bitPattern) != values[0])
      // A replicate is its number's, however many there are.
      let more = UserBootstrap(sums, for: .difference(0, 1), replicates: 150, scheme: scheme, seed: 5)
      #expect(more.values.prefix(117).map(\.bitPattern) == values[0])
    }
  }

  @Test(arguments: UserBootstrap.Scheme.allCases)
  func standardErrorsAreThoseOfTheDeltaMethod(scheme: UserBootstrap.Scheme) throws {
    let inference = try sums(users: 1000)
    for statistic in [ErrorStatistic.rmse(0), .difference(0, 1), .improvement(0, over: 1)] {
      let bootstrap = UserBootstrap(inference.users, for: statistic, replicates: 10_000, scheme: scheme, seed: 2)
      let delta = try inference.interval(for: statistic)
      #expect(abs(bootstrap.standardError / delta.standardError - 1) < 0.03, "\(statistic)")
      for kind in UserBootstrap.Kind.allCases {
        let interval = bootstrap.interval(kind)
        let width = delta.upper - delta.lower
        #expect(abs(interval.lower - delta.lower) < 0.1 * width && abs(interval.upper - delta.upper) < 0.1 * width)
        #expect(interval.estimate == delta.estimate && interval.clusters == 1000 && interval.rows == inference.rows)
      }
    }
  }

  /// With one row a user, 1 for user 0 and 0 for the others, G x the mean is how often user 0 was drawn.
  @Test func multinomialWeightsAreBinomial() throws {
    // 40 users are drawn one by one, 300 by weights and what they lack.
    for users in [40, 300] {
      var errors = [Double](repeating: 0, count: users)
      errors[users / 2] = 1
      let ones = [Double](repeating: 1, count: users)
      let inference = ErrorInference(
        try ErrorRows(squaredErrors: [errors, ones], users: (0..<UInt32(users)).map { $0 }))
      let planes = WeightedPlanes(inference.users, models: [0, 1])
      let draws = BootstrapDraws(planes: planes, scheme: .multinomial, seed: 3)
      let replicates = 40_000
      var counts = [Double](repeating: 0, count: 8)
      for start in stride(from: 0, to: replicates, by: 16) {
        for (a, b) in draws.means(ofReplicates: start..<start + 16) {
          #expect(b == 1)
          let drawn = a * Double(users)
          // A whole number out of a fixed number of draws: the number of users is always the same.
          #expect(abs(drawn - drawn.rounded()) < 1e-9)
          counts[min(Int(drawn.rounded()), 7)] += 1
        }
      }
      let share = 1 / Double(users)
      var probability = 1.0
      for _ in 0..<users { probability *= 1 - share }
      var chiSquare = 0.0
      for drawn in 0..<6 {
        let expected = probability * Double(replicates)
        chiSquare += (counts[drawn] - expected) * (counts[drawn] - expected) / expected
        probability *= Double(users - drawn) / Double(drawn + 1) * share / (1 - share)
      }
      // The 0.9999 quantile for 6 degrees of freedom is 27.9.
      #expect(chiSquare < 27.9, "chi-square \(chiSquare) with \(users) users")
    }
  }

  /// Users of up to 40,000 rows need two planes, and sums are those of the records.
  @Test func planesHoldTheRecords() throws {
    let records: [Double] = [40_000, 12_345.678, 3e-5, 2, 0.5, 7, 1, 0, 0.25]
    let sums = ClusterSums(records: records, models: 2)
    let planes = WeightedPlanes(sums, models: [0, 1])
    #expect(planes.planeCount == 7)
    for user in 0..<3 {
      var totals = [Int64](repeating: 0, count: planes.planeCount)
      planes.withUnsafeValues { planes.add(user, weight: 3, to: &totals, $0) }
      #expect(planes.users(in: totals) == 3 && planes.rows(in: totals) == 3 * Int64(records[3 * user]))
      let means = planes.means(in: totals)
      #expect(abs(means.0 * records[3 * user] - records[3 * user + 1]) < 12_345 * 0x1p-28)
      #expect(abs(means.1 * records[3 * user] - records[3 * user + 2]) < 7 * 0x1p-28)
    }
  }

  @Test func quantilesOfReplicates() {
    #expect(UserBootstrap.quantile(0.5, of: [1, 2, 4]) == 2)
    #expect(UserBootstrap.quantile(0.25, of: [1, 2, 4]) == 1)
    #expect(UserBootstrap.quantile(0.625, of: [1, 2, 4]) == 3)
    #expect(UserBootstrap.quantile(0.001, of: [1, 2, 4]) == 1 && UserBootstrap.quantile(0.999, of: [1, 2, 4]) == 4)
  }

  /// The mean of a skewed sample of 12: the jackknife's acceleration is its skewness / (6 sqrt n).
  @Test func bcaShiftsTowardTheSkewedSide() throws {
    let errors: [Double] = [1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 9, 30]
    let inference = ErrorInference(try ErrorRows(squaredErrors: [errors], users: (0..<12).map { UInt32($0) }))
    let bootstrap = UserBootstrap(inference.users, for: .rmse(0), replicates: 20_000, seed: 1)
    let (percentile, bca) = (bootstrap.interval(.percentile), bootstrap.interval(.bca))
    #expect(bca.lower > percentile.lower && bca.upper > percentile.upper)
    #expect(bca.method == .bca(.multinomial) && percentile.method == .percentile(.multinomial))
  }
}
