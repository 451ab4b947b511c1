/// Who is asked about what: user and item indices, and times where known, without the ratings.
public struct RatingPairs: Sendable, Hashable {
  /// Stands for a user or an item that the vocabulary lacks.
  public static let unknown = UInt32.max

  public var users: [UInt32]
  public var items: [UInt32]
  /// Seconds since 1970-01-01 00:00 UTC.
  public var times: [UInt32]?

  /// - Precondition: the arrays have one length.
  public init(users: [UInt32], items: [UInt32], times: [UInt32]? = nil) {
    precondition(
      users.count == items.count && (times.map { $0.count == users.count } ?? true),
      "pairs need columns of one length, got \(users.count) users, \(items.count) items, "
        + "\(times.map { String($0.count) } ?? "no") times")
    self.users = users
    self.items = items
    self.times = times
  }

  /// Pairs given by what the source calls them, looked up in `vocabularies`; `unknown` where it lacks them.
  public init(users: [Identifier], items: [Identifier], times: [UInt32]? = nil, vocabularies: Vocabularies) {
    func indices(_ ids: [Identifier], _ vocabulary: Vocabulary) -> [UInt32] {
      ids.map { vocabulary.index(of: $0).map(UInt32.init) ?? Self.unknown }
    }
    self.init(
      users: indices(users, vocabularies.users), items: indices(items, vocabularies.items), times: times)
  }

  public var count: Int { users.count }
}

/// One predicted rating for each pair that was asked, in the same order.
public struct Predictions: Sendable, Hashable {
  public var values: [Double]

  public init(_ values: [Double]) { self.values = values }

  public var count: Int { values.count }

  /// Every value moved to the nearest bound of `scale` where it lies outside.
  public func clipped(to scale: RatingScale) -> Predictions { Predictions(values.map(scale.clamp)) }
}
