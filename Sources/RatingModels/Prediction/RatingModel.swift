import RatingData
import RatingNumerics

/// What was learned from ratings: immutable, and total. Every question gets a finite rating, also for users and items
/// that were never seen; one that is in the vocabulary but has no training ratings counts as never seen.
///
/// Predictions are not clipped to the rating scale: `clipped()` does that, visibly.
///
/// A model of one's own needs the two properties and `rating(_:)`; `predict` then asks it row by row, in parallel.
public protocol RatingModel: Sendable {
  /// What the indices in questions mean.
  var vocabularies: Vocabularies { get }
  /// The scale of the ratings that it was fitted to.
  var scale: RatingScale { get }

  /// The predicted rating, always finite.
  func rating(_ question: Question) -> Double

  /// The predicted ratings of all pairs, in their order: the same numbers as `rating(_:)` gives, on any number of
  /// threads; nil means one for each processor.
  func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions
}

extension RatingModel {
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    .inPieces(pairs.count, threads: threads) { rows, values in
      for row in rows { values[row] = rating(pairs.question(row)) }
    }
  }

  /// The predicted ratings of all pairs, in their order.
  public func predict(_ pairs: RatingPairs) -> Predictions { predict(pairs, threads: nil) }

  /// The predicted rating for what the source calls the user and the item.
  public func rating(user: UserID, item: ItemID, time: UInt32? = nil) -> Double {
    rating(Question(user: user, item: item, time: time, in: vocabularies))
  }

  /// This model with every prediction moved into `scale`, or into the scale of its training ratings.
  public func clipped(to scale: RatingScale? = nil) -> ClippedModel { ClippedModel(self, to: scale ?? self.scale) }
}

/// A model whose predictions are moved to the nearest bound of a scale where they lie outside.
///
/// Clipping never makes an error larger where the true ratings lie on the scale.
public struct ClippedModel: RatingModel {
  public let base: any RatingModel
  /// The scale that predictions are clipped to.
  public let scale: RatingScale

  public init(_ base: any RatingModel, to scale: RatingScale) {
    self.base = base
    self.scale = scale
  }

  public var vocabularies: Vocabularies { base.vocabularies }
  public func rating(_ question: Question) -> Double { scale.clamp(base.rating(question)) }
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    base.predict(pairs, threads: threads).clipped(to: scale)
  }
}

extension Predictions {
  /// `count` predictions, written in pieces of 8192 rows that any number of threads share. `body` writes the rows of its
  /// range and no others.
  package static func inPieces(
    _ count: Int, threads: Int?, _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Double>) -> Void
  ) -> Predictions {
    let size = 8192
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      if let base = buffer.baseAddress, count > 0 {
        nonisolated(unsafe) let base = base
        Parallel.forEach((count + size - 1) / size, threads: threads) { piece in
          body(piece * size..<min((piece + 1) * size, count), base)
        }
      }
      initialized = count
    }
    return Predictions(values)
  }
}
