import RatingNumerics

/// What the rows have of their own: all rows in parallel.
extension SideSweep {
  /// Draws the prior of the rows' own parameters, then all rows.
  ///
  /// - Parameters:
  ///   - constant: the model's.
  ///   - needsResiduals: whether the outcome holds the residuals.
  /// - Complexity: O(ratings x factors^2 + rows x factors^3).
  func drawRows(constant: Float, needsResiduals: Bool) -> Outcome {
    guard side.own.drawPrior(keys: keys, threads: threads) else { return Outcome(failed: "the prior of \(side.name)") }
    drawUnseen()
    let prior = ScaledPrior(
      side.own.prior, hasBias: side.own.hasBiases, precision: likelihood.precision,
      overrelaxation: overrelaxation)
    let pieces = side.ratings.pieces
    return withCompanions { companions in
      let rows = Rows(
        sweep: self, companions: companions, constant: constant, needsResiduals: needsResiduals,
        normals: keys.stream(side.own.name), latents: keys.stream("latents." + side.name))
      return Parallel.map(pieces.count, threads: threads) { rows.draw(pieces[$0], prior: prior) }
        .reduce(into: Outcome()) { $0.add($1) }
    }
  }

  /// What is predicted of every rating, in the order of the side's ratings.
  ///
  /// - Complexity: O(ratings x factors).
  func means(constant: Float, into means: UnsafeMutablePointer<Float>) {
    nonisolated(unsafe) let means = means
    let pieces = side.ratings.pieces
    withCompanions { companions in
      let rows = Rows(
        sweep: self, companions: companions, constant: constant, needsResiduals: false, normals: keys.stream("none"),
        latents: keys.stream("none"))
      Parallel.forEach(pieces.count, threads: threads) { rows.means(pieces[$0], into: means) }
    }
  }

  /// Calls `body` with the companions of the side's ratings: pointers that are valid during the call, from side `number` on
  /// beside those that are there.
  private func withCompanions<Result>(
    _ number: Int = 0, _ companions: BayesianKernels.Companions? = nil,
    _ body: (BayesianKernels.Companions) -> Result
  ) -> Result {
    var companions = companions ?? BayesianKernels.Companions(stride: stride)
    guard number < others.count else { return body(companions) }
    return side.ratings.companions[number].withUnsafeBufferPointer { rows in
      let other = others[number]
      if let rows = rows.baseAddress {
        companions.add(other.factors.elements, biases: other.biases.elements, rows: rows)
      }
      return withCompanions(number + 1, companions, body)
    }
  }

  /// A row that training has not seen follows the prior.
  private func drawUnseen() {
    let (own, row) = (side.own, side.rowCount)
    var stream = keys.stream("unseen." + own.name)
    let drawn = own.prior.drawRow(stream: &stream)
    for factor in 0..<own.prior.factors { own.factors[row][factor] = Float(drawn.factors[factor]) }
    own.biases.elements[row] = own.hasBiases ? Float(drawn.bias) : 0
    side.factors[row].update(from: own.factors[row], count: stride)
    side.biases.elements[row] = own.biases.elements[row]
  }
}

/// The rows of a side while they are drawn.
private struct Rows: @unchecked Sendable {
  // Unchecked: pieces of parallel work write rows of their own.
  private let side: ModelSide
  private let ratings: SideRatings
  private let companions: BayesianKernels.Companions
  private let likelihood: SideSweep.Likelihood
  private let constant: Float
  private let needsResiduals: Bool
  private let normals: RandomStream
  private let latents: RandomStream
  private let cancellation: CancellationFlag?
  private let stride: Int
  private let factors: Int
  private let sumsCount: Int

  init(
    sweep: SideSweep, companions: BayesianKernels.Companions, constant: Float, needsResiduals: Bool,
    normals: RandomStream, latents: RandomStream
  ) {
    side = sweep.side
    ratings = sweep.side.ratings
    self.companions = companions
    likelihood = sweep.likelihood
    self.constant = constant
    self.needsResiduals = needsResiduals
    self.normals = normals
    self.latents = latents
    cancellation = sweep.cancellation
    stride = sweep.stride
    factors = sweep.side.factors.columns
    sumsCount = BayesianKernels.sumsCount(stride: sweep.stride)
  }

  func draw(_ rows: Range<Int>, prior: ScaledPrior) -> SideSweep.Outcome {
    var outcome = SideSweep.Outcome()
    let workspace = SideSweep.Workspace(stride: stride)
    let (own, unseen, kernels) = (side.own, side.rowCount, Kernels.bayesian)
    let (ownFactors, ownBiases) = (own.factors.elements, own.biases.elements)
    let others = workspace.others.elements
    let rowPrior = prior.ofRow
    let hasFeatures = !side.features.isEmpty
    let y = stride * (stride + 2)
    for row in rows {
      if cancellation?.isCancelled ?? false {
        outcome.isCancelled = true
        return outcome
      }
      let count = ratings.count(row)
      let (values, bias) = (ownFactors + row * stride, ownBiases + row)
      let othersBias = hasFeatures ? side.takeOwn(row, leaving: others) : 0
      guard count > 0 else {
        values.update(from: ownFactors + unseen * stride, count: stride)
        bias.pointee = ownBiases[unseen]
        side.set(row, others: others, bias: othersBias)
        side.sums?[row].update(repeating: 0, count: sumsCount)
        continue
      }
      let sums = side.sums?[row] ?? workspace.sums[0]
      let squares = sum(row, workspace, into: sums)
      let drawn = workspace.sums[1]
      if hasFeatures {
        kernels.shift(
          sums, stride: stride, count: Float(count), others: others, bias: constant + othersBias, into: drawn)
      } else {
        kernels.copy(sums, stride: stride, to: drawn)
        drawn[y] -= Float(count) * constant
        for place in stride * stride..<stride * (stride + 1) { drawn[stride + place] -= constant * drawn[place] }
      }
      normals.fillNormals(workspace.normals.elements, first: row * (stride + 16), count: stride + 1)
      let failed = kernels.draw(
        drawn, stride: stride, factors: factors, count: Float(count), prior: rowPrior,
        normals: workspace.normals.elements, into: values, bias: bias)
      if failed != nil { outcome.failed = outcome.failed ?? "row \(row) of \(side.name)" }
      side.set(row, others: others, bias: othersBias)
      if needsResiduals || hasFeatures {
        outcome.squares += kernels.makeResidual(
          sums, stride: stride, count: Float(count), side.factors[row], bias: constant + side.biases.elements[row],
          squares: squares)
        outcome.sum += Double(sums[y])
      }
    }
    return outcome
  }

  func means(_ rows: Range<Int>, into means: UnsafeMutablePointer<Float>) {
    let workspace = SideSweep.Workspace(stride: stride)
    for row in rows {
      forEachSegment(row, workspace) { segment in
        Kernels.bayesian.means(
          segment.regressors, rows: segment.rows, count: segment.count, side.factors[row],
          bias: constant + side.biases.elements[row], into: means + segment.start)
      }
    }
  }

  /// The sums of a row's ratings, less what the other sides predict of them by themselves. Returns the sum of squares of
  /// what is left, where residuals are needed.
  private func sum(_ row: Int, _ workspace: SideSweep.Workspace, into sums: UnsafeMutablePointer<Float>) -> Double {
    var squares = 0.0
    forEachSegment(row, workspace) { segment in
      let values: UnsafePointer<Float>
      switch likelihood {
      case .gaussian: values = ratings.targets.withUnsafeBufferPointer { $0.baseAddress! + segment.start }
      case .orderedProbit(let cuts):
        let (means, drawn) = (workspace.means.elements, workspace.latents.elements)
        Kernels.bayesian.means(
          segment.regressors, rows: segment.rows, count: segment.count, side.factors[row],
          bias: constant + side.biases.elements[row], into: means)
        ratings.levels.withUnsafeBufferPointer { levels in
          Kernels.truncatedNormals(
            latents, first: segment.start, means: means, levels: levels.baseAddress! + segment.start, cuts: cuts,
            count: segment.count, into: drawn)
        }
        values = UnsafePointer(drawn)
      }
      let isFirst = segment.start == ratings.starts[row]
      let target = isFirst ? sums : workspace.part.elements
      Kernels.bayesian.sums(
        segment.regressors, rows: segment.rows, ratings: values, count: segment.count, ahead: segment.ahead,
        into: target)
      if !isFirst { for place in 0..<sumsCount { sums[place] += target[place] } }
      if needsResiduals {
        for index in 0..<segment.count {
          let left = Double(values[index] - segment.regressors.biases[Int(segment.rows[index])])
          squares += left * left
        }
      }
    }
    return squares
  }

  /// Some of a row's ratings: each is predicted from the factors and the bias of one row of `regressors`.
  private struct Segment {
    let start: Int
    let count: Int
    let regressors: Kernels.Regressors
    let rows: UnsafePointer<UInt32>
    /// How many more rows can be read.
    let ahead: Int
  }

  private func forEachSegment(_ row: Int, _ workspace: SideSweep.Workspace, _ body: (Segment) -> Void) {
    let end = ratings.starts[row + 1]
    for start in Swift.stride(from: ratings.starts[row], to: end, by: workspace.segment) {
      let count = min(workspace.segment, end - start)
      if companions.count == 1 {
        body(
          Segment(
            start: start, count: count,
            regressors: Kernels.Regressors(
              factors: companions.factors.0!, biases: companions.biases.0!, stride: stride),
            rows: companions.rows.0! + start, ahead: ratings.count - start - count))
        continue
      }
      let (rows, biases) = (workspace.rows.elements, workspace.biases.elements)
      Kernels.bayesian.companionRows(companions, from: start, count: count, rows: rows, biases: biases)
      body(
        Segment(
          start: start, count: count,
          regressors: Kernels.Regressors(factors: UnsafePointer(rows), biases: UnsafePointer(biases), stride: stride),
          rows: UnsafePointer(workspace.counting), ahead: 0))
    }
  }
}
