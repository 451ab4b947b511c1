import RatingData
import RatingNumerics

/// How the weight of a row's squared length depends on the row's number of ratings.
public enum RidgeWeighting: String, Sendable, Codable, CaseIterable {
  /// In proportion to the number of ratings, n x regularization: every rating carries its own penalty, as in stochastic
  /// gradient descent (ALS-WR).
  case count
  /// In proportion to its square root: between the two others.
  case squareRoot = "square-root"
  /// The same for all rows.
  case plain

  /// The weight of a row with that many ratings.
  func weight(_ count: Int) -> Double {
    switch self {
    case .count: Double(count)
    case .squareRoot: Double(count).squareRoot()
    case .plain: 1
    }
  }
}

/// Solves the rows of one side of a factor model, each a regularized least squares problem given the other side.
///
/// With y = value - bias of the other side, a row's bias b and factors x minimize, over its n ratings,
///
///     sum of (y - b - q . x)^2 + v x biasRegularization x b^2 + w x regularization x |x|^2
///
/// where v and w are each n, its square root or 1 (`RidgeWeighting`). Rows without ratings are 0.
///
/// Guarantee: every row's bytes are a function of its own ratings, in their order, and of the other side alone, whatever
/// the number of threads and the instruction set: all arithmetic is in `Kernels`, none in BLAS.
struct RowSolver: Sendable {
  enum Method: Sendable, Hashable {
    case exact
    /// That many steps of conjugate gradients from the row's last values.
    case conjugateGradient(steps: Int)
  }

  var regularization: Double
  var biasRegularization: Double
  var weighting: RidgeWeighting
  var biasWeighting: RidgeWeighting
  var solvesBiases: Bool
  var method: Method

  /// What a half-sweep came to.
  struct Outcome: Sendable {
    /// The sum of squared errors after it, where it was asked for.
    var squares = 0.0
    /// The first row whose equations have no unique solution.
    var failedRow: Int?
    var isCancelled = false
  }

  /// A row's parameters are written here.
  fileprivate struct Target: @unchecked Sendable {
    // Unchecked: every piece of work writes rows of its own.
    let factors: UnsafeMutablePointer<Float>
    let biases: UnsafeMutablePointer<Float>
  }

  /// What a half-sweep reads, and where it writes.
  fileprivate struct Job: @unchecked Sendable {
    // Unchecked: pointers into arrays that outlive the job and that nobody writes.
    let solver: RowSolver
    let rows: RatingRows
    let side: Kernels.Regressors
    let factors: Int
    let target: Target
    let sumsSquares: Bool
    let cancellation: CancellationFlag?
  }

  /// Sets all rows to their optimum, or as near as the method goes.
  ///
  /// - Parameters:
  ///   - rows: the ratings of each row.
  ///   - factors: the rows' factors; where rows have no ratings, they stay as they are.
  ///   - biases: the rows' biases.
  ///   - others: the other side's factors, of the same number.
  ///   - otherBiases: the other side's biases.
  ///   - sumsSquares: whether the outcome holds the sum of squared errors.
  /// - Complexity: exact: O(ratings x factors^2 + rows x factors^3); conjugate gradients: O(steps x ratings x factors).
  func solve(
    _ rows: RatingRows, factors: inout Matrix, biases: inout [Float], given others: Matrix, _ otherBiases: [Float],
    sumsSquares: Bool, threads: Int?, cancellation: CancellationFlag? = nil
  ) -> Outcome {
    precondition(
      factors.columns == others.columns && factors.rows == rows.count && biases.count == rows.count,
      "a half-sweep of \(rows.count) rows needs as many factors and biases, got \(factors.rows) x \(factors.columns) "
        + "and \(biases.count), given \(others.columns) columns")
    let columns = factors.columns
    return factors.withUnsafeMutableElements { factors in
      biases.withUnsafeMutableBufferPointer { biases in
        others.withUnsafeElements { otherFactors in
          otherBiases.withUnsafeBufferPointer { otherBiases in
            guard let otherBiases = otherBiases.baseAddress, let biases = biases.baseAddress else { return Outcome() }
            let job = Job(
              solver: self, rows: rows,
              side: Kernels.Regressors(factors: otherFactors, biases: otherBiases, stride: others.stride),
              factors: columns, target: Target(factors: factors, biases: biases), sumsSquares: sumsSquares,
              cancellation: cancellation)
            return job.run(threads: threads)
          }
        }
      }
    }
  }

  fileprivate func ridge(count: Int) -> Kernels.Ridge {
    return Kernels.Ridge(
      factors: Float(weighting.weight(count) * regularization),
      bias: Float(biasWeighting.weight(count) * biasRegularization),
      has_bias: solvesBiases ? 1 : 0)
  }
}

extension RowSolver.Outcome {
  mutating func add(_ other: RowSolver.Outcome) {
    squares += other.squares
    isCancelled = isCancelled || other.isCancelled
    if let row = other.failedRow { failedRow = min(failedRow ?? row, row) }
  }
}

extension RowSolver.Job {
  fileprivate typealias Outcome = RowSolver.Outcome

  fileprivate func run(threads: Int?) -> Outcome {
    var total = Outcome()
    var pieces = rows.pieces
    switch solver.method {
    case .exact: for outcome in solveLongRows(threads: threads) { total.add(outcome) }
    case .conjugateGradient: pieces = rows.long.map { $0..<$0 + 1 } + pieces
    }
    let order = pieces
    for outcome in Parallel.map(order.count, threads: threads, { solve(order[$0]) }) { total.add(outcome) }
    return total
  }

  /// Solves some rows one after the other.
  private func solve(_ piece: Range<Int>) -> Outcome {
    var outcome = Outcome()
    let positions = rows.ratings.range(piece)
    let decoded = DecodedRatings(capacity: positions.count)
    decoded.read(rows.ratings, positions)
    withScratch(sums: 1) { scratch in
      for row in piece where rows.count(row) > 0 {
        if cancellation?.isCancelled ?? false {
          outcome.isCancelled = true
          return
        }
        let equations = Equations(decoded, from: rows.ratings.starts[row] - positions.lowerBound, rows.count(row))
        switch solver.method {
        case .exact:
          sum(equations, into: scratch)
          finish(row, scratch, equations, &outcome)
        case .conjugateGradient(let steps):
          Kernels.descendRidge(
            side, rows: equations.others, ratings: equations.values, count: equations.count,
            ridge: solver.ridge(count: equations.count), steps: steps, scratch: scratch, solution: factors(row),
            bias: target.biases + row)
          addSquares(row, equations, &outcome)
        }
      }
    }
    return outcome
  }

  /// Solves the long rows, some at a time: first all segments' sums in parallel, then all rows.
  private func solveLongRows(threads: Int?) -> [Outcome] {
    var outcomes: [Outcome] = []
    var next = 0
    while next < rows.long.count {
      var group: [(row: Int, segments: Range<Int>)] = []
      var segments: [Range<Int>] = []
      repeat {
        let cut = rows.segments(rows.long[next])
        group.append((rows.long[next], segments.count..<segments.count + cut.count))
        segments += cut
        next += 1
      } while next < rows.long.count && segments.count < 48
      let (work, cuts) = (group, segments)
      withScratch(sums: segments.count) { scratch in
        nonisolated(unsafe) let scratch = scratch
        let size = Kernels.normalEquationsCount(stride: side.stride)
        Parallel.forEach(cuts.count, threads: threads) { segment in
          if cancellation?.isCancelled ?? false { return }
          sum(Equations(DecodedRatings(rows.ratings, cuts[segment])), into: scratch + segment * size)
        }
        outcomes += Parallel.map(work.count, threads: threads) { index in
          if cancellation?.isCancelled ?? false { return Outcome(isCancelled: true) }
          let (row, segments) = work[index]
          let sums = scratch + segments.lowerBound * size
          for segment in segments.dropFirst() {
            let part = scratch + segment * size
            for position in 0..<size { sums[position] += part[position] }
          }
          var outcome = Outcome()
          finish(row, sums, nil, &outcome)
          return outcome
        }
      }
    }
    return outcomes
  }

  /// The ratings of a row, or some of them, in memory that the one who made them keeps.
  private struct Equations {
    let others: UnsafePointer<UInt32>
    let values: UnsafePointer<Float>
    let count: Int
    /// How many ratings, those of the next rows, follow in memory.
    let ahead: Int
    private let owner: DecodedRatings

    init(_ decoded: DecodedRatings, from start: Int, _ count: Int) {
      others = UnsafePointer(decoded.others + start)
      values = UnsafePointer(decoded.values + start)
      self.count = count
      ahead = decoded.count - start - count
      owner = decoded
    }

    init(_ decoded: DecodedRatings) { self.init(decoded, from: 0, decoded.count) }
  }

  private func sum(_ equations: Equations, into sums: UnsafeMutablePointer<Float>) {
    Kernels.normalEquations(
      side, rows: equations.others, ratings: equations.values, count: equations.count, ahead: equations.ahead,
      into: sums)
  }

  /// Solves a row from its sums. Its equations are decoded where they are not given and still needed.
  private func finish(
    _ row: Int, _ sums: UnsafeMutablePointer<Float>, _ equations: Equations?, _ outcome: inout Outcome
  ) {
    let failed = Kernels.solveRidge(
      sums, stride: side.stride, factors: factors, count: rows.count(row), ridge: solver.ridge(count: rows.count(row)),
      solution: factors(row), bias: target.biases + row)
    if failed == nil {
      addSquares(row, equations, &outcome)
    } else {
      outcome.failedRow = min(outcome.failedRow ?? row, row)
    }
  }

  private func addSquares(_ row: Int, _ equations: Equations?, _ outcome: inout Outcome) {
    guard sumsSquares else { return }
    let equations = equations ?? Equations(DecodedRatings(rows.ratings, rows.ratings.range(row)))
    outcome.squares += Kernels.squaredResiduals(
      side, rows: equations.others, ratings: equations.values, count: equations.count, solution: factors(row),
      bias: target.biases[row])
  }

  private func factors(_ row: Int) -> UnsafeMutablePointer<Float> { target.factors + row * side.stride }

  /// Calls `body` with zeros for so many rows' sums, or for conjugate gradients.
  private func withScratch(sums: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    let size = sums * max(Kernels.normalEquationsCount(stride: side.stride), 5 * side.stride)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size * MemoryLayout<Float>.stride, alignment: 64)
      .bindMemory(to: Float.self, capacity: size)
    memory.initialize(repeating: 0, count: size)
    defer { memory.deallocate() }
    body(memory)
  }
}
