import RatingNumerics

/// Finds the distinct items of all parts, and writes their dense indices: of delimited files as for any column of
/// identifiers, of block files for each block at once.
struct ItemIndices {
  private enum Kind {
    case codes(VocabularyBuilder)
    /// The runs of each part, and the distinct items, ascending.
    case runs([ItemRuns], numbers: [Int64])
  }

  let vocabulary: Vocabulary
  private let kind: Kind

  /// - Precondition: all parts have the same kind of items.
  init(_ parts: [PieceColumns], threads: Int?) {
    var runs: [ItemRuns] = []
    var columns: [(column: CodeColumn, rows: Int, codes: IdentifierCodes)] = []
    for part in parts {
      switch part.items {
      case .runs(let items): runs.append(items)
      case .codes(let column): columns.append((column, part.count, part.codes))
      }
    }
    precondition(runs.isEmpty || columns.isEmpty, "blocks and delimited rows are not read together")
    guard columns.isEmpty else {
      let builder = VocabularyBuilder(columns, threads: threads)
      (vocabulary, kind) = (builder.vocabulary, .codes(builder))
      return
    }
    var numbers: [Int64] = []
    var ascends = true
    for part in runs {
      for run in part.runs where run.item != numbers.last {
        if let last = numbers.last, run.item < last { ascends = false }
        numbers.append(run.item)
      }
    }
    if !ascends {
      numbers.sort()
      var kept = 0
      for number in numbers where kept == 0 || number != numbers[kept - 1] {
        numbers[kept] = number
        kept += 1
      }
      numbers.removeSubrange(kept...)
    }
    (vocabulary, kind) = (Vocabulary(integers: numbers), .runs(runs, numbers: numbers))
  }

  /// Writes the dense indices of a part's rows to `target`.
  func write(piece: Int, rows: Int, to target: UnsafeMutablePointer<UInt32>) {
    switch kind {
    case .codes(let builder): builder.write(piece: piece, rows: rows, to: target)
    case .runs(let runs, let numbers):
      let runs = runs[piece].runs
      var index = 0
      for (position, run) in runs.enumerated() {
        let end = position + 1 < runs.count ? runs[position + 1].row : rows
        // Movies mostly ascend: the next is looked for first.
        if index + 1 < numbers.count && numbers[index + 1] == run.item {
          index += 1
        } else if numbers[index] != run.item {
          index = Self.position(of: run.item, in: numbers)
        }
        (target + run.row).initialize(repeating: UInt32(index), count: end - run.row)
      }
    }
  }

  private static func position(of number: Int64, in numbers: [Int64]) -> Int {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func release() { if case .codes(let builder) = kind { builder.release() } }
}
