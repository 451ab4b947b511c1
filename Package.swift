// swift-tools-version: 6.2
import PackageDescription

// Maintainers and CI set RATINGBENCH_STRICT: warnings in our own code are then errors. It stays out of what a
// dependent package sees, because a future compiler's new warning must not break somebody else's build.
let strict = Context.environment["RATINGBENCH_STRICT"] != nil
let swiftSettings: [SwiftSetting] = strict ? [.treatAllWarnings(as: .error)] : []
let cSettings: [CSetting] = strict ? [.treatAllWarnings(as: .error)] : []

// The documentation plugin is for `make docs` only, so that a user of the library never resolves it.
let documentation = Context.environment["RATINGBENCH_DOCS"] != nil

let package = Package(
  name: "RatingBench",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "RatingBench", targets: ["RatingBench"]),
    .executable(name: "prizecheck", targets: ["prizecheck"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // For prizecheck alone: who uses the library only does not resolve it.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ] + (documentation ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")] : []),
  targets: [
    // MARK: - Public API
    .target(
      name: "RatingBench",
      dependencies: ["RatingData", "RatingModels", "RatingEvaluation", "RatingExperiments", "RatingNumerics"],
      swiftSettings: swiftSettings),
    .target(
      name: "RatingData",
      dependencies: [
        "RatingNumerics",
        .target(name: "CZlib"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: swiftSettings),
    .target(name: "RatingModels", dependencies: ["RatingData", "RatingNumerics"], swiftSettings: swiftSettings),
    .target(name: "RatingEvaluation", dependencies: ["RatingData", "RatingNumerics"], swiftSettings: swiftSettings),
    .target(
      name: "RatingExperiments",
      dependencies: [
        "RatingData", "RatingModels", "RatingEvaluation", "RatingNumerics",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "prizecheck",
      dependencies: [
        "RatingBench",
        .product(name: "Yams", package: "Yams"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Schemas"],
      swiftSettings: swiftSettings),

    // MARK: - Implementation
    .target(name: "RatingNumerics", dependencies: ["CRatingKernels"], swiftSettings: swiftSettings),
    .target(
      name: "CRatingKernels",
      dependencies: [.target(name: "COpenBLAS", condition: .when(platforms: [.linux]))],
      exclude: ["README.md"],
      cSettings: cSettings,
      linkerSettings: [
        .linkedLibrary("m", .when(platforms: [.linux])),
        .linkedFramework("Accelerate", .when(platforms: [.macOS])),
      ]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

    // MARK: - Tests
    .target(
      name: "_RatingTestSupport", dependencies: ["RatingBench"], path: "Tests/_RatingTestSupport",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "RatingNumericsTests", dependencies: ["RatingNumerics", "_RatingTestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "RatingDataTests", dependencies: ["RatingData", "_RatingTestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "RatingModelsTests", dependencies: ["RatingModels", "_RatingTestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "RatingEvaluationTests", dependencies: ["RatingEvaluation", "_RatingTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "RatingExperimentsTests", dependencies: ["RatingExperiments", "_RatingTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "PrizecheckTests", dependencies: ["prizecheck", "_RatingTestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "PublishedResultsTests", dependencies: ["RatingBench", "_RatingTestSupport"], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
