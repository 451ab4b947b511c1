extension PrizeSplit {
  /// Writes the split in Netflix's format (`PrizeFolderWriter`); the folder's owner commits it.
  ///
  /// - Throws: where the format has no place for the data: it needs whole-number user ids up to 4,294,967,295, item ids
  ///   in 1...9,999,999, ratings of 1, 2, 3, 4 or 5, and times.
  public func write(to folder: OutputFolder) throws(RatingDataError) -> PrizeFolderWriter.Summary {
    try dataset.requireTimes(for: "the Netflix format")
    func numbers(_ vocabulary: Vocabulary, _ name: String, in range: ClosedRange<Int64>) throws(RatingDataError)
      -> [UInt32]
    {
      var numbers: [UInt32] = []
      for index in 0..<vocabulary.count {
        guard case .integer(let number) = vocabulary[index].storage, range.contains(number) else {
          throw Self.hasNoPlace("\(name) id \(vocabulary[index]); it takes whole numbers in \(range)")
        }
        numbers.append(UInt32(number))
      }
      return numbers
    }
    let users = try numbers(dataset.vocabularies.users, "user", in: 0...Int64(UInt32.max))
    let items = try numbers(dataset.vocabularies.items, "item", in: 1...9_999_999)
    let secondsPerDay: UInt32 = 86_400
    let (wrong, days) = dataset.withUnsafeColumns { columns in
      (
        columns.ratings.first { !($0 >= 1 && $0 <= 5 && $0 == $0.rounded()) },
        (columns.times!.min() ?? 0) / secondsPerDay...(columns.times!.max() ?? 0) / secondsPerDay
      )
    }
    if let wrong { throw Self.hasNoPlace("rating \(wrong); it takes 1, 2, 3, 4 and 5") }
    let writer = try PrizeFolderWriter(
      folder, items: Int(items.max() ?? 0), rows: dataset.count, days: Int(days.lowerBound)...Int(days.upperBound))
    let rowsPerPiece = 65_536
    for start in stride(from: 0, to: dataset.count, by: rowsPerPiece) {
      let rows = dataset.withUnsafeColumns { columns in
        (start..<min(start + rowsPerPiece, dataset.count)).map { row in
          PrizeRow(
            user: users[Int(columns.users[row])], item: items[Int(columns.items[row])],
            day: UInt16(columns.times![row] / secondsPerDay), stars: UInt8(columns.ratings[row]), part: parts[row])
        }
      }
      try writer.append(rows)
    }
    return try writer.finish()
  }

  private static func hasNoPlace(_ what: String) -> RatingDataError {
    RatingDataError(
      .badData,
      [
        Problem(
          .error, "not-netflix", file: "ratings",
          message: "the Netflix format has no place for \(what); write CSV instead")
      ])
  }
}
