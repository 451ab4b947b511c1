import RatingData

/// One question to a model: what would this user rate this item?
///
/// A user or item that is nil, or that the model had no ratings of, is unseen; models answer all the same.
public struct Question: Sendable, Hashable {
  public var user: UserIndex?
  public var item: ItemIndex?
  /// Seconds since 1970-01-01 00:00 UTC.
  public var time: UInt32?

  public init(user: UserIndex?, item: ItemIndex?, time: UInt32? = nil) {
    self.user = user
    self.item = item
    self.time = time
  }

  /// A question by what the source calls the user and the item, looked up in a model's vocabularies.
  public init(user: UserID, item: ItemID, time: UInt32? = nil, in vocabularies: Vocabularies) {
    self.init(
      user: vocabularies.users.index(of: user.identifier).map { UserIndex(UInt32($0)) },
      item: vocabularies.items.index(of: item.identifier).map { ItemIndex(UInt32($0)) }, time: time)
  }
}

extension RatingPairs {
  /// The question in one row.
  public func question(_ row: Int) -> Question {
    Question(
      user: users[row] == Self.unknown ? nil : UserIndex(users[row]),
      item: items[row] == Self.unknown ? nil : ItemIndex(items[row]), time: times?[row])
  }
}
