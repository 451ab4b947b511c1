/// How a block of a column of 32-bit words is packed: each word is minimum + code × step, and the codes take as few bits
/// as the largest needs.
///
/// One scheme serves all columns. Items that ascend take few bits, because a block has few of them; ratings are the bit
/// patterns of their `Float`s, of which whole stars from 1 to 5 differ by multiples of 2^21 and take 4 bits; times that
/// are dates differ by multiples of 86,400 and take 12 bits in a contest of some years.
///
/// Layout: groups of 256 codes, in 8 × width words. Code 8k + l of a group has its lowest bit at bit k × width of the
/// stream of lane l, whose words are the words l, 8 + l, 16 + l, ... of the group. So eight codes are unpacked by one
/// shift of a vector. The last group is filled up with zeros.
struct PackedColumn: Equatable {
  var minimum: UInt32
  /// At least 1.
  var step: UInt32
  /// Bits of a code, 0...32.
  var width: Int

  static let groupSize = 256
  private static let lanes = 8
  private typealias Lanes = SIMD8<UInt32>

  /// The bytes that so many rows take.
  func byteCount(rows: Int) -> Int { (rows + Self.groupSize - 1) / Self.groupSize * 32 * width }

  /// The packing that takes the fewest bits for these words.
  ///
  /// - Complexity: O(words).
  init(for words: UnsafeBufferPointer<UInt32>) {
    var (low, high) = (UInt32.max, UInt32.min)
    for word in words {
      low = word < low ? word : low
      high = word > high ? word : high
    }
    guard low < high else {
      (minimum, step, width) = (words.first ?? 0, 1, 0)
      return
    }
    // The greatest common divisor of all distances from the minimum.
    var divisor: UInt32 = high - low
    for word in words where (word - low) % divisor != 0 {
      divisor = Self.commonDivisor(divisor, word - low)
      if divisor == 1 { break }
    }
    (minimum, step) = (low, divisor)
    width = UInt32.bitWidth - ((high - low) / divisor).leadingZeroBitCount
  }

  init(minimum: UInt32, step: UInt32, width: Int) {
    (self.minimum, self.step, self.width) = (minimum, step, width)
  }

  private static func commonDivisor(_ a: UInt32, _ b: UInt32) -> UInt32 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  // MARK: Packing

  /// Packs words that this packing was made for into `byteCount(rows:)` bytes.
  func pack(_ words: UnsafeBufferPointer<UInt32>, into target: UnsafeMutableRawPointer) {
    guard width > 0 else { return }
    let groups = words.count / Self.groupSize
    for group in 0..<groups {
      packGroup(words.baseAddress! + group * Self.groupSize, into: target + group * 32 * width)
    }
    let rest = words.count - groups * Self.groupSize
    guard rest > 0 else { return }
    var padded = [UInt32](repeating: minimum, count: Self.groupSize)
    padded.withUnsafeMutableBufferPointer { padded in
      padded.baseAddress!.update(from: words.baseAddress! + groups * Self.groupSize, count: rest)
      packGroup(padded.baseAddress!, into: target + groups * 32 * width)
    }
  }

  private func packGroup(_ words: UnsafePointer<UInt32>, into target: UnsafeMutableRawPointer) {
    // Division without remainder: the power of two is shifted away, the odd part multiplied by its inverse modulo 2^32.
    let twos = UInt32(step.trailingZeroBitCount)
    let odd = step >> twos
    var inverse = odd
    for _ in 0..<4 { inverse = inverse &* (2 &- odd &* inverse) }
    let (low, factor) = (Lanes(repeating: minimum), Lanes(repeating: inverse))
    let source = UnsafeRawPointer(words)
    var pending = Lanes.zero
    var used = 0
    var next = 0
    for row in 0..<Self.groupSize / Self.lanes {
      let values = source.loadUnaligned(fromByteOffset: 32 * row, as: Lanes.self)
      let codes = ((values &- low) &>> Lanes(repeating: twos)) &* factor
      pending |= codes &<< Lanes(repeating: UInt32(used))
      used += width
      guard used >= 32 else { continue }
      target.storeBytes(of: pending, toByteOffset: 32 * next, as: Lanes.self)
      next += 1
      used -= 32
      pending = used == 0 ? .zero : codes &>> Lanes(repeating: UInt32(width - used))
    }
  }

  // MARK: Unpacking

  /// What unpacked words must be. Word w breaks the rule where the highest bit of
  /// ((w and 0x7FFFFFFF) + offset) or (w and sign) is set.
  struct Rule {
    fileprivate let offset: UInt32
    fileprivate let sign: UInt32

    /// Any word will do.
    static let any = Rule(offset: 0, sign: 0)
    /// The bit pattern of a finite `Float`.
    static let finite = Rule(offset: 0x0080_0000, sign: 0)
    /// A word below `count`, which is at most 2^31.
    static func below(_ count: Int) -> Rule { Rule(offset: UInt32(1 << 31 - count), sign: 1 << 31) }
  }

  /// Unpacks `count` words from `byteCount(rows: count)` bytes. Returns whether all follow the rule.
  func unpack(
    _ source: UnsafeRawPointer, into words: UnsafeMutablePointer<UInt32>, count: Int, rule: Rule
  ) -> Bool {
    let groups = count / Self.groupSize
    var broken = Lanes.zero
    for group in 0..<groups {
      broken |= unpackGroup(source + group * 32 * width, into: words + group * Self.groupSize, rule)
    }
    let rest = count - groups * Self.groupSize
    if rest > 0 {
      var padded = [UInt32](repeating: 0, count: Self.groupSize)
      padded.withUnsafeMutableBufferPointer { padded in
        broken |= unpackGroup(source + groups * 32 * width, into: padded.baseAddress!, rule)
        (words + groups * Self.groupSize).update(from: padded.baseAddress!, count: rest)
      }
    }
    return broken.max() < 1 << 31
  }

  @inline(__always)
  private func unpackGroup(_ source: UnsafeRawPointer, into words: UnsafeMutablePointer<UInt32>, _ rule: Rule) -> Lanes
  {
    let target = UnsafeMutableRawPointer(words)
    let (low, factor) = (Lanes(repeating: minimum), Lanes(repeating: step))
    let mask = Lanes(repeating: width == 0 ? 0 : UInt32.max >> UInt32(32 - width))
    let (offset, sign) = (Lanes(repeating: rule.offset), Lanes(repeating: rule.sign))
    let positive = Lanes(repeating: 0x7FFF_FFFF)
    var broken = Lanes.zero
    var bit = 0
    for row in 0..<Self.groupSize / Self.lanes {
      var values = low
      if width > 0 {
        let (word, shift) = (bit >> 5, UInt32(bit & 31))
        var codes = source.loadUnaligned(fromByteOffset: 32 * word, as: Lanes.self) &>> Lanes(repeating: shift)
        if Int(shift) + width > 32 {
          codes |=
            source.loadUnaligned(fromByteOffset: 32 * word + 32, as: Lanes.self) &<< Lanes(repeating: 32 &- shift)
        }
        codes &= mask
        values &+= step == 1 ? codes : codes &* factor
      }
      broken |= ((values & positive) &+ offset) | (values & sign)
      target.storeBytes(of: values, toByteOffset: 32 * row, as: Lanes.self)
      bit += width
    }
    return broken
  }
}
