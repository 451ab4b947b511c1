import RatingData
import RatingModels
import RatingNumerics

/// Cells from a cache, made and kept where they are not there yet.
struct Cells {
  var cache: CellCache?

  struct Cell: Sendable {
    var outcome: CellOutcome
    var timing: CellTiming
    var isCached = false
    /// A file of the cache that was damaged, so that the cell was made again.
    var damagedFile: String?
  }

  func cell(_ key: CellKey, make: () throws(ExperimentError) -> Cell) throws(ExperimentError) -> Cell {
    var damaged: String?
    switch cache?.find(key) {
    case .finished(let outcome, let timing): return Cell(outcome: outcome, timing: timing, isCached: true)
    case .damaged(let file): damaged = file
    case .nothing, nil: break
    }
    var made = try make()
    made.damagedFile = damaged
    if let cache { try experiment { try cache.keep(made.outcome, made.timing, key) } }
    return made
  }
}

extension CellMeasurement {
  /// A cell that was just measured.
  func cell(
    _ algorithm: any RegisteredAlgorithm, on split: Split, seed: Seed
  ) throws(ExperimentError) -> Cells.Cell {
    let measured = try measure(algorithm, on: split, seed: seed)
    return Cells.Cell(
      outcome: measured.0,
      timing: CellTiming(
        trainingSeconds: measured.trainingSeconds, predictionSeconds: measured.predictionSeconds, searchSeconds: 0,
        threads: threads ?? Parallel.availableThreads, machine: .current))
  }
}
