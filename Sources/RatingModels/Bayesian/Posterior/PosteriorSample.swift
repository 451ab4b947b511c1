import RatingNumerics

/// One draw of all that predictions need, with factors in half precision: P and s of every row, not what they are made of;
/// and of what they are made of that which new rows will be made of too.
struct PosteriorSample: Sendable {
  let constant: Float
  /// The precision of a rating around the model, in units of the ratings' deviation; 1 with cut-points.
  let precision: Double
  /// The cut-points; none with the Gaussian likelihood.
  let cutPoints: [Double]
  /// One for each side; behind its last row, the one of whoever was not seen.
  var sides: [Rows]
  /// For users and for items.
  var folding: [FoldingPrior]

  /// The sampler's present state. Factors beyond half precision's range are moved to its end.
  init(_ sampler: GibbsSampler) {
    self.init(
      constant: Float(sampler.constant), precision: sampler.precision, cutPoints: sampler.probit?.cutPoints ?? [],
      sides: sampler.sides.map { Rows($0.factors, $0.biases) },
      folding: zip(sampler.sides, FoldingPrior.featureNames).map { FoldingPrior($0, features: $1) })
  }

  init(constant: Float, precision: Double, cutPoints: [Double], sides: [Rows], folding: [FoldingPrior]) {
    self.constant = constant
    self.precision = precision
    self.cutPoints = cutPoints
    self.sides = sides
    self.folding = folding
  }

  /// What it consists of: equal in all samples of one run.
  var form: [Int] {
    [cutPoints.count] + sides.map(\.biases.count)
      + folding.flatMap { [$0.means.count, $0.matrix?.count ?? 0, $0.features?.biases.count ?? 0] }
  }
}

extension PosteriorSample {
  /// Rows of half-precision factors without padding, and biases.
  struct Rows: Sendable {
    var factors: [UInt16]
    var biases: [Float]

    init(factors: [UInt16], biases: [Float]) {
      self.factors = factors
      self.biases = biases
    }

    init(_ factors: FloatRows, _ biases: FloatRows) {
      self.init(factors: factors.dense.map(Self.half), biases: biases.dense)
    }

    /// The nearest half-precision number; beyond their range, its end.
    static func half(_ value: Float) -> UInt16 {
      HalfPrecision.bits(min(max(value, -HalfPrecision.largest), HalfPrecision.largest))
    }

    func decode(_ row: Int, count: Int, into values: UnsafeMutablePointer<Float>) {
      factors.withUnsafeBufferPointer {
        HalfPrecision.decode($0.baseAddress! + row * count, count: count, into: values)
      }
    }

    /// All rows.
    func decoded(factors count: Int, threads: Int?) -> FloatRows {
      let rows = FloatRows(count: biases.count, columns: count)
      let size = 1024
      Parallel.forEach((rows.count + size - 1) / size, threads: threads) { piece in
        for row in piece * size..<min((piece + 1) * size, rows.count) { decode(row, count: count, into: rows[row]) }
      }
      return rows
    }

    // MARK: Tensors

    /// Those of all samples: `name`, [samples, rows, factors], and its biases, [samples, rows].
    static func tensors(of samples: [Rows], _ name: String, factors: Int) -> [Tensor] {
      let rows = samples[0].biases.count
      return [
        Tensor(name, shape: [samples.count, rows, factors], .float16(samples.flatMap(\.factors))),
        Tensor(name + ".biases", shape: [samples.count, rows], .float32(samples.flatMap(\.biases))),
      ]
    }

    /// What `tensors(of:_:factors:)` has stacked.
    static func stack(
      _ tensors: ModelTensors, _ name: String, count: Int, rows: Int, factors: Int
    ) throws(ModelTensors.Failure) -> [Rows] {
      let biases = try tensors.floats(name + ".biases", shape: [count, rows]).values
      guard biases.allSatisfy({ abs($0) < 1e15 }) else {
        throw ModelTensors.Failure("\(name).biases are so large that a prediction would not be finite")
      }
      let halves = try tensors.halves(name, shape: [count, rows, factors]).values
      return (0..<count).map { sample in
        Rows(
          factors: Array(halves[sample * rows * factors..<(sample + 1) * rows * factors]),
          biases: Array(biases[sample * rows..<(sample + 1) * rows]))
      }
    }
  }
}
