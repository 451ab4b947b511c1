import RatingNumerics

/// Users who choose genres by taste and items in them by popularity (`SyntheticPrize.Parameters.Genres`).
///
/// The draws of a user come from two streams: normal deviates, made many at once, and uniform numbers.
///
/// Memory: about 400 bytes for each item and 4 for each user. Complexity: O(users + items) to make, besides the fit of
/// popularities (`GenreCatalogue.fittedWeights`).
struct GenreAudience: Audience {
  private let parameters: SyntheticPrize.Parameters
  private let genres: SyntheticPrize.Parameters.Genres
  private let seed: Seed
  private let plan: ActivityPlan
  let catalogue: GenreCatalogue
  private let tables: DriftTables
  /// The standard deviation of each factor, and 0 for those that fill up.
  private let scales: [Float]
  private let memberships: Memberships
  /// By user: the place of the item that the user rates first; -1 where it is anyone.
  let firstItems: [Int32]

  init(
    _ parameters: SyntheticPrize.Parameters, _ genres: SyntheticPrize.Parameters.Genres, seed: Seed, plan: ActivityPlan
  ) {
    self.parameters = parameters
    self.genres = genres
    self.seed = seed
    self.plan = plan
    tables = DriftTables(parameters)
    memberships = Memberships(parameters, genres)
    var catalogue = GenreCatalogue(
      parameters, genres, trainingCount: parameters.ratings - plan.quiz - plan.test, seed: seed)
    firstItems = catalogue.assignFirstRatings(parameters, seed: seed) { [memberships] user in
      var stream = Self.choices(seed, user)
      return memberships.draw(&stream).joined
    }
    let scales = tables.factorScales.map { Float($0) }
    catalogue.setWeights(
      catalogue.fittedWeights(
        parameters, genres, plan: plan, memberships: memberships, scales: scales, seed: seed))
    self.scales = scales + Array(repeating: 0, count: catalogue.paddedFactors - scales.count)
    self.catalogue = catalogue
  }

  var years: [Int?] { catalogue.years }

  private static let choicePurpose: StreamPurpose = "synthetic-prize.genre-choices"
  private static let normalPurpose: StreamPurpose = "synthetic-prize.genre-normals"

  private static func choices(_ seed: Seed, _ user: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: choicePurpose, index: UInt64(user))
  }

  func forEachUser(_ users: Range<Int>, _ body: (Int, [ScoredRow]) -> Void) {
    var work = GenreWorkspace(catalogue)
    catalogue.withItems { items in
      for user in users {
        draw(user, items, into: &work)
        body(user, work.rows)
      }
    }
  }

  private func draw(_ user: Int, _ items: GenreItems, into work: inout GenreWorkspace) {
    let count = plan.count(ofUser: user)
    var stream = Self.choices(seed, user)
    work.drawDays(count, memberships.draw(&stream), catalogue, &stream)

    // The user's normal deviates: mean and its slope, taste and its slope, appetites, lengths and moods of days, noise.
    let factors = scales.count
    let sessions = work.days.count
    let deviates = work.deviates.filled(
      RandomStream(seed: seed, purpose: Self.normalPurpose, index: UInt64(user)),
      count: 2 + 2 * factors + genres.count + 2 * sessions + count)
    let taste = deviates + 2
    let slopes = taste + factors
    let appetites = slopes + factors
    let lengths = appetites + genres.count
    let moods = lengths + sessions
    let noise = moods + sessions
    for factor in 0..<factors {
      taste[factor] *= scales[factor]
      slopes[factor] *= scales[factor] * Float(parameters.factorDrift)
    }

    work.appetites.fill(
      items, taste: taste, deviates: appetites, strength: genres.tasteInChoice, spread: genres.appetiteDeviation)
    let first = firstItems[user]
    work.choose(count, first: first, catalogue, lastDay: work.days[sessions - 1], &stream)
    work.dealToSessions(catalogue, first: first, lengths: lengths, genres, &stream)

    let mean = Float(parameters.userDeviation) * deviates[0]
    let slope = Float(parameters.userDrift) * deviates[1]
    let middle = (work.days[0] + work.days[sessions - 1]) / 2
    let current = work.taste.pointer
    work.rows.removeAll(keepingCapacity: true)
    for session in 0..<sessions {
      let day = work.days[session]
      let away = Float(tables.distance[abs(day - middle)])
      let drift = day < middle ? -away : away
      for factor in 0..<factors { current[factor] = taste[factor] + drift * slopes[factor] }
      let mood = Float(parameters.dayDeviation) * moods[session]
      let common = mean + slope * drift + mood + Float(tables.rise[day])
      let period = catalogue.period(ofDay: day)
      for position in work.starts[session]..<work.starts[session + 1] {
        let place = Int(work.dealt[position])
        let liking = items.liking(place, taste: current) + items.mean(place, period: period)
        let score = common + liking + Float(parameters.noiseDeviation) * noise[position]
        work.rows.append(ScoredRow(item: catalogue.items[place], day: Int32(day), score: Double(score)))
      }
    }
  }
}

extension FloatBuffer {
  /// The first normal deviates of a stream.
  fileprivate func filled(_ stream: RandomStream, count: Int) -> UnsafeMutablePointer<Float> {
    reserve(count)
    stream.fillNormals(pointer, count: count)
    return pointer
  }
}
