import CRatingKernels

/// The loops of models in which a user is the sum of what belongs to the user's items: SVD++ and its kin.
extension Kernels {
  /// A rating of a user whose ratings stand together: (item, rating), 8 bytes.
  package typealias ItemRating = rk_item_rating
  /// A rating with what time makes of it: (item, rating, cell of item and bin, day of the user, drift), 20 bytes.
  package typealias TimedRating = rk_timed_rating
  /// The items' factors and biases, with what a step does to them; `keep` is what is left of a value after a step.
  package typealias ImplicitItems = rk_implicit_items
  /// A user as the sum of two rows, each with its own rate and keep.
  package typealias ImplicitUser = rk_implicit_user
  /// The cells of items and bins, the user's days, and what of the user drifts.
  package typealias Drift = rk_drift

  private static let implicit = KernelSet(instructionSet)!

  /// sum = the sum of weights[k] x the row rows[k]; weights of 1 where nil.
  ///
  /// - Precondition: rows are `stride` floats long, a multiple of 16; every index has a row. Neither is checked.
  /// - Complexity: O(count x stride).
  package static func sumRows(
    _ matrix: UnsafePointer<Float>, stride: Int, rows: UnsafePointer<UInt32>, weights: UnsafePointer<Float>? = nil,
    count: Int, into sum: UnsafeMutablePointer<Float>
  ) {
    implicit.sumRows(matrix, stride: stride, rows: rows, weights: weights, count: count, into: sum)
  }

  /// The row rows[k] = keep x the row + weights[k] x addend; weights of 1 where nil.
  ///
  /// - Precondition: as for `sumRows`.
  /// - Complexity: O(count x stride).
  package static func addToRows(
    _ matrix: UnsafeMutablePointer<Float>, stride: Int, rows: UnsafePointer<UInt32>,
    weights: UnsafePointer<Float>? = nil, count: Int, keep: Float, addend: UnsafePointer<Float>
  ) {
    implicit.addToRows(
      matrix, stride: stride, rows: rows, weights: weights, count: count, keep: keep, addend: addend)
  }

  /// One step of stochastic gradient descent for each rating of one user, in their order.
  ///
  /// With w = own + implicit and error e = r - b_u - b_i - w . q_i, all from the values before the step:
  ///
  ///     b_u = biasKeep (b_u + biasRate e)                   b_i likewise, with its own rate and keep
  ///     own = ownKeep own + ownRate e q_i                   implicit likewise, with its own rate and keep
  ///     q_i = factorKeep q_i + factorRate e w
  ///
  /// - Returns: the sum of e^2; not finite where the model has diverged.
  /// - Precondition: every index has a row; rows of items are aligned to 64 bytes. Neither is checked.
  /// - Complexity: O(count x stride).
  package static func descend(
    _ items: ImplicitItems, user: inout ImplicitUser, ratings: UnsafePointer<ItemRating>, count: Int
  ) -> Double {
    withUnsafePointer(to: items) { items in
      withUnsafeMutablePointer(to: &user) { implicit.descend(items, user: $0, ratings: ratings, count: count) }
    }
  }

  /// As `descend(_:user:ratings:count:)`, with w = own + implicit + drift x slopes, and with the biases
  ///
  ///     b_u + slope x drift + b_(u, day) + b_bin + (1 + scale + scale_(u, day)) (b_i + b_(i, bin))
  ///
  /// in place of b_u + b_i, each of which takes its step as b_u does.
  package static func descend(
    _ items: ImplicitItems, user: inout ImplicitUser, drift: inout Drift, ratings: UnsafePointer<TimedRating>,
    count: Int
  ) -> Double {
    withUnsafePointer(to: items) { items in
      withUnsafeMutablePointer(to: &user) { user in
        withUnsafeMutablePointer(to: &drift) {
          implicit.descend(items, user: user, drift: $0, ratings: ratings, count: count)
        }
      }
    }
  }
}

extension KernelSet {
  /// See `Kernels.sumRows`.
  public func sumRows(
    _ matrix: UnsafePointer<Float>, stride: Int, rows: UnsafePointer<UInt32>, weights: UnsafePointer<Float>?,
    count: Int, into sum: UnsafeMutablePointer<Float>
  ) {
    table.pointee.implicit.sum_rows(matrix, stride, rows, weights, count, sum)
  }

  /// See `Kernels.addToRows`.
  public func addToRows(
    _ matrix: UnsafeMutablePointer<Float>, stride: Int, rows: UnsafePointer<UInt32>, weights: UnsafePointer<Float>?,
    count: Int, keep: Float, addend: UnsafePointer<Float>
  ) {
    table.pointee.implicit.add_to_rows(matrix, stride, rows, weights, count, keep, addend)
  }

  /// See `Kernels.descend(_:user:ratings:count:)`.
  public func descend(
    _ items: UnsafePointer<rk_implicit_items>, user: UnsafeMutablePointer<rk_implicit_user>,
    ratings: UnsafePointer<rk_item_rating>, count: Int
  ) -> Double {
    table.pointee.implicit.user_run(items, user, ratings, count)
  }

  /// See `Kernels.descend(_:user:drift:ratings:count:)`.
  public func descend(
    _ items: UnsafePointer<rk_implicit_items>, user: UnsafeMutablePointer<rk_implicit_user>,
    drift: UnsafeMutablePointer<rk_drift>, ratings: UnsafePointer<rk_timed_rating>, count: Int
  ) -> Double {
    table.pointee.implicit.timed_user_run(items, user, drift, ratings, count)
  }
}
