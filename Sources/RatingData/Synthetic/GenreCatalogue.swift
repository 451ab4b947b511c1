import RatingNumerics

/// The items of a synthetic set with genres, those of a genre side by side: "places" count them in that order.
///
/// Each item's draws come from (seed, item), each genre's from (seed, genre).
struct GenreCatalogue: Sendable {
  /// Places and genres have this many factors: zeros fill up a multiple of eight.
  let paddedFactors: Int
  /// By place: the item, from 0.
  let items: [Int32]
  /// By genre: its first place; and the number of places.
  let starts: [Int]
  /// By place.
  let genres: [Int32]
  /// By genre, then by factor.
  let centers: [Float]
  /// By place, then by factor.
  let factors: [Float]
  /// By place, then by period (`PlantedItems.periods`).
  let means: [Float]
  /// By place: training ratings that are expected.
  let expected: [Double]
  /// By place: the first day on which the item can be rated, from the set's first day.
  private(set) var availableFrom: [Int32]
  /// `availableFrom` in ascending order: how many items there are at a day.
  private(set) var availabilities: [Int32] = []
  /// By item; nil where unknown.
  let years: [Int?]
  private let daysPerPeriod: Int

  /// By place: how readily the item is taken. `fittedWeights` finds them.
  private(set) var weights: [Double] = []
  /// By genre: the sum of its weights.
  private(set) var masses: [Double] = []
  /// By place: an alias table (`AliasTable`) of each genre, in units of 2^-32 and as places.
  private(set) var shares: [UInt32] = []
  private(set) var aliases: [Int32] = []

  /// - Parameter trainingCount: the training ratings of all items together.
  init(
    _ parameters: SyntheticPrize.Parameters, _ wanted: SyntheticPrize.Parameters.Genres, trainingCount: Int, seed: Seed
  ) {
    let count = parameters.items
    let padded = (parameters.factors + 7) / 8 * 8
    paddedFactors = padded
    daysPerPeriod = (parameters.lastDay - parameters.firstDay) / PlantedItems.periods + 1

    var centers = [Float](repeating: 0, count: wanted.count * padded)
    for genre in 0..<wanted.count {
      var stream = RandomStream(seed: seed, purpose: "synthetic-prize.genre", index: UInt64(genre))
      for factor in 0..<parameters.factors { centers[genre * padded + factor] = Float(stream.normal()) }
    }
    self.centers = centers

    // Genre by genre, the items of a genre in ascending order.
    let genreOfItem = (0..<count).map { item -> Int in
      var stream = RandomStream(seed: seed, purpose: "synthetic-prize.genre-of-item", index: UInt64(item))
      return stream.below(wanted.count)
    }
    var starts = [Int](repeating: 0, count: wanted.count + 1)
    for genre in genreOfItem { starts[genre + 1] += 1 }
    for genre in 0..<wanted.count { starts[genre + 1] += starts[genre] }
    self.starts = starts
    var items = [Int32](repeating: 0, count: count)
    var genres = items
    for item in 0..<count {
      let genre = genreOfItem[item]
      items[starts[genre]] = Int32(item)
      genres[starts[genre]] = Int32(genre)
      starts[genre] += 1
    }
    self.items = items
    self.genres = genres

    let ranks = IndexPermutation(count: count, stream: RandomStream(seed: seed, purpose: "synthetic-prize.item-rank"))
    let curve = wanted.popularity.values(
      count: count, sum: Double(trainingCount), smallest: Double(max(wanted.fewestPerItem, 1)))
    let dates = ReleaseDates(parameters)
    let unknown = Set(wanted.itemsWithoutYear)
    var years = [Int?](repeating: nil, count: count)
    var (factors, means, expected, availableFrom) = ([Float](), [Float](), [Double](), [Int32]())
    let (shared, own) = (wanted.closeness.squareRoot(), (1 - wanted.closeness).squareRoot())
    let step = parameters.itemDrift * (6 / Double(PlantedItems.periods)).squareRoot()
    let correlation = parameters.qualityOfPopular
    for place in 0..<count {
      let item = Int(items[place])
      var stream = RandomStream(seed: seed, purpose: "synthetic-prize.item", index: UInt64(item))
      let rank = ranks[item]
      expected.append(curve[rank])
      let popularity = RandomStream.normalQuantile((Double(rank) + 0.5) / Double(count))
      let quality =
        parameters.itemDeviation
        * (correlation * popularity + (1 - correlation * correlation).squareRoot() * stream.normal())
      var walk: [Double] = []
      var height = 0.0
      for _ in 0..<PlantedItems.periods {
        height += step * stream.normal()
        walk.append(height)
      }
      let middle = walk.reduce(0, +) / Double(PlantedItems.periods)
      means.append(contentsOf: walk.map { Float(quality + $0 - middle) })
      let center = Int(genres[place]) * padded
      for factor in 0..<parameters.factors {
        factors.append(Float(shared * Double(centers[center + factor]) + own * stream.normal()))
      }
      for _ in parameters.factors..<padded { factors.append(0) }
      let release = dates.draw(&stream)
      let isKnown = !unknown.contains(item + 1)
      years[item] = isKnown ? release.year : nil
      availableFrom.append(isKnown ? Int32(release.availableFrom) : 0)
    }
    (self.factors, self.means, self.expected, self.availableFrom) = (factors, means, expected, availableFrom)
    self.years = years
    availabilities = availableFrom.sorted()
  }

  /// The number of items that can be rated at `day`, counted from the set's first day.
  func available(at day: Int) -> Int { availabilities.countOfAscending(upTo: Int32(day)) }

  /// Gives every item its `fewestPerItem` users who rate it first of all, and so in training: the users who join latest
  /// to the items that come out latest. An item that comes out after its users joined comes out with them.
  ///
  /// - Parameter joined: the day on which a user joins.
  /// - Returns: by user, the place of an item; -1 for none.
  mutating func assignFirstRatings(
    _ parameters: SyntheticPrize.Parameters, seed: Seed, joined: (Int) -> Int
  ) -> [Int32] {
    var firstItems = [Int32](repeating: -1, count: parameters.users)
    let fewest = parameters.genres?.fewestPerItem ?? 0
    let order = IndexPermutation(
      count: parameters.users, stream: RandomStream(seed: seed, purpose: "synthetic-prize.first-ratings"))
    let users = (0..<fewest * items.count).map { slot in (joined: joined(order[slot]), user: order[slot]) }
      .sorted { $0 < $1 }
    let places = (0..<items.count).map { (from: availableFrom[$0], place: $0) }.sorted { $0 < $1 }
    for (position, entry) in users.enumerated() {
      let place = places[position / fewest].place
      firstItems[entry.user] = Int32(place)
      availableFrom[place] = min(availableFrom[place], Int32(entry.joined))
    }
    availabilities = availableFrom.sorted()
    return firstItems
  }

  /// Sets the weights, and what is drawn with them.
  mutating func setWeights(_ weights: [Double]) {
    self.weights = weights
    masses = []
    shares = [UInt32](repeating: .max, count: weights.count)
    aliases = [Int32](repeating: 0, count: weights.count)
    for genre in 0..<starts.count - 1 {
      let places = starts[genre]..<starts[genre + 1]
      masses.append(weights[places].reduce(0, +))
      guard !places.isEmpty else { continue }
      for (cell, entry) in AliasTable(Array(weights[places])).cells.enumerated() {
        shares[places.lowerBound + cell] = entry.share >= 1 ? .max : UInt32(entry.share * 0x1p32)
        aliases[places.lowerBound + cell] = Int32(places.lowerBound) + entry.alias
      }
    }
  }

  /// A place of a genre from 32 uniform bits (`Appetites.draw`).
  func draw(_ genre: Int, _ bits: UInt32) -> Int {
    let first = starts[genre]
    let product = UInt64(bits) * UInt64(starts[genre + 1] - first)
    let place = first + Int(product >> 32)
    return UInt32(truncatingIfNeeded: product) <= shares[place] ? place : Int(aliases[place])
  }

  /// The period of a day, from the set's first day.
  func period(ofDay day: Int) -> Int { day / daysPerPeriod }
}

extension [Int32] {
  /// How many numbers of an ascending array are at most `limit`.
  func countOfAscending(upTo limit: Int32) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] <= limit { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
