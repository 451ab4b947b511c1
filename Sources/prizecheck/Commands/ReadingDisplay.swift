import RatingBench
import Synchronization

/// Shows on standard error how far the reading of ratings is, where it takes longer than a second.
final class ReadingDisplay: Sendable {
  private struct State {
    let start = ContinuousClock.now
    var lastShown: ContinuousClock.Instant?
    var barIsOpen = false
  }

  private static let silence = 1.0
  private static let secondsBetweenBars = 0.1
  private static let secondsBetweenLines = 10.0

  /// Whether a bar is drawn over; else there is a line every ten seconds.
  private let drawsBar: Bool
  private let state = Mutex(State())

  private init(drawsBar: Bool) { self.drawsBar = drawsBar }

  /// What reading is to call; nil where a style shows nothing of it.
  static func callback(_ style: ProgressStyle = .auto) -> (@Sendable (ReadingProgress) -> Void)? {
    switch style {
    case .none, .json: return nil
    case .auto, .bar, .lines:
      let display = ReadingDisplay(drawsBar: style == .bar || (style == .auto && Console.errorCanBeDrawnOver))
      return { display.show($0) }
    }
  }

  private func show(_ progress: ReadingProgress) {
    state.withLock { state in
      if progress.isLast {
        // The bar leaves no trace: what comes next may be a problem or the result.
        if state.barIsOpen { Console.draw("\r\u{1b}[K") }
        state = State()
        return
      }
      let now = ContinuousClock.now
      let seconds = (now - state.start).seconds
      let pause = drawsBar ? Self.secondsBetweenBars : Self.secondsBetweenLines
      let since = (now - (state.lastShown ?? state.start)).seconds
      guard seconds >= Self.silence, since >= pause else { return }
      state.lastShown = now
      let text = ReadingText(progress: progress, seconds: seconds)
      if drawsBar {
        Console.draw("\r\u{1b}[K" + text.bar(width: Console.errorWidth, color: Console.errorHasColor))
        state.barIsOpen = true
      } else {
        Console.note(text.line)
      }
    }
  }
}

/// How far reading is, as text.
struct ReadingText {
  var progress: ReadingProgress
  var seconds: Double

  private var share: Double? {
    progress.totalBytes.map { $0 > 0 ? min(Double(progress.bytes) / Double($0), 1) : 1 }
  }

  /// `reading 45%  45,123,456 ratings  3 s left`.
  var line: String {
    var parts = [share.map { "reading \(Int($0 * 100))%" } ?? "reading"]
    parts.append("\(Decimals.grouped(progress.rows)) ratings")
    if let share, share > 0 { parts.append("\(ProgressText.duration(seconds * (1 - share) / share)) left") }
    return parts.joined(separator: "  ")
  }

  /// The line behind a bar, no wider than `width` so that it doesn't wrap.
  func bar(width: Int, color: Bool) -> String {
    guard let share else { return String(line.prefix(max(width - 1, 0))) }
    return ProgressText.bar(share: share, line: line, width: width, color: color)
  }
}
