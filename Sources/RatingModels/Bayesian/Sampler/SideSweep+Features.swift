import RatingNumerics

/// The features of the rows: one after the other, since those that share a row depend on each other.
extension SideSweep {
  /// Adds a change of the model's constant to the residual sums.
  func shiftResiduals(by change: Float) {
    guard let sums = side.sums else { return }
    for row in 0..<side.rowCount {
      let h = sums[row] + stride * stride
      for factor in 0..<stride { h[stride + factor] -= change * h[factor] }
      sums[row][stride * (stride + 2)] -= change * side.counts[row]
    }
  }

  /// Draws each group's prior and its features, 16 factors at a time.
  ///
  /// - Complexity: O((entries + rows x factors) x factors).
  func drawFeatures() -> Outcome {
    var outcome = Outcome()
    for group in side.features {
      guard group.parameters.drawPrior(keys: keys, threads: threads) else {
        outcome.failed = "the prior of \(group.parameters.name)"
        return outcome
      }
      let prior = ScaledPrior(
        group.parameters.prior, hasBias: group.parameters.hasBiases, precision: likelihood.precision,
        overrelaxation: overrelaxation)
      for first in Swift.stride(from: 0, to: stride, by: 16) {
        let start = stride > 16 ? growthStart(first) : nil
        drawFeatures(group, first: first, prior: prior, &outcome)
        if outcome.isCancelled || outcome.failed != nil { return outcome }
        if let start { grow(first, from: start) }
      }
    }
    return outcome
  }

  private func drawFeatures(
    _ group: FeatureGroupState, first: Int, prior: ScaledPrior, _ outcome: inout Outcome
  ) {
    let (matrix, parameters) = (group.matrix, group.parameters)
    let used = min(16, side.factors.columns - first)
    let products = sumProducts(group, first: first, used: used)
    let normals = FloatRows(count: matrix.featureCount, columns: 32)
    let stream = keys.stream(parameters.name)
    let (size, width) = (4096, stride + 16)
    Parallel.forEach((matrix.featureCount + size - 1) / size, threads: threads) { piece in
      for feature in piece * size..<min((piece + 1) * size, matrix.featureCount) {
        stream.fillNormals(normals[feature], first: feature * width + first, count: 16)
        stream.fillNormals(normals[feature] + 16, first: feature * width + stride, count: 1)
      }
    }
    side.counts.withUnsafeBufferPointer { counts in
      matrix.featureStarts.withUnsafeBufferPointer { starts in
        matrix.rows.withUnsafeBufferPointer { rows in
          matrix.rowWeights.withUnsafeBufferPointer { weights in
            guard let rowsStart = rows.baseAddress else { return }
            let state = BayesianKernels.FeatureSide(
              sums: side.sums!.elements, sums_stride: side.sums!.stride, counts: counts.baseAddress!,
              factors: side.factors.elements, biases: side.biases.elements, stride: stride)
            let features = BayesianKernels.FeatureGroup(
              starts: starts.baseAddress!, rows: rowsStart, weights: weights.baseAddress!,
              products: UnsafePointer(products.elements), products_stride: products.stride,
              factors: parameters.factors.elements, stride: stride, biases: parameters.biases.elements,
              normals: UnsafePointer(normals.elements), normals_stride: normals.stride)
            for begin in Swift.stride(from: 0, to: matrix.featureCount, by: 256) {
              if cancellation?.isCancelled ?? false {
                outcome.isCancelled = true
                return
              }
              let failed = Kernels.bayesian.drawFeatures(
                state, features, begin..<min(begin + 256, matrix.featureCount), first: first, used: used,
                prior: prior.ofFactors(from: first))
              if let failed {
                outcome.failed = "feature \(failed) of \(parameters.name)"
                return
              }
            }
          }
        }
      }
    }
  }

  /// For each feature, the sum over its rows of the weight's square times the products of 16 factors in the row's sums:
  /// what doesn't change while features are drawn, so that it can be made in parallel.
  private func sumProducts(_ group: FeatureGroupState, first: Int, used: Int) -> FloatRows {
    let count = used * (used + 1) / 2
    let packed = FloatRows(count: side.rowCount, columns: count)
    let size = 512
    Parallel.forEach((side.rowCount + 8 * size - 1) / (8 * size), threads: threads) { piece in
      for row in piece * 8 * size..<min((piece + 1) * 8 * size, side.rowCount) {
        Kernels.bayesian.packProducts(side.sums![row], stride: stride, first: first, used: used, into: packed[row])
      }
    }
    let (matrix, squaredWeights) = (group.matrix, group.squaredWeights)
    let products = FloatRows(count: matrix.featureCount, columns: count)
    Parallel.forEach((matrix.featureCount + size - 1) / size, threads: threads) { piece in
      matrix.rows.withUnsafeBufferPointer { rows in
        squaredWeights.withUnsafeBufferPointer { weights in
          for feature in piece * size..<min((piece + 1) * size, matrix.featureCount) {
            let start = matrix.featureStarts[feature]
            let number = matrix.featureStarts[feature + 1] - start
            guard number > 0 else { continue }
            Kernels.sumRows(
              packed.elements, stride: packed.stride, rows: rows.baseAddress! + start,
              weights: weights.baseAddress! + start, count: number, into: products[feature])
          }
        }
      }
    }
    return products
  }

  /// What `grow` compares with: 16 factors of every row and its bias.
  private func growthStart(_ first: Int) -> FloatRows {
    let start = FloatRows(count: side.rowCount, columns: 17)
    for row in 0..<side.rowCount {
      start[row].update(from: side.factors[row] + first, count: 16)
      start[row][16] = side.biases.elements[row]
    }
    return start
  }

  /// Brings the residual sums of all other factors up to date with the draws of 16 factors.
  private func grow(_ first: Int, from start: FloatRows) {
    let size = 256
    Parallel.forEach((side.rowCount + size - 1) / size, threads: threads) { piece in
      for row in piece * size..<min((piece + 1) * size, side.rowCount) {
        let growth = start[row]
        for lane in 0..<16 { growth[lane] = side.factors[row][first + lane] - growth[lane] }
        Kernels.bayesian.grow(
          side.sums![row], stride: stride, first: first, by: growth, bias: side.biases.elements[row] - growth[16])
      }
    }
  }
}
