/// The formats of files with features. The raw value is the name that reports use.
public enum FeatureFormat: String, Sendable, CaseIterable, Hashable {
  /// Values with a header, separated by commas, semicolons or bars; the first column is the id.
  case csv = "csv"
  /// The same with tabs.
  case tsv = "tsv"
  /// MovieLens 100K's `u.user`: `id|age|gender|occupation|zip`, no header.
  case movieLens100KUsers = "movielens-100k-users"
  /// MovieLens 100K's `u.item`: `id|title|release date|video release date|URL|` and 19 genres as 0 or 1, no header.
  case movieLens100KItems = "movielens-100k-items"
  /// MovieLens 1M's `users.dat`: `id::gender::age::occupation::zip`, no header.
  case movieLensUsers = "movielens-users"
  /// MovieLens 1M's and 10M's `movies.dat`: `id::title (year)::genres`, no header.
  case movieLensMovies = "movielens-movies"
  /// MovieLens 20M's and later `movies.csv`: `movieId,title,genres` with this header and years in the titles.
  case movieLensCSVMovies = "movielens-csv-movies"

  /// Whom the format describes; nil where it can be both.
  public var side: FeatureTable.Side? {
    switch self {
    case .csv, .tsv: nil
    case .movieLens100KUsers, .movieLensUsers: .users
    case .movieLens100KItems, .movieLensMovies, .movieLensCSVMovies: .items
    }
  }
}
