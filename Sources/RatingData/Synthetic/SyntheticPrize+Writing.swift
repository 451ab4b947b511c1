extension SyntheticPrize {
  /// Writes the set in Netflix's format (`PrizeFolderWriter`), with `movie_titles.txt`.
  ///
  /// The files' bytes depend on the parameters, the seed and `users` alone. Memory is bounded, whatever the size.
  ///
  /// - Parameters:
  ///   - path: a folder that does not exist or is empty. It appears complete, or not at all.
  ///   - layout: how the training set is laid out in files.
  ///   - users: nil means all; a part of the users gives the same rows as the whole set has for them.
  ///   - threads: nil means the machine's number of processors.
  ///   - progress: called with the number of rows made so far.
  public func write(
    to path: String, layout: PrizeFolderWriter.Layout = .netflix, users: Range<Int>? = nil, threads: Int? = nil,
    progress: ((Int) -> Void)? = nil
  ) throws(RatingDataError) -> PrizeFolderWriter.Summary {
    let users = users ?? 0..<parameters.users
    let folder = try OutputFolder(path)
    let writer = try PrizeFolderWriter(
      folder, layout: layout, items: parameters.items, rows: parameters.ratings * users.count / parameters.users,
      days: parameters.firstDay...parameters.lastDay, threads: threads)
    var made = 0
    try forEachPiece(ofUsers: users, threads: threads) { (rows) throws(RatingDataError) in
      try writer.append(rows)
      made += rows.count
      progress?(made)
    }
    var summary = try writer.finish()
    let titles = movieTitles()
    try folder.write("movie_titles.txt", titles)
    summary.bytes += titles.count
    try folder.commit()
    return summary
  }

  /// `MovieID,YearOfRelease,Title` for each item, in Latin-1, as Netflix's file has it: titles may hold commas, and a
  /// year may be `NULL`.
  func movieTitles() -> [UInt8] {
    let titles = InventedTitles(count: parameters.items, seed: seed)
    let years = audience.years
    var text = ByteText()
    for item in 0..<parameters.items {
      text.append(Int64(item) + 1)
      text.comma()
      if let year = years[item] { text.append(Int64(year)) } else { text.append("NULL") }
      text.comma()
      // Latin-1 is the first 256 code points, and the titles hold no others.
      for scalar in titles[item].unicodeScalars { text.append(byte: UInt8(scalar.value)) }
      text.newline()
    }
    return text.bytes
  }
}
