import RatingBench
import Synchronization

/// Shows training's progress on standard error, and remembers the epochs for the report.
final class TrainingProgress: Sendable {
  /// The epochs that were reported.
  struct Epochs: Sendable {
    var count = 0
    var seconds = 0.0
    var ratings = 0
  }

  private struct State {
    var epochs = Epochs()
    var lastLine = ContinuousClock.now
    var barIsOpen = false
  }

  private static let secondsBetweenLines = 10.0
  private let style: ProgressStyle
  private let state = Mutex(State())

  init(_ style: ProgressStyle) {
    self.style = style == .auto && Console.errorCanBeDrawnOver ? .bar : style
  }

  var epochs: Epochs { state.withLock { $0.epochs } }

  func show(_ report: EpochReport) -> Control {
    state.withLock { state in
      state.epochs.count += 1
      state.epochs.seconds += report.seconds
      state.epochs.ratings += report.ratings
      let text = ProgressText(report: report)
      switch style {
      case .none: break
      case .json: Console.note(text.json.text)
      case .lines: Console.note(text.line)
      case .bar:
        Console.draw("\r\u{1b}[K" + text.bar(width: Console.errorWidth, color: Console.errorHasColor))
        state.barIsOpen = true
      case .auto:
        let now = ContinuousClock.now
        guard (now - state.lastLine).seconds >= Self.secondsBetweenLines else { break }
        state.lastLine = now
        Console.note(text.line)
      }
    }
    return .proceed
  }

  /// Ends the bar's line.
  func end() {
    state.withLock { state in
      if state.barIsOpen { Console.draw("\n") }
      state.barIsOpen = false
    }
  }
}
