import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output for results, standard error for everything else.
enum Console {
  static let errorIsTerminal = isatty(2) == 1
  static let outputIsTerminal = isatty(1) == 1

  /// Colour only on a terminal, and never where `NO_COLOR` is set (no-color.org).
  static let outputHasColor = outputIsTerminal && getenv("NO_COLOR") == nil

  /// A line of progress or diagnosis.
  static func note(_ line: String) { write(line + "\n", to: 2) }

  /// Every problem on its own line.
  static func problems(_ problems: [Problem]) { for problem in problems { note(problem.description) } }

  /// The result. Where it can't be written, the process ends: a script must not take nothing for a result.
  static func result(_ text: String) {
    guard !write(text.hasSuffix("\n") ? text : text + "\n", to: 1) else { return }
    note("prizecheck: the result can't be written to standard output: \(String(cString: strerror(errno)))")
    UnfinishedFiles.removeAll()
    exit(ExitStatus.outputLost.rawValue)
  }

  @discardableResult
  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        #if canImport(Glibc)
          let n = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        #else
          let n = Darwin.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        #endif
        if n < 0 && errno != EINTR { return false }
        if n > 0 { done += n }
      }
      return true
    }
  }
}
