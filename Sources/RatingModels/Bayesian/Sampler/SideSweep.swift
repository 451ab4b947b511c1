import RatingNumerics

/// Draws all parameters of one side from their posterior, given the other sides.
struct SideSweep: @unchecked Sendable {
  // Unchecked: pieces of parallel work write rows of their own.
  let side: ModelSide
  /// One to three other sides.
  let others: [ModelSide]
  var likelihood: Likelihood
  /// How far draws go to the other side of their mean, in 0..<1.
  let overrelaxation: Double
  let keys: DrawKeys
  let threads: Int?
  let cancellation: CancellationFlag?

  /// How a rating spreads around the model.
  enum Likelihood: Sendable {
    /// The rating itself, with this precision.
    case gaussian(precision: Double)
    /// A latent number with precision 1, in the cell of the rating's level. First and last cut are infinite.
    case orderedProbit(cuts: [Float])

    var precision: Double {
      switch self {
      case .gaussian(let precision): precision
      case .orderedProbit: 1
      }
    }
  }

  /// What is left of the ratings, and how the sweep went.
  struct Outcome: Sendable {
    /// The sum of residuals, and of their squares, where they were asked for.
    var sum = 0.0
    var squares = 0.0
    /// The first row or feature whose equations have no solution.
    var failed: String?
    var isCancelled = false

    mutating func add(_ other: Outcome) {
      sum += other.sum
      squares += other.squares
      failed = failed ?? other.failed
      isCancelled = isCancelled || other.isCancelled
    }
  }

  var stride: Int { side.factors.stride }

  /// What one piece of parallel work needs for itself.
  final class Workspace {
    /// Sums of two rows, or of a row and a part of it.
    let sums: FloatRows
    let part: FloatRows
    /// What a row's features add to its factors.
    let others: FloatRows
    let normals: FloatRows
    /// Ratings whose companions are made at once: as many as fit the first-level cache.
    let segment: Int
    let rows: FloatRows
    let biases: FloatRows
    let means: FloatRows
    let latents: FloatRows
    /// 0, 1, 2, ...
    let counting: UnsafeMutablePointer<UInt32>

    init(stride: Int) {
      sums = FloatRows(count: 2, columns: BayesianKernels.sumsCount(stride: stride))
      part = FloatRows(count: 1, columns: BayesianKernels.sumsCount(stride: stride))
      others = FloatRows(count: 1, columns: stride)
      normals = FloatRows(count: 1, columns: stride + 16)
      segment = max(64, 8192 / stride)
      rows = FloatRows(count: segment, columns: stride)
      biases = FloatRows(count: 1, columns: segment)
      means = FloatRows(count: 1, columns: segment)
      latents = FloatRows(count: 1, columns: segment)
      counting = .allocate(capacity: segment)
      for index in 0..<segment { counting[index] = UInt32(index) }
    }

    deinit { counting.deallocate() }
  }
}
