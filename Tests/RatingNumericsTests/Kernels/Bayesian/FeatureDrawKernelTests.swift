import CRatingKernels
import Testing

@_spi(Benchmarks) @testable import RatingNumerics

@Suite struct FeatureDrawKernelTests {
  /// Rows with ratings, and features that rows share: every rating expanded, in Double.
  private struct Side {
    let used: Int
    let stride: Int
    var rows: [Row] = []
    /// The rows and weights of each feature.
    var entries: [[(row: Int, weight: Double)]] = []
    var factors: [[Double]] = []
    var biases: [Double] = []
    /// P of each row, and what its features add to its bias, which kernels only ever change.
    var rowFactors: [[Double]] = []
    var normals: [[Double]] = []

    init(used: Int, features: Int, stream: inout RandomStream) {
      self.used = used
      stride = (used + 15) / 16 * 16
      for row in 0..<7 {
        rows.append(Row(used: used, ratings: row == 3 ? 1 : 6 + row, stream: &stream))
        rowFactors.append((0..<used).map { _ in Double(Float(0.4 * stream.normal())) })
      }
      for feature in 0..<features {
        entries.append(
          (0..<7).filter { _ in feature != 2 && stream.below(2) == 0 }.map { ($0, Double(1 / Float($0 + 2))) })
        factors.append((0..<used).map { _ in Double(Float(0.4 * stream.normal())) })
        biases.append(Double(Float(0.4 * stream.normal())))
        normals.append((0..<17).map { _ in Double(Float(stream.normal())) })
      }
    }

    /// What `draw_features` should do: each feature's 16 factors and its bias from their posterior, one after the
    /// other, from the ratings themselves.
    mutating func draw(first: Int, prior: TestPrior) {
      let width = min(16, used - first)
      for feature in entries.indices {
        // One more of (factors, bias) adds weight x (h + P - weight x own, 1) to a rating.
        let size = width + (prior.hasBias ? 1 : 0)
        var a = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
        var b = [Double](repeating: 0, count: size)
        for (row, weight) in entries[feature] {
          for (h, y) in zip(rows[row].h, rows[row].y) {
            var slope = (0..<width).map {
              weight * (h[first + $0] + rowFactors[row][first + $0] - weight * factors[feature][first + $0])
            }
            if prior.hasBias { slope.append(weight) }
            for r in 0..<size {
              b[r] += slope[r] * y
              for c in 0..<size { a[r][c] += slope[r] * slope[c] }
            }
          }
        }
        for f in 0..<width {
          let precision = Double(prior.precisions.elements[f])
          a[f][f] += precision
          b[f] += Double(prior.pull.elements[f]) - precision * factors[feature][first + f]
        }
        if prior.hasBias {
          a[width][width] += 1.5
          b[width] += 0.25 - 1.5 * biases[feature]
        }
        // The draw with these normals: the bias is drawn last, given the factors.
        var change = drawn(
          a, b, normals[feature], width: width, overrelaxation: Double(prior.overrelaxation))
        if !prior.hasBias { change.append(0) }
        for (row, weight) in entries[feature] {
          let before = rowFactors[row]
          rows[row] = rows[row].map { h, y in
            (
              h,
              (0..<width).reduce(y - weight * change[width]) {
                $0 - weight * change[$1] * (h[first + $1] + before[first + $1] - weight * factors[feature][first + $1])
              }
            )
          }
          for f in 0..<width { rowFactors[row][first + f] += weight * change[f] }
        }
        for f in 0..<width { factors[feature][first + f] += change[f] }
        biases[feature] += change[width]
      }
    }

    /// The mean, plus the inverse transpose of the Cholesky root times normals, factors before the bias in the order of
    /// elimination.
    private func drawn(
      _ a: [[Double]], _ b: [Double], _ normals: [Double], width: Int, overrelaxation: Double
    ) -> [Double] {
      // The change so far is 0: mean - a (0 - mean) + (1 - a^2)^(1/2) noise.
      let mean = solved(a, b).map { $0 * (1 + overrelaxation) }
      let size = b.count
      // The bias comes first in the factorization, so that it is drawn last.
      let order = size > width ? [width] + Array(0..<width) : Array(0..<width)
      var lower = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
      for r in 0..<size {
        for c in 0...r {
          var sum = a[order[r]][order[c]]
          for k in 0..<c { sum -= lower[r][k] * lower[c][k] }
          lower[r][c] = r == c ? sum.squareRoot() : sum / lower[c][c]
        }
      }
      let spread = Double(TestPrior.deviation) * (1 - overrelaxation * overrelaxation).squareRoot()
      var noise = order.map { normals[$0 == width ? 16 : $0] * spread }
      for r in (0..<size).reversed() {
        for k in r + 1..<max(size, r + 1) { noise[r] -= lower[k][r] * noise[k] }
        noise[r] /= lower[r][r]
      }
      var result = mean
      for (place, index) in order.enumerated() { result[index] += noise[place] }
      return result
    }
  }

  /// What the kernel makes of a side: the features' factors and biases, the rows' factors, bias changes and sums.
  private static func drawn(_ kernels: BayesianKernels, _ side: Side, first: Int, prior: TestPrior) -> [[Float]] {
    let (stride, count) = (side.stride, Kernels.normalEquationsCount(stride: side.stride))
    let width = min(16, side.used - first)
    let rowSums = side.rows.map(\.kernelSums)
    let sums = Floats(count * rowSums.count) { rowSums[$0 / count].elements[$0 % count] }
    let counts = Floats(side.rows.count) { Float(side.rows[$0].h.count) }
    func padded(_ rows: [[Double]]) -> Floats {
      Floats(stride * rows.count) { $0 % stride < side.used ? Float(rows[$0 / stride][$0 % stride]) : 0 }
    }
    let (rowFactors, factors) = (padded(side.rowFactors), padded(side.factors))
    let rowBiases = Floats(side.rows.count)
    let biases = Floats(side.biases.count) { Float(side.biases[$0]) }
    let normals = Floats(32 * side.normals.count) { $0 % 32 < 17 ? Float(side.normals[$0 / 32][$0 % 32]) : 0 }
    let packedCount = width * (width + 1) / 2
    let places = (0..<width).flatMap { r in (r..<width).map { (r, $0) } }
    let products = Floats(packedCount * side.entries.count) { place in
      let (r, c) = places[place % packedCount]
      var sum = 0.0
      for (row, weight) in side.entries[place / packedCount] {
        for h in side.rows[row].h { sum += weight * weight * h[first + r] * h[first + c] }
      }
      return Float(sum)
    }
    let starts = side.entries.reduce(into: [0]) { $0.append($0.last! + $1.count) }
    let rows = side.entries.flatMap { $0.map { UInt32($0.row) } }
    let weights = side.entries.flatMap { $0.map { Float($0.weight) } }
    let failed = starts.withUnsafeBufferPointer { starts in
      rows.withUnsafeBufferPointer { rows in
        weights.withUnsafeBufferPointer { weights in
          kernels.drawFeatures(
            BayesianKernels.FeatureSide(
              sums: sums.elements, sums_stride: count, counts: counts.elements, factors: rowFactors.elements,
              biases: rowBiases.elements, stride: stride),
            BayesianKernels.FeatureGroup(
              starts: starts.baseAddress!, rows: rows.baseAddress!, weights: weights.baseAddress!,
              products: UnsafePointer(products.elements), products_stride: packedCount, factors: factors.elements,
              stride: stride, biases: biases.elements, normals: UnsafePointer(normals.elements), normals_stride: 32),
            0..<side.entries.count, first: first, used: width, prior: prior.kernel)
        }
      }
    }
    #expect(failed == nil)
    return [factors.values, biases.values, rowFactors.values, rowBiases.values, sums.values]
  }

  @Test(arguments: Kernels.available, [1, 4, 7, 10, 12, 16, 17, 33])
  func featuresAreDrawnAsFromTheExpandedRatings(set: InstructionSet, used: Int) throws {
    for overrelaxation: Float in [0, 0.6] { try compareDraws(set, used, overrelaxation: overrelaxation) }
  }

  private func compareDraws(_ set: InstructionSet, _ used: Int, overrelaxation: Float) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    for first in Swift.stride(from: 0, to: used, by: 16) {
      var stream = BayesianKernelTesting.stream(used)
      let before = Side(used: used, features: 6, stream: &stream)
      let prior = TestPrior(
        used: min(16, used - first), isFull: false, hasBias: first == 0, overrelaxation: overrelaxation)
      var side = before
      side.draw(first: first, prior: prior)
      let found = Self.drawn(kernels, before, first: first, prior: prior)
      let stride = side.stride
      for feature in side.factors.indices {
        expectNear(Array(found[0][feature * stride..<(feature + 1) * stride]), side.factors[feature], "v", scale: 10)
      }
      expectNear(found[1], side.biases, "w", scale: 10)
      let count = Kernels.normalEquationsCount(stride: stride)
      for row in side.rows.indices {
        expectNear(Array(found[2][row * stride..<(row + 1) * stride]), side.rowFactors[row], "P", scale: 10)
        // Of the residual sums, those of these factors and that of y are up to date.
        var sums = side.rows[row].sums(false)
        for factor in 0..<stride where !(first..<first + 16).contains(factor) {
          sums[stride * (stride + 1) + factor] = nil
        }
        expectNear(Array(found[4][row * count..<(row + 1) * count]), sums, "residual sums", scale: 300)
        // The bias of a row moves as its ratings' residuals do, but for what its factors do.
        let rating = zip(before.rows[row].h[0], zip(before.rowFactors[row], side.rowFactors[row])).reduce(0) {
          $0 + $1.0 * ($1.1.1 - $1.1.0)
        }
        let change = before.rows[row].y[0] - side.rows[row].y[0] - rating
        expectNear([found[3][row]], [change], "s", scale: 10)
      }
      #expect(found == Self.drawn(BayesianKernelTesting.portable, before, first: first, prior: prior))
    }
  }
}
