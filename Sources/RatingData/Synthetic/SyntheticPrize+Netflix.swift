extension SyntheticPrize.Parameters {
  /// A set of the size and the shape of the Netflix Prize's.
  ///
  /// **Published, and met exactly**: 480,189 users with ids up to 2,649,429, 17,770 items, 100,480,507 training ratings
  /// of which 1,408,395 are the probe, 1,408,342 quiz and 1,408,789 test; the days from 1999-11-11 to 2005-12-31; the
  /// seven items without a year; at most 17,653 training ratings of a user, at least 1 of a user and 3 of an item.
  ///
  /// **Published, and met closely**: a mean of 209 and a median of 96 ratings of a user, a median of 561 and a largest
  /// number of 232,944 of an item, the shares of the stars, the rise of ratings in early 2004.
  ///
  /// **Our choice**: everything else, above all taste, noise and drift. They were set by training on sets made so,
  /// until the errors on the probe of biases, biased factorization, SVD++ and timeSVD++ came near those on the real
  /// one.
  public static var netflix: Self {
    var parameters = Self(users: 480_189, items: 17_770, ratings: 100_480_507 + 2_817_131)
    parameters.largestUserID = 2_649_429
    parameters.partSizes = PartSizes(probe: 1_408_395, quiz: 1_408_342, test: 1_408_789)
    // The spread below the median is such that nine of each user, at most half, are about as many as were held out.
    parameters.activity = CountCurve(median: 96, largest: 17_653, spreadBelow: 1.1)
    parameters.mostPerUser = 17_662
    var genres = Genres(popularity: CountCurve(median: 561, largest: 232_944, spreadBelow: 1.59))
    genres.fewestPerItem = 3
    genres.itemsWithoutYear = [4_388, 4_794, 7_241, 10_782, 15_918, 16_678, 17_667]
    parameters.genres = genres
    parameters.meanMembershipDays = 750
    parameters.userDeviation = 0.42
    parameters.itemDeviation = 0.25
    parameters.factors = 32
    parameters.factorDeviation = 0.90
    parameters.spectrumDecay = 1.4
    parameters.noiseDeviation = 0.95
    parameters.dayDeviation = 0.34
    parameters.riseOf2004 = 0.20
    return parameters
  }
}
