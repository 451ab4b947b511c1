import CRatingKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The hot loops, in C, for the fastest instruction set that this machine has: the one door to them.
///
/// The choice is made once, at first use. The environment variable `RATINGBENCH_ISA` forces one (`portable`, `neon`,
/// `avx2`, `avx512`). Every instruction set gives the same bytes, NaN payloads excepted: 16 virtual lanes, fused
/// multiply-add and one order of summation, written down in Sources/CRatingKernels/README.md.
public enum Kernels {
  /// The environment variable that forces an instruction set.
  public static let variable = "RATINGBENCH_ISA"

  /// What was chosen, and what stood against the wish in `RATINGBENCH_ISA`.
  public struct Selection: Hashable, Sendable {
    /// The instruction set in use. Where the wish can't be granted: the fastest that there is.
    public var instructionSet: InstructionSet
    /// Why the wish can't be granted: a configuration error that a tool reports before it does anything else.
    public var problem: NumericsError?
  }

  /// The instruction sets of this machine, from the slowest to the fastest. `portable` is always among them.
  public static let available: [InstructionSet] = InstructionSet.allCases.filter { $0.kernels != nil }

  /// The choice of this process.
  public static let selection = select(wish: getenv(variable).map { String(cString: $0) })

  /// The instruction set in use.
  public static var instructionSet: InstructionSet { selection.instructionSet }

  static func select(wish: String?) -> Selection {
    let fastest = available.last!
    guard let wish, !wish.isEmpty else { return Selection(instructionSet: fastest) }
    guard let set = InstructionSet(rawValue: wish) else {
      return Selection(
        instructionSet: fastest, problem: .unknownInstructionSet(found: wish, available: available))
    }
    guard available.contains(set) else {
      return Selection(instructionSet: fastest, problem: .unsupportedInstructionSet(set, available: available))
    }
    return Selection(instructionSet: set)
  }

  private static let chosen = KernelSet(instructionSet)!

  // MARK: Bytes

  /// How often a byte occurs.
  ///
  /// - Complexity: O(bytes), at about the speed of memory.
  package static func count(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    return rk_count_byte(base.assumingMemoryBound(to: UInt8.self), bytes.count, byte)
  }

  // MARK: Sums

  /// The dot product, the sum of a[i] b[i].
  ///
  /// In Float: the error is at most about (count / 64 + 7) 2^-24 sum |a[i] b[i]|. Any alignment.
  ///
  /// - Complexity: O(count).
  package static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
    chosen.dot(a, b, count: count)
  }

  /// The sum of squared errors, the sum of (ratings[i] - predictions[i])^2.
  ///
  /// Predictions are Double, as everything that is reported, and ratings Float, as a data set holds them (steps of a half
  /// or a tenth); differences, squares and sums are Double. The judge does not use this: it has `ErrorSums`, which is
  /// exact on decimals as written.
  ///
  /// - Complexity: O(count).
  package static func squaredError(
    predictions: UnsafePointer<Double>, ratings: UnsafePointer<Float>, count: Int
  ) -> Double {
    chosen.squaredError(predictions: predictions, ratings: ratings, count: count)
  }

  // MARK: Biased factors

  /// A user, an item and a rating: 12 bytes.
  package typealias RatingRecord = rk_rating

  /// A biased factor model in memory, with its learning rates and regularization.
  ///
  /// Rows of factors are `factors` floats long, a multiple of 16, and begin at multiples of 64 bytes, as the rows of a
  /// `Matrix` do; unused factors are 0 in both matrices and stay 0. A part of the model is switched off by a learning
  /// rate of 0.
  package typealias BiasedFactors = rk_biased_factors

  /// The prediction for each pair: mean + b_u + b_i + p_u . q_i. The records' ratings are not read.
  ///
  /// - Precondition: every index has a row in the model; this is not checked.
  /// - Complexity: O(count x factors).
  package static func predict(
    _ model: BiasedFactors, pairs: UnsafePointer<RatingRecord>, count: Int,
    into predictions: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: model) { chosen.predict($0, pairs: pairs, count: count, into: predictions) }
  }

  // MARK: Stochastic gradient descent

  /// Ratings of one user that stand next to each other: (user, count).
  package typealias RatingRun = rk_run

  /// One of them: (item, value), the item's row and the place of the rating in a table of ratings; 4 bytes.
  package typealias RatingCell = rk_cell

  /// Ratings in parts, which share no user.
  package typealias RatingBlock = rk_block

  /// How many cells after the last one of a block have to be readable; what they hold does not matter.
  package static let readAhead = Int(RK_READ_AHEAD)

  /// How many parts a block has.
  package static let parts = Int(RK_PARTS)

  /// One step of stochastic gradient descent for each rating of a block: the first ones of all parts, then the second
  /// ones, ..., for as long as all parts have ratings; then what is left of the first part, of the second, ... While one
  /// user waits for its sum, others compute, and their rows stay in registers.
  ///
  /// With error e = r - mean - b_u - b_i - p_u . q_i, all from the values before the step:
  ///
  ///     b_u += userBiasRate (e - userBiasRegularization b_u)  b_i likewise
  ///     p_u  = (1 - rate regularization) p_u + rate e q_i     q_i = (1 - rate regularization) q_i + rate e p_u
  ///
  /// which is a step down the gradient of e^2 / 2 + (userBiasRegularization b_u^2 + itemBiasRegularization b_i^2 +
  /// regularization (|p_u|^2 + |q_i|^2)) / 2; each user's and each item's bias has a regularization of its own. Where the model has sums of squares, each row has rates of its own: a step first adds the mean square
  /// of the gradient of the row's factors to the row's sum, then divides the rates by the sum's square root.
  ///
  /// - Returns: the sum of e^2, in Double; not finite where the model has diverged.
  /// - Precondition: every index has a row in the model; rows of factors are aligned; runs are not empty; `readAhead`
  ///   cells after the block are readable. None is checked.
  /// - Complexity: O(ratings x factors).
  ///
  /// Sources: Koren, Bell and Volinsky, "Matrix factorization techniques for recommender systems", Computer 42 (2009),
  /// doi:10.1109/MC.2009.263; Chin, Zhuang, Juan and Lin, "A learning-rate schedule for stochastic gradient methods to
  /// matrix factorization", PAKDD 2015, doi:10.1007/978-3-319-18038-0_35.
  package static func descend(_ model: BiasedFactors, _ block: RatingBlock) -> Double {
    withUnsafePointer(to: model) { model in
      withUnsafePointer(to: block) { chosen.descend(model, $0) }
    }
  }
}
