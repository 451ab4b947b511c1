/// Which column of a CSV or TSV file holds what: by the header's name, or by number from 1.
public struct ColumnMap: Sendable, Hashable {
  public enum Column: Sendable, Hashable, CustomStringConvertible {
    case named(String)
    case number(Int)

    public var description: String {
      switch self {
      case .named(let name): name
      case .number(let number): String(number)
      }
    }
  }

  public var user: Column?
  public var item: Column?
  /// The rating, or the prediction in a file of predictions.
  public var value: Column?
  public var time: Column?

  public init(user: Column? = nil, item: Column? = nil, value: Column? = nil, time: Column? = nil) {
    self.user = user
    self.item = item
    self.value = value
    self.time = time
  }

  /// Reads `user=customer,item=movie,rating=stars,time=4`: names of the header, or numbers from 1.
  ///
  /// Returns nil for anything else.
  public init?(_ text: String) {
    self.init()
    for part in text.split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2 else { return nil }
      let column = Int(sides[1]).map(Column.number) ?? .named(sides[1])
      if case .number(let number) = column, number < 1 { return nil }
      switch sides[0] {
      case "user": user = column
      case "item": item = column
      case "rating", "prediction", "set": value = column
      case "time", "timestamp", "date": time = column
      default: return nil
      }
    }
  }
}

/// What a column holds.
enum ColumnRole: UInt8, Sendable, CaseIterable {
  case user, item, value, time, ignored

  /// The header names that mean this column, in lowercase letters and digits only.
  private var aliases: [String] {
    switch self {
    case .user: ["user", "userid", "uid", "customer", "customerid", "reviewer", "reviewerid", "member", "memberid"]
    case .item:
      [
        "item", "itemid", "iid", "movie", "movieid", "product", "productid", "asin", "book", "bookid", "isbn", "joke",
        "jokeid", "parentasin", "business", "businessid", "track", "trackid", "song", "songid",
      ]
    case .value: ["rating", "ratings", "score", "stars", "value", "overall", "bookrating"]
    case .time: ["timestamp", "time", "date", "unixreviewtime", "ratingtimestamp", "unixtime", "datetime"]
    case .ignored: []
    }
  }

  /// Whether a header name means an id of the row, which stands for user and item where a file names neither.
  static func isKey(_ name: String) -> Bool { ["id", "rowid", "pairid", "key"].contains(plain(name)) }

  /// Lowercase letters and digits only, without a type behind a colon.
  private static func plain(_ name: String) -> String {
    let base = name.split(separator: ":", maxSplits: 1).first.map(String.init) ?? name
    return String(base.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
  }

  /// The role that a header name suggests. `user_id:token`, `User-ID` and `userId` all mean the user.
  static func named(_ name: String, in role: InputRole) -> ColumnRole {
    let plain = plain(name)
    switch role {
    case .predictions:
      if ["prediction", "predictions", "predicted", "pred", "predictedrating", "ratingpred", "estimate", "est"]
        .contains(plain)
      {
        return .value
      }
    case .membership:
      if ["set", "membership", "usage", "subset", "part"].contains(plain) { return .value }
      if ColumnRole.value.aliases.contains(plain) { return .ignored }
    case .ratings, .questions, .answers: break
    }
    return allCases.first { $0.aliases.contains(plain) } ?? .ignored
  }
}
