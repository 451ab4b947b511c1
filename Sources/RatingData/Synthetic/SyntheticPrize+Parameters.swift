extension SyntheticPrize {
  /// How large a synthetic set is, and how the taste behind it is made.
  ///
  /// The score that a user gives before it is rounded to stars is, in stars,
  ///
  ///     score(u, i, t) = b_i(t) + b_u(t) + sum_k p_uk(t) q_ik + d_u(t) + g(t) + noise
  ///
  /// with every part normal of the standard deviation given here. The thresholds between the stars are then laid so
  /// that each number of stars has its share, `starShares`.
  ///
  /// The defaults follow published facts of the Netflix set; where none is known they are plain choices.
  public struct Parameters: Sendable, Hashable, Codable {
    // MARK: Size

    public var users: Int
    public var items: Int
    /// All rows: the training set (probe included) and the qualifying set.
    public var ratings: Int
    /// User ids are distinct numbers in 1...`largestUserID`, in no order, with gaps. The Netflix set has 2,649,429 for
    /// 480,189 users, and the default keeps that proportion.
    public var largestUserID: Int
    /// Days since 1970-01-01. Default 1999-11-11.
    public var firstDay = 10_906
    /// Days since 1970-01-01. Default 2005-12-31.
    public var lastDay = 13_148
    /// How many rows are probe, quiz and test. nil means nine of each user, at most half of what the user has, in
    /// thirds; numbers are reached exactly, by users of few ratings who have fewer or more.
    public var partSizes: PartSizes?

    // MARK: Who rates how much, what and when

    /// The fewest ratings of a user, held-out ones included.
    public var fewestPerUser = 2
    /// The most ratings of a user. Default: 99% of the items.
    public var mostPerUser: Int
    /// The standard deviation of the logarithm of a user's number of ratings. Default 1.25, from the Netflix set's mean
    /// of 209 and median of 96.
    public var activitySpread = 1.25
    /// The numbers of training ratings of users, in place of `activitySpread`; the largest is reached exactly.
    public var activity: CountCurve?
    /// The standard deviation of the logarithm of an item's popularity.
    public var popularitySpread = 1.9
    /// What is added to every item's popularity, in units of the mean, so that each is rated now and then.
    public var leastPopularity = 0.004
    /// How strongly users rate what they like: the odds that a user takes an item which came to mind grow by the factor
    /// e^(this x the user's liking in stars). Default 0.8.
    public var tasteInChoice = 0.8
    /// The mean number of ratings that a user gives on one day.
    public var ratingsPerDay = 8.0
    /// The mean time between joining and the end of the set, in days: most users are recent.
    public var meanMembershipDays = 900.0

    // MARK: Taste, in stars

    public var userDeviation = 0.42
    public var itemDeviation = 0.45
    /// The correlation of an item's quality with the logarithm of its popularity.
    public var qualityOfPopular = 0.4
    /// The number of planted factors.
    public var factors = 24
    /// The standard deviation of the sum over the factors.
    public var factorDeviation = 0.50
    /// Factor k has a variance in proportion to (k + 1)^-`spectrumDecay`.
    public var spectrumDecay = 0.8
    public var noiseDeviation = 0.68

    // MARK: Drift

    /// A user's mean moves with |t - middle|^0.4 from the middle of the membership; the deviation after a year.
    public var userDrift = 0.10
    /// A user's factors move in the same way; the deviation after a year, as a share of the factor's own.
    public var factorDrift = 0.25
    /// An item's mean moves in a random walk over 30 periods; the deviation from its mean.
    public var itemDrift = 0.10
    /// A user's mood of the day.
    public var dayDeviation = 0.20
    /// The rise of all ratings in early 2004 (Koren 2009, doi:10.1145/1557019.1557072).
    public var riseOf2004 = 0.15

    // MARK: Genres

    /// Items come in genres, which users choose by; nil means that there are none.
    public var genres: Genres?

    /// The shares of 1, 2, 3, 4 and 5 stars. Default: the Netflix training set's counts, whose mean is 3.6043.
    public var starShares: [Double] = [4_617_990, 10_132_080, 28_811_247, 33_750_958, 23_168_232]

    public init(users: Int, items: Int, ratings: Int) {
      self.users = users
      self.items = items
      self.ratings = ratings
      largestUserID = Int(Double(users) * 2_649_429 / 480_189)
      mostPerUser = max(1, items * 99 / 100)
    }

    /// The small set of `datasets/synthetic-prize`: 2,000 users, 350 items, 120,000 ratings.
    ///
    /// Dense enough (60 ratings a user, 340 an item), with few and strong enough factors, that plain biased matrix
    /// factorization finds most of what is planted. A user has at least 20 ratings, and the tails are shorter than the
    /// Netflix set's, since 350 items have no room for them.
    public static var demo: Parameters {
      var parameters = Parameters(users: 2_000, items: 350, ratings: 120_000)
      parameters.fewestPerUser = 20
      parameters.activitySpread = 0.8
      parameters.popularitySpread = 1.0
      parameters.leastPopularity = 0.05
      parameters.factors = 6
      parameters.factorDeviation = 0.70
      parameters.noiseDeviation = 0.65
      parameters.itemDrift = 0.05
      parameters.userDrift = 0.05
      parameters.factorDrift = 0.05
      parameters.dayDeviation = 0.10
      return parameters
    }

    /// What is wrong with the parameters, how it should be, and what was found; nil where they can be used.
    public var problem: String? {
      if users < 1 || items < 1 { return "a set needs at least 1 user and 1 item, got \(users) and \(items)" }
      if users > 50_000_000 || items > 9_999_999 {
        return "a set has at most 50,000,000 users and 9,999,999 items, got \(users) and \(items)"
      }
      if largestUserID < users || largestUserID > 2_147_483_647 {
        return "\(users) distinct user ids need a largest id of \(users)...2147483647, got \(largestUserID)"
      }
      if fewestPerUser < 1 || mostPerUser > items || fewestPerUser > mostPerUser {
        return "ratings per user lie between 1 and the number of items, \(items), got \(fewestPerUser)...\(mostPerUser)"
      }
      if ratings < users * fewestPerUser || ratings > users * mostPerUser {
        return "\(users) users of \(fewestPerUser)...\(mostPerUser) ratings each have "
          + "\(users * fewestPerUser)...\(users * mostPerUser) in all, got \(ratings)"
      }
      if firstDay < 0 || lastDay > 49_709 || lastDay - firstDay < 366 {
        return "the days lie in 0...49709 and span at least 366, got \(firstDay)...\(lastDay)"
      }
      if factors < 0 || factors > 1_000 { return "the number of factors lies in 0...1000, got \(factors)" }
      let positive = [leastPopularity, ratingsPerDay, meanMembershipDays, noiseDeviation]
      let others = [
        activitySpread, popularitySpread, tasteInChoice, userDeviation, itemDeviation, factorDeviation, spectrumDecay,
        userDrift, factorDrift, itemDrift, dayDeviation, riseOf2004,
      ]
      if !positive.allSatisfy({ $0 > 0 && $0.isFinite }) || !others.allSatisfy({ $0 >= 0 && $0 <= 10 })
        || abs(qualityOfPopular) > 1
      {
        return "deviations, spreads and drifts lie in 0...10, the noise's and the least popularity above 0"
      }
      if let problem = activity?.problem ?? genres?.problem(users: users, items: items) { return problem }
      if let sizes = partSizes {
        guard sizes.probe >= 0 && sizes.quiz >= 0 && sizes.test >= 0 && sizes.all <= min(9 * users, ratings / 2) else {
          return "probe, quiz and test have at most 9 rows of each user and half of all, "
            + "\(min(9 * users, ratings / 2)), got \(sizes.all)"
        }
      }
      if starShares.count != 5 || !starShares.allSatisfy({ $0 > 0 && $0.isFinite }) {
        return "there are five positive shares of stars, got \(starShares)"
      }
      return nil
    }
  }
}
