import Crypto

extension RatingPairs {
  /// The SHA-256 of the pairs, in lowercase hexadecimal: of indices, times and order.
  ///
  /// - Complexity: O(pairs).
  public var contentHash: String {
    var hash = SHA256()
    withUnsafeBytes(of: UInt64(count).littleEndian) { hash.update(bufferPointer: $0) }
    for column in [users, items] + (times.map { [$0] } ?? []) {
      column.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
