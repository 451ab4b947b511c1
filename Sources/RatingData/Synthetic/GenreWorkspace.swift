import RatingNumerics

/// What the rows of a user with genres are made in, reused from user to user.
struct GenreWorkspace {
  var rows: [ScoredRow] = []
  /// On which the user rates, ascending, each once.
  private(set) var days: [Int] = []
  let deviates = FloatBuffer()
  /// Taste at a session's day.
  let taste: FloatBuffer
  var appetites: Appetites
  private(set) var chosen: [Int32] = []
  private var isChosen: [Bool]
  private var keys: [(key: Double, place: Int32)] = []
  /// The chosen in order of session, and by session where they begin.
  private(set) var dealt: [Int32] = []
  private(set) var starts: [Int] = []
  private var sessionOf: [Int32] = []
  /// By session: the sum of lengths to its end.
  private var ends: [Double] = []

  init(_ catalogue: GenreCatalogue) {
    isChosen = Array(repeating: false, count: catalogue.items.count)
    appetites = Appetites(genres: catalogue.starts.count - 1)
    taste = FloatBuffer(count: catalogue.paddedFactors)
  }

  /// Draws the days on which the user rates.
  mutating func drawDays(
    _ count: Int, _ membership: Membership, _ catalogue: GenreCatalogue, _ stream: inout RandomStream
  ) {
    let sessions = max(1, Int((Double(count) / membership.ratingsPerDay).rounded()))
    days.removeAll(keepingCapacity: true)
    days.append(membership.joined)
    let stay = membership.left - membership.joined + 1
    for _ in 1..<max(sessions, 1) { days.append(membership.joined + stream.below(stay)) }
    // Who rates much must have something to rate: twice as many items as ratings, or all of them.
    let lastWeek = membership.end - stream.below(SyntheticPrize.lastWeeks)
    if catalogue.available(at: days.max()!) < 2 * count { days.append(max(membership.joined, lastWeek)) }
    days.sort()
    var kept = 1
    for position in 1..<max(days.count, 1) where days[position] != days[kept - 1] {
      days[kept] = days[position]
      kept += 1
    }
    days.removeLast(days.count - kept)
  }

  /// Takes `count` distinct items one after another.
  ///
  /// Few items are drawn and thrown back where they can't be taken. Many, and the last ones that are hard to come by,
  /// are taken by exponential keys, which gives the same distribution (Efraimidis and Spirakis 2006,
  /// doi:10.1016/j.ipl.2005.11.003).
  ///
  /// - Parameter first: taken before all others; -1 for none.
  mutating func choose(
    _ count: Int, first: Int32, _ catalogue: GenreCatalogue, lastDay: Int, _ stream: inout RandomStream
  ) {
    for place in chosen { isChosen[Int(place)] = false }
    chosen.removeAll(keepingCapacity: true)
    if first >= 0 {
      chosen.append(first)
      isChosen[Int(first)] = true
    }
    let lastDay = Int32(lastDay)
    if count <= catalogue.items.count / 4 {
      appetites.makeTable(masses: catalogue.masses)
      var draws = 30 * count
      while chosen.count < count && draws > 0 {
        draws -= 1
        let bits = stream.next()
        let genre = appetites.draw(UInt32(truncatingIfNeeded: bits >> 32))
        let place = catalogue.draw(genre, UInt32(truncatingIfNeeded: bits))
        if isChosen[place] || catalogue.availableFrom[place] > lastDay { continue }
        isChosen[place] = true
        chosen.append(Int32(place))
      }
    }
    guard chosen.count < count else { return }
    keys.removeAll(keepingCapacity: true)
    for place in catalogue.items.indices where !isChosen[place] && catalogue.availableFrom[place] <= lastDay {
      let rate = catalogue.weights[place] * appetites.ofGenre[Int(catalogue.genres[place])]
      keys.append((-logarithm(1 - stream.uniform()) / rate, Int32(place)))
    }
    keys.sort { ($0.key, $0.place) < ($1.key, $1.place) }
    for (_, place) in keys.prefix(count - chosen.count) {
      isChosen[Int(place)] = true
      chosen.append(place)
    }
  }

  /// Deals the chosen items to days on which they are out, in proportion to the days' lengths; `first` to the first.
  mutating func dealToSessions(
    _ catalogue: GenreCatalogue, first: Int32, lengths: UnsafePointer<Float>,
    _ genres: SyntheticPrize.Parameters.Genres, _ stream: inout RandomStream
  ) {
    ends.removeAll(keepingCapacity: true)
    var all = 0.0
    for session in days.indices {
      all += exponential(genres.sessionSpread * Double(lengths[session]))
      ends.append(all)
    }
    sessionOf.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(contentsOf: repeatElement(0, count: days.count + 1))
    for place in chosen {
      let from = Int(catalogue.availableFrom[Int(place)])
      var session = 0
      if place != first {
        let number = stream.uniform()
        if number >= genres.firstDayShare || days[0] < from {
          // What is left of the number is uniform again.
          let share =
            days[0] < from && number < genres.firstDayShare
            ? number / genres.firstDayShare : (number - genres.firstDayShare) / (1 - genres.firstDayShare)
          let earliest = days[0] >= from ? 0 : days.firstPlace { $0 >= from }
          let before = earliest == 0 ? 0 : ends[earliest - 1]
          let point = before + share * (all - before)
          session = min(ends.firstPlace { $0 > point }, days.count - 1)
        }
      }
      sessionOf.append(Int32(session))
      starts[session + 1] += 1
    }
    for session in days.indices { starts[session + 1] += starts[session] }
    dealt.removeAll(keepingCapacity: true)
    dealt.append(contentsOf: repeatElement(0, count: chosen.count))
    for (position, place) in chosen.enumerated() {
      let session = Int(sessionOf[position])
      dealt[starts[session]] = place
      starts[session] += 1
    }
    // Each start has moved to the next one's.
    for session in stride(from: days.count, to: 0, by: -1) { starts[session] = starts[session - 1] }
    starts[0] = 0
  }
}

extension Array {
  /// The first place from which on `isReached` holds, in an array where it holds from some place on; `count` where it
  /// never does.
  fileprivate func firstPlace(_ isReached: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isReached(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// How readily a user takes items of each genre, and an alias table (`AliasTable`) of that.
struct Appetites {
  /// By genre, for items of the same popularity.
  private(set) var ofGenre: [Double]
  private var scaled: [Double]
  private var shares: [UInt32]
  private var aliases: [Int32]
  private var small: [Int32] = []
  private var large: [Int32] = []

  init(genres: Int) {
    ofGenre = Array(repeating: 1, count: genres)
    scaled = ofGenre
    shares = Array(repeating: .max, count: genres)
    aliases = Array(repeating: 0, count: genres)
  }

  /// exp(strength x taste . center + spread x deviate) for each genre.
  mutating func fill(
    _ items: GenreItems, taste: UnsafePointer<Float>, deviates: UnsafePointer<Float>, strength: Double, spread: Double
  ) {
    for genre in ofGenre.indices {
      let liking = Double(items.genreLiking(genre, taste: taste))
      ofGenre[genre] = exponential(strength * liking + spread * Double(deviates[genre]))
    }
  }

  /// Makes the table, of appetite times the genre's mass.
  mutating func makeTable(masses: [Double]) {
    var all = 0.0
    for genre in ofGenre.indices {
      scaled[genre] = ofGenre[genre] * masses[genre]
      all += scaled[genre]
    }
    let scale = Double(ofGenre.count) / all
    for genre in ofGenre.indices {
      scaled[genre] *= scale
      shares[genre] = .max
      aliases[genre] = Int32(genre)
    }
    AliasTable.pair(&scaled, &small, &large) { genre, share, alias in
      shares[genre] = UInt32(share * 0x1p32)
      aliases[genre] = alias
    }
  }

  /// A genre from 32 uniform bits: of their product with the number of genres, the high half is the cell, and the low
  /// half the place inside.
  func draw(_ bits: UInt32) -> Int {
    let product = UInt64(bits) * UInt64(shares.count)
    let cell = Int(product >> 32)
    return UInt32(truncatingIfNeeded: product) <= shares[cell] ? cell : Int(aliases[cell])
  }
}
