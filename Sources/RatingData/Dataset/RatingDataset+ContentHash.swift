import Crypto
import RatingNumerics

extension RatingDataset {
  /// The SHA-256 of the ratings, in lowercase hexadecimal: of vocabularies, columns and row order, not of the file.
  ///
  /// Two data sets with the same hash train the same models, whatever the format that each was read from. Rows are hashed
  /// in pieces of 2^20, side by side; what is returned is the hash of the vocabularies, the number of rows, whether there
  /// are times, and the pieces' hashes.
  ///
  /// - Complexity: O(ratings + ids), in parallel.
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
    add(number: count)
    add(number: hasTimes ? 1 : 0)
    let size = 1 << 20
    let pieces = Parallel.map((count + size - 1) / size) { piece in
      withUnsafeColumns { columns in
        let rows = piece * size..<min((piece + 1) * size, columns.ratings.count)
        var hash = SHA256()
        func add<Value>(_ column: UnsafeBufferPointer<Value>) {
          hash.update(bufferPointer: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: column[rows])))
        }
        add(columns.users)
        add(columns.items)
        add(columns.ratings)
        if let times = columns.times { add(times) }
        return hash.finalize()
      }
    }
    for piece in pieces { piece.withUnsafeBytes { hash.update(bufferPointer: $0) } }
    return hash.finalize().hexadecimal
  }
}
