import RatingNumerics

/// The squared error of each row of a judgement and whose row it is: what its uncertainty is computed from.
///
/// Rows stand in the order of the questions, or else of the answers, so that those of two submissions can be paired.
public struct JudgedErrors: Sendable {
  /// (prediction - answer)^2.
  public let squaredErrors: [Double]
  /// A number for each row, the same for rows of one user.
  public let users: [UInt32]
  /// 0 for quiz and 1 for test, where a membership file says which.
  package let sets: [Int64]?

  public var count: Int { users.count }

  /// The rows of the quiz (0) or of the test set (1).
  package func rows(ofSet set: Int64) -> JudgedErrors? {
    guard let sets else { return nil }
    let chosen = sets.indices.filter { sets[$0] == set }
    return JudgedErrors(
      squaredErrors: chosen.map { squaredErrors[$0] }, users: chosen.map { users[$0] }, sets: nil)
  }
}

/// Collects the errors of rows while they are judged, for as long as every row has a user.
struct ErrorCollector: Sendable {
  private(set) var users: [Int64] = []
  private(set) var squaredErrors: [Double] = []
  private(set) var sets: [Int64]?

  init(withSets: Bool) { sets = withSets ? [] : nil }

  mutating func add(
    users: UnsafePointer<Int64>, predictions: UnsafePointer<Int64>, answers: UnsafePointer<Int64>,
    sets: UnsafePointer<Int64>?, count: Int
  ) {
    self.users.append(contentsOf: UnsafeBufferPointer(start: users, count: count))
    let start = squaredErrors.count
    squaredErrors.append(contentsOf: repeatElement(0, count: count))
    squaredErrors.withUnsafeMutableBufferPointer { squares in
      for row in 0..<count {
        let error = Double(predictions[row] - answers[row]) * 1e-15
        squares[start + row] = error * error
      }
    }
    if let sets { self.sets?.append(contentsOf: UnsafeBufferPointer(start: sets, count: count)) }
  }

  /// The errors of several parts, one after the other, with users as dense numbers.
  static func joined(_ parts: [ErrorCollector]) -> JudgedErrors {
    var squares: [Double] = []
    squares.reserveCapacity(parts.reduce(0) { $0 + $1.users.count })
    for part in parts { squares += part.squaredErrors }
    let sets = parts.first?.sets == nil ? nil : parts.flatMap { $0.sets ?? [] }
    return JudgedErrors(squaredErrors: squares, users: numbers(of: parts.map(\.users)), sets: sets)
  }

  /// A number for each code of all parts: the code itself where all are whole numbers that a table has room for, else the
  /// order of their first occurrence.
  static func numbers(of parts: [[Int64]]) -> [UInt32] {
    let count = parts.reduce(0) { $0 + $1.count }
    var (least, largest) = (Int64.max, Int64.min)
    for part in parts {
      part.withUnsafeBufferPointer { codes in
        for code in codes { (least, largest) = (min(least, code), max(largest, code)) }
      }
    }
    let areNumbers = least >= 0 && largest < max(1 << 22, 8 * count)
    var known: [Int64: UInt32] = [:]
    return [UInt32](unsafeUninitializedCapacity: count) { numbers, filled in
      for part in parts {
        for code in part {
          if areNumbers {
            numbers[filled] = UInt32(truncatingIfNeeded: code)
          } else {
            let next = UInt32(known.count)
            numbers[filled] = known[code, default: next]
            if numbers[filled] == next { known[code] = next }
          }
          filled += 1
        }
      }
    }
  }
}
