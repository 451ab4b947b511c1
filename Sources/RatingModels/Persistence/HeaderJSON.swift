/// The JSON of a safetensors header: objects, arrays, strings and whole numbers, the only kinds that it may hold.
///
/// A small strict parser of our own, so that the tool needs no Foundation: it rejects duplicate keys, invalid UTF-8,
/// unpaired surrogates, trailing bytes and nesting deeper than 8.
indirect enum HeaderJSON: Sendable {
  case object([(key: String, value: HeaderJSON)])
  case array([HeaderJSON])
  case string(String)
  case integer(Int)

  struct Failure: Error {
    let description: String
  }

  init(parsing bytes: some Collection<UInt8>) throws(Failure) {
    var parser = Parser(bytes: Array(bytes))
    self = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == parser.bytes.count else { throw parser.failure("text behind the value") }
  }

  /// The value without spaces.
  var text: String {
    switch self {
    case .object(let members): "{\(members.map { "\(Self.quoted($0.key)):\($0.value.text)" }.joined(separator: ","))}"
    case .array(let values): "[\(values.map(\.text).joined(separator: ","))]"
    case .string(let text): Self.quoted(text)
    case .integer(let number): String(number)
    }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": out += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  private struct Parser {
    let bytes: [UInt8]
    var position = 0

    func failure(_ what: String) -> Failure { Failure(description: "\(what) at byte \(position)") }

    mutating func skipSpace() {
      while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
    }

    /// Skips space and takes `byte` where it comes next.
    mutating func take(_ byte: Character) -> Bool {
      skipSpace()
      guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
      position += 1
      return true
    }

    mutating func expect(_ byte: Character) throws(Failure) {
      guard take(byte) else { throw failure("expected \(byte)") }
    }

    mutating func value(depth: Int) throws(Failure) -> HeaderJSON {
      guard depth <= 8 else { throw failure("nesting deeper than 8") }
      if take("{") { return try object(depth: depth) }
      if take("[") {
        var values: [HeaderJSON] = []
        if take("]") { return .array(values) }
        repeat { values.append(try value(depth: depth + 1)) } while take(",")
        try expect("]")
        return .array(values)
      }
      if take("\"") { return .string(try string()) }
      return .integer(try integer())
    }

    mutating func object(depth: Int) throws(Failure) -> HeaderJSON {
      var members: [(key: String, value: HeaderJSON)] = []
      var keys: Set<String> = []
      if take("}") { return .object(members) }
      repeat {
        try expect("\"")
        let key = try string()
        guard keys.insert(key).inserted else { throw failure("the key \(key) for the second time") }
        try expect(":")
        members.append((key, try value(depth: depth + 1)))
      } while take(",")
      try expect("}")
      return .object(members)
    }

    mutating func integer() throws(Failure) -> Int {
      let start = position
      if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
      let digits = String(decoding: bytes[start..<position], as: UTF8.self)
      // The text of the number must be its own: no leading zeros, no -0.
      guard let number = Int(digits), String(number) == digits else {
        position = start
        throw failure("expected an object, an array, a string or a whole number")
      }
      return number
    }

    /// The rest of a string whose opening quote is taken.
    mutating func string() throws(Failure) -> String {
      var out: [UInt8] = []
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""):
          guard let text = String(validating: out, as: UTF8.self) else { throw failure("a string that is not UTF-8") }
          return text
        case UInt8(ascii: "\\"):
          out.append(contentsOf: String(try escape()).utf8)
        case 0..<0x20: throw failure("a control character in a string")
        default: out.append(byte)
        }
      }
      throw failure("a string without an end")
    }

    mutating func escape() throws(Failure) -> Unicode.Scalar {
      guard position < bytes.count else { throw failure("a string without an end") }
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{c}"
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "u"):
        let first = try codeUnit()
        var value = UInt32(first)
        if UTF16.isLeadSurrogate(first) {
          guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
          else { throw failure("half a surrogate pair") }
          position += 2
          let second = try codeUnit()
          guard UTF16.isTrailSurrogate(second) else { throw failure("half a surrogate pair") }
          value = 0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure("half a surrogate pair") }
        return scalar
      default: throw failure("an unknown escape")
      }
    }

    mutating func codeUnit() throws(Failure) -> UInt16 {
      guard position + 4 <= bytes.count else { throw failure("a string without an end") }
      let digits = bytes[position..<position + 4]
      guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }),
        let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw failure("expected four hexadecimal digits") }
      position += 4
      return value
    }
  }
}
