import CRatingKernels
import Testing

@_spi(Benchmarks) @testable import RatingNumerics

/// Floats from a multiple of 64 bytes.
private final class Floats {
  let elements: UnsafeMutablePointer<Float>
  let count: Int

  init(_ count: Int, _ value: (Int) -> Float = { _ in 0 }) {
    self.count = count
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * max(count, 16), alignment: 64)
    elements = memory.bindMemory(to: Float.self, capacity: max(count, 16))
    for index in 0..<max(count, 16) { (elements + index).initialize(to: index < count ? value(index) : 0) }
  }

  deinit { elements.deallocate() }

  var values: [Float] { Array(UnsafeBufferPointer(start: elements, count: count)) }
  var copy: Floats { Floats(count) { self.elements[$0] } }
}

/// A row's ratings in Double, y = bias + x . h + ..., and their sums in Float as the kernels keep them.
private struct Row {
  let used: Int
  let stride: Int
  /// h and y of every rating.
  let h: [[Double]]
  let y: [Double]

  init(used: Int, ratings: Int, stream: inout RandomStream) {
    self.used = used
    stride = (used + 15) / 16 * 16
    h = (0..<ratings).map { _ in (0..<used).map { _ in Double(Float(0.5 * stream.normal() + 0.1)) } }
    y = (0..<ratings).map { _ in Double(Float(stream.normal())) }
  }

  private init(used: Int, stride: Int, h: [[Double]], y: [Double]) {
    (self.used, self.stride, self.h, self.y) = (used, stride, h, y)
  }

  /// The same ratings with other h and y.
  func map(_ transform: (_ h: [Double], _ y: Double) -> (h: [Double], y: Double)) -> Row {
    let all = zip(h, y).map(transform)
    return Row(used: used, stride: stride, h: all.map(\.h), y: all.map(\.y))
  }

  /// The exact sums: products, h, y h, y; where the kernels keep them, or nil where they keep nothing.
  func sums(_ products: Bool = true) -> [Double?] {
    var sums = [Double?](repeating: nil, count: stride * (stride + 2) + 1)
    for r in 0..<used {
      if products { for c in r..<used { sums[r * stride + c] = h.reduce(0) { $0 + $1[r] * $1[c] } } }
      sums[stride * stride + r] = h.reduce(0) { $0 + $1[r] }
      sums[stride * (stride + 1) + r] = zip(h, y).reduce(0) { $0 + $1.0[r] * $1.1 }
    }
    sums[stride * (stride + 2)] = y.reduce(0, +)
    return sums
  }

  /// The sums as `Kernels.normalEquations` writes them: every element from the diagonal's block of 16 on is right.
  var kernelSums: Floats {
    let exact = sums()
    let sums = Floats(Kernels.normalEquationsCount(stride: stride))
    for r in 0..<used {
      for c in r / 16 * 16..<used { sums.elements[r * stride + c] = Float(exact[min(r, c) * stride + max(r, c)]!) }
    }
    for place in stride * stride..<exact.count { sums.elements[place] = Float(exact[place] ?? 0) }
    return sums
  }

  var squares: Double { y.reduce(0) { $0 + $1 * $1 } }
}

/// Reports where `found` is not near `exact`.
private func expectNear(
  _ found: [Float], _ exact: [Double?], _ what: String, scale: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  for (place, value) in exact.enumerated() {
    guard let value else { continue }
    if !(abs(Double(found[place]) - value) <= 3e-6 * (scale + abs(value))) {
      Issue.record("\(what), element \(place): \(found[place]), not \(value)", sourceLocation: sourceLocation)
      return
    }
  }
}

private func solved(_ matrix: [[Double]], _ b: [Double]) -> [Double] {
  let size = b.count
  var (a, x) = (matrix, b)
  for pivot in 0..<size {
    for row in pivot + 1..<max(size, pivot + 1) {
      let factor = a[row][pivot] / a[pivot][pivot]
      for column in pivot..<size { a[row][column] -= factor * a[pivot][column] }
      x[row] -= factor * x[pivot]
    }
  }
  for row in (0..<size).reversed() {
    for column in row + 1..<max(size, row + 1) { x[row] -= a[row][column] * x[column] }
    x[row] /= a[row][row]
  }
  return x
}

@Suite struct BayesianKernelTests {
  private static let portable = BayesianKernels(KernelSet(.portable)!)
  private static let usedFactors = [1, 10, 16, 17, 33, 48]

  private static func stream(_ index: Int) -> RandomStream {
    RandomStream(seed: 6, purpose: "bayesian-kernel-tests", index: UInt64(index))
  }

  private static func kernels(_ set: InstructionSet) throws -> BayesianKernels {
    BayesianKernels(try #require(KernelSet(set)))
  }

  private static func vector(_ used: Int, _ stride: Int, _ stream: inout RandomStream) -> Floats {
    let numbers = (0..<used).map { _ in Float(0.7 * stream.normal()) }
    return Floats(stride) { $0 < used ? numbers[$0] : 0 }
  }

  // MARK: Ratings

  @Test(arguments: Kernels.available, usedFactors)
  func companionsAreSumsAndProductsOfAllSides(set: InstructionSet, used: Int) throws {
    let kernels = try Self.kernels(set)
    var stream = Self.stream(used)
    let (stride, count, start) = ((used + 15) / 16 * 16, 37, 3)
    let sizes = [9, 5, 4, 6]
    let sides = sizes.map { rows -> (factors: Floats, biases: Floats) in
      let values = (0..<rows * stride).map { $0 % stride < used ? Float(stream.normal()) : 0 }
      let biases = (0..<rows).map { _ in Float(stream.normal()) }
      return (Floats(rows * stride) { values[$0] }, Floats(rows) { biases[$0] })
    }
    let places = sizes.map { size in (0..<start + count).map { _ in UInt32(stream.below(size)) } }
    for number in 1...sizes.count {
      func made(_ kernels: BayesianKernels) -> (rows: [Float], biases: [Float]) {
        let (out, biases) = (Floats(count * stride), Floats(count))
        let flat = places.flatMap { $0 }
        flat.withUnsafeBufferPointer { flat in
          let rows = (0..<4).map { flat.baseAddress! + $0 * (start + count) }
          let (factors, offsets) = (sides.map(\.factors.elements), sides.map(\.biases.elements))
          var companions = BayesianKernels.Companions()
          companions.stride = stride
          companions.count = number
          companions.factors = (
            UnsafePointer(factors[0]), UnsafePointer(factors[1]), UnsafePointer(factors[2]), UnsafePointer(factors[3])
          )
          companions.biases = (
            UnsafePointer(offsets[0]), UnsafePointer(offsets[1]), UnsafePointer(offsets[2]), UnsafePointer(offsets[3])
          )
          companions.rows = (rows[0], rows[1], rows[2], rows[3])
          kernels.companionRows(companions, from: start, count: count, rows: out.elements, biases: biases.elements)
        }
        return (out.values, biases.values)
      }
      let found = made(kernels)
      for place in 0..<count {
        let vectors = (0..<number).map { side -> [Double] in
          let row = Int(places[side][start + place])
          return (0..<stride).map { Double(sides[side].factors.values[row * stride + $0]) }
        }
        let sum = (0..<stride).map { lane in vectors.reduce(0) { $0 + $1[lane] } }
        expectNear(Array(found.rows[place * stride..<(place + 1) * stride]), sum, "factors", scale: 1)
        // The products of every two: half of what the square of the sum has more than the squares.
        let squares = vectors.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
        let biases = (0..<number).reduce(0) { $0 + Double(sides[$1].biases.values[Int(places[$1][start + place])]) }
        expectNear(
          [found.biases[place]], [biases + (sum.reduce(0) { $0 + $1 * $1 } - squares) / 2], "bias", scale: 10)
      }
      #expect(found == made(Self.portable))
    }
  }

  @Test(arguments: Kernels.available, usedFactors)
  func meansAreBiasesAndProducts(set: InstructionSet, used: Int) throws {
    let kernels = try Self.kernels(set)
    let row = LeastSquaresRow(factors: used, ratings: 41)
    var stream = Self.stream(used)
    let x = Self.vector(used, row.factors.stride, &stream)
    func means(_ kernels: BayesianKernels) -> [Float] {
      var means = [Float](repeating: 0, count: 41)
      row.with { kernels.means($0, rows: row.indices, count: 41, x.elements, bias: 0.75, into: &means) }
      return means
    }
    let found = means(kernels)
    let exact = row.indices.map { index in
      zip(row.factors.row(Int(index)), x.values).reduce(0.75 + Double(row.biases[Int(index)])) {
        $0 + Double($1.0) * Double($1.1)
      }
    }
    expectNear(found, exact, "means", scale: 5)
    #expect(found == means(Self.portable))
  }

  // MARK: Sums

  @Test(arguments: Kernels.available, usedFactors)
  func shiftedSumsAreThoseOfTheShiftedRatings(set: InstructionSet, used: Int) throws {
    let kernels = try Self.kernels(set)
    for ratings in [1, 5, 40] {
      var stream = Self.stream(used)
      let row = Row(used: used, ratings: ratings, stream: &stream)
      let (others, sums) = (Self.vector(used, row.stride, &stream), row.kernelSums)
      func shifted(_ kernels: BayesianKernels) -> [Float] {
        let shifted = Floats(sums.count)
        kernels.shift(
          sums.elements, stride: row.stride, count: Float(ratings), others: others.elements, bias: 0.3,
          into: shifted.elements)
        return shifted.values
      }
      let exact = row.map { h, y in
        (
          zip(h, others.values).map { $0 + Double($1) },
          zip(h, others.values).reduce(y - Double(Float(0.3))) { $0 - $1.0 * Double($1.1) }
        )
      }
      let found = shifted(kernels)
      expectNear(found, exact.sums(), "shifted", scale: 30 * Double(ratings))
      #expect(found == shifted(Self.portable))
    }
  }

  @Test(arguments: Kernels.available, usedFactors)
  func residualSumsAreThoseOfTheResiduals(set: InstructionSet, used: Int) throws {
    let kernels = try Self.kernels(set)
    for ratings in [1, 5, 40] {
      var stream = Self.stream(used)
      let row = Row(used: used, ratings: ratings, stream: &stream)
      let x = Self.vector(used, row.stride, &stream)
      func residual(_ kernels: BayesianKernels) -> (sums: [Float], squares: Double) {
        let sums = row.kernelSums
        let squares = kernels.makeResidual(
          sums.elements, stride: row.stride, count: Float(ratings), x.elements, bias: -0.2, squares: row.squares)
        return (sums.values, squares)
      }
      let exact = row.map { h, y in
        (h, zip(h, x.values).reduce(y + Double(Float(0.2))) { $0 - $1.0 * Double($1.1) })
      }
      let (found, other) = (residual(kernels), residual(Self.portable))
      expectNear(found.sums, exact.sums(), "residual", scale: 30 * Double(ratings))
      #expect(abs(found.squares - exact.squares) < 3e-6 * (exact.squares + 100 * Double(ratings)))
      #expect(found.sums == other.sums && found.squares == other.squares)
    }
  }

  @Test(arguments: Kernels.available, [17, 33, 48])
  func sumsGrowForAllOtherFactorsOnly(set: InstructionSet, used: Int) throws {
    let kernels = try Self.kernels(set)
    var stream = Self.stream(used)
    let row = Row(used: used, ratings: 12, stream: &stream)
    for first in Swift.stride(from: 0, to: used, by: 16) {
      let width = min(16, used - first)
      let growth = Self.vector(width, 16, &stream)
      func grown(_ kernels: BayesianKernels) -> [Float] {
        let sums = row.kernelSums
        kernels.grow(sums.elements, stride: row.stride, first: first, by: growth.elements, bias: 0.4)
        return sums.values
      }
      let exact = row.map { h, y in
        (h, (0..<width).reduce(y - Double(Float(0.4))) { $0 - h[first + $1] * Double(growth.values[$1]) })
      }
      // The sums of y itself and of the grown factors are brought up to date elsewhere.
      var expected = exact.sums()
      expected[row.stride * (row.stride + 2)] = nil
      let before = row.kernelSums.values
      for factor in first..<first + width {
        let place = row.stride * (row.stride + 1) + factor
        expected[place] = Double(before[place])
      }
      let found = grown(kernels)
      expectNear(found, expected, "grown", scale: 100)
      #expect(found == grown(Self.portable))
    }
  }

  @Test(arguments: Kernels.available, usedFactors)
  func copiesAndPackedProductsAreWhatTheSumsHold(set: InstructionSet, used: Int) throws {
    let kernels = try Self.kernels(set)
    var stream = Self.stream(used)
    let row = Row(used: used, ratings: 12, stream: &stream)
    let (sums, copy) = (row.kernelSums, Floats(row.kernelSums.count))
    kernels.copy(sums.elements, stride: row.stride, to: copy.elements)
    for (place, value) in row.sums().enumerated() where value != nil {
      #expect(copy.elements[place] == sums.elements[place])
    }
    for first in Swift.stride(from: 0, to: used, by: 16) {
      let width = min(16, used - first)
      let packed = Floats(width * (width + 1) / 2)
      kernels.packProducts(sums.elements, stride: row.stride, first: first, used: width, into: packed.elements)
      var place = 0
      for r in 0..<width {
        for c in r..<width {
          #expect(packed.elements[place] == sums.elements[(first + r) * row.stride + first + c])
          place += 1
        }
      }
    }
  }

  // MARK: Draws

  /// A prior with numbers of its own for every factor.
  private struct Prior {
    let precisions: Floats
    let matrix: Floats?
    let pull: Floats
    let hasBias: Bool
    static let deviation: Float = 0.8

    init(used: Int, isFull: Bool, hasBias: Bool) {
      let stride = (used + 15) / 16 * 16
      precisions = Floats(stride) { $0 < used ? 1 + 0.1 * Float($0) : 0 }
      pull = Floats(stride) { $0 < used ? 0.5 - 0.05 * Float($0 % 7) : 0 }
      matrix =
        isFull
        ? Floats(stride * stride) { place in
          let (row, column) = (place / stride, place % stride)
          if row >= used || column >= used { return 0 }
          return row == column ? 2 + 0.1 * Float(row) : 0.5 / Float(1 + abs(row - column))
        } : nil
      self.hasBias = hasBias
    }

    var kernel: BayesianKernels.Prior {
      BayesianKernels.Prior(
        precisions: UnsafePointer(precisions.elements), matrix: matrix.map { UnsafePointer($0.elements) },
        pull: UnsafePointer(pull.elements), bias_precision: 1.5, bias_pull: 0.25, has_bias: hasBias ? 1 : 0,
        deviation: Self.deviation)
    }

    /// The posterior's precision and precision x mean of (x, bias) in units of the likelihood's precision.
    func posterior(_ row: Row) -> (precision: [[Double]], pull: [Double]) {
      let used = row.used
      let h = hasBias ? row.h.map { $0 + [1] } : row.h
      var a = [[Double]](repeating: [Double](repeating: 0, count: used + (hasBias ? 1 : 0)), count: h[0].count)
      var b = [Double](repeating: 0, count: a.count)
      for (h, y) in zip(h, row.y) {
        for r in a.indices {
          b[r] += h[r] * y
          for c in a.indices { a[r][c] += h[r] * h[c] }
        }
      }
      for r in 0..<used {
        b[r] += Double(pull.elements[r])
        if let matrix {
          for c in 0..<used { a[r][c] += Double(matrix.elements[r * row.stride + c]) }
        } else {
          a[r][r] += Double(precisions.elements[r])
        }
      }
      if hasBias {
        b[used] += 0.25
        a[used][used] += 1.5
      }
      return (a, b)
    }
  }

  private static func draw(
    _ kernels: BayesianKernels, _ row: Row, _ prior: Prior, _ normals: Floats
  ) -> (x: [Float], bias: Float) {
    let (sums, x) = (row.kernelSums, Floats(row.stride))
    var bias: Float = 99
    let failed = kernels.draw(
      sums.elements, stride: row.stride, factors: row.used, count: Float(row.h.count), prior: prior.kernel,
      normals: normals.elements, into: x.elements, bias: &bias)
    #expect(failed == nil)
    return (x.values, bias)
  }

  /// Draws at unit normals are the columns of a root of the covariance, draws at 0 the mean: all of the distribution.
  @Test(arguments: Kernels.available, usedFactors)
  func aDrawHasThePosteriorsMeanAndCovariance(set: InstructionSet, used: Int) throws {
    let kernels = try Self.kernels(set)
    for (isFull, hasBias, ratings) in [(false, true, 30), (true, true, 30), (true, false, 3), (false, false, 3)] {
      var stream = Self.stream(used)
      let row = Row(used: used, ratings: ratings, stream: &stream)
      let prior = Prior(used: used, isFull: isFull, hasBias: hasBias)
      let (precision, pull) = prior.posterior(row)
      let size = pull.count
      func vector(_ draw: (x: [Float], bias: Float)) -> [Double] {
        #expect(hasBias || draw.bias == 0)
        #expect(draw.x[used...].allSatisfy { $0 == 0 })
        return (draw.x[..<used] + (hasBias ? [draw.bias] : [])).map(Double.init)
      }
      let mean = vector(Self.draw(kernels, row, prior, Floats(row.stride + 1)))
      for (found, exact) in zip(mean, solved(precision, pull)) { #expect(abs(found - exact) < 2e-5) }
      let places = Array(0..<used) + (hasBias ? [row.stride] : [])
      let roots = places.map { place in
        zip(vector(Self.draw(kernels, row, prior, Floats(row.stride + 1) { $0 == place ? 1 : 0 })), mean).map {
          $0 - $1
        }
      }
      // precision x (the sum of root root^T) = deviation^2 x identity.
      let variance = Double(Prior.deviation) * Double(Prior.deviation)
      for column in 0..<size {
        let covariance = (0..<size).map { row in roots.reduce(0) { $0 + $1[row] * $1[column] } }
        for r in 0..<size {
          let product = zip(precision[r], covariance).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(product - (r == column ? variance : 0)) < 1e-3)
        }
      }
      let normals = Floats(row.stride + 1) { Float($0 % 5) / 2 - 1 }
      let (one, other) = (Self.draw(kernels, row, prior, normals), Self.draw(Self.portable, row, prior, normals))
      #expect(one.x == other.x && one.bias == other.bias)
    }
  }

  @Test(arguments: Kernels.available)
  func aSystemWithoutASolutionIsReported(set: InstructionSet) throws {
    let kernels = try Self.kernels(set)
    let (sums, x, zeros) = (Floats(Kernels.normalEquationsCount(stride: 16)), Floats(16), Floats(17))
    sums.elements[2 * 16 + 2] = -5
    var bias: Float = 0
    let ones = Floats(16) { _ in 1 }
    let prior = BayesianKernels.Prior(
      precisions: UnsafePointer(ones.elements), matrix: nil, pull: UnsafePointer(zeros.elements), bias_precision: 1,
      bias_pull: 0, has_bias: 1, deviation: 1)
    let failed = kernels.draw(
      sums.elements, stride: 16, factors: 10, count: 3, prior: prior, normals: zeros.elements, into: x.elements,
      bias: &bias)
    #expect(failed == 3)
  }

  // MARK: Features

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
    mutating func draw(first: Int, prior: Prior) {
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
        var change = drawn(a, b, normals[feature], width: width)
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
    private func drawn(_ a: [[Double]], _ b: [Double], _ normals: [Double], width: Int) -> [Double] {
      let mean = solved(a, b)
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
      var noise = order.map { normals[$0 == width ? 16 : $0] * Double(Prior.deviation) }
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
  private static func drawn(_ kernels: BayesianKernels, _ side: Side, first: Int, prior: Prior) -> [[Float]] {
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
    let kernels = try Self.kernels(set)
    for first in Swift.stride(from: 0, to: used, by: 16) {
      var stream = Self.stream(used)
      let before = Side(used: used, features: 6, stream: &stream)
      let prior = Prior(used: min(16, used - first), isFull: false, hasBias: first == 0)
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
      #expect(found == Self.drawn(Self.portable, before, first: first, prior: prior))
    }
  }
}
