import ArgumentParser
import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What `--progress` takes: how training tells on standard error how far it is.
enum ProgressStyle: String, Sendable, CaseIterable, ExpressibleByArgument {
  /// A bar on a terminal, else a line every ten seconds, so that short runs say nothing.
  case auto
  /// A bar that is drawn over after each epoch.
  case bar
  /// A line for each epoch.
  case lines
  /// A JSON object for each epoch; see Schemas/progress.schema.json.
  case json
  case none
}

/// An epoch as text.
struct ProgressText {
  static let schema = "prizecheck.progress/1"
  var report: EpochReport

  var line: String {
    var parts = [
      "epoch \(report.epoch)/\(report.epochs)", "training RMSE \(Decimals.text(report.trainingRMSE, digits: 4))",
    ]
    if let rmse = report.validationRMSE {
      let best = report.bestEpoch.map { $0 == report.epoch ? " (best)" : " (best: epoch \($0))" } ?? ""
      parts.append("validation RMSE \(Decimals.text(rmse, digits: 4))\(best)")
    }
    if let rate = report.learningRate { parts.append("rate \(Decimals.text(rate, digits: 4))") }
    parts.append("\(Decimals.text(report.ratingsPerSecond / 1e6, digits: 1)) M ratings/s")
    parts.append("\(Self.duration(report.secondsLeft)) left")
    return parts.joined(separator: "  ")
  }

  /// The line behind a bar, no wider than `width` so that it doesn't wrap.
  func bar(width: Int, color: Bool) -> String {
    let share = report.epochs > 0 ? Double(min(report.epoch, report.epochs)) / Double(report.epochs) : 1
    return Self.bar(share: share, line: line, width: width, color: color)
  }

  static func bar(share: Double, line: String, width: Int, color: Bool) -> String {
    let cells = 24
    let done = Int(Double(cells) * share + 1e-9)
    let (full, empty) = (String(repeating: "#", count: done), String(repeating: ".", count: cells - done))
    let room = width - cells - 4
    guard room > 0 else { return String(line.prefix(max(width - 1, 0))) }
    let bar = color ? "\u{1b}[32m\(full)\u{1b}[2;39m\(empty)\u{1b}[0m" : full + empty
    return "[\(bar)] \(line.prefix(room))"
  }

  var json: JSON {
    func finite(_ value: Double?) -> JSON? { value.flatMap { $0.isFinite ? .number($0) : nil } }
    return .object([
      "schema": .string(Self.schema), "epoch": .integer(report.epoch), "epochs": .integer(report.epochs),
      "training_rmse": finite(report.trainingRMSE), "validation_rmse": finite(report.validationRMSE),
      "best_epoch": report.bestEpoch.map(JSON.integer), "learning_rate": finite(report.learningRate),
      "seconds": finite(report.seconds), "ratings": .integer(report.ratings),
      "ratings_per_second": finite(report.ratingsPerSecond), "seconds_left": finite(report.secondsLeft),
    ])
  }

  /// `12 s`, `3 min 20 s` or `2 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "long" }
    let whole = Int(seconds.rounded(.up))
    return switch whole {
    case ..<60: "\(whole) s"
    case ..<3600: "\(whole / 60) min \(whole % 60) s"
    default: "\(whole / 3600) h \(whole / 60 % 60) min"
    }
  }
}

extension Console {
  /// The columns of the terminal on standard error; 80 where it doesn't tell.
  static var errorWidth: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Whether standard error can be drawn over: a terminal that isn't a dumb one.
  static var errorCanBeDrawnOver: Bool {
    errorIsTerminal && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  static let errorHasColor = errorIsTerminal && getenv("NO_COLOR") == nil

  /// Writes text to standard error without a line break behind it.
  static func draw(_ text: String) {
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
