import RatingNumerics

/// A random order of `0..<count` that is computed where it is asked for, in no memory: a keyed bijection.
///
/// A Feistel network of six rounds on the smallest even number of bits that holds `count`, walked until it lands inside
/// (on average fewer than four steps). It gives any user a rank, an id or a place among the held-out rows without the
/// others.
///
/// Source: Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002, doi:10.1007/3-540-45760-7_9.
struct IndexPermutation: Sendable {
  let count: Int
  private let halfBits: UInt64
  private let keys: [UInt64]

  /// - Precondition: `count >= 0`.
  init(count: Int, stream: RandomStream) {
    precondition(count >= 0, "a permutation needs a count of at least 0, got \(count)")
    self.count = count
    var stream = stream
    keys = (0..<6).map { _ in stream.next() }
    let bits = count <= 2 ? 2 : UInt64(Int.bitWidth - (count - 1).leadingZeroBitCount)
    halfBits = (bits + 1) / 2
  }

  /// The place of `index` in the order: each place of `0..<count` once.
  ///
  /// - Precondition: `index` is in `0..<count`.
  subscript(index: Int) -> Int {
    precondition(index >= 0 && index < count, "index \(index) is outside a permutation of \(count)")
    var value = UInt64(index)
    repeat { value = encipher(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func encipher(_ value: UInt64) -> UInt64 {
    let mask = (UInt64(1) << halfBits) - 1
    var (left, right) = (value >> halfBits, value & mask)
    for key in keys {
      var mixed = (right ^ key) &* 0x9e37_79b9_7f4a_7c15
      mixed = (mixed ^ (mixed >> 29)) &* 0xbf58_476d_1ce4_e5b9
      (left, right) = (right, left ^ ((mixed >> 32) & mask))
    }
    return left << halfBits | right
  }
}
