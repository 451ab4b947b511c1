import RatingBench

/// A file that names users, one on each line.
enum UserList {
  /// The users in the order of the file, each once.
  ///
  /// - Throws: `emptyFile` and the like, with the lines.
  static func read(_ path: String) throws(RatingDataError) -> [UserID] {
    let bytes = try FileBytes.read(path)
    func problem(_ code: ProblemCode, _ lines: [Int], _ message: String) -> RatingDataError {
      RatingDataError(
        .badData,
        [
          Problem(
            .error, code.rawValue, file: path, count: max(lines.count, 1),
            lines: Array(lines.prefix(Problem.listedLines)), message: message)
        ])
    }
    guard !bytes.isEmpty else { throw problem(.emptyFile, [], "the file is empty; expected a user on each line") }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw problem(.binaryData, [], "is no text; expected a user on each line")
    }
    var users: [UserID] = []
    var seen: Set<UserID> = []
    var blank: [Int] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let name = line.utf8.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if name.isEmpty {
        blank.append(number + 1)
      } else {
        let user = UserID(Identifier(String(name)))
        if seen.insert(user).inserted { users.append(user) }
      }
    }
    // What follows the last line break is no line.
    if text.utf8.last == UInt8(ascii: "\n") { blank.removeLast() }
    guard blank.isEmpty else { throw problem(.blankLine, blank, "a blank line; expected a user on each line") }
    return users
  }
}
