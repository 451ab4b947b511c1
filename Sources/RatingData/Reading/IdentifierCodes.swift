/// Gives every identifier a 64-bit code: a canonical whole number is its own code, any other text gets a negative one.
///
/// Files that are joined share one table, so that equal identifiers have equal codes.
final class IdentifierCodes {
  /// By `Identifier`, because strings that differ in their bytes may be equal, and identifiers may not.
  private var codes: [Identifier: Int64] = [:]
  private(set) var texts: [String] = []

  /// The code of a text that is no canonical whole number; nil where it is not UTF-8.
  func code(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return code(text)
  }

  func code(_ text: String) -> Int64 {
    let identifier = Identifier(text)
    if let code = codes[identifier] { return code }
    texts.append(text)
    let code = -Int64(texts.count)
    codes[identifier] = code
    return code
  }

  func identifier(_ code: Int64) -> Identifier {
    code >= 0 ? Identifier(code) : Identifier(texts[Int(-code - 1)])
  }
}
