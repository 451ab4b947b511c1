import RatingData
import RatingNumerics

/// Ratings grouped by user, or by item, in as few bytes as they need: the ratings of key k are at
/// `starts[k]..<starts[k + 1]`, in row order. Built once, and read a stretch at a time through `DecodedRatings`.
///
/// Memory for each rating: 2 bytes for the other side's index where that side has at most 65,536 rows, else 4; 1 byte for
/// the rating where there are at most 256 different ones, 2 for at most 65,536, else 4; 2 bytes for the day where days are
/// wanted. And 8 for each key. In the Netflix Prize's data that is 5 bytes by user and 7 by item, with days.
struct SparseRatings: Sendable {
  enum Key: Sendable { case user, item }

  /// The item of each rating where the keys are users, and the other way round.
  enum Indices: Sendable {
    case short([UInt16])
    case long([UInt32])
  }

  /// The ratings, or the places of the ratings in a table.
  enum Values: Sendable {
    case bytes([UInt8], [Float])
    case shorts([UInt16], [Float])
    case plain([Float])
  }

  /// One more than there are keys.
  let starts: [Int]
  let others: Indices
  private(set) var values: Values
  /// The day of each rating since 1970-01-01, where days are wanted and the ratings have times.
  let days: [UInt16]?

  /// - Precondition: `starts` ascends from 0 to the number of `others`, `values` and `days`.
  init(starts: [Int], others: Indices, values: Values, days: [UInt16]? = nil) {
    precondition(
      starts.first == 0 && starts.last == others.count && others.count == values.count
        && (days?.count ?? values.count) == values.count,
      "grouped ratings need as many indices as ratings, got \(others.count) and \(values.count) for \(starts.last ?? 0)"
    )
    self.starts = starts
    self.others = others
    self.values = values
    self.days = days
  }

  var keyCount: Int { starts.count - 1 }
  /// The number of all ratings.
  var count: Int { starts[keyCount] }

  /// The number of ratings of a key.
  func count(_ key: Int) -> Int { starts[key + 1] - starts[key] }

  /// Where the ratings of a key are.
  func range(_ key: Int) -> Range<Int> { starts[key]..<starts[key + 1] }

  /// Where the ratings of some keys are.
  func range(_ keys: Range<Int>) -> Range<Int> { starts[keys.lowerBound]..<starts[keys.upperBound] }

  /// The same with other numbers for the ratings, each a function of the rating alone.
  ///
  /// - Complexity: O(different ratings) where these are in a table, else O(ratings).
  func mapping(_ transform: (Float) -> Float) -> SparseRatings {
    var mapped = self
    switch values {
    case .bytes(let codes, let table): mapped.values = .bytes(codes, table.map(transform))
    case .shorts(let codes, let table): mapped.values = .shorts(codes, table.map(transform))
    case .plain(let ratings): mapped.values = .plain(ratings.map(transform))
    }
    return mapped
  }

  private static let keysInPiece = 256

  /// The number of pieces of parallel work that the keys are cut into: a function of their number alone.
  var pieces: Int { (keyCount + Self.keysInPiece - 1) / Self.keysInPiece }

  /// The keys of a piece.
  func keys(inPiece piece: Int) -> Range<Int> {
    piece * Self.keysInPiece..<min((piece + 1) * Self.keysInPiece, keyCount)
  }
}

extension SparseRatings.Indices {
  var count: Int {
    switch self {
    case .short(let indices): indices.count
    case .long(let indices): indices.count
    }
  }

  func decode(_ positions: Range<Int>, into target: UnsafeMutablePointer<UInt32>) {
    switch self {
    case .short(let indices):
      indices.withUnsafeBufferPointer { source in
        for place in 0..<positions.count { target[place] = UInt32(source[positions.lowerBound + place]) }
      }
    case .long(let indices):
      indices.withUnsafeBufferPointer { source in
        for place in 0..<positions.count { target[place] = source[positions.lowerBound + place] }
      }
    }
  }
}

extension SparseRatings.Values {
  var count: Int {
    switch self {
    case .bytes(let codes, _): codes.count
    case .shorts(let codes, _): codes.count
    case .plain(let ratings): ratings.count
    }
  }

  func decode(_ positions: Range<Int>, into target: UnsafeMutablePointer<Float>) {
    switch self {
    case .bytes(let codes, let table): Self.look(codes, positions, up: table, into: target)
    case .shorts(let codes, let table): Self.look(codes, positions, up: table, into: target)
    case .plain(let ratings):
      ratings.withUnsafeBufferPointer { source in
        for place in 0..<positions.count { target[place] = source[positions.lowerBound + place] }
      }
    }
  }

  @inline(__always)
  private static func look<Code: FixedWidthInteger>(
    _ codes: [Code], _ positions: Range<Int>, up table: [Float], into target: UnsafeMutablePointer<Float>
  ) {
    codes.withUnsafeBufferPointer { codes in
      table.withUnsafeBufferPointer { table in
        for place in 0..<positions.count { target[place] = table[Int(codes[positions.lowerBound + place])] }
      }
    }
  }
}
