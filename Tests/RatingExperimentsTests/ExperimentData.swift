import RatingData
import RatingNumerics

/// Ratings with a planted structure, small enough to train on in milliseconds.
enum ExperimentData {
  /// Each of 60 users rates half of 40 items: a quality of the item, a mean of the user and a bit of noise.
  static let ratings: RatingDataset = {
    var users: [Identifier] = []
    var items: [Identifier] = []
    var ratings: [Float] = []
    var times: [UInt32] = []
    var stream = RandomStream(seed: 11, purpose: "test.experiments", index: 0)
    for user in 0..<60 {
      for item in 0..<40 where (user * 7 + item * 3) % 2 == 0 {
        let score = 3 + 0.8 * Double(item % 5 - 2) / 2 + 0.7 * Double(user % 7 - 3) / 3 + 0.4 * stream.normal()
        users.append(Identifier(Int64(user)))
        items.append(Identifier(Int64(item)))
        ratings.append(Float(min(max(score.rounded(), 1), 5)))
        times.append(UInt32(1_000_000 + 86_400 * ((user * 13 + item * 5) % 200)))
      }
    }
    return RatingDataset(users: users, items: items, ratings: ratings, times: times, scale: .wholeStars)
  }()
}
