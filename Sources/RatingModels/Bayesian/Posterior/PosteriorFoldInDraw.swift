import RatingNumerics

/// Draws the rows of a plan in one sample.
struct PosteriorFoldInDraw {
  struct Failure: Error {
    /// The place of the row that could not be drawn.
    var row: Int
  }

  private let plan: PosteriorFoldInPlan
  private let sample: PosteriorSample
  private let number: Int
  private let factors: Int
  private let seed: Seed

  /// How often latents and row are drawn in turn, where there are latents.
  private static let probitSteps = 8
  private static let segment = 512

  init(_ plan: PosteriorFoldInPlan, _ sample: PosteriorSample, number: Int, factors: Int, seed: Seed) {
    self.plan = plan
    self.sample = sample
    self.number = number
    self.factors = factors
    self.seed = seed
  }

  /// The sample with the rows.
  func grownSample() throws(Failure) -> PosteriorSample {
    var grown = sample
    grown.sides[plan.side] = sample.sides[plan.side].moved(to: plan.places, count: plan.ids.count + 1, factors: factors)
    // As features of the other side, rows that are folded in say nothing.
    if let features = sample.folding[1 - plan.side].features {
      let prior = sample.folding[1 - plan.side]
      grown.folding[1 - plan.side] = FoldingPrior(
        means: prior.means, precisions: prior.precisions, matrix: prior.matrix,
        features: features.moved(to: plan.places.dropLast(), count: plan.ids.count, factors: factors))
    }
    let rows = Rows(plan, sample, factors: factors)
    let normals = stream("bayesian.fold-in.rows")
    for row in plan.rows {
      guard
        let bias = rows.draw(row, normals: normals(row.origin), latents: stream("bayesian.fold-in.latents")(row.origin))
      else { throw Failure(row: row.place) }
      grown.sides[plan.side].biases[row.place] = bias
      for factor in 0..<factors {
        grown.sides[plan.side].factors[row.place * factors + factor] = PosteriorSample.Rows.half(rows.drawn[0][factor])
      }
    }
    return grown
  }

  /// The stream of a row of the ratings' vocabulary.
  private func stream(_ purpose: StreamPurpose) -> (Int) -> RandomStream {
    { row in
      RandomStream(
        seed: seed, purpose: purpose,
        index: UInt64(plan.side) << 63 | UInt64(number) << 32 | UInt64(UInt32(row)))
    }
  }

  /// The sample decoded, and scratch.
  private final class Rows {
    private let plan: PosteriorFoldInPlan
    private let sample: PosteriorSample
    private let prior: ScaledPrior
    private let mean: FoldingPrior
    private let factors: Int
    private let others: FloatRows
    private let otherBiases: [Float]
    private let further: [FloatRows]
    private let features: FloatRows?
    /// P of the row that was drawn last.
    let drawn: FloatRows
    private let own: FloatRows
    private let featureSums: FloatRows
    private let sums: FloatRows
    private let normals: FloatRows
    private let latents: FloatRows
    private let companions: FloatRows
    private let companionBiases: FloatRows
    private let counting: [UInt32]

    private var stride: Int { others.stride }

    init(_ plan: PosteriorFoldInPlan, _ sample: PosteriorSample, factors: Int) {
      self.plan = plan
      self.sample = sample
      self.factors = factors
      mean = sample.folding[plan.side]
      prior = mean.scaled(precision: sample.precision)
      let other = sample.sides[1 - plan.side]
      others = other.decoded(factors: factors, threads: 1)
      otherBiases = other.biases
      further = sample.sides.dropFirst(2).map { $0.decoded(factors: factors, threads: 1) }
      features = mean.features?.decoded(factors: factors, threads: 1)
      let width = others.stride
      drawn = FloatRows(count: 1, columns: factors)
      own = FloatRows(count: 1, columns: factors)
      featureSums = FloatRows(count: 1, columns: factors)
      sums = FloatRows(count: 3, columns: BayesianKernels.sumsCount(stride: width))
      normals = FloatRows(count: 1, columns: width + 16)
      latents = FloatRows(count: 2, columns: segment)
      companions = FloatRows(count: further.isEmpty ? 0 : segment, columns: factors)
      companionBiases = FloatRows(count: 1, columns: segment)
      counting = (0..<UInt32(segment)).map { $0 }
    }

    /// Draws a row into `drawn`. Returns its bias; nil where the equations have no solution.
    func draw(_ row: PosteriorFoldInPlan.Row, normals stream: RandomStream, latents latentStream: RandomStream)
      -> Float?
    {
      let kernels = Kernels.bayesian
      let featureBias = sumFeatures(row.features)
      let (v, width, count) = (own[0], stride, row.ratings.count)
      var w: Float = 0
      for factor in 0..<factors { v[factor] = Float(mean.means[factor]) }
      if mean.precisions[factors] > 0 { w = Float(mean.means[factors]) }
      compose()
      let isProbit = !sample.cutPoints.isEmpty
      for step in 0..<(isProbit ? PosteriorFoldInDraw.probitSteps : 1) {
        let bias = sample.constant + w + featureBias + Kernels.dot(v, featureSums[0], count: width)
        sum(row.ratings) { segment, values in
          guard isProbit else { return }
          kernels.means(
            segment.regressors, rows: segment.rows, count: segment.range.count, drawn[0], bias: bias,
            into: latents[1])
          plan.levels.withUnsafeBufferPointer { levels in
            Kernels.truncatedNormals(
              latentStream, first: step * count + segment.range.lowerBound - row.ratings.lowerBound,
              means: latents[1], levels: levels.baseAddress! + segment.range.lowerBound, cuts: cuts,
              count: segment.range.count, into: values)
          }
        }
        kernels.shift(
          sums[0], stride: width, count: Float(count), others: featureSums[0], bias: sample.constant + featureBias,
          into: sums[1])
        stream.fillNormals(normals[0], first: step * (width + 16), count: width + 1)
        let failed = kernels.draw(
          sums[1], stride: width, factors: factors, count: Float(count), prior: prior.ofRow, normals: normals[0],
          into: v, bias: &w)
        guard failed == nil, w.isFinite, (0..<factors).allSatisfy({ v[$0].isFinite }) else { return nil }
        compose()
      }
      return w + featureBias + Kernels.dot(v, featureSums[0], count: width)
    }

    /// P = v + what features add.
    private func compose() {
      for factor in 0..<factors { drawn[0][factor] = own[0][factor] + featureSums[0][factor] }
    }

    private lazy var cuts: [Float] = OrderedProbit(cutPoints: sample.cutPoints).kernelCuts

    /// What features add to a row's factors. Returns what they add to its bias.
    private func sumFeatures(_ range: Range<Int>) -> Float {
      featureSums[0].update(repeating: 0, count: stride)
      guard let features, let biases = mean.features?.biases, !range.isEmpty else { return 0 }
      plan.features.withUnsafeBufferPointer { rows in
        plan.weights.withUnsafeBufferPointer { weights in
          Kernels.sumRows(
            features.elements, stride: stride, rows: rows.baseAddress! + range.lowerBound,
            weights: weights.baseAddress! + range.lowerBound, count: range.count, into: featureSums[0])
        }
      }
      var (bias, squares): (Float, Float) = (0, 0)
      for place in range {
        let (feature, weight) = (Int(plan.features[place]), plan.weights[place])
        bias += weight * biases[feature]
        squares += weight * weight * Kernels.dot(features[feature], features[feature], count: stride)
      }
      return bias + (Kernels.dot(featureSums[0], featureSums[0], count: stride) - squares) / 2
    }

    /// Some of a row's ratings, predicted from rows of `regressors`.
    private struct Segment {
      let range: Range<Int>
      let regressors: Kernels.Regressors
      let rows: UnsafePointer<UInt32>
    }

    /// The sums of a row's ratings, a few hundred at a time. Their values are the targets, or what `latents` writes.
    private func sum(_ ratings: Range<Int>, latents fill: (Segment, UnsafeMutablePointer<Float>) -> Void) {
      let width = BayesianKernels.sumsCount(stride: stride)
      sums[0].update(repeating: 0, count: width)
      for start in Swift.stride(from: ratings.lowerBound, to: ratings.upperBound, by: PosteriorFoldInDraw.segment) {
        let range = start..<min(start + PosteriorFoldInDraw.segment, ratings.upperBound)
        withSegment(range) { segment in
          let values = latents[0]
          if !plan.targets.isEmpty {
            for (place, rating) in range.enumerated() { values[place] = plan.targets[rating] }
          }
          fill(segment, values)
          Kernels.bayesian.sums(
            segment.regressors, rows: segment.rows, ratings: values, count: range.count, into: sums[2])
        }
        for place in 0..<width { sums[0][place] += sums[2][place] }
      }
    }

    /// Calls `body` with the sides behind users and items, from `number` on, beside those that are there.
    private func withFurther(
      _ number: Int, _ sides: BayesianKernels.Companions, _ body: (BayesianKernels.Companions) -> Void
    ) {
      guard number < further.count else { return body(sides) }
      plan.further[number].withUnsafeBufferPointer { rows in
        sample.sides[2 + number].biases.withUnsafeBufferPointer { biases in
          var sides = sides
          sides.add(further[number].elements, biases: biases.baseAddress!, rows: rows.baseAddress!)
          withFurther(number + 1, sides, body)
        }
      }
    }

    private func withSegment(_ range: Range<Int>, _ body: (Segment) -> Void) {
      plan.others.withUnsafeBufferPointer { otherRows in
        otherBiases.withUnsafeBufferPointer { biases in
          let rows = otherRows.baseAddress! + range.lowerBound
          guard !further.isEmpty else {
            body(
              Segment(
                range: range,
                regressors: Kernels.Regressors(
                  factors: UnsafePointer(others.elements), biases: biases.baseAddress!, stride: stride),
                rows: rows))
            return
          }
          var sides = BayesianKernels.Companions(stride: stride)
          sides.add(others.elements, biases: biases.baseAddress!, rows: otherRows.baseAddress!)
          withFurther(0, sides) {
            Kernels.bayesian.companionRows(
              $0, from: range.lowerBound, count: range.count, rows: companions.elements,
              biases: companionBiases.elements)
          }
          counting.withUnsafeBufferPointer { counting in
            body(
              Segment(
                range: range,
                regressors: Kernels.Regressors(
                  factors: UnsafePointer(companions.elements), biases: UnsafePointer(companionBiases.elements),
                  stride: stride),
                rows: counting.baseAddress!))
          }
        }
      }
    }
  }
}

extension PosteriorSample.Rows {
  /// Rows at other places; those in between are 0.
  func moved(to places: some Collection<Int>, count: Int, factors columns: Int) -> PosteriorSample.Rows {
    var moved = PosteriorSample.Rows(
      factors: [UInt16](repeating: 0, count: count * columns), biases: [Float](repeating: 0, count: count))
    for (row, place) in places.enumerated() {
      moved.biases[place] = biases[row]
      moved.factors.replaceSubrange(
        place * columns..<(place + 1) * columns, with: factors[row * columns..<(row + 1) * columns])
    }
    return moved
  }
}
