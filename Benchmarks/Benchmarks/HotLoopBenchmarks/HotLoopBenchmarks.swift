import Benchmark
import HotLoops

/// The error that a loop's recipe reaches, in millionths of a star, beside its speed.
let rmseMetric = BenchmarkMetric.custom("RMSE (1e-6)", polarity: .prefersSmaller, useScalingFactor: false)

// Every registered loop by itself, with its distribution of times. Wall clock differs between runs on a shared machine:
// for a gate, see ratio-gate.
let benchmarks: @Sendable () -> Void = {
  for loop in Registry.loops {
    Benchmark(
      loop.name,
      configuration: .init(
        metrics: [.wallClock, .throughput] + (loop.rmse == nil ? [] : [rmseMetric]), warmupIterations: 2,
        maxDuration: .milliseconds(300), maxIterations: 100_000)
    ) { benchmark, run in
      for _ in benchmark.scaledIterations { run() }
      if let rmse = loop.rmse {
        benchmark.stopMeasurement()
        benchmark.measurement(rmseMetric, Int((rmse() * 1e6).rounded()))
      }
    } setup: {
      loop.make()
    }
  }
}
