/// What may be downloaded from: `https`, or `http` where the caller says so.
struct HTTPAddress: Sendable, Hashable {
  let text: String
  let isEncrypted: Bool
  let host: String

  /// nil where it is no such address.
  init?(_ text: String) {
    let lower = text.lowercased()
    let isEncrypted = lower.hasPrefix("https://")
    guard isEncrypted || lower.hasPrefix("http://") else { return nil }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    let rest = text.dropFirst(isEncrypted ? 8 : 7)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    // A user name before the host could make one host look like another.
    guard !authority.isEmpty, !authority.contains("@") else { return nil }
    if authority.hasPrefix("[") {
      host = String(authority.dropFirst().prefix { $0 != "]" })
    } else {
      host = authority.prefix { $0 != ":" }.lowercased()
    }
    guard !host.isEmpty else { return nil }
    self.text = text
    self.isEncrypted = isEncrypted
  }

  /// Whether it is this machine's own.
  var isLoopback: Bool { host == "localhost" || host == "::1" || host == "127.0.0.1" }
}

/// What a server said before its answer: the header of the last response, which is the one that counts after redirects.
struct HTTPHeader: Sendable, Hashable {
  /// 0 where there was no response.
  var status = 0
  private var fields: [String: String] = [:]

  init(dump: [UInt8]) {
    for line in String(decoding: dump, as: UTF8.self).split(whereSeparator: \.isNewline) {
      if line.hasPrefix("HTTP/") {
        self.fields = [:]
        status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      } else if let colon = line.firstIndex(of: ":") {
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        fields[line[..<colon].lowercased()] = String(value)
      }
    }
  }

  /// The value of a field; names are in lower case.
  func field(_ name: String) -> String? { fields[name] }

  /// An entity tag that stands for exact bytes, fit to be sent back.
  var strongTag: String? {
    guard let tag = field("etag"), tag.hasPrefix("\""), tag.hasSuffix("\""), tag.utf8.count <= 256, tag.utf8.count > 2,
      tag.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f })
    else { return nil }
    return tag
  }

  /// The size of the whole file, where the server says it.
  var totalSize: Int? {
    if let range = field("content-range") { return range.split(separator: "/").last.flatMap { Int($0) } }
    return field("content-length").flatMap { Int($0) }
  }
}
