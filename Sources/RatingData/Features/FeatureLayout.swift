/// How the lines of a file of features are divided, and what is made of the fields.
struct FeatureLayout: Sendable {
  /// What is made of a field.
  enum Rule: Sendable {
    /// Values between `|` and `;`: bins where they are numbers, else categories.
    case cell
    /// A number for bins.
    case number
    /// A category.
    case category
    /// Its first character is the category.
    case firstCharacter
    /// The year of `01-Jan-1995` for bins.
    case yearOfDate
    /// The year at the end of `Toy Story (1995)` for bins.
    case yearOfTitle
    /// Categories between `|`.
    case genres
    /// A category for each of this field and those behind it that is 1.
    case flags([String])
  }

  struct Column: Sendable {
    var name: String
    /// The position of its field in the line.
    var field: Int
    var rule: Rule
  }

  var format: FeatureFormat
  var delimiter: DelimitedLayout.Delimiter
  /// What the fields are called; the first is the id.
  var fieldNames: [String]
  /// The groups to be made, in order.
  var columns: [Column]

  var hasHeader: Bool { [.csv, .tsv, .movieLensCSVMovies].contains(format) }
  /// Whether a field in double quotes may hold delimiters.
  var quotes: Bool { hasHeader }

  /// Fields as a message names them.
  var description: String {
    let names = fieldNames.count > 8 ? fieldNames.prefix(7) + ["..."] : fieldNames[...]
    return "\(fieldNames.count) fields (\(names.joined(separator: ", "))) separated by \(delimiter.name)"
  }

  /// The genres of `u.item`, in the order of its flags (the data set's `u.genre`).
  static let genres = [
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
    "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
  ]

  /// A layout that its format fixes.
  ///
  /// - Precondition: `format` is neither CSV nor TSV.
  init(_ format: FeatureFormat) {
    self.format = format
    switch format {
    case .csv, .tsv: preconditionFailure("\(format) has the columns of its header")
    case .movieLens100KUsers:
      delimiter = .byte(UInt8(ascii: "|"))
      fieldNames = ["id", "age", "gender", "occupation", "zip"]
      columns = [
        Column(name: "age", field: 1, rule: .number), Column(name: "gender", field: 2, rule: .category),
        Column(name: "occupation", field: 3, rule: .category), Column(name: "zip", field: 4, rule: .firstCharacter),
      ]
    case .movieLens100KItems:
      delimiter = .byte(UInt8(ascii: "|"))
      fieldNames = ["id", "title", "release date", "video release date", "URL"] + Self.genres
      columns = [
        Column(name: "year", field: 2, rule: .yearOfDate), Column(name: "genre", field: 5, rule: .flags(Self.genres)),
      ]
    case .movieLensUsers:
      delimiter = .doubleColon
      fieldNames = ["id", "gender", "age", "occupation", "zip"]
      columns = [
        Column(name: "gender", field: 1, rule: .category), Column(name: "age", field: 2, rule: .category),
        Column(name: "occupation", field: 3, rule: .category), Column(name: "zip", field: 4, rule: .firstCharacter),
      ]
    case .movieLensMovies, .movieLensCSVMovies:
      delimiter = format == .movieLensMovies ? .doubleColon : .byte(UInt8(ascii: ","))
      fieldNames = format == .movieLensMovies ? ["id", "title", "genres"] : Self.movieHeader
      columns = [
        Column(name: "year", field: 1, rule: .yearOfTitle), Column(name: "genre", field: 2, rule: .genres),
      ]
    }
  }

  static let movieHeader = ["movieId", "title", "genres"]

  /// The layout of a file with this header.
  init(header: [String], delimiter: DelimitedLayout.Delimiter) {
    format = delimiter == .byte(UInt8(ascii: "\t")) ? .tsv : .csv
    self.delimiter = delimiter
    fieldNames = header
    columns = header.indices.dropFirst().map { Column(name: header[$0], field: $0, rule: .cell) }
  }
}
