/// Numbers of 16 bits (IEEE 754 binary16) as bit patterns: 11 bits of precision from 6e-5 to 65504 in magnitude, less
/// below. In plain integers, because not every platform's Swift has the type.
public enum HalfPrecision {
  /// The largest finite magnitude.
  public static let largest: Float = 65504

  /// The nearest half-precision number, ties to even.
  ///
  /// - Precondition: |value| <= `largest`; not checked.
  @inlinable public static func bits(_ value: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: (value.bitPattern >> 16) & 0x8000)
    // Times 2^-112 the exponent is that of half precision; what is too small for it becomes subnormal in both.
    let magnitude = (Float(bitPattern: value.bitPattern & 0x7fff_ffff) * 0x1p-112).bitPattern
    let rounded = magnitude &+ 0xfff &+ ((magnitude >> 13) & 1)
    return sign | UInt16(truncatingIfNeeded: rounded >> 13)
  }

  /// The value of a finite half-precision number, exactly.
  @inlinable public static func value(_ bits: UInt16) -> Float {
    let magnitude = Float(bitPattern: UInt32(bits & 0x7fff) << 13) * 0x1p112
    return Float(bitPattern: magnitude.bitPattern | UInt32(bits & 0x8000) << 16)
  }

  /// Values, each exactly.
  public static func decode(
    _ bits: UnsafePointer<UInt16>, count: Int, into values: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count { values[index] = value(bits[index]) }
  }

  /// The nearest half-precision numbers.
  public static func encode(
    _ values: UnsafePointer<Float>, count: Int, into bits: UnsafeMutablePointer<UInt16>
  ) {
    for index in 0..<count { bits[index] = Self.bits(values[index]) }
  }
}
