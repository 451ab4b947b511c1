import RatingBench
import Synchronization

/// Tells on standard error what a fetch does: on a terminal one line that is drawn over, elsewhere a line each ten seconds
/// of downloading, and one for every other step.
final class FetchProgress: Sendable {
  private struct State {
    var isDrawn = false
    var lastLine: ContinuousClock.Instant?
  }

  private let state = Mutex(State())

  func tell(_ event: FetchEvent) {
    switch event {
    case .downloading(let file, let bytes, let total):
      let share = total.map { $0 > 0 ? " of \(Fetch.size($0)) (\(min(100, bytes * 100 / $0))%)" : "" } ?? ""
      draw("\(file): \(Fetch.size(bytes))\(share)")
    case .retrying(let file, let reason, let seconds):
      let pause = seconds > 0 ? "trying again in \(Decimals.text(seconds, digits: 0)) s" : "fetching it from its start"
      line("\(file): \(reason); \(pause)")
    case .waitingForAnotherFetch: line("another fetch of this data set is running; waiting for it")
    case .unpacking(let file): line("unpacking \(file)")
    case .note(let text): line(text)
    }
  }

  /// Leaves the line that is drawn over.
  func end() {
    state.withLock { state in
      if state.isDrawn { Console.draw("\n") }
      state.isDrawn = false
    }
  }

  private func line(_ text: String) {
    end()
    Console.note(SafeText.line(text))
  }

  private func draw(_ text: String) {
    state.withLock { state in
      if Console.errorCanBeDrawnOver {
        Console.draw("\r\u{1b}[K\(String(SafeText.line(text).prefix(max(Console.errorWidth - 1, 0))))")
        state.isDrawn = true
        return
      }
      let now = ContinuousClock.now
      guard let last = state.lastLine else {
        state.lastLine = now
        return
      }
      guard now - last >= .seconds(10) else { return }
      state.lastLine = now
      Console.note(SafeText.line(text))
    }
  }
}
