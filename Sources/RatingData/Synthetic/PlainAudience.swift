import RatingNumerics

/// What a user's rows are made in, reused from user to user.
private struct UserWorkspace {
  var rows: [ScoredRow] = []
  var days: [Int] = []
  var moods: [Double] = []
  var taste: [Double]
  var tasteDrift: [Double]
  var chosen: [Int32] = []
  var isChosen: [Bool]
  var keys: [(key: Double, item: Int32)] = []

  init(_ parameters: SyntheticPrize.Parameters) {
    taste = Array(repeating: 0, count: parameters.factors)
    tasteDrift = taste
    isChosen = Array(repeating: false, count: parameters.items)
  }
}

/// Users who choose by popularity and taste, one item after another: the structure of the sets without genres.
struct PlainAudience: Audience {
  let parameters: SyntheticPrize.Parameters
  let seed: Seed
  let plan: ActivityPlan
  let items: PlantedItems
  let tables: DriftTables

  init(_ parameters: SyntheticPrize.Parameters, seed: Seed, plan: ActivityPlan) {
    self.parameters = parameters
    self.seed = seed
    self.plan = plan
    items = PlantedItems(parameters, seed: seed)
    tables = DriftTables(parameters)
  }

  var years: [Int?] { items.years }

  func forEachUser(_ users: Range<Int>, _ body: (Int, [ScoredRow]) -> Void) {
    var work = UserWorkspace(parameters)
    for user in users {
      draw(user, into: &work)
      body(user, work.rows)
    }
  }

  private func draw(_ user: Int, into work: inout UserWorkspace) {
    var stream = RandomStream(seed: seed, purpose: "synthetic-prize.user", index: UInt64(user))
    let count = plan.count(ofUser: user)
    let middle = drawDays(count, from: &stream, into: &work)

    let mean = parameters.userDeviation * stream.normal()
    let meanDrift = parameters.userDrift * stream.normal()
    for factor in 0..<parameters.factors {
      let scale = tables.factorScales[factor]
      work.taste[factor] = scale * stream.normal()
      work.tasteDrift[factor] = scale * parameters.factorDrift * stream.normal()
    }

    choose(count, from: &stream, into: &work)

    work.rows.removeAll(keepingCapacity: true)
    let periodDays = tables.rise.count / PlantedItems.periods + 1
    for item in work.chosen {
      let session = drawSession(ofItem: Int(item), from: &stream, days: work.days)
      let day = work.days[session]
      let away = tables.distance[abs(day - middle)]
      let drift = day < middle ? -away : away
      var score = items.means[Int(item) * PlantedItems.periods + day / periodDays]
      score += mean + meanDrift * drift + work.moods[session] + tables.rise[day]
      let first = Int(item) * parameters.factors
      for factor in 0..<parameters.factors {
        score += (work.taste[factor] + drift * work.tasteDrift[factor]) * items.factors[first + factor]
      }
      score += parameters.noiseDeviation * stream.normal()
      work.rows.append(.init(item: item, day: Int32(day), score: score))
    }
    sortByDay(&work)
  }

  /// The days on which the user rates, ascending, and a mood for each; returns the middle of the membership.
  private func drawDays(_ count: Int, from stream: inout RandomStream, into work: inout UserWorkspace) -> Int {
    let span = parameters.lastDay - parameters.firstDay
    // A truncated exponential distribution back from the end.
    let membership = parameters.meanMembershipDays
    let inside = 1 - exponential(-Double(span) / membership)
    let joined = span - min(span, Int(-membership * logarithm(1 - stream.uniform() * inside)))
    // Seven in ten stay to the end.
    let left = stream.uniform() < 0.7 ? span : joined + stream.below(span - joined + 1)
    let sessions = max(1, Int((Double(count) / parameters.ratingsPerDay).rounded()))
    work.days.removeAll(keepingCapacity: true)
    work.days.append(joined)
    for _ in 1..<max(sessions, 1) { work.days.append(joined + stream.below(left - joined + 1)) }
    work.days.sort()
    // Who rates much must have something to rate: twice as many items as ratings, or all of them.
    let lastWeek = span - stream.below(SyntheticPrize.lastWeeks)
    if items.available(at: work.days[sessions - 1]) < 2 * count {
      work.days[sessions - 1] = max(work.days[sessions - 1], lastWeek)
    }
    work.moods.removeAll(keepingCapacity: true)
    for session in 0..<sessions {
      let mood = parameters.dayDeviation * stream.normal()
      let isSameDay = session > 0 && work.days[session] == work.days[session - 1]
      work.moods.append(isSameDay ? work.moods[session - 1] : mood)
    }
    return (work.days[0] + work.days[sessions - 1]) / 2
  }

  /// One rating in five is given on the first day, when a new user is asked for many; the others on any.
  private func drawSession(ofItem item: Int, from stream: inout RandomStream, days: [Int]) -> Int {
    let session = stream.uniform() < 0.2 ? 0 : stream.below(days.count)
    guard days[session] < items.availableFrom[item] else { return session }
    let first = days.firstIndex { $0 >= items.availableFrom[item] }!
    return first + stream.below(days.count - first)
  }

  /// How readily the user takes an item that came to mind, in (0, 1).
  private func readiness(_ item: Int, taste: [Double]) -> Double {
    let first = item * parameters.factors
    var liking = 0.0
    for factor in 0..<parameters.factors { liking += taste[factor] * items.factors[first + factor] }
    return 1 / (1 + exponential(-parameters.tasteInChoice * liking))
  }

  /// Draws `count` distinct items one after another, each with a chance in proportion to popularity times readiness among
  /// those that are left and can be rated by the user's last day.
  ///
  /// Few items are drawn and thrown back where they can't be taken. Many are taken all at once by exponential keys, which
  /// gives the same distribution (Efraimidis and Spirakis 2006, doi:10.1016/j.ipl.2005.11.003).
  private func choose(_ count: Int, from stream: inout RandomStream, into work: inout UserWorkspace) {
    let lastDay = work.days[work.days.count - 1]
    for item in work.chosen { work.isChosen[Int(item)] = false }
    work.chosen.removeAll(keepingCapacity: true)
    if count <= parameters.items / 8 {
      var draws = 0
      while work.chosen.count < count && draws < 100 * count {
        draws += 1
        let item = items.choice.draw(&stream)
        if work.isChosen[item] || items.availableFrom[item] > lastDay { continue }
        if stream.uniform() >= readiness(item, taste: work.taste) { continue }
        work.isChosen[item] = true
        work.chosen.append(Int32(item))
      }
    }
    guard work.chosen.count < count else { return }
    work.keys.removeAll(keepingCapacity: true)
    for item in 0..<parameters.items where !work.isChosen[item] && items.availableFrom[item] <= lastDay {
      let rate = items.weights[item] * readiness(item, taste: work.taste)
      work.keys.append((-logarithm(1 - stream.uniform()) / rate, Int32(item)))
    }
    work.keys.sort { ($0.key, $0.item) < ($1.key, $1.item) }
    for (_, item) in work.keys.prefix(count - work.chosen.count) {
      work.isChosen[Int(item)] = true
      work.chosen.append(item)
    }
  }

  /// Puts the rows in order of day, those of one day in the order in which they were drawn.
  private func sortByDay(_ work: inout UserWorkspace) {
    // The standard library's sort is stable in fact but not by contract, so the position decides.
    let order = work.rows.indices.sorted {
      (work.rows[$0].day, $0) < (work.rows[$1].day, $1)
    }
    work.rows = order.map { work.rows[$0] }
  }
}
