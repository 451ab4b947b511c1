import Benchmark
import HotLoops

// Every registered loop by itself, with its distribution of times. Wall clock differs between runs on a shared machine:
// for a gate, see ratio-gate.
let benchmarks: @Sendable () -> Void = {
  for loop in Registry.loops {
    Benchmark(
      loop.name,
      configuration: .init(
        metrics: [.wallClock, .throughput], warmupIterations: 2, maxDuration: .milliseconds(300),
        maxIterations: 100_000)
    ) { benchmark, run in
      for _ in benchmark.scaledIterations { run() }
    } setup: {
      loop.make()
    }
  }
}
