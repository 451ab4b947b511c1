/// One rating of a contest's data: who rated what how and when, and which part of the contest it belongs to.
///
/// 12 bytes, so that a hundred million pass through memory and temporary files cheaply.
public struct PrizeRow: Sendable, Hashable {
  /// What a row is for. Rows of the probe are in the training set too.
  public enum Part: UInt8, Sendable, Hashable, CaseIterable {
    case training, probe, quiz, test
  }

  /// The customer id.
  public var user: UInt32
  /// The movie id, from 1.
  public var item: UInt32
  /// Days since 1970-01-01.
  public var day: UInt16
  /// 1...5.
  public var stars: UInt8
  public var part: Part

  public init(user: UInt32, item: UInt32, day: UInt16, stars: UInt8, part: Part) {
    self.user = user
    self.item = item
    self.day = day
    self.stars = stars
    self.part = part
  }
}
