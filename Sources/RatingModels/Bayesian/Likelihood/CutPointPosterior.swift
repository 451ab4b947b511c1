import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The posterior of the cut-points of an ordered probit model, given the ratings' means, with the latents integrated out.
///
/// In parameters that are free, one for each cut-point:
///
///     a[0] = g[0]      a[m] = log(g[m] - g[m - 1])      a[m] ~ N(0, 1), each by itself
///
///     log p(a) = sum over ratings of log(Phi(g[l] - mean) - Phi(g[l - 1] - mean)) - |a|^2 / 2 + constant
struct CutPointPosterior {
  let order: LevelOrder
  let threads: Int

  /// The posterior at some parameters: log p up to a constant, its gradient, and the negative Hessian (row-major).
  struct Point {
    var parameters: [Double]
    var value: Double
    var gradient: [Double]
    var precision: [Double]
  }

  /// The parameters of ascending cut-points.
  static func parameters(_ cutPoints: [Double]) -> [Double] {
    cutPoints.indices.map { $0 == 0 ? cutPoints[0] : log(cutPoints[$0] - cutPoints[$0 - 1]) }
  }

  static func cutPoints(_ parameters: [Double]) -> [Double] {
    var cutPoints = [parameters[0]]
    for parameter in parameters.dropFirst() { cutPoints.append(cutPoints.last! + exp(parameter)) }
    return cutPoints
  }

  /// The posterior at `parameters`, or nil where two cut-points are the same number or one is not finite in Float: there
  /// it is taken to be 0.
  ///
  /// - Complexity: O(ratings + levels^2), one pass over the means.
  func point(_ parameters: [Double]) -> Point? {
    let size = parameters.count
    let cuts = OrderedProbit.kernelCuts(Self.cutPoints(parameters))
    guard zip(cuts, cuts.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    let sums = order.sums(cuts: cuts, threads: threads)

    // By the cut-points: cut c is the upper one of level c and the lower one of level c + 1. Sums from each cut upward.
    var gradient = [Double](repeating: 0, count: size + 1)
    var diagonals = gradient
    var neighbours = gradient
    for c in (0..<size).reversed() {
      let (below, above) = (sums[c], sums[c + 1])
      gradient[c] = gradient[c + 1] + below.upper + above.lower
      // Row c of the Hessian: its diagonal and what stands right of it; then what stands left of it.
      diagonals[c] = diagonals[c + 1] + below.upper_upper + above.lower_lower + above.lower_upper
      neighbours[c] = neighbours[c + 1] + below.lower_upper
    }

    // A parameter moves its own cut-point and all above it, by its slope.
    let slopes = parameters.indices.map { $0 == 0 ? 1 : exp(parameters[$0]) }
    var point = Point(
      parameters: parameters,
      value: sums.reduce(0) { $0 + $1.value } - parameters.reduce(0) { $0 + $1 * $1 } / 2,
      gradient: parameters.indices.map { slopes[$0] * gradient[$0] - parameters[$0] },
      precision: [Double](repeating: 0, count: size * size))
    for m in 0..<size {
      for n in m..<size {
        // Cuts from m and cuts from n on; below cut m there is none to its left.
        let sum = diagonals[n] + (n == m ? neighbours[n + 1] : neighbours[n])
        let second = slopes[m] * slopes[n] * sum + (n == m && m > 0 ? slopes[m] * gradient[m] : 0)
        point.precision[m * size + n] = (n == m ? 1 : 0) - second
        point.precision[n * size + m] = point.precision[m * size + n]
      }
    }
    return point.value.isFinite ? point : nil
  }

  /// The mode, by Newton's method with line search from `start`, and the precision and its Cholesky factor there.
  ///
  /// The last step is taken without looking at where it leads: it is shorter than 1/30 of a standard deviation, so that
  /// what remains is below 1/1000 of one, and a draw around the mode knows nothing of where the search began.
  ///
  /// - Returns: nil where the search fails, or the posterior has no proper curvature at its end.
  /// - Complexity: one pass over the means for each step; 2 or 3 from a point of high posterior probability.
  func mode(from start: Point) -> (parameters: [Double], factor: LowerTriangle)? {
    var here = start
    for _ in 0..<Self.maximumSteps {
      let (factor, isDamped) = LowerTriangle.factor(damping: here.precision, size: here.gradient.count)
      let step = factor.solve(here.gradient)
      // What a Newton step gains, doubled: the squared length of the step in standard deviations.
      let gain = zip(step, here.gradient).reduce(0) { $0 + $1.0 * $1.1 }
      if gain < Self.closeEnough, !isDamped {
        return (zip(here.parameters, step).map { $0 + $1 }, factor)
      }
      guard let next = search(from: here, along: step, gain: gain) else { return nil }
      here = next
    }
    return nil
  }

  private static let maximumSteps = 60
  /// The squared length of the last step in standard deviations.
  private static let closeEnough = 1e-3
  private static let maximumHalvings = 30

  /// The first of the points start + step, + step / 2, + step / 4, ... that gains at least a little of what it should,
  /// but for the rounding of the sums over many ratings.
  private func search(from start: Point, along step: [Double], gain: Double) -> Point? {
    var length = 1.0
    for _ in 0..<Self.maximumHalvings {
      if let next = point(zip(start.parameters, step).map { $0 + length * $1 }),
        next.value >= start.value + 1e-4 * length * gain - 1e-10 * abs(start.value)
      {
        return next
      }
      length /= 2
    }
    return nil
  }
}
