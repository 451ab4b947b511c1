import RatingNumerics

/// When a user can rate, in days from the set's first.
struct Membership {
  var joined: Int
  var left: Int
  /// The set's last day.
  var end: Int
  /// The mean number of ratings of a day on which the user rates.
  var ratingsPerDay: Double
}

/// When users join, and when they leave.
struct Memberships: Sendable {
  private let span: Int
  private let meanDays: Double
  private let inside: Double
  private let stayingShare: Double
  private let ratingsPerDay: Double

  init(_ parameters: SyntheticPrize.Parameters, _ genres: SyntheticPrize.Parameters.Genres) {
    span = parameters.lastDay - parameters.firstDay
    meanDays = parameters.meanMembershipDays
    inside = 1 - exponential(-Double(span) / meanDays)
    stayingShare = genres.stayingShare
    ratingsPerDay = parameters.ratingsPerDay
  }

  /// The first draws of a user: joins on a day from an exponential distribution back from the end, cut off at the
  /// beginning, and stays to the end or leaves on any day.
  func draw(_ stream: inout RandomStream) -> Membership {
    let joined = span - min(span, Int(-meanDays * logarithm(1 - stream.uniform() * inside)))
    let left = stream.uniform() < stayingShare ? span : joined + stream.below(span - joined + 1)
    return Membership(joined: joined, left: left, end: span, ratingsPerDay: ratingsPerDay)
  }
}
