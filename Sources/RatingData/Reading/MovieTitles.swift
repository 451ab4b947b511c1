/// The movies of `movie_titles.txt`: number, year and title.
///
/// Lines are `MovieID,YearOfRelease,Title` in ISO 8859-1 (Latin-1). The year is 1890...2005, or `NULL` where it isn't
/// known. Titles are not quoted and may hold commas, so a line is split at its first two commas only.
///
/// Source: the README of the Netflix Prize data set (2006).
public struct MovieTitles: Sendable {
  public struct Movie: Sendable, Hashable {
    public var item: ItemID
    /// The year of release, which may be that of the DVD; nil where the file says `NULL`.
    public var year: Int?
    public var title: String

    public init(item: ItemID, year: Int?, title: String) {
      self.item = item
      self.year = year
      self.title = title
    }
  }

  public static let years = 1890...2005

  /// In the order of the file.
  public let movies: [Movie]
  public let warnings: [Problem]
  private let positions: [ItemID: Int]

  /// The movie of an item; nil where the file has no title for it.
  public subscript(item: ItemID) -> Movie? { positions[item].map { movies[$0] } }

  /// Reads titles from a file or `-` (standard input), plain or gzip.
  ///
  /// - Throws: every problem of the file at once.
  /// - Complexity: O(bytes).
  public static func read(_ path: String) throws(RatingDataError) -> MovieTitles {
    let input = try TextInput(path, hashes: false)
    let decoder = MovieTitleDecoder(input.lines(), file: path)
    withExtendedLifetime(input) { decoder.decodeAll() }
    if decoder.movies.isEmpty && !decoder.log.hasErrors {
      decoder.log.record(.emptyFile, "the file is empty; expected lines of MovieID,YearOfRelease,Title")
    }
    if decoder.log.hasErrors { throw RatingDataError(.badData, decoder.log.problems) }
    return MovieTitles(movies: decoder.movies, warnings: decoder.log.warnings, positions: decoder.positions)
  }
}

/// Reads one movie a line.
private final class MovieTitleDecoder: LineDecoder {
  private(set) var movies: [MovieTitles.Movie] = []
  private(set) var positions: [ItemID: Int] = [:]

  override func take(_ content: UnsafeBufferPointer<UInt8>) {
    let expected = "expected MovieID,YearOfRelease,Title such as 1,2003,Dinosaur Planet"
    if content.isEmpty { return bad(.blankLine, content, "the line is blank; \(expected)") }
    let fields = content.split(separator: UInt8(ascii: ","), maxSplits: 2, omittingEmptySubsequences: false).map {
      UnsafeBufferPointer(rebasing: $0)
    }
    guard fields.count == 3 else {
      return bad(.fieldCount, content, "the line has \(fields.count) field\(fields.count == 1 ? "" : "s"); \(expected)")
    }
    guard let number = wholeNumber(fields[0], digits: 1...18) else {
      return bad(.badIdentifier, content, "\(quoted(fields[0])) is not a movie number; \(expected)")
    }
    let year = wholeNumber(fields[1], digits: 4...4)
    let isKnown = year.map { MovieTitles.years.contains(Int($0)) }
    guard isKnown ?? fields[1].elementsEqual("NULL".utf8) else {
      return bad(
        .badYear, content,
        "\(quoted(fields[1])) is not a year of release; expected \(MovieTitles.years.lowerBound) to"
          + " \(MovieTitles.years.upperBound), or NULL where it is not known")
    }
    guard !fields[2].isEmpty else { return bad(.missingValue, content, "the title is missing; \(expected)") }
    let item = ItemID(Identifier(number))
    guard positions[item] == nil else {
      return bad(.duplicateMovie, content, "movie \(number) has a title before; give each movie one line")
    }
    positions[item] = movies.count
    // Every byte of Latin-1 is the Unicode scalar of the same number.
    let title = String(String.UnicodeScalarView(fields[2].map { Unicode.Scalar($0) }))
    movies.append(MovieTitles.Movie(item: item, year: year.map { Int($0) }, title: title))
  }

  private func wholeNumber(_ field: UnsafeBufferPointer<UInt8>, digits: ClosedRange<Int>) -> Int64? {
    guard digits.contains(field.count), field.allSatisfy({ $0 &- 48 <= 9 }) else { return nil }
    return field.reduce(0) { $0 * 10 + Int64($1 &- 48) }
  }
}
