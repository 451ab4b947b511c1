/// A natural number of any size: what the judge's comparisons are made in.
///
/// An RMSE is the square root of a quotient of whole numbers of up to 300 bits. Deciding how it rounds needs their
/// products, quotients and roots exactly; a handful of them for each score, so that short code counts for more here
/// than speed.
struct WideNatural: Hashable, Sendable {
  /// 64 bits each, the lowest first; the last one is not zero, and zero has none.
  private(set) var limbs: [UInt64]

  private init(limbs: [UInt64]) {
    self.limbs = limbs
    trim()
  }

  init(_ value: UInt64) { self.init(limbs: [value]) }

  /// high x 2^128 + low.
  init(low: UInt128, high: UInt64 = 0) {
    self.init(limbs: [UInt64(truncatingIfNeeded: low), UInt64(truncatingIfNeeded: low >> 64), high])
  }

  /// 10^exponent.
  static func powerOfTen(_ exponent: Int) -> WideNatural {
    (0..<exponent).reduce(WideNatural(1)) { power, _ in power * WideNatural(10) }
  }

  var isZero: Bool { limbs.isEmpty }

  /// The number of bits without leading zeros; 0 for zero.
  var bitWidth: Int { limbs.last.map { limbs.count * 64 - $0.leadingZeroBitCount } ?? 0 }

  /// The value, or nil where it needs more than 64 bits.
  var uint64: UInt64? { limbs.count > 1 ? nil : limbs.first ?? 0 }

  private mutating func trim() {
    while limbs.last == 0 { limbs.removeLast() }
  }

  /// - Complexity: O(a.bitWidth x b.bitWidth / 4096).
  static func * (a: WideNatural, b: WideNatural) -> WideNatural {
    var product = [UInt64](repeating: 0, count: a.limbs.count + b.limbs.count)
    for (i, x) in a.limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, y) in b.limbs.enumerated() {
        // x y + product + carry is at most (2^64 - 1)^2 + 2 (2^64 - 1), which fits 128 bits.
        let sum = UInt128(x) * UInt128(y) + UInt128(product[i + j]) + UInt128(carry)
        product[i + j] = UInt64(truncatingIfNeeded: sum)
        carry = UInt64(truncatingIfNeeded: sum >> 64)
      }
      product[i + b.limbs.count] = carry
    }
    return WideNatural(limbs: product)
  }

  static func + (a: WideNatural, b: WideNatural) -> WideNatural {
    var sum: [UInt64] = []
    var carry: UInt64 = 0
    for i in 0..<max(a.limbs.count, b.limbs.count) {
      let x = i < a.limbs.count ? a.limbs[i] : 0
      let y = i < b.limbs.count ? b.limbs[i] : 0
      let total = UInt128(x) + UInt128(y) + UInt128(carry)
      sum.append(UInt64(truncatingIfNeeded: total))
      carry = UInt64(truncatingIfNeeded: total >> 64)
    }
    return WideNatural(limbs: sum + [carry])
  }

  /// - Precondition: `b <= a`.
  static func -= (a: inout WideNatural, b: WideNatural) {
    var borrow = false
    for i in 0..<a.limbs.count {
      let (once, under) = a.limbs[i].subtractingReportingOverflow(i < b.limbs.count ? b.limbs[i] : 0)
      let (twice, underAgain) = once.subtractingReportingOverflow(borrow ? 1 : 0)
      a.limbs[i] = twice
      borrow = under || underAgain
    }
    precondition(!borrow && b.limbs.count <= a.limbs.count, "a natural number can't become negative")
    a.trim()
  }

  /// The number times 2^bits.
  static func << (a: WideNatural, bits: Int) -> WideNatural {
    precondition(bits >= 0, "a shift is not negative, got \(bits)")
    let (whole, part) = (bits / 64, bits % 64)
    var shifted = [UInt64](repeating: 0, count: whole)
    var carry: UInt64 = 0
    for limb in a.limbs {
      shifted.append(limb << part | carry)
      carry = part == 0 ? 0 : limb >> (64 - part)
    }
    return WideNatural(limbs: shifted + [carry])
  }

  /// Doubles the number and adds 0 or 1.
  fileprivate mutating func append(bit: Bool) {
    var carry: UInt64 = bit ? 1 : 0
    for i in 0..<limbs.count {
      let next = limbs[i] >> 63
      limbs[i] = limbs[i] << 1 | carry
      carry = next
    }
    if carry != 0 { limbs.append(carry) }
  }

  fileprivate func bit(_ position: Int) -> Bool { limbs[position / 64] >> (position % 64) & 1 == 1 }
}

extension WideNatural: Comparable {
  static func < (a: WideNatural, b: WideNatural) -> Bool {
    if a.limbs.count != b.limbs.count { return a.limbs.count < b.limbs.count }
    for i in a.limbs.indices.reversed() where a.limbs[i] != b.limbs[i] { return a.limbs[i] < b.limbs[i] }
    return false
  }
}

extension WideNatural {
  /// The whole quotient and what is left: self = quotient x divisor + remainder, remainder < divisor.
  ///
  /// Binary long division. - Complexity: O(bitWidth^2 / 64).
  func dividing(by divisor: WideNatural) -> (quotient: WideNatural, remainder: WideNatural) {
    precondition(!divisor.isZero, "nothing can be divided by zero")
    var quotient = WideNatural(0)
    var remainder = WideNatural(0)
    for position in (0..<bitWidth).reversed() {
      remainder.append(bit: bit(position))
      let fits = remainder >= divisor
      if fits { remainder -= divisor }
      quotient.append(bit: fits)
    }
    return (quotient, remainder)
  }

  /// The whole square root and what is left: self = root^2 + remainder, self < (root + 1)^2.
  ///
  /// One binary digit of the root for two of the number, as on paper. - Complexity: O(bitWidth^2 / 64).
  func squareRoot() -> (root: WideNatural, remainder: WideNatural) {
    var root = WideNatural(0)
    var remainder = WideNatural(0)
    let pairs = (bitWidth + 1) / 2
    for pair in (0..<pairs).reversed() {
      remainder.append(bit: 2 * pair + 1 < bitWidth && bit(2 * pair + 1))
      remainder.append(bit: bit(2 * pair))
      // The next digit is 1 where (2 root + 1)^2 - (2 root)^2 = 4 root + 1 still fits into what is left.
      var step = root
      step.append(bit: false)
      step.append(bit: true)
      let fits = remainder >= step
      if fits { remainder -= step }
      root.append(bit: fits)
    }
    return (root, remainder)
  }
}
