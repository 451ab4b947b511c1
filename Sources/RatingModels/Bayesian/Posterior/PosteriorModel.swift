import RatingData
import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Predicts the mean over samples of all parameters: the model of `BayesianFactorization`.
///
/// With S samples, each with its own constant c, biases s and factors P,
///
///     eta = c + the sum of the sides' s + the sum over every two sides of P . P
///     gaussian:          rating = mean + deviation x (the mean of eta)
///     ordered probit:    rating = the mean of the sum over levels l of P(l | eta) x the level's rating
///
/// Users, items, days and sessions that training has not seen have draws from the prior in every sample.
public struct PosteriorModel: SavableModel {
  public let vocabularies: Vocabularies
  public let scale: RatingScale
  /// What 0 and 1 mean as ratings, with the Gaussian likelihood.
  let mean: Double
  let deviation: Double
  let axes: SideAxes
  /// The ratings of the ordered probit likelihood's levels.
  let levels: [Double]?
  /// The ratings that have a probability with the Gaussian likelihood; none with levels, or where there are too many.
  let stars: [Double]
  /// The number of factors.
  public let factors: Int
  let samples: [PosteriorSample]
  /// The chains' states after the last sweep, to go on from.
  let state: [Tensor]

  init(_ data: BayesianData, factors: Int, samples: [PosteriorSample], state: [Tensor]) {
    self.init(
      vocabularies: data.vocabularies, scale: data.scale, mean: data.mean, deviation: data.deviation, axes: data.axes,
      levels: data.levels, stars: data.stars, factors: factors, samples: samples, state: state)
  }

  init(
    vocabularies: Vocabularies, scale: RatingScale, mean: Double, deviation: Double, axes: SideAxes,
    levels: [Double]?, stars: [Double], factors: Int, samples: [PosteriorSample], state: [Tensor]
  ) {
    self.vocabularies = vocabularies
    self.scale = scale
    (self.mean, self.deviation) = (mean, deviation)
    self.axes = axes
    self.levels = levels
    self.stars = stars
    self.factors = factors
    self.samples = samples
    self.state = state
  }

  /// The number of samples that predictions average over.
  public var sampleCount: Int { samples.count }

  public func rating(_ question: Question) -> Double {
    let rows = axes.rows(question.user?.value ?? .max, question.item?.value ?? .max, question.time)
    let scratch = FloatRows(count: axes.sides.count + 1, columns: factors)
    let total = samples.reduce(into: 0.0) { sum, sample in
      sum += expected(number(sample, rows, scratch: scratch), sample)
    }
    return rating(total / Double(samples.count))
  }

  /// - Complexity: O(samples x (pairs x factors + users + items)).
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    var sums = PosteriorSums(axes, pairs)
    for sample in samples { sums.add(sample, of: self, threads: threads) }
    return Predictions(sums.values.map { rating($0 / Double(samples.count)) })
  }

  /// eta of one pair in one sample.
  ///
  /// - Parameter scratch: a row of `factors` columns for each side, and one more.
  func number(_ sample: PosteriorSample, _ rows: SideAxes.Rows, scratch: FloatRows) -> Float {
    var sides = BayesianKernels.Companions(stride: scratch.stride)
    var biases = SIMD4<Float>.zero
    var product: Float = 0
    for side in sample.sides.indices {
      biases[side] = sample.sides[side].biases[Int(rows[side])]
      sample.sides[side].decode(Int(rows[side]), count: factors, into: scratch[side])
    }
    withUnsafeBytes(of: biases) { biases in
      withUnsafePointer(to: UInt32(0)) { first in
        for side in sample.sides.indices {
          sides.add(
            scratch[side], biases: biases.baseAddress!.assumingMemoryBound(to: Float.self) + side, rows: first)
        }
        Kernels.bayesian.companionRows(
          sides, from: 0, count: 1, rows: scratch[sample.sides.count], biases: &product)
      }
    }
    return sample.constant + product
  }

  /// What is averaged over samples.
  private func expected(_ number: Float, _ sample: PosteriorSample) -> Double {
    guard let levels else { return Double(number) }
    var values = [number]
    OrderedProbit(cutPoints: sample.cutPoints).expected(means: values, count: 1, levels: levels, into: &values)
    return Double(values[0])
  }

  /// The rating that an average stands for.
  func rating(_ average: Double) -> Double { levels == nil ? mean + deviation * average : average }
}
