/// What a file calls a user or an item: a whole number, or text.
///
/// `"42"` and `42` are the same identifier; `"042"` is another one, and is text.
public struct Identifier: Hashable, Comparable, Sendable, CustomStringConvertible {
  public enum Storage: Hashable, Sendable {
    case integer(Int64)
    case text(String)
  }

  public let storage: Storage

  /// A whole number of at least 0 is an integer, anything else is text.
  public init(_ number: Int64) { storage = number >= 0 ? .integer(number) : .text(String(number)) }

  public init(_ text: String) {
    if text.utf8.count <= 18, let number = Int64(text), number >= 0, String(number) == text {
      storage = .integer(number)
    } else {
      storage = .text(text)
    }
  }

  public var description: String {
    switch storage {
    case .integer(let number): String(number)
    case .text(let text): text
    }
  }

  /// Text is compared by its bytes: `é` as one scalar and as two are different identifiers, as they are in the file.
  public static func == (a: Identifier, b: Identifier) -> Bool {
    switch (a.storage, b.storage) {
    case (.integer(let x), .integer(let y)): x == y
    case (.text(let x), .text(let y)): x.utf8.elementsEqual(y.utf8)
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch storage {
    case .integer(let number): hasher.combine(number)
    case .text(var text): text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }

  /// Integers by value, before all text; text by its UTF-8 bytes.
  public static func < (a: Identifier, b: Identifier) -> Bool {
    switch (a.storage, b.storage) {
    case (.integer(let x), .integer(let y)): x < y
    case (.integer, .text): true
    case (.text, .integer): false
    case (.text(let x), .text(let y)): x.utf8.lexicographicallyPrecedes(y.utf8)
    }
  }
}

/// A user as the file names it. A different type from `ItemID`, so that the two can't be mixed up.
public struct UserID: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral
{
  public let identifier: Identifier
  public init(_ identifier: Identifier) { self.identifier = identifier }
  public init(integerLiteral value: Int64) { identifier = Identifier(value) }
  public init(stringLiteral value: String) { identifier = Identifier(value) }
  public var description: String { identifier.description }
  public static func < (a: UserID, b: UserID) -> Bool { a.identifier < b.identifier }
}

/// An item (a movie, a joke, a product) as the file names it.
public struct ItemID: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral
{
  public let identifier: Identifier
  public init(_ identifier: Identifier) { self.identifier = identifier }
  public init(integerLiteral value: Int64) { identifier = Identifier(value) }
  public init(stringLiteral value: String) { identifier = Identifier(value) }
  public var description: String { identifier.description }
  public static func < (a: ItemID, b: ItemID) -> Bool { a.identifier < b.identifier }
}

/// The dense position of a user in a vocabulary, from 0.
public struct UserIndex: Hashable, Sendable {
  public let value: UInt32
  public init(_ value: UInt32) { self.value = value }
}

/// The dense position of an item in a vocabulary, from 0.
public struct ItemIndex: Hashable, Sendable {
  public let value: UInt32
  public init(_ value: UInt32) { self.value = value }
}
