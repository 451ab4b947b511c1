/// The distinct identifiers of a data set's users, or of its items, in ascending order; positions are dense indices.
///
/// The order depends on the identifiers alone (`Identifier.<`), so a vocabulary is the same however the rows were
/// ordered and by however many threads they were read. Whole numbers are stored as such; a vocabulary with any other
/// identifier stores all of them as UTF-8.
public struct Vocabulary: Sendable, Hashable {
  package enum Storage: Hashable, Sendable {
    case integers([Int64])
    /// Sorted by `Identifier.<`; identifier i is the UTF-8 in `bytes[ends[i - 1]..<ends[i]]`.
    case texts(bytes: [UInt8], ends: [Int])
  }

  package let storage: Storage

  public static let empty = Vocabulary(integers: [])

  /// - Precondition: `integers` ascends strictly and has no negative number.
  init(integers: [Int64]) {
    precondition(integers.first.map { $0 >= 0 } ?? true, "integer identifiers are at least 0, got \(integers[0])")
    storage = .integers(integers)
  }

  /// Of columns that are known to be right (`checked`).
  init(unchecked storage: Storage) { self.storage = storage }

  /// The vocabulary of these identifiers; duplicates count once.
  public init(_ identifiers: some Sequence<Identifier>) {
    let sorted = Set(identifiers).sorted()
    var integers: [Int64] = []
    for identifier in sorted {
      guard case .integer(let number) = identifier.storage else { break }
      integers.append(number)
    }
    if integers.count == sorted.count {
      storage = .integers(integers)
      return
    }
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for identifier in sorted {
      bytes.append(contentsOf: identifier.description.utf8)
      ends.append(bytes.count)
    }
    storage = .texts(bytes: bytes, ends: ends)
  }

  public var count: Int {
    switch storage {
    case .integers(let numbers): numbers.count
    case .texts(_, let ends): ends.count
    }
  }

  /// The identifier at a dense index.
  ///
  /// - Precondition: `index < count`.
  public subscript(index: Int) -> Identifier {
    precondition(index >= 0 && index < count, "index \(index) is outside a vocabulary of \(count)")
    switch storage {
    case .integers(let numbers): return Identifier(numbers[index])
    case .texts(let bytes, let ends):
      let start = index == 0 ? 0 : ends[index - 1]
      return Identifier(String(decoding: bytes[start..<ends[index]], as: UTF8.self))
    }
  }

  /// The dense index of an identifier, or nil where the vocabulary lacks it.
  ///
  /// - Complexity: O(log count).
  public func index(of identifier: Identifier) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < identifier { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == identifier ? low : nil
  }
}

/// The users and the items of a data set. The halves of a split and the models fitted to them share their parent's.
public struct Vocabularies: Sendable, Hashable {
  public let users: Vocabulary
  public let items: Vocabulary

  public init(users: Vocabulary, items: Vocabulary) {
    self.users = users
    self.items = items
  }
}
