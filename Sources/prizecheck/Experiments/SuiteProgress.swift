import ArgumentParser
import RatingBench

/// Tells on standard error how far a suite is.
final class SuiteProgress {
  enum Style: String, ExpressibleByArgument, CaseIterable { case lines, none }

  private let style: Style
  private let start = ContinuousClock.now
  private var made = 0
  private var cached = 0

  init(_ style: Style) { self.style = style }

  func show(_ event: SuiteRunner.Event) {
    switch event {
    case .data(let name, let ratings, let seconds):
      note("\(name): \(Decimals.grouped(ratings)) ratings read in \(Decimals.text(seconds, digits: 2)) s")
    case .damaged(let file):
      // Told whatever the style: something is wrong with the disk, or somebody changed the file.
      Console.note("\(SafeText.line(file)): warning: the cell is damaged or was changed; it was made again")
    case .began: break
    case .trial(let cell, let trial):
      let score = trial.trial.rmse.map { "RMSE \(Decimals.text($0, digits: 4))" } ?? "failed"
      note("\(place(cell)) trial \(trial.number)/\(trial.count): \(score)")
    case .finished(let cell, let outcome, let timing, let isCached):
      if isCached { cached += 1 } else { made += 1 }
      let score: String
      switch outcome {
      case .measured(let result): score = "RMSE \(Decimals.text(result.rmseClipped, digits: 4)) clipped"
      case .failed(_, let message): score = "failed: \(message)"
      }
      let time = isCached ? "from the cache" : "\(Decimals.text(timing.trainingSeconds, digits: 2)) s"
      note("\(place(cell)): \(score) (\(time))")
    }
  }

  func end(folder: String) {
    let seconds = (ContinuousClock.now - start).seconds
    note(
      "cells: \(made) made, \(cached) from the cache; \(ProgressText.duration(seconds)); the report is in \(folder)")
  }

  private func place(_ cell: SuiteRunner.Progress) -> String {
    "[\(cell.number)/\(cell.count)] \(cell.data) \(cell.split) \(cell.algorithm) seed \(cell.seed)"
  }

  private func note(_ line: String) { if style == .lines { Console.note(SafeText.line(line)) } }
}
