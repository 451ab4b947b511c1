extension SyntheticPrize.Parameters {
  /// How many rows are held out for what.
  public struct PartSizes: Sendable, Hashable, Codable {
    public var probe: Int
    public var quiz: Int
    public var test: Int

    public init(probe: Int, quiz: Int, test: Int) {
      self.probe = probe
      self.quiz = quiz
      self.test = test
    }

    var all: Int { probe + quiz + test }
  }

  /// Items in genres, and users whose choice among them tells their taste.
  ///
  /// An item's factors are those of its genre and its own,
  ///
  ///     q_ik = sqrt(closeness) x c_gk + sqrt(1 - closeness) x e_ik          c, e ~ N(0, 1)
  ///
  /// and a user takes items one after another, each with a chance in proportion to its popularity and
  ///
  ///     exp(tasteInChoice x p_u . c_g + appetiteDeviation x N(0, 1) of (u, g))
  ///
  /// among those not taken yet that are out by the user's last day. So what a user has rated tells of p_u even where
  /// the ratings are few, which models with implicit feedback can learn; and an item has neighbours.
  ///
  /// A user rates on some days, of which some are long and some short, and the first is the longest. All numbers here
  /// are plain choices, made so that models rank as they do on the Netflix set.
  public struct Genres: Sendable, Hashable, Codable {
    public var count = 200
    /// The numbers of training ratings of items that are expected, in place of `popularitySpread` and
    /// `leastPopularity`.
    public var popularity: CountCurve
    /// Training ratings that every item has at least, of a different user each.
    public var fewestPerItem = 0
    /// Items, from 1, whose year is unknown.
    public var itemsWithoutYear: [Int] = []
    /// The share of an item's factors, in variance, that is its genre's, in 0...1.
    public var closeness = 0.6
    /// In units of 1 / star.
    public var tasteInChoice = 1.4
    public var appetiteDeviation = 0.3
    /// The standard deviation of the logarithm of a day's length.
    public var sessionSpread = 1.0
    /// The share of a user's ratings that is given on the first day, when a new user is asked for many.
    public var firstDayShare = 0.2
    /// The share of users who rate until the end.
    public var stayingShare = 0.55

    public init(popularity: CountCurve) { self.popularity = popularity }

    /// What is wrong; nil where nothing is.
    func problem(users: Int, items: Int) -> String? {
      if let problem = popularity.problem { return problem }
      if fewestPerItem < 0 || fewestPerItem > users / items {
        return "every item can have at most \(users / items) ratings for certain, one user each, got \(fewestPerItem)"
      }
      if let wrong = itemsWithoutYear.first(where: { $0 < 1 || $0 > items }) {
        return "items without a year are in 1...\(items), got \(wrong)"
      }
      if count < 1 || count > 65_536 { return "the number of genres lies in 1...65536, got \(count)" }
      let shares = [closeness, firstDayShare, stayingShare]
      if !shares.allSatisfy({ $0 >= 0 && $0 <= 1 }) { return "shares lie in 0...1, got \(shares)" }
      let others = [tasteInChoice, appetiteDeviation, sessionSpread]
      if !others.allSatisfy({ $0 >= 0 && $0 <= 10 }) {
        return "choice and spreads of genres lie in 0...10, got \(others)"
      }
      return nil
    }
  }
}
