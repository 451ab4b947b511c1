import RatingData
import RatingNumerics

/// The mean of ratings, and their standard deviation around it.
struct RatingMoments: Sendable {
  let mean: Double
  /// 1 where all ratings are the same.
  let deviation: Double

  private static let rowsInPiece = 1 << 16

  /// - Complexity: O(ratings), in parallel; pieces are of a fixed size, so that the sums are the same for any number of
  ///   threads.
  init(_ dataset: RatingDataset, threads: Int?) {
    let (sum, squares) = dataset.withUnsafeColumns { columns in
      nonisolated(unsafe) let ratings = columns.ratings
      let size = Self.rowsInPiece
      // From the first rating, which lies on the scale: what is left over is small against its square.
      let origin = ratings.first.map(Double.init) ?? 0
      return Parallel.map((ratings.count + size - 1) / size, threads: threads) { piece in
        var sums = SIMD4<Double>.zero
        var squares = SIMD4<Double>.zero
        let rows = piece * size..<min((piece + 1) * size, ratings.count)
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 4) {
          var distances = SIMD4<Double>.zero
          for lane in 0..<min(4, rows.upperBound - row) { distances[lane] = Double(ratings[row + lane]) - origin }
          sums += distances
          squares += distances * distances
        }
        return (sums.sum(), squares.sum())
      }.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    }
    let count = Double(max(dataset.count, 1))
    let origin = dataset.withUnsafeColumns { $0.ratings.first.map(Double.init) ?? 0 }
    mean = origin + sum / count
    let variance = (squares - sum * sum / count) / count
    deviation = variance > 0 ? variance.squareRoot() : 1
  }
}
