@_spi(Benchmarks) import RatingNumerics

/// Everything that is measured. A new hot loop is one line here and one function that makes it.
public enum Registry {
  /// The seed of all inputs.
  public static let seed: UInt64 = 20_061_002

  public static let comparisons: [Comparison] =
    vectorSets.flatMap(kernels) + zip(vectorSets.dropFirst(), vectorSets).flatMap(kernels) + wholeLoops

  private static let lengths = [32, 64, 128]

  /// An instruction set against portable C and plain C.
  private static func kernels(_ set: InstructionSet) -> [Comparison] {
    var all = [
      Comparison(.squaredError(set), against: .squaredError(.portable)),
      Comparison(.squaredError(set), against: .plainSquaredError),
      Comparison(.descent(64, set), against: .plainDescent(64)),
      Comparison(.implicitDescent(20, set), against: .implicitDescent(20, .portable)),
      Comparison(.implicitDescent(64, set), against: .implicitDescent(64, .portable)),
      Comparison(.normals(set), against: .normals(.portable)),
      Comparison(.normals(set), against: .normals),
      Comparison(.truncatedNormals(set), against: .truncatedNormals(.portable)),
      Comparison(.truncatedNormals(set), against: .normals),
      Comparison(.probitSums(set), against: .probitSums(.portable)),
      Comparison(.probitExpected(set), against: .probitExpected(.portable)),
      Comparison(.weightedSums(set), against: .weightedSums(.portable)),
      Comparison(.signedSums(set), against: .signedSums(.portable)),
    ]
    for length in lengths {
      all.append(Comparison(.dot(length, set), against: .dot(length, .portable)))
      all.append(Comparison(.dot(length, set), against: .plainDot(length)))
      all.append(Comparison(.descent(length, set), against: .descent(length, .portable)))
      all.append(Comparison(.partsDescent(length, set), against: .plainDescent(length)))
    }
    for factors in [64, 128] {
      all.append(Comparison(.leastSquares(factors, set), against: .gatheredLeastSquares(factors)))
      all.append(Comparison(.conjugateGradients(factors, set), against: .leastSquares(factors, set)))
    }
    all.append(Comparison(.leastSquares(64, set), against: .leastSquares(64, .portable)))
    return all
  }

  /// An instruction set against the next slower one.
  private static func kernels(_ set: InstructionSet, _ slower: InstructionSet) -> [Comparison] {
    var all = [Comparison(.squaredError(set), against: .squaredError(slower))]
    for length in lengths {
      all.append(Comparison(.dot(length, set), against: .dot(length, slower)))
      all.append(Comparison(.descent(length, set), against: .descent(length, slower)))
      all.append(Comparison(.partsDescent(length, set), against: .partsDescent(length, slower)))
    }
    for factors in [64, 128] {
      all.append(Comparison(.leastSquares(factors, set), against: .leastSquares(factors, slower)))
    }
    return all
  }

  private static let wholeLoops = [
    Comparison(.errorSums, against: .doubleSums),
    Comparison(.randomNumbers, against: .xorshift),
    Comparison(.indices, against: .xorshift),
    Comparison(.normals, against: .xorshift),
    Comparison(.parallelDescent(threads: 2), against: .parallelDescent(threads: 1), by: .wall),
    Comparison(.factorizationEpoch(threads: 1), against: .epochSteps(.portable)),
    Comparison(.factorizationEpoch(threads: 1), against: .plainEpochSteps),
    Comparison(.factorizationEpoch(threads: 2), against: .factorizationEpoch(threads: 1), by: .wall),
    Comparison(.allItemScores(threads: 1), against: .allItemPredictions),
    Comparison(.allItemScores(threads: 2), against: .allItemScores(threads: 1), by: .wall),
    Comparison(.topItems(threads: 1), against: .sortedItems),
    Comparison(.topItems(threads: 2), against: .topItems(threads: 1), by: .wall),
    Comparison(.alternatingSweep(threads: 2), against: .alternatingSweep(threads: 1), by: .wall),
    Comparison(.gibbsSweep(threads: 1), against: .plainGibbsSweep),
    Comparison(.gibbsSweep(threads: 2), against: .gibbsSweep(threads: 1), by: .wall),
    Comparison(.flippedGibbsSweep(threads: 2), against: .flippedGibbsSweep(threads: 1), by: .wall),
    Comparison(.implicitEpoch(20), against: .plainEpochSteps),
    Comparison(.implicitEpoch(64), against: .factorizationEpoch(threads: 1)),
    Comparison(.judging(threads: 1), against: .naiveJudging),
    Comparison(.judging(threads: 2), against: .judging(threads: 1), by: .wall),
    Comparison(.gzipJudging, against: .inflating),
    Comparison(.csvReading(threads: 1), against: .naiveCSVReading),
    Comparison(.csvReading(threads: 2), against: .csvReading(threads: 1), by: .wall),
    Comparison(.folderReading(threads: 1), against: .lineCounting),
    Comparison(.folderReading(threads: 2), against: .folderReading(threads: 1), by: .wall),
  ]

  public static let accuracies: [AccuracyComparison] = [.factorization, .alternating, .implicitFactorization]

  /// Every loop once, in the order of the comparisons.
  public static let loops: [HotLoop] = {
    var names: Set<String> = []
    return comparisons.flatMap { [$0.loop, $0.reference] }.filter { names.insert($0.name).inserted }
  }()

  private static let vectorSets = Kernels.available.filter { $0 != .portable }
}
