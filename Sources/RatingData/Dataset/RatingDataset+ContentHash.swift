import Crypto

extension RatingDataset {
  /// The SHA-256 of the ratings, in lowercase hexadecimal: of vocabularies, columns and row order, not of the file.
  ///
  /// Two data sets with the same hash train the same models, whatever the format that each was read from.
  ///
  /// - Complexity: O(ratings + ids).
  public var contentHash: String {
    var hash = SHA256()
    func add(number: Int) { withUnsafeBytes(of: UInt64(number).littleEndian) { hash.update(bufferPointer: $0) } }
    func add(_ vocabulary: Vocabulary) {
      add(number: vocabulary.count)
      switch vocabulary.storage {
      case .integers(let numbers): numbers.withUnsafeBytes { hash.update(bufferPointer: $0) }
      case .texts(let bytes, let ends):
        ends.withUnsafeBytes { hash.update(bufferPointer: $0) }
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
      }
    }
    add(vocabularies.users)
    add(vocabularies.items)
    withUnsafeColumns { columns in
      add(number: columns.ratings.count)
      hash.update(bufferPointer: UnsafeRawBufferPointer(columns.users))
      hash.update(bufferPointer: UnsafeRawBufferPointer(columns.items))
      hash.update(bufferPointer: UnsafeRawBufferPointer(columns.ratings))
      add(number: columns.times == nil ? 0 : 1)
      if let times = columns.times { hash.update(bufferPointer: UnsafeRawBufferPointer(times)) }
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
