import RatingData
import RatingModels
import RatingNumerics

/// Ratings made from planted biases and factors plus noise: r = 3.5 + b(u) + b(i) + p(u) . q(i) + noise. Their times
/// mean nothing.
struct PlantedRatings {
  let train: RatingDataset
  let test: RatingDataset
  /// The standard deviation of the noise: no model can have a lower RMSE.
  static let noise = 0.3

  /// User `users` and item `items` (one behind the last) are in the vocabulary, but have no training ratings.
  init(users: Int = 300, items: Int = 200, perUser: Int = 60, rank: Int = 2, seed: Seed = 1) {
    var stream = RandomStream(seed: seed, purpose: "tests.planted")
    func vector(_ sd: Double) -> [Double] { (0..<rank).map { _ in sd * stream.normal() } }
    let userBiases = (0..<users).map { _ in 0.4 * stream.normal() }
    let itemBiases = (0..<items).map { _ in 0.5 * stream.normal() }
    let userFactors = (0..<users).map { _ in vector(0.8) }
    let itemFactors = (0..<items).map { _ in vector(0.8) }
    var rows: [(user: Int, item: Int, rating: Float)] = []
    for user in 0..<users {
      var all = Array(0..<items)
      stream.shuffle(&all)
      for item in all.prefix(perUser) {
        let product = zip(userFactors[user], itemFactors[item]).reduce(0) { $0 + $1.0 * $1.1 }
        let rating = 3.5 + userBiases[user] + itemBiases[item] + product + Self.noise * stream.normal()
        rows.append((user, item, Float(rating)))
      }
    }
    stream.shuffle(&rows)
    let everyone = Vocabularies(
      users: Vocabulary((0...users).map { Identifier(Int64($0)) }),
      items: Vocabulary((0...items).map { Identifier(Int64($0)) }))
    func dataset(_ rows: ArraySlice<(user: Int, item: Int, rating: Float)>) -> RatingDataset {
      RatingDataset(
        users: rows.map { Identifier(Int64($0.user)) }, items: rows.map { Identifier(Int64($0.item)) },
        ratings: rows.map(\.rating),
        times: rows.map { UInt32(1_000_000_000 + 3600 * (($0.user * 7 + $0.item * 13) % 2000)) },
        scale: RatingScale(-2...9),
        vocabularies: everyone)
    }
    let cut = rows.count * 9 / 10
    train = dataset(rows[..<cut])
    test = dataset(rows[cut...])
  }
}

/// The root mean squared error of a model on ratings, unclipped.
func rmse(_ model: any RatingModel, _ answers: RatingDataset) -> Double {
  let predictions = model.predict(answers.pairs, threads: 1).values
  return answers.withUnsafeColumns { columns in
    (predictions.indices.reduce(0.0) { $0 + (predictions[$1] - Double(columns.ratings[$1])).squared }
      / Double(predictions.count)).squareRoot()
  }
}

extension Double {
  var squared: Double { self * self }
}
