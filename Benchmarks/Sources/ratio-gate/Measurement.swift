import Foundation
import HotLoops

/// How many times as fast a loop ran as its reference, both measured in turns in this process.
///
/// By the processor's clock it is the quotient of the shortest times, which other processes disturb least. By the wall's
/// it is the median of the rounds' quotients: on a busy machine two threads seldom have two processors at once, but
/// they still have twice the share of one.
struct Measurement {
  let comparison: Comparison
  let ratio: Double
  /// Units per second of the loop, from its shortest time.
  let unitsPerSecond: Double
  let referenceUnitsPerSecond: Double

  private static let rounds = 25
  /// Loops that take long are measured less often, but at least so many times.
  private static let fewestRounds = 5
  private static let nanosecondsInAll = 1_500_000_000.0
  /// Long beside the clock's grain, short beside a time slice.
  private static let nanosecondsPerRound = 1_500_000.0

  init(_ comparison: Comparison) {
    self.comparison = comparison
    let clock = comparison.clock
    let (loop, reference) = (comparison.loop.make(), comparison.reference.make())
    let (loopRuns, referenceRuns) = (Self.calibrate(loop), Self.calibrate(reference))
    var times: [(loop: Double, reference: Double)] = []
    let start = Self.now(.wall)
    while times.count < Self.fewestRounds
      || times.count < Self.rounds && Self.now(.wall) - start < Self.nanosecondsInAll
    {
      times.append((Self.time(loop, runs: loopRuns, clock), Self.time(reference, runs: referenceRuns, clock)))
    }
    let shortest = (loop: times.map(\.loop).min()!, reference: times.map(\.reference).min()!)
    let (units, referenceUnits) = (Double(comparison.loop.unitsPerRun), Double(comparison.reference.unitsPerRun))
    unitsPerSecond = units / shortest.loop * 1e9
    referenceUnitsPerSecond = referenceUnits / shortest.reference * 1e9
    switch clock {
    case .processor: ratio = unitsPerSecond / referenceUnitsPerSecond
    case .wall:
      let quotients = times.map { $0.reference / $0.loop }.sorted()
      ratio = units / referenceUnits * quotients[quotients.count / 2]
    }
  }

  /// The number of runs that take about as long as one round should; warms up besides.
  private static func calibrate(_ body: () -> Void) -> Int {
    var shortest = time(body, runs: 1, .processor)
    for _ in 0..<2 where shortest < nanosecondsPerRound * 10 {
      shortest = min(shortest, time(body, runs: 1, .processor))
    }
    return max(1, Int(nanosecondsPerRound / max(shortest, 1)))
  }

  /// Nanoseconds per run.
  private static func time(_ body: () -> Void, runs: Int, _ clock: Comparison.Clock) -> Double {
    let start = now(clock)
    for _ in 0..<runs { body() }
    return (now(clock) - start) / Double(runs)
  }

  private static func now(_ clock: Comparison.Clock) -> Double {
    var time = timespec()
    switch clock {
    case .processor: clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    case .wall: clock_gettime(CLOCK_MONOTONIC, &time)
    }
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}
