import CRatingKernels

/// Sums with random weights: what a bootstrap and a permutation test consist of.
///
/// Numbers are whole and stand in columns of 16 bits ("planes"), so that sums are exact: the same in any order and on every
/// instruction set.
extension Kernels {
  /// How many elements one call may add up.
  package static let planeElements = Int(RK_PLANE_ELEMENTS)
  /// Planes are padded with zeros to a multiple of this many elements.
  package static let planePadding = 1024

  private static let bootstrap = KernelSet(instructionSet)!

  /// See `KernelSet.weightedSums`.
  package static func weightedSums(
    _ stream: RandomStream, first: Int, planes: UnsafePointer<Int16>, stride: Int, planeCount: Int, count: Int,
    weights: PoissonWeights, into sums: UnsafeMutablePointer<Int64>, undecided: UnsafeMutablePointer<UInt32>
  ) -> Int {
    bootstrap.weightedSums(
      stream, first: first, planes: planes, stride: stride, planeCount: planeCount, count: count, weights: weights,
      into: sums, undecided: undecided)
  }

  /// See `KernelSet.signedSums`.
  package static func signedSums(
    _ stream: RandomStream, first: Int, planes: UnsafePointer<Int16>, stride: Int, planeCount: Int, count: Int,
    into sums: UnsafeMutablePointer<Int64>
  ) {
    bootstrap.signedSums(
      stream, first: first, planes: planes, stride: stride, planeCount: planeCount, count: count, into: sums)
  }
}

extension KernelSet {
  /// Adds to sums[p] the sum over i < count of weight i x element i of plane p, with weight i made from the 16-bit number
  /// first + i of the stream.
  ///
  /// - Parameters:
  ///   - stream: only its key and index count, not what was drawn from it.
  ///   - first: a multiple of 256.
  ///   - planes: columns of `stride` elements of at least 0, padded with zeros.
  ///   - planeCount: 3 to 8.
  ///   - count: at most `Kernels.planeElements`.
  ///   - undecided: has room for `count` places; receives those of elements that weigh 0 here and whose weight
  ///     `PoissonWeights.undecidedWeight` decides.
  /// - Returns: the number of those places.
  /// - Complexity: O(count x planeCount), about 0.25 ns an element.
  public func weightedSums(
    _ stream: RandomStream, first: Int, planes: UnsafePointer<Int16>, stride: Int, planeCount: Int, count: Int,
    weights: PoissonWeights, into sums: UnsafeMutablePointer<Int64>, undecided: UnsafeMutablePointer<UInt32>
  ) -> Int {
    precondition(first % 256 == 0, "weights are drawn from a multiple of 256 on, got \(first)")
    precondition(3...8 ~= planeCount, "weighted sums are of 3 to 8 planes, got \(planeCount)")
    precondition(
      count <= Kernels.planeElements, "a call adds up at most \(Kernels.planeElements) elements, got \(count)")
    let planes = rk_planes(values: planes, stride: stride, count: planeCount)
    return withUnsafePointer(to: stream.words) { stream in
      withUnsafePointer(to: planes) { planes in
        withUnsafePointer(to: weights.table) {
          table.pointee.bootstrap.weighted_sums(stream, UInt64(first), planes, count, $0, sums, undecided)
        }
      }
    }
  }

  /// Adds to sums[p] the sum over i < count of element i of plane p, its sign turned where bit first + i of the stream
  /// is 1.
  ///
  /// - Parameters:
  ///   - first: a multiple of 1024.
  ///   - planeCount: 1 or 2.
  ///   - count: at most `Kernels.planeElements`.
  /// - Complexity: O(count x planeCount), about 0.05 ns an element.
  public func signedSums(
    _ stream: RandomStream, first: Int, planes: UnsafePointer<Int16>, stride: Int, planeCount: Int, count: Int,
    into sums: UnsafeMutablePointer<Int64>
  ) {
    precondition(first % 1024 == 0, "signs are drawn from a multiple of 1024 on, got \(first)")
    precondition(1...2 ~= planeCount, "signed sums are of 1 or 2 planes, got \(planeCount)")
    precondition(
      count <= Kernels.planeElements, "a call adds up at most \(Kernels.planeElements) elements, got \(count)")
    let planes = rk_planes(values: planes, stride: stride, count: planeCount)
    withUnsafePointer(to: stream.words) { stream in
      withUnsafePointer(to: planes) { table.pointee.bootstrap.signed_sums(stream, UInt64(first), $0, count, sums) }
    }
  }
}
