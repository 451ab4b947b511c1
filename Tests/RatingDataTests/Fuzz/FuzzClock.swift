import Foundation
import _RatingTestSupport

/// For how long a fuzz test goes on: a second, or `RATINGBENCH_FUZZ_SECONDS`.
struct FuzzClock {
  static let seconds = ProcessInfo.processInfo.environment["RATINGBENCH_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
  /// Where the random numbers come from: `RATINGBENCH_FUZZ_SEED`, else the same ones each time.
  static let seed = ProcessInfo.processInfo.environment["RATINGBENCH_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1

  private let end = ContinuousClock.now + .milliseconds(Int(seconds * 1000))
  private(set) var inputs = 0

  /// Whether there is time for one more input.
  mutating func next() -> Bool {
    if ContinuousClock.now > end { return false }
    inputs += 1
    return true
  }

  /// Says how much was tried, so that a run's figure can be reported.
  func report(_ name: String) {
    print("fuzz: \(name): \(inputs) inputs in \(FuzzClock.seconds) s, seed \(FuzzClock.seed)")
  }
}
