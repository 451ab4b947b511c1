import HotLoops

/// How many times as fast a loop ran as its reference, both measured in turns in this process.
struct Measurement {
  let comparison: Comparison
  /// The quotient of the shortest times: what noise from other processes disturbs least.
  let ratio: Double
  /// Units per second of the loop, from its shortest time.
  let unitsPerSecond: Double
  let referenceUnitsPerSecond: Double

  private static let rounds = 25
  /// Long beside the clock's grain, short beside a time slice.
  private static let nanoseconds = 1_500_000.0

  init(_ comparison: Comparison) {
    self.comparison = comparison
    let (loop, reference) = (comparison.loop.make(), comparison.reference.make())
    let (loopRuns, referenceRuns) = (Self.calibrate(loop), Self.calibrate(reference))
    var shortest = Double.infinity
    var referenceShortest = Double.infinity
    for _ in 0..<Self.rounds {
      shortest = min(shortest, Self.time(loop, runs: loopRuns))
      referenceShortest = min(referenceShortest, Self.time(reference, runs: referenceRuns))
    }
    unitsPerSecond = Double(comparison.loop.unitsPerRun) / shortest * 1e9
    referenceUnitsPerSecond = Double(comparison.reference.unitsPerRun) / referenceShortest * 1e9
    ratio = unitsPerSecond / referenceUnitsPerSecond
  }

  /// The number of runs that take about as long as one round should; warms up besides.
  private static func calibrate(_ body: () -> Void) -> Int {
    let once = (0..<3).map { _ in time(body, runs: 1) }.min()!
    return max(1, Int(nanoseconds / max(once, 1)))
  }

  /// Nanoseconds per run.
  private static func time(_ body: () -> Void, runs: Int) -> Double {
    let clock = ContinuousClock()
    let elapsed = clock.measure { for _ in 0..<runs { body() } }
    let (seconds, attoseconds) = elapsed.components
    return (Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(runs)
  }
}
