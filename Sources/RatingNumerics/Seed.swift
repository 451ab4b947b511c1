/// The one number that a run's randomness comes from.
///
/// Same seed, same bytes: every random draw of the library comes from a `RandomStream` that is derived from a seed, a
/// purpose and an index, never from a global generator, the clock or the thread that happens to run.
public struct Seed: Hashable, Sendable, Codable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  public var value: UInt64

  public init(_ value: UInt64) { self.value = value }
  public init(integerLiteral value: UInt64) { self.value = value }

  public init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(UInt64.self) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }

  public var description: String { String(value) }
}

/// What a random stream is used for: streams of one seed with different purposes are independent.
///
/// A purpose is written as a literal where it is used (`"biased-mf.initialise"`), and its spelling is part of the
/// results: renaming one changes the bytes.
public struct StreamPurpose: Hashable, Sendable, ExpressibleByStringLiteral {
  let hash: UInt64

  public init(stringLiteral name: String) {
    // FNV-1a, 64 bit.
    hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
