import RatingNumerics

/// The items of a synthetic set: popularity, quality over time, factors, and the day from which they can be rated.
///
/// Each item's draws come from (seed, item). Memory: 8 x (factors + 34) bytes for each item.
struct PlantedItems: Sendable {
  /// The number of periods over which an item's mean moves, as in the model of Koren 2009,
  /// doi:10.1145/1557019.1557072.
  static let periods = 30

  let weights: [Double]
  let choice: AliasTable
  /// By item, then by period.
  let means: [Double]
  /// By item, then by factor; each of standard deviation 1.
  let factors: [Double]
  /// The year of release; nil where unknown.
  let years: [Int?]
  /// The first day on which an item can be rated, from the set's first day.
  let availableFrom: [Int]
  /// `availableFrom` in ascending order: how many items there are at a day.
  private let availabilities: [Int]

  init(_ parameters: SyntheticPrize.Parameters, seed: Seed) {
    let items = parameters.items
    let dates = ReleaseDates(parameters)
    // Seven of Netflix's 17,770 titles have no year; a small set has one.
    let unknownYears = max(1, items * 7 / 17_770)
    let order = IndexPermutation(count: items, stream: RandomStream(seed: seed, purpose: "synthetic-prize.no-year"))
    var weights: [Double] = []
    var means: [Double] = []
    var factors: [Double] = []
    var years: [Int?] = []
    var availableFrom: [Int] = []
    let step = parameters.itemDrift * (6 / Double(Self.periods)).squareRoot()
    // The mean of e^(spread x normal), so that `leastPopularity` counts in means.
    let meanWeight = exponential(parameters.popularitySpread * parameters.popularitySpread / 2)
    for item in 0..<items {
      var stream = RandomStream(seed: seed, purpose: "synthetic-prize.item", index: UInt64(item))
      let popularity = stream.normal()
      weights.append(exponential(parameters.popularitySpread * popularity) / meanWeight + parameters.leastPopularity)
      let share = parameters.qualityOfPopular
      let quality = parameters.itemDeviation * (share * popularity + (1 - share * share).squareRoot() * stream.normal())
      var walk: [Double] = []
      var place = 0.0
      for _ in 0..<Self.periods {
        place += step * stream.normal()
        walk.append(place)
      }
      let middle = walk.reduce(0, +) / Double(Self.periods)
      means.append(contentsOf: walk.map { quality + $0 - middle })
      for _ in 0..<parameters.factors { factors.append(stream.normal()) }
      let release = dates.draw(&stream)
      let known = order[item] >= unknownYears
      years.append(known ? release.year : nil)
      availableFrom.append(known ? release.availableFrom : 0)
    }
    self.weights = weights
    choice = AliasTable(weights)
    self.means = means
    self.factors = factors
    self.years = years
    self.availableFrom = availableFrom
    availabilities = availableFrom.sorted()
  }

  /// The number of items that can be rated at `day`, counted from the set's first day.
  func available(at day: Int) -> Int {
    var (low, high) = (0, availabilities.count)
    while low < high {
      let middle = (low + high) / 2
      if availabilities[middle] <= day { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
