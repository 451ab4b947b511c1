import Foundation
import RatingNumerics
import Testing

@testable import RatingEvaluation

/// What intervals cost at the size of the Netflix Prize: 480,000 users, 2.8 million rows. Printed, since seconds depend on
/// the machine; run with RATINGBENCH_MEASURE=1.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["RATINGBENCH_MEASURE"] != nil))
struct CostTests {
  private static let users = 480_000
  private static let rows = 2_800_000

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  private static func report(_ what: String, _ seconds: Double) {
    print("\(what): \((seconds * 1000).rounded() / 1000) s, \(Parallel.availableThreads) threads")
  }

  @Test func costs() throws {
    // Rows in the order of movies: users come in no order.
    var stream = RandomStream(seed: 1, purpose: "cost")
    var (a, b, owners) = ([Double](), [Double](), [UInt32]())
    for _ in 0..<Self.rows {
      let error = stream.normal()
      a.append(error * error)
      b.append((error + 0.1 * stream.normal()) * (error + 0.1))
      owners.append(UInt32(stream.below(Self.users)))
    }
    b = b.map { abs($0) }
    let rows = try ErrorRows(squaredErrors: [a, b], users: owners)
    var inference: ErrorInference!
    Self.report("reduction of 2 models to users", Self.seconds { inference = ErrorInference(rows) })
    Self.report(
      "delta-method interval of an improvement",
      try Self.seconds { _ = try inference.interval(for: .improvement(0, over: 1)) })
    let single = try ErrorRows(squaredErrors: [a], users: owners)
    Self.report(
      "reduction of 1 model and its interval",
      try Self.seconds { _ = try ErrorInference(single).interval(for: .rmse(0)) })
    for scheme in UserBootstrap.Scheme.allCases {
      var bootstrap: UserBootstrap!
      let time = Self.seconds {
        bootstrap = UserBootstrap(inference.users, for: .improvement(0, over: 1), scheme: scheme, seed: 1)
      }
      Self.report("10,000 \(scheme.rawValue) replicates over \(inference.users.count) users", time)
      Self.report("  its BCa interval", Self.seconds { _ = bootstrap.interval(.bca) })
      let ratio = bootstrap.standardError / (try inference.interval(for: .improvement(0, over: 1)).standardError)
      #expect(abs(ratio - 1) < 0.03)
    }
    let comparison = PairedComparison(inference, 0, over: 1)
    Self.report("10,000 sign flips", Self.seconds { _ = comparison.permutationTest(seed: 1) })
    Self.report("Wilcoxon", Self.seconds { _ = comparison.wilcoxon })
  }
}
