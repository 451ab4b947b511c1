import CRatingKernels
import Testing

@_spi(Benchmarks) @testable import RatingNumerics

@Suite struct BayesianDrawKernelTests {
  private static func draw(
    _ kernels: BayesianKernels, _ row: Row, _ prior: TestPrior, _ normals: Floats,
    from before: Floats? = nil, bias biasBefore: Float = 99
  ) -> (x: [Float], bias: Float) {
    let (sums, x) = (row.kernelSums, before?.copy ?? Floats(row.stride))
    var bias = biasBefore
    let failed = kernels.draw(
      sums.elements, stride: row.stride, factors: row.used, count: Float(row.h.count), prior: prior.kernel,
      normals: normals.elements, into: x.elements, bias: &bias)
    #expect(failed == nil)
    return (x.values, bias)
  }

  /// Draws at unit normals are the columns of a root of the covariance, draws at 0 the mean: all of the distribution.
  @Test(arguments: Kernels.available, BayesianKernelTesting.usedFactors)
  func aDrawHasThePosteriorsMeanAndCovariance(set: InstructionSet, used: Int) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    for (isFull, hasBias, ratings) in [(false, true, 30), (true, true, 30), (true, false, 3), (false, false, 3)] {
      var stream = BayesianKernelTesting.stream(used)
      let row = Row(used: used, ratings: ratings, stream: &stream)
      let prior = TestPrior(used: used, isFull: isFull, hasBias: hasBias)
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
      let variance = Double(TestPrior.deviation) * Double(TestPrior.deviation)
      for column in 0..<size {
        let covariance = (0..<size).map { row in roots.reduce(0) { $0 + $1[row] * $1[column] } }
        for r in 0..<size {
          let product = zip(precision[r], covariance).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(product - (r == column ? variance : 0)) < 1e-3)
        }
      }
      let normals = Floats(row.stride + 1) { Float($0 % 5) / 2 - 1 }
      let (one, other) = (
        Self.draw(kernels, row, prior, normals), Self.draw(BayesianKernelTesting.portable, row, prior, normals)
      )
      #expect(one.x == other.x && one.bias == other.bias)
    }
  }

  /// mean - a (before - mean) + (1 - a^2)^(1/2) noise, for factors and bias jointly.
  @Test(arguments: Kernels.available, BayesianKernelTesting.usedFactors)
  func anOverrelaxedDrawGoesToTheOtherSideOfTheMean(set: InstructionSet, used: Int) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    for (isFull, hasBias) in [(false, true), (true, true), (false, false)] {
      var stream = BayesianKernelTesting.stream(used)
      let row = Row(used: used, ratings: 12, stream: &stream)
      let before = BayesianKernelTesting.vector(used, row.stride, &stream)
      let normals = Floats(row.stride + 1) { Float($0 % 5) / 2 - 1 }
      let independent = TestPrior(used: used, isFull: isFull, hasBias: hasBias)
      let mean = Self.draw(kernels, row, independent, Floats(row.stride + 1))
      let noisy = Self.draw(kernels, row, independent, normals)
      let prior = TestPrior(used: used, isFull: isFull, hasBias: hasBias, overrelaxation: 0.6)
      func drawn(_ kernels: BayesianKernels) -> (x: [Float], bias: Float) {
        Self.draw(kernels, row, prior, normals, from: before, bias: 0.7)
      }
      let found = drawn(kernels)
      func expected(_ mean: Float, _ before: Float, _ noisy: Float) -> Double {
        Double(mean) - 0.6 * Double(before - mean) + 0.8 * Double(noisy - mean)
      }
      for factor in 0..<row.stride {
        let exact = expected(mean.x[factor], before.elements[factor], noisy.x[factor])
        #expect(abs(Double(found.x[factor]) - exact) < 5e-5)
      }
      #expect(abs(Double(found.bias) - (hasBias ? expected(mean.bias, 0.7, noisy.bias) : 0)) < 5e-5)
      let portable = drawn(BayesianKernelTesting.portable)
      #expect(found.x == portable.x && found.bias == portable.bias)
    }
  }

  @Test(arguments: Kernels.available)
  func aSystemWithoutASolutionIsReported(set: InstructionSet) throws {
    let kernels = try BayesianKernelTesting.kernels(set)
    let (sums, x, zeros) = (Floats(Kernels.normalEquationsCount(stride: 16)), Floats(16), Floats(17))
    sums.elements[2 * 16 + 2] = -5
    var bias: Float = 0
    let ones = Floats(16) { _ in 1 }
    let prior = BayesianKernels.Prior(
      precisions: UnsafePointer(ones.elements), matrix: nil, pull: UnsafePointer(zeros.elements), bias_precision: 1,
      bias_pull: 0, has_bias: 1, deviation: 1, overrelaxation: 0)
    let failed = kernels.draw(
      sums.elements, stride: 16, factors: 10, count: 3, prior: prior, normals: zeros.elements, into: x.elements,
      bias: &bias)
    #expect(failed == 3)
  }
}
