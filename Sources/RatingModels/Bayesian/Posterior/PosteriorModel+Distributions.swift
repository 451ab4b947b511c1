import RatingData
import RatingNumerics

extension PosteriorModel {
  /// The distribution of the rating of every pair.
  ///
  /// Gaussian likelihood: with mu and d the mean and standard deviation of the training ratings, the rating is the mixture
  /// over the S samples of
  ///
  ///     N(mu + d eta_s, d^2 / precision_s)
  ///
  /// The interval is that between its quantiles of (1 - level) / 2 and (1 + level) / 2; it may lie beyond the scale. A
  /// star's probability is the mass between the middles of its and its neighbours' ratings; the outermost stars have all
  /// that lies beyond.
  ///
  /// Ordered probit: the mean over samples of the levels' probabilities. The interval is the shortest run of neighbouring
  /// levels around the median one that has at least the probability `level`: of runs with as many levels, the most
  /// probable. Its probability may be much above `level`, since levels can't be cut.
  ///
  /// Pairs of unseen users, items or days have the prior's draws, so that their distributions are wide.
  ///
  /// - Parameter level: the probability of the intervals, above 0 and below 1.
  /// - Complexity: O(pairs x samples x (factors + stars)), about 40 microseconds a pair with 124 samples; no sample is
  ///   decoded as a whole.
  public func predictiveDistributions(
    _ pairs: RatingPairs, level: Double = 0.9, threads: Int? = nil
  ) -> PredictiveDistributions {
    precondition(level > 0 && level < 1, "the level of an interval is above 0 and below 1, got \(level)")
    let stars = levels ?? self.stars
    let width = PredictiveDistributions.scalarCount + stars.count
    let size = max(16, min(256, 65_536 / samples.count))
    let values = [Double](unsafeUninitializedCapacity: pairs.count * width) { buffer, initialized in
      buffer.initialize(repeating: 0)
      nonisolated(unsafe) let values = buffer
      Parallel.forEach((pairs.count + size - 1) / size, threads: threads) { piece in
        let rows = piece * size..<min((piece + 1) * size, pairs.count)
        let numbers = numbers(pairs, rows)
        let target = UnsafeMutableBufferPointer(rebasing: values[rows.lowerBound * width..<rows.upperBound * width])
        if let levels {
          probitDistributions(numbers, levels: levels, level: level, into: target)
        } else {
          gaussianDistributions(numbers, stars: stars, level: level, into: target)
        }
      }
      initialized = pairs.count * width
    }
    return PredictiveDistributions(level: level, stars: stars, values: values)
  }

  /// The ratings that a Gaussian model's ratings could be: the scale's where it has a step, else those of the data; none
  /// where there are more than 64.
  ///
  /// - Complexity: O(ratings) where the scale has no step.
  static func stars(of ratings: RatingDataset) -> [Double] {
    let limit = BayesianData.largestLevelCount
    let scale = ratings.scale
    if let step = scale.step {
      let steps = (scale.upper - scale.lower) / step
      return steps < Double(limit) ? (0...Int(steps.rounded())).map { scale.lower + Double($0) * step } : []
    }
    var found: [Float] = []
    ratings.withUnsafeColumns { columns in
      for rating in columns.ratings where !found.contains(rating) {
        found.append(rating)
        if found.count > limit { break }
      }
    }
    return (2...limit).contains(found.count) ? found.map(Double.init).sorted() : []
  }

  /// eta of some pairs in every sample: a row for each sample.
  private func numbers(_ pairs: RatingPairs, _ range: Range<Int>) -> FloatRows {
    let places = range.map { axes.rows(pairs.users[$0], pairs.items[$0], pairs.times?[$0]) }
    let numbers = FloatRows(count: samples.count, columns: range.count)
    let scratch = FloatRows(count: axes.sides.count + 1, columns: factors)
    for (index, sample) in samples.enumerated() {
      let row = numbers[index]
      for (column, place) in places.enumerated() { row[column] = number(sample, place, scratch: scratch) }
    }
    return numbers
  }

  private func gaussianDistributions(
    _ numbers: FloatRows, stars: [Double], level: Double, into target: UnsafeMutableBufferPointer<Double>
  ) {
    let count = samples.count
    let width = PredictiveDistributions.scalarCount + stars.count
    let noise = samples.map { 1 / $0.precision.squareRoot() }
    let squaredNoise = noise.reduce(0) { $0 + $1 * $1 } / Double(count)
    let tail = (1 - level) / 2
    let normal = RandomStream.normalQuantile(tail)
    // Where one star ends and the next begins, in the unit of eta.
    let cuts = zip(stars, stars.dropFirst()).map { (($0 + $1) / 2 - mean) / deviation }
    var etas = [Double](repeating: 0, count: count)
    for row in 0..<numbers.columns {
      for sample in 0..<count { etas[sample] = Double(numbers[sample][row]) }
      let average = etas.reduce(0, +) / Double(count)
      let spread = etas.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count)
      let whole = (spread + squaredNoise).squareRoot()
      let values = target.baseAddress! + row * width
      values[0] = rating(average)
      values[1] = deviation * whole
      values[2] = deviation * spread.squareRoot()
      etas.withUnsafeBufferPointer { etas in
        noise.withUnsafeBufferPointer { noise in
          let mixture = NormalMixture(means: etas, deviations: noise)
          let lower = mixture.quantile(tail, normal: normal, from: average + normal * whole)
          let upper = mixture.quantile(1 - tail, normal: -normal, from: average - normal * whole)
          values[3] = rating(min(lower, upper))
          values[4] = rating(max(lower, upper))
          var below = 0.0
          for (star, cut) in cuts.enumerated() {
            let next = max(mixture.mass(below: cut), below)
            values[PredictiveDistributions.scalarCount + star] = next - below
            below = next
          }
          if !stars.isEmpty { values[width - 1] = 1 - below }
        }
      }
    }
  }

  private func probitDistributions(
    _ numbers: FloatRows, levels: [Double], level: Double, into target: UnsafeMutableBufferPointer<Double>
  ) {
    let count = numbers.columns
    let width = PredictiveDistributions.scalarCount + levels.count
    // Sums over samples: of the expected rating and of its square; for each cut-point of P(level above it).
    var (sums, squares) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    var above = [Double](repeating: 0, count: count * (levels.count - 1))
    let part = FloatRows(count: 1, columns: count)
    for (index, sample) in samples.enumerated() {
      let means = UnsafePointer(numbers[index])
      for cut in 0..<levels.count - 1 {
        Kernels.probitExpected(
          means: means, count: count, cuts: [Float(sample.cutPoints[cut])], gaps: [1], cutCount: 1, base: 0,
          into: part.elements)
        for row in 0..<count { above[row * (levels.count - 1) + cut] += Double(part.elements[row]) }
      }
      OrderedProbit(cutPoints: sample.cutPoints).expected(
        means: means, count: count, levels: levels, into: part.elements)
      for row in 0..<count {
        let expected = Double(part.elements[row])
        sums[row] += expected
        squares[row] += (expected - levels[0]) * (expected - levels[0])
      }
    }
    let number = Double(samples.count)
    for row in 0..<count {
      let values = target.baseAddress! + row * width
      let probabilities = UnsafeMutableBufferPointer(
        start: values + PredictiveDistributions.scalarCount, count: levels.count)
      var rest = 1.0
      for cut in 0..<levels.count - 1 {
        let next = min(above[row * (levels.count - 1) + cut] / number, rest)
        probabilities[cut] = rest - next
        rest = next
      }
      probabilities[levels.count - 1] = rest
      let mean = sums[row] / number
      let spread = squares[row] / number - (mean - levels[0]) * (mean - levels[0])
      let variance = levels.indices.reduce(0) { sum, index in
        sum + probabilities[index] * (levels[index] - mean) * (levels[index] - mean)
      }
      let run = Self.shortestRun(UnsafeBufferPointer(probabilities), level: level)
      values[0] = mean
      values[1] = max(variance, spread).squareRoot()
      values[2] = max(spread, 0).squareRoot()
      values[3] = levels[run.lowerBound]
      values[4] = levels[run.upperBound]
    }
  }

  /// The shortest run of neighbours around the median that has at least a probability; of runs of one length the most
  /// probable, of equal ones the lowest.
  static func shortestRun(_ probabilities: UnsafeBufferPointer<Double>, level: Double) -> ClosedRange<Int> {
    var (median, below) = (0, probabilities[0])
    while below < 0.5 && median < probabilities.count - 1 {
      median += 1
      below += probabilities[median]
    }
    var best = 0...probabilities.count - 1
    var bestMass = 0.0
    for first in 0...median {
      var mass = 0.0
      for last in first..<probabilities.count {
        mass += probabilities[last]
        guard last >= median && mass >= level else { continue }
        if last - first < best.count - 1 || (last - first == best.count - 1 && mass > bestMass) {
          (best, bestMass) = (first...last, mass)
        }
        break
      }
    }
    return best
  }
}
