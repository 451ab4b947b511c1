import CRatingKernels

/// Random numbers by the thousand, and the ordered probit model.
///
/// Draw n of a stream depends on the stream and n alone: it is made from the n-th 32-bit word of the stream, so pieces of
/// work of any size draw what one pass would. Everything is in Float and gives the same bytes on every instruction set.
extension Kernels {
  /// What `probitSums` adds up: (value, lower, upper, lower_lower, lower_upper, upper_upper).
  package typealias ProbitSums = rk_probit_sums

  private static let random = KernelSet(instructionSet)!

  /// Draws from N(means[n], 1), given that they lie in the cell of their level: between cuts[levels[n]] and
  /// cuts[levels[n] + 1].
  ///
  /// By inversion, from the smaller of the two tails, or where the cell begins more than five standard deviations from
  /// the mean, by one Newton step in the logarithm of the tail. Every draw is finite and in its (closed) cell, however far
  /// from the mean that is; its distribution is right to about 1e-6 within five standard deviations.
  ///
  /// - Parameters:
  ///   - stream: only its key counts, not what was drawn from it.
  ///   - first: the number of the first draw in the stream.
  ///   - cuts: one more than there are levels, ascending; the first is -infinity, the last +infinity.
  /// - Precondition: means are finite; every level has its cuts. Neither is checked.
  /// - Complexity: O(count).
  package static func truncatedNormals(
    _ stream: RandomStream, first: Int, means: UnsafePointer<Float>, levels: UnsafePointer<UInt8>,
    cuts: UnsafePointer<Float>, count: Int, into draws: UnsafeMutablePointer<Float>
  ) {
    random.truncatedNormals(
      stream, first: first, means: means, levels: levels, cuts: cuts, count: count, into: draws)
  }

  /// The sums over n of log P[n], P[n] = Phi(upper - means[n]) - Phi(lower - means[n]), and of its first and second
  /// derivatives by the two cuts, which are 0 for a cut that is infinite.
  ///
  /// Each term to about 1e-6 of itself, wherever the mean lies; the sums are in Double.
  ///
  /// - Precondition: lower < upper, not both infinite; means are finite. Neither is checked.
  /// - Complexity: O(count).
  package static func probitSums(
    lower: Float, upper: Float, means: UnsafePointer<Float>, count: Int
  ) -> ProbitSums {
    random.probitSums(lower: lower, upper: upper, means: means, count: count)
  }

  /// The expected ratings of the ordered probit model: base + the sum over c of gaps[c] Phi(means[n] - cuts[c]), to about
  /// 2e-7 of the largest rating.
  ///
  /// - Parameters:
  ///   - cuts, gaps: one for each pair of neighbouring levels, of ratings r[c] and r[c + 1]: gaps[c] = r[c + 1] - r[c].
  ///   - base: the lowest rating.
  ///   - ratings: may be `means`.
  /// - Complexity: O(count x cuts).
  package static func probitExpected(
    means: UnsafePointer<Float>, count: Int, cuts: UnsafePointer<Float>, gaps: UnsafePointer<Float>, cutCount: Int,
    base: Float, into ratings: UnsafeMutablePointer<Float>
  ) {
    random.probitExpected(
      means: means, count: count, cuts: cuts, gaps: gaps, cutCount: cutCount, base: base, into: ratings)
  }

  fileprivate static func fillNormals(
    _ stream: RandomStream, first: Int, count: Int, into numbers: UnsafeMutablePointer<Float>
  ) {
    random.normals(stream, first: first, count: count, into: numbers)
  }
}

extension RandomStream {
  /// Fills `numbers` with draws first, first + 1, ... of N(0, 1) in Float, many times faster than `normal()`.
  ///
  /// Draw n is the normal quantile (to about 2e-6, 3e-7 on average) at the middle of one of 2^32 cells, which the n-th 32-bit word of the
  /// stream chooses; the largest is 6.34. They are other numbers than those of `normal()`, but come from the same words,
  /// and what was drawn before does not matter: a stream serves either this or the other methods.
  ///
  /// - Complexity: O(count).
  package func fillNormals(_ numbers: UnsafeMutablePointer<Float>, first: Int = 0, count: Int) {
    Kernels.fillNormals(self, first: first, count: count, into: numbers)
  }
}

extension KernelSet {
  /// See `RandomStream.fillNormals`.
  public func normals(
    _ stream: RandomStream, first: Int, count: Int, into numbers: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: stream.words) { table.pointee.random.normals($0, UInt64(first), count, numbers) }
  }

  /// See `Kernels.truncatedNormals`.
  public func truncatedNormals(
    _ stream: RandomStream, first: Int, means: UnsafePointer<Float>, levels: UnsafePointer<UInt8>,
    cuts: UnsafePointer<Float>, count: Int, into draws: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: stream.words) {
      table.pointee.random.truncated($0, UInt64(first), means, levels, cuts, count, draws)
    }
  }

  /// See `Kernels.probitSums`.
  public func probitSums(
    lower: Float, upper: Float, means: UnsafePointer<Float>, count: Int
  ) -> rk_probit_sums {
    var sums = rk_probit_sums()
    table.pointee.random.probit_sums(lower, upper, means, count, &sums)
    return sums
  }

  /// See `Kernels.probitExpected`.
  public func probitExpected(
    means: UnsafePointer<Float>, count: Int, cuts: UnsafePointer<Float>, gaps: UnsafePointer<Float>, cutCount: Int,
    base: Float, into ratings: UnsafeMutablePointer<Float>
  ) {
    table.pointee.random.probit_expected(means, count, cuts, gaps, cutCount, base, ratings)
  }
}
