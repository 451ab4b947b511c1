@_spi(Benchmarks) import RatingNumerics

/// Everything that is measured. A new hot loop is one line here and one function that makes it.
public enum Registry {
  /// The seed of all inputs.
  public static let seed: UInt64 = 20_061_002

  public static let comparisons: [Comparison] =
    vectorSets.flatMap { set in
      [
        Comparison(.dot(64, set), against: .dot(64, .portable)),
        Comparison(.dot(64, set), against: .plainDot(64)),
        Comparison(.squaredError(set), against: .squaredError(.portable)),
        Comparison(.squaredError(set), against: .plainSquaredError),
        Comparison(.descent(32, set), against: .descent(32, .portable)),
        Comparison(.descent(64, set), against: .descent(64, .portable)),
        Comparison(.descent(128, set), against: .descent(128, .portable)),
        Comparison(.descent(64, set), against: .plainDescent(64)),
        Comparison(.pairDescent(32, set), against: .plainDescent(32)),
        Comparison(.pairDescent(64, set), against: .plainDescent(64)),
        Comparison(.pairDescent(128, set), against: .plainDescent(128)),
      ]
    } + [
      Comparison(.errorSums, against: .doubleSums),
      Comparison(.randomNumbers, against: .xorshift),
      Comparison(.normals, against: .xorshift),
      Comparison(.parallelDescent(threads: 2), against: .parallelDescent(threads: 1)),
    ]

  /// Every loop once, in the order of the comparisons.
  public static let loops: [HotLoop] = {
    var names: Set<String> = []
    return comparisons.flatMap { [$0.loop, $0.reference] }.filter { names.insert($0.name).inserted }
  }()

  private static let vectorSets = Kernels.available.filter { $0 != .portable }
}
