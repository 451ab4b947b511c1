/// A number that is computed from mean squared errors: what an interval is for.
///
/// Models are numbers: their places in `ErrorRows.squaredErrors`.
public enum ErrorStatistic: Sendable, Hashable {
  /// The RMSE of a model.
  case rmse(Int)
  /// RMSE of the first - RMSE of the second: negative where the first is better.
  case difference(Int, Int)
  /// 100 (1 - RMSE / RMSE of the other): by how many percent a model improves on another.
  case improvement(Int, over: Int)
  /// 100 (1 - RMSE / baseline): by how many percent a model improves on a number, which has no error of its own.
  case improvementBelow(Int, baseline: Double)

  /// The models that it is about: the first, and the second where there is one.
  public var models: (Int, Int?) {
    switch self {
    case .rmse(let a): (a, nil)
    case .difference(let a, let b): (a, b)
    case .improvement(let a, let b): (a, b)
    case .improvementBelow(let a, _): (a, nil)
    }
  }

  /// Its value, from the mean squared errors of its models; the second is not read where there is none.
  public func value(_ first: Double, _ second: Double = 0) -> Double {
    switch self {
    case .rmse: first.squareRoot()
    case .difference: first.squareRoot() - second.squareRoot()
    case .improvement: 100 * (1 - (first / second).squareRoot())
    case .improvementBelow(_, let baseline): 100 * (1 - first.squareRoot() / baseline)
    }
  }

  /// Its derivatives by the two mean squared errors: what the delta method multiplies deviations with.
  ///
  /// d sqrt(m) / dm = 1 / (2 sqrt(m)). A mean squared error of 0 has none; 0 stands for it, as no row deviates then.
  public func slopes(_ first: Double, _ second: Double = 0) -> (first: Double, second: Double) {
    func ofRoot(_ mean: Double) -> Double { mean > 0 ? 0.5 / mean.squareRoot() : 0 }
    switch self {
    case .rmse: return (ofRoot(first), 0)
    case .difference: return (ofRoot(first), -ofRoot(second))
    case .improvement:
      let ratio = (first / second).squareRoot()
      return (-100 * ofRoot(first) / second.squareRoot(), 50 * ratio / second)
    case .improvementBelow(_, let baseline): return (-100 * ofRoot(first) / baseline, 0)
    }
  }
}
