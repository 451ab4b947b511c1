import RatingBench
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shows training's progress on standard error: a bar on a terminal, else a line every ten seconds, so that short runs
/// say nothing. Remembers the epochs for the report.
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
  private let state = Mutex(State())

  var epochs: Epochs { state.withLock { $0.epochs } }

  func show(_ report: EpochReport) -> Control {
    state.withLock { state in
      state.epochs.count += 1
      state.epochs.seconds += report.seconds
      state.epochs.ratings += report.ratings
      let now = ContinuousClock.now
      if Console.errorIsTerminal {
        Self.write("\r\u{1b}[K" + Self.bar(report))
        state.barIsOpen = true
      } else if (now - state.lastLine).seconds >= Self.secondsBetweenLines {
        state.lastLine = now
        Console.note(Self.line(report))
      }
    }
    return .proceed
  }

  /// Ends the bar's line.
  func end() {
    state.withLock { state in
      if state.barIsOpen { Self.write("\n") }
      state.barIsOpen = false
    }
  }

  private static func bar(_ report: EpochReport) -> String {
    let width = 24
    let done = width * report.epoch / max(report.epochs, 1)
    return "[\(String(repeating: "#", count: done))\(String(repeating: ".", count: width - done))] \(line(report))"
  }

  private static func line(_ report: EpochReport) -> String {
    "epoch \(report.epoch)/\(report.epochs)  training RMSE \(Decimals.text(report.trainingRMSE, digits: 4))  "
      + "\(Decimals.text(report.ratingsPerSecond / 1e6, digits: 1)) M ratings/s"
  }

  private static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      #if canImport(Glibc)
        _ = Glibc.write(2, bytes.baseAddress, bytes.count)
      #else
        _ = Darwin.write(2, bytes.baseAddress, bytes.count)
      #endif
    }
  }
}
