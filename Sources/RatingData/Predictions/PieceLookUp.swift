import RatingNumerics
import Synchronization

/// Looks a mapped file's rows up piece by piece, side by side: the short way for files without a fault.
enum PieceLookUp {
  /// Pieces depend on the file alone, never on the number of threads.
  private static let pieceSize = 1 << 20

  private struct Piece: Sendable {
    var isRegular = true
    /// Rows that have a partner in the reference.
    var found = 0
    var log: ProblemLog
  }

  /// The value of each of the reference's rows, and what the file is to be warned of; nil where the file is streamed,
  /// has names that are text, or has any fault: reading it again from the start then says which.
  ///
  /// - Parameter ignoresUnknown: whether the file may hold other pairs too.
  static func values(
    of input: RatingInput, rows: PairColumns, table: PairTable, scale: RatingScale?, ignoresUnknown: Bool, threads: Int?
  ) -> (values: [Int64], log: ProblemLog)? {
    guard let bytes = input.mapped else { return nil }
    let ranges = LineCut.ranges(of: bytes, size: pieceSize, beforeMovieLines: input.detected.format.isBlocks)
    var values = [Int64](repeating: PairLookUp.missing, count: rows.count)
    let pieces = values.withUnsafeMutableBufferPointer { values in
      values.withMemoryRebound(to: Atomic<Int64>.self) { values in
        nonisolated(unsafe) let (input, values) = (input, values)
        return Parallel.map(ranges.count, threads: threads) { index in
          // Only the first line of the file may be a header.
          let decoder = input.decoder(
            range: ranges[index], linesBefore: index == 0 ? 0 : 1, codes: IdentifierCodes(), scale: scale)
          return lookUp(decoder, in: table, ignoresUnknown: ignoresUnknown, into: values.baseAddress!)
        }
      }
    }
    guard pieces.allSatisfy(\.isRegular) else { return nil }
    // A pair that is there twice finds a row twice, so that fewer rows have a value than were found.
    let found = pieces.reduce(0) { $0 + $1.found }
    guard found == rows.count, !values.contains(PairLookUp.missing) else { return nil }
    var log = ProblemLog(file: input.path)
    var lines = (before: 0, position: 0)
    for (index, piece) in pieces.enumerated() where !piece.log.isEmpty {
      var later = piece.log
      if index > 0 && !log.isFull(for: later) {
        let start = ranges[index].lowerBound
        lines.before += LineCut.count(UnsafeRawBufferPointer(rebasing: bytes[lines.position..<start]))
        lines.position = start
        later.shiftLines(by: lines.before - 1)
      }
      log.merge(later)
    }
    return (values, log)
  }

  private static func lookUp(
    _ decoder: RowDecoder, in table: PairTable, ignoresUnknown: Bool, into values: UnsafeMutablePointer<Atomic<Int64>>
  ) -> Piece {
    var piece = Piece(log: decoder.log)
    var expected = 0
    let batch = RowBatch()
    withUnsafeTemporaryAllocation(of: Int.self, capacity: RowBatch.capacity) { rows in
      let rows = rows.baseAddress!
      while piece.isRegular && decoder.fill(batch) {
        table.find(users: batch.users, items: batch.items, count: batch.count, expected: &expected, into: rows)
        for k in 0..<batch.count {
          if rows[k] >= 0 {
            piece.found += 1
            values[rows[k]].store(batch.values[k], ordering: .relaxed)
          } else if !ignoresUnknown {
            piece.isRegular = false
          }
        }
        batch.count = 0
      }
    }
    // The texts of one piece have other codes than those of the reference.
    if decoder.log.hasErrors || decoder.stoppedEarly || !decoder.codes.texts.isEmpty { piece.isRegular = false }
    piece.log = decoder.log
    return piece
  }
}
