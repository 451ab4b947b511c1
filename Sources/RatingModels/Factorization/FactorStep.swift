/// The inner loops of factor models on padded, aligned rows.
enum FactorStep {
  private typealias Lanes = SIMD4<Float>

  /// The dot product of two rows; `count` is a multiple of 16.
  @inline(__always)
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
    let a = UnsafeRawPointer(a)
    let b = UnsafeRawPointer(b)
    var (s0, s1, s2, s3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for offset in stride(from: 0, to: count * 4, by: 64) {
      s0 += a.load(fromByteOffset: offset, as: Lanes.self) * b.load(fromByteOffset: offset, as: Lanes.self)
      s1 += a.load(fromByteOffset: offset + 16, as: Lanes.self) * b.load(fromByteOffset: offset + 16, as: Lanes.self)
      s2 += a.load(fromByteOffset: offset + 32, as: Lanes.self) * b.load(fromByteOffset: offset + 32, as: Lanes.self)
      s3 += a.load(fromByteOffset: offset + 48, as: Lanes.self) * b.load(fromByteOffset: offset + 48, as: Lanes.self)
    }
    return ((s0 + s1) + (s2 + s3)).sum()
  }

  /// p += rate x (error x q - regularization x p) and q += rate x (error x p - regularization x q), both with the values
  /// from before the step; `count` is a multiple of 4.
  @inline(__always)
  static func update(
    _ p: UnsafeMutablePointer<Float>, _ q: UnsafeMutablePointer<Float>, count: Int, error: Float, rate: Float,
    regularization: Float
  ) {
    let p = UnsafeMutableRawPointer(p)
    let q = UnsafeMutableRawPointer(q)
    let step = Lanes(repeating: rate * error)
    let keep = Lanes(repeating: 1 - rate * regularization)
    for offset in stride(from: 0, to: count * 4, by: 16) {
      let a = p.load(fromByteOffset: offset, as: Lanes.self)
      let b = q.load(fromByteOffset: offset, as: Lanes.self)
      p.storeBytes(of: keep * a + step * b, toByteOffset: offset, as: Lanes.self)
      q.storeBytes(of: keep * b + step * a, toByteOffset: offset, as: Lanes.self)
    }
  }
}
