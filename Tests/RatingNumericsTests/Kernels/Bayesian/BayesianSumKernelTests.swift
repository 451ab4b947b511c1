import CRatingKernels
import Testing

@_spi(Benchmarks) @testable import RatingNumerics

@Suite struct BayesianSumKernelTests {
  // MARK: Ratings

  @Test(arguments: Kernels.available, BayesianKernelTesting.usedFactors)
  func companionsAreSumsAndProductsOfAllSides(set: InstructionSet, used: Int) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    var stream = BayesianKernelTesting.stream(used)
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
      #expect(found == made(BayesianKernelTesting.portable))
    }
  }

  @Test(arguments: Kernels.available, BayesianKernelTesting.usedFactors)
  func meansAreBiasesAndProducts(set: InstructionSet, used: Int) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    let row = LeastSquaresRow(factors: used, ratings: 41)
    var stream = BayesianKernelTesting.stream(used)
    let x = BayesianKernelTesting.vector(used, row.factors.stride, &stream)
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
    #expect(found == means(BayesianKernelTesting.portable))
  }

  // MARK: Sums

  @Test(arguments: Kernels.available, BayesianKernelTesting.usedFactors)
  func shiftedSumsAreThoseOfTheShiftedRatings(set: InstructionSet, used: Int) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    for ratings in [1, 5, 40] {
      var stream = BayesianKernelTesting.stream(used)
      let row = Row(used: used, ratings: ratings, stream: &stream)
      let (others, sums) = (BayesianKernelTesting.vector(used, row.stride, &stream), row.kernelSums)
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
      #expect(found == shifted(BayesianKernelTesting.portable))
    }
  }

  @Test(arguments: Kernels.available, BayesianKernelTesting.usedFactors)
  func residualSumsAreThoseOfTheResiduals(set: InstructionSet, used: Int) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    for ratings in [1, 5, 40] {
      var stream = BayesianKernelTesting.stream(used)
      let row = Row(used: used, ratings: ratings, stream: &stream)
      let x = BayesianKernelTesting.vector(used, row.stride, &stream)
      func residual(_ kernels: BayesianKernels) -> (sums: [Float], squares: Double) {
        let sums = row.kernelSums
        let squares = kernels.makeResidual(
          sums.elements, stride: row.stride, count: Float(ratings), x.elements, bias: -0.2, squares: row.squares)
        return (sums.values, squares)
      }
      let exact = row.map { h, y in
        (h, zip(h, x.values).reduce(y + Double(Float(0.2))) { $0 - $1.0 * Double($1.1) })
      }
      let (found, other) = (residual(kernels), residual(BayesianKernelTesting.portable))
      expectNear(found.sums, exact.sums(), "residual", scale: 30 * Double(ratings))
      #expect(abs(found.squares - exact.squares) < 3e-6 * (exact.squares + 100 * Double(ratings)))
      #expect(found.sums == other.sums && found.squares == other.squares)
    }
  }

  @Test(arguments: Kernels.available, [17, 33, 48])
  func sumsGrowForAllOtherFactorsOnly(set: InstructionSet, used: Int) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    var stream = BayesianKernelTesting.stream(used)
    let row = Row(used: used, ratings: 12, stream: &stream)
    for first in Swift.stride(from: 0, to: used, by: 16) {
      let width = min(16, used - first)
      let growth = BayesianKernelTesting.vector(width, 16, &stream)
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
      #expect(found == grown(BayesianKernelTesting.portable))
    }
  }

  @Test(arguments: Kernels.available, BayesianKernelTesting.usedFactors)
  func copiesAndPackedProductsAreWhatTheSumsHold(set: InstructionSet, used: Int) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    var stream = BayesianKernelTesting.stream(used)
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
}
