#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A 64-bit hash of bytes that is made at the speed of memory: it finds damage and tells contents apart. It is no
/// cryptographic hash; nobody must trust it against somebody who makes contents to deceive it.
///
/// With mix(x) = y xor (y >> 32), y = x · 0x9E3779B97F4A7C15 mod 2^64, which has an inverse: word i of the input, little
/// endian, goes into lane i mod 8 as lane = mix(lane xor word); lanes start at mix(1), ..., mix(8). The last, partial 64
/// bytes are filled up with zeros. The hash is h = mix(length), then h = mix(h xor lane) over the lanes, then mix(h).
///
/// Every step has an inverse, so that a change inside one word always changes the hash; any other change does with a
/// probability of about 1 - 2^-64.
///
/// - Complexity: O(bytes), one multiplication for eight.
enum ByteHash {
  @inline(__always) static func mix(_ value: UInt64) -> UInt64 {
    let product = value &* 0x9E37_79B9_7F4A_7C15
    return product ^ product &>> 32
  }

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var (a, b, c, d) = (mix(1), mix(2), mix(3), mix(4))
    var (e, f, g, h) = (mix(5), mix(6), mix(7), mix(8))
    @inline(__always) func absorb(_ words: UnsafeRawPointer) {
      @inline(__always) func word(_ index: Int) -> UInt64 {
        UInt64(littleEndian: words.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
      }
      a = mix(a ^ word(0))
      b = mix(b ^ word(1))
      c = mix(c ^ word(2))
      d = mix(d ^ word(3))
      e = mix(e ^ word(4))
      f = mix(f ^ word(5))
      g = mix(g ^ word(6))
      h = mix(h ^ word(7))
    }
    let whole = bytes.count / 64 * 64
    if let start = bytes.baseAddress {
      for offset in stride(from: 0, to: whole, by: 64) { absorb(start + offset) }
      if whole < bytes.count {
        var rest = SIMD8<UInt64>.zero
        withUnsafeMutableBytes(of: &rest) { _ = memcpy($0.baseAddress!, start + whole, bytes.count - whole) }
        withUnsafeBytes(of: &rest) { absorb($0.baseAddress!) }
      }
    }
    var hash = mix(UInt64(bytes.count))
    for lane in [a, b, c, d, e, f, g, h] { hash = mix(hash ^ lane) }
    return mix(hash)
  }

  /// The hash of a long content from those of its pieces, which all but the last have the same length.
  static func combined(_ pieces: some Sequence<UInt64>, length: Int) -> UInt64 {
    mix(pieces.reduce(mix(UInt64(length))) { mix($0 ^ $1) })
  }
}
