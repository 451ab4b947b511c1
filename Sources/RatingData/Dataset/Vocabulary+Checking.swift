extension Vocabulary {
  /// The vocabulary of a file's columns, or what is wrong with them.
  ///
  /// Whole numbers must ascend strictly from at least 0. Texts must be UTF-8, ascend strictly by `Identifier.<`, have
  /// ends that ascend from 0 to the number of bytes, and not all be spelled like whole numbers.
  package static func checked(_ storage: Storage) -> Result<Vocabulary, Flaw> {
    switch storage {
    case .integers(let numbers):
      if let first = numbers.first, first < 0 { return .failure(Flaw("identifier \(first) is negative")) }
      for index in numbers.indices.dropFirst() where numbers[index] <= numbers[index - 1] {
        return .failure(Flaw("identifier \(numbers[index]) (position \(index)) doesn't ascend"))
      }
    case .texts(let bytes, let ends):
      guard (ends.last ?? 0) == bytes.count else {
        return .failure(Flaw("the identifiers end at byte \(ends.last ?? 0) of \(bytes.count)"))
      }
      var start = 0
      var previous: Identifier?
      var hasText = false
      for (index, end) in ends.enumerated() {
        guard end >= start, end <= bytes.count else {
          return .failure(
            Flaw("identifier \(index) ends at byte \(end), before its start at \(start) or behind the end"))
        }
        guard let text = String(validating: bytes[start..<end], as: UTF8.self) else {
          return .failure(Flaw("identifier \(index) is not UTF-8"))
        }
        let identifier = Identifier(text)
        if case .text = identifier.storage { hasText = true }
        if let previous, !(previous < identifier) {
          return .failure(Flaw("identifier \(index) doesn't ascend"))
        }
        previous = identifier
        start = end
      }
      guard hasText else {
        return .failure(Flaw("the identifiers are whole numbers stored as text, or there are none"))
      }
    }
    return .success(Vocabulary(unchecked: storage))
  }

  /// What is wrong with a vocabulary's columns.
  package struct Flaw: Error {
    package let description: String
    init(_ description: String) { self.description = description }
  }
}
