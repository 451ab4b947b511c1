import RatingData
import RatingModels
import RatingNumerics

extension PlantedRatings {
  /// The ratings as whole stars from 1 to 5, each the nearest.
  static func stars(_ dataset: RatingDataset) -> RatingDataset {
    dataset.withUnsafeColumns { columns in
      RatingDataset(
        users: columns.users.map { dataset.vocabularies.users[Int($0)] },
        items: columns.items.map { dataset.vocabularies.items[Int($0)] },
        ratings: columns.ratings.map { min(max($0.rounded(), 1), 5) }, times: columns.times.map { Array($0) },
        scale: .wholeStars, vocabularies: dataset.vocabularies)
    }
  }
}

extension RatingDataset {
  var ratingValues: [Double] { withUnsafeColumns { $0.ratings.map { Double($0) } } }
}
