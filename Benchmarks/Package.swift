// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who uses the library never resolves what only benchmarks need.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "RatingBench", path: ".."),
    // Without its traits it needs no jemalloc.
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    // MARK: - What is measured
    .target(
      name: "HotLoops",
      dependencies: ["CPlainLoops", .product(name: "RatingBench", package: "RatingBench")]),
    .target(name: "CPlainLoops"),

    // MARK: - How it is measured
    .executableTarget(name: "ratio-gate", dependencies: ["HotLoops"]),
    .executableTarget(
      name: "HotLoopBenchmarks",
      dependencies: ["HotLoops", .product(name: "Benchmark", package: "benchmark")],
      path: "Benchmarks/HotLoopBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ],
  swiftLanguageModes: [.v6]
)
