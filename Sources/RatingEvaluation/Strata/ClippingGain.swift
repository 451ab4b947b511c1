import RatingData
import RatingNumerics

/// What moving predictions outside the scale to its nearest bound would gain.
public struct ClippingGain: Sendable, Hashable {
  /// The predictions that lie outside the scale.
  public let rowsOutside: Int
  public let scale: RatingScale
  /// The RMSE of the predictions as they are.
  public let rmse: Double
  /// The RMSE of the predictions moved into the scale.
  public let rmseClipped: Double

  /// How much lower the RMSE gets: at least 0 where all answers lie on the scale.
  public var gain: Double { rmse - rmseClipped }

  /// - Complexity: O(rows), in parallel.
  init(_ rows: ScoredRows, scale: RatingScale, unclipped: ErrorSums, threads: Int?) {
    // A scale is of finite numbers; predictions lie in -1000...1000.
    let lower = decimalUnits(max(scale.lower, -1000)) ?? 0
    let upper = decimalUnits(min(scale.upper, 1000)) ?? 0
    let parts = Parallel.map(rows.pieceCount, threads: threads) { piece -> (outside: Int, clipped: ErrorSums) in
      var outside = 0
      var clipped = ErrorSums()
      for row in rows.piece(piece) {
        let prediction = rows.predictions[row]
        let moved = min(max(prediction, lower), upper)
        outside += moved == prediction ? 0 : 1
        clipped.add(error: moved - rows.answers[row])
      }
      return (outside, clipped)
    }
    rowsOutside = parts.reduce(0) { $0 + $1.outside }
    self.scale = scale
    rmse = unclipped.rmse
    rmseClipped = parts.reduce(into: ErrorSums()) { $0.merge($1.clipped) }.rmse
  }
}
