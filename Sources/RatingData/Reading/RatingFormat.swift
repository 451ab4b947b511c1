/// The file formats that are read. The raw value is the name that reports and `--input-format` use.
public enum RatingFormat: String, Sendable, CaseIterable, Hashable {
  /// Blocks of `MovieID:` and `CustomerID,Rating,Date`: `training_set/`, `mv_*.txt`, Kaggle's combined files, and
  /// answer files with customers.
  case netflixTraining = "netflix-training"
  /// Blocks of `MovieID:` and `CustomerID,Date`.
  case netflixQualifying = "netflix-qualifying"
  /// Blocks of `MovieID:` and `CustomerID`.
  case netflixProbe = "netflix-probe"
  /// Blocks of `MovieID:` and one prediction a line, in the order of the questions.
  case netflixPredictions = "netflix-predictions"
  /// Blocks of `MovieID:` and `Rating,Date`, in the order of the questions.
  case netflixJudging = "netflix-judging"
  /// Blocks of `MovieID:` and `quiz` or `test`, in the order of the questions.
  case netflixMembership = "netflix-membership"
  /// MovieLens 100K: `user<TAB>item<TAB>rating<TAB>seconds`, no header, whole stars.
  case movieLens100K = "movielens-100k"
  /// MovieLens 1M and 10M: `user::item::rating::seconds`, no header.
  case movieLensDoubleColon = "movielens-double-colon"
  /// MovieLens 20M and later: CSV with the header `userId,movieId,rating,timestamp`, half stars.
  case movieLensCSV = "movielens-csv"
  /// Comma-separated values (or semicolons, or bars) with a header, or in the order user, item, rating, time.
  case csv = "csv"
  /// The same with tabs.
  case tsv = "tsv"
  /// The same with a header that names an `id` in place of user and item: `id,rating`, as Kaggle's contests have.
  case keyedCSV = "keyed-csv"
  /// LIBMF's text: `user item rating`, separated by spaces.
  case libmf = "libmf"

  /// Rows grouped under `MovieID:` lines.
  public var isBlocks: Bool {
    switch self {
    case .netflixTraining, .netflixQualifying, .netflixProbe, .netflixPredictions, .netflixJudging, .netflixMembership:
      true
    case .movieLens100K, .movieLensDoubleColon, .movieLensCSV, .csv, .tsv, .keyedCSV, .libmf: false
    }
  }

  /// Whether rows name what they are about, their user and item or an id; where they don't, they can only be joined by
  /// position.
  public var namesUsers: Bool {
    switch self {
    case .netflixPredictions, .netflixJudging, .netflixMembership: false
    default: true
    }
  }

  /// The scale that the format itself fixes; nil where any scale is possible.
  public var fixedScale: RatingScale? {
    switch self {
    case .netflixTraining, .netflixQualifying, .netflixProbe, .netflixPredictions, .netflixJudging,
      .netflixMembership, .movieLens100K:
      .wholeStars
    case .movieLensDoubleColon, .movieLensCSV: .halfStars
    case .csv, .tsv, .keyedCSV, .libmf: nil
    }
  }
}

/// What a file is read for. It decides between formats that look alike (`1234` under a movie line is a customer in a
/// probe file and a prediction in a submission).
public enum InputRole: String, Sendable, Hashable {
  case ratings, questions, answers, predictions, membership

  var wantsValues: Bool { self == .ratings || self == .answers || self == .predictions }
}
