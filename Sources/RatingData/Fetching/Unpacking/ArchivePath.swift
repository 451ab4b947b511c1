/// The path of a file in an archive that is safe to make under a folder.
///
/// No path leads out: none is absolute, has a drive letter, a backslash, a component `..` or a control character, or is
/// too long. What is not UTF-8 is refused too.
struct ArchivePath: Hashable {
  static let longestPath = 1_024
  static let longestName = 255
  static let mostComponents = 32

  /// At least one, none empty.
  let components: [String]
  /// Whether the archive's name of it ends in a slash.
  let isFolder: Bool

  /// Why a name is refused.
  struct Refusal: Error, Equatable { var reason: String }

  /// - Returns: nil for the archive's own folder, `.` or `./`.
  init?(_ bytes: some Collection<UInt8>) throws(Refusal) {
    guard bytes.count <= Self.longestPath else { throw Refusal(reason: "is longer than \(Self.longestPath) bytes") }
    guard let name = String(validating: bytes, as: UTF8.self) else { throw Refusal(reason: "is no UTF-8") }
    guard !name.isEmpty else { throw Refusal(reason: "is empty") }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw Refusal(reason: "has a control character") }
    guard !bytes.contains(UInt8(ascii: "\\")) else { throw Refusal(reason: "has a backslash") }
    guard bytes.first != UInt8(ascii: "/") else { throw Refusal(reason: "is absolute") }
    let scalars = Array(name.utf8.prefix(2))
    if scalars.count == 2, scalars[1] == UInt8(ascii: ":"), (scalars[0] | 0x20) &- 97 < 26 {
      throw Refusal(reason: "has a drive letter")
    }
    components = name.split(separator: "/").filter { $0 != "." }.map(String.init)
    isFolder = name.hasSuffix("/") || name.hasSuffix("/.") || name == "."
    guard !components.contains("..") else { throw Refusal(reason: "leads out of the folder (..)") }
    guard components.count <= Self.mostComponents else {
      throw Refusal(reason: "has more than \(Self.mostComponents) folders")
    }
    guard components.allSatisfy({ $0.utf8.count <= Self.longestName }) else {
      throw Refusal(reason: "has a name longer than \(Self.longestName) bytes")
    }
    if components.isEmpty {
      guard name == "." || name == "./" else { throw Refusal(reason: "names nothing") }
      return nil
    }
  }

  var text: String { components.joined(separator: "/") }

  /// What macOS adds to archives: forks and folder settings, no data.
  var isClutter: Bool {
    components[0] == "__MACOSX" || components.last == ".DS_Store" || components.last!.hasPrefix("._")
  }
}
