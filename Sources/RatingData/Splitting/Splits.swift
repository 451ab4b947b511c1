/// The splits that a way of dividing ratings yields, in order, each made when it is asked for.
///
/// All of k folds at once would take k times the memory of the ratings; one after the other takes it once. The same index
/// gives the same split however often, in whatever order and on whatever thread it is asked for.
public struct Splits: Sendable {
  public typealias Maker = @Sendable (_ index: Int) throws(RatingDataError) -> Split

  /// A name for each split, fit for a folder's: `fold-1`, `repeat-2-fold-1`, `window-1`, `u1`; `split` where there is one.
  public let names: [String]
  private let make: Maker

  public init(names: [String], _ make: @escaping Maker) {
    self.names = names
    self.make = make
  }

  public var count: Int { names.count }

  /// The split at a position in `0..<count`.
  ///
  /// - Throws: where it is made from files that can't be read.
  /// - Complexity: O(ratings).
  public func split(_ index: Int) throws(RatingDataError) -> Split {
    precondition(names.indices.contains(index), "split \(index) is outside \(count) splits")
    return try make(index)
  }

  /// All splits at once, in memory.
  public func all() throws(RatingDataError) -> [Split] {
    var all: [Split] = []
    for index in 0..<count { all.append(try split(index)) }
    return all
  }
}

extension RatingDataset {
  /// The rows whose part is wanted for training, and those whose part is wanted for test, in the data set's order.
  func dividing(_ parts: [UInt16], train: (Int) -> Bool, test: (Int) -> Bool) -> Split {
    func rows(_ isWanted: (Int) -> Bool) -> RatingDataset {
      selecting(rows: parts.indices.filter { isWanted(Int(parts[$0])) })
    }
    return Split(train: rows(train), test: rows(test))
  }
}
