import RatingBench
import Testing

/// The defaults of SVD++, its kin and NMF: as for the first models, inside `u1.base` alone.
extension DefaultsStudy {
  /// The errors of an algorithm with one thing at a time changed from its defaults; the defaults are within 0.001 of
  /// the best.
  private func study<Algorithm: RegisteredAlgorithm>(
    _ type: Algorithm.Type, _ changes: [(name: String, values: [String])]
  ) throws {
    let folds = try folds()
    let defaults = try error(Algorithm(), folds)
    var rows = [("defaults", defaults)]
    for (name, values) in changes {
      for value in values {
        rows.append(("\(name) \(value)", try error(Algorithm.make([(name: name, text: value)]), folds)))
      }
    }
    #expect(defaults <= best(rows) + 0.001)
  }

  @Test func svdPlusPlus() throws {
    try study(
      SVDPlusPlus.self,
      [
        ("epochs", ["15", "25"]), ("learningRate", ["0.025", "0.035"]), ("implicitLearningRate", ["0.04", "0.08"]),
        ("biasLearningRate", ["0.007", "0.014"]), ("regularization", ["0.09", "0.15"]),
        ("itemRegularization", ["0.04", "0.06"]), ("implicitRegularization", ["0.005", "0.01"]),
        ("biasRegularization", ["3", "8"]), ("initialStandardDeviation", ["0.01", "0.04"]), ("factors", ["32", "128"]),
      ])
  }

  @Test func asymmetricSVD() throws {
    try study(
      AsymmetricSVD.self,
      [
        ("epochs", ["20", "40"]), ("learningRate", ["0.02", "0.045"]), ("implicitLearningRate", ["0.04", "0.09"]),
        ("itemRegularization", ["0.04", "0.06"]), ("implicitRegularization", ["0.005", "0.01"]),
        ("biasRegularization", ["3", "8"]), ("initialStandardDeviation", ["0.01", "0.04"]),
      ])
  }

  @Test func timeBiases() throws {
    try study(
      TimeBiases.self,
      [
        ("epochs", ["20", "45"]), ("learningRate", ["0.007", "0.014"]), ("itemBinRegularization", ["40", "80"]),
        ("sessionRegularization", ["5", "10"]), ("driftRegularization", ["3", "30"]),
        ("scaleRegularization", ["10", "100"]), ("bins", ["15", "60"]), ("sessionMinutes", ["30"]),
      ])
  }

  @Test func timeSVDPlusPlus() throws {
    try study(
      TimeSVDPlusPlus.self,
      [
        ("epochs", ["15", "25"]), ("factorDriftRegularization", ["3", "30"]), ("itemBinRegularization", ["40", "80"]),
        ("binRegularization", ["2", "20"]), ("sessionRegularization", ["5", "10"]),
        ("driftRegularization", ["3", "30"]),
        ("scaleRegularization", ["10", "100"]), ("bins", ["15", "60"]), ("sessionMinutes", ["30", "1440"]),
      ])
  }

  @Test func nonNegativeFactorization() throws {
    try study(
      NonNegativeFactorization.self,
      [
        ("factors", ["16", "64"]), ("sweeps", ["60", "150"]), ("regularization", ["6", "15"]),
        ("biasRegularization", ["2", "10"]), ("initialSpread", ["0.3", "1"]),
      ])
  }
}
