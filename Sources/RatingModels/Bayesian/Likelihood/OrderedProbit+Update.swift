import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension OrderedProbit {
  /// One Metropolis-Hastings step of the cut-points, given the ratings' means, with the latents integrated out (drawing
  /// cut-points between latents would move them by about 1 / ratings only).
  ///
  /// With the parameters a and the posterior p of `CutPointPosterior`: a candidate b is drawn from a multivariate t around
  /// the mode, whose precision is the negative Hessian there, and taken with probability
  ///
  ///     min(1, p(b) t(a) / (p(a) t(b)))
  ///
  /// The t has 60 degrees of freedom, and in one of 16 steps 4: with few, as in the paper (5), candidates far out are
  /// refused too often (with the normal as the posterior, four cut-points would take 80% of their candidates and nine
  /// 67%); with many alone, a chain that once is far out, as it may be where a level has few ratings, would stay there
  /// for long. Each of both is a valid step.
  ///
  /// Sources: Albert and Chib 2001, as for the type.
  ///
  /// - Parameters:
  ///   - means: the mean of each rating, in the order in which `order` was given their levels.
  ///   - order: made from the ratings' levels; it takes over the means.
  ///   - sweep: numbers the step: its draws come from RandomStream(seed, "bayesian.cutpoints", sweep).
  /// - Returns: whether the cut-points have moved. They stay where the mode can't be found.
  /// - Complexity: O(ratings), usually three passes: the present cut-points, one Newton step from there, the candidate.
  @discardableResult
  package mutating func update(
    means: UnsafePointer<Float>, order: inout LevelOrder, seed: Seed, sweep: Int, threads: Int
  ) -> Bool {
    precondition(order.levelCount == levelCount, "\(levelCount) levels expected, the order has \(order.levelCount)")
    order.gather(means, threads: threads)
    let posterior = CutPointPosterior(order: order, threads: threads)
    guard let now = posterior.point(CutPointPosterior.parameters(cutPoints)), let mode = posterior.mode(from: now)
    else { return false }

    var stream = RandomStream(seed: seed, purpose: "bayesian.cutpoints", index: UInt64(sweep))
    let size = cutPoints.count
    let degrees = stream.below(16) == 0 ? 4 : 60
    let normals = (0..<size).map { _ in stream.normal() }
    // Chi-squared with an even number of degrees: a sum of exponentials.
    let chiSquared = (0..<degrees / 2).reduce(0) { sum, _ in sum - 2 * log(1 - stream.uniform()) }
    let scale = (Double(degrees) / chiSquared).squareRoot()
    let offset = mode.factor.solveTransposed(normals).map { $0 * scale }
    guard let candidate = posterior.point(zip(mode.parameters, offset).map { $0 + $1 }) else { return false }

    /// log t up to a constant.
    func logProposal(_ offset: [Double]) -> Double {
      -Double(degrees + size) / 2 * log1p(mode.factor.squaredLength(offset) / Double(degrees))
    }
    let back = zip(now.parameters, mode.parameters).map { $0 - $1 }
    let ratio = candidate.value - now.value + logProposal(back) - logProposal(offset)
    guard log(1 - stream.uniform()) < ratio else { return false }
    cutPoints = CutPointPosterior.cutPoints(candidate.parameters)
    return true
  }
}
