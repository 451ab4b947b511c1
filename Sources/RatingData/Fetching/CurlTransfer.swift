import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One attempt to get the bytes of a file behind an offset, made by the program `curl`.
///
/// curl speaks HTTP and TLS; what it gets comes through a pipe and is written here, so that size limits, stalls and
/// resumption are ours, and a curl that is left behind writes nowhere. It may speak http and https only, after redirects
/// too, and reads no settings of the user's.
struct CurlTransfer {
  var address: HTTPAddress
  /// The bytes that are there already.
  var offset: Int
  /// The validator that the server must confirm for what is appended to be of the same file.
  var condition: String?
  /// The whole file may not be larger.
  var largestSize: Int
  var policy: DownloadPolicy

  enum Outcome: Equatable {
    /// The server's answer came whole.
    case complete
    /// The server can't, or won't, go on from the offset.
    case noResumption
    /// Larger than the limit.
    case tooLarge
    /// Worth another attempt.
    case interrupted(String)
    /// Another attempt at this address would end in the same way.
    case refused(String)
    /// What came can't be written.
    case unwritable(String)
    case noProgram
  }

  struct Result {
    var outcome: Outcome
    var header: HTTPHeader
    var received: Int
  }

  private var arguments: [String] {
    let protocols = address.isEncrypted ? "=https" : "=http,https"
    var arguments = [
      "--disable", "--silent", "--show-error", "--fail", "--location", "--globoff", "--max-redirs",
      String(policy.redirects), "--proto", protocols, "--proto-redir", protocols, "--connect-timeout", "20",
      "--speed-limit", "100", "--speed-time", "60", "--max-filesize", String(largestSize), "--user-agent",
      "prizecheck/\(RatingBenchVersion.current)", "--dump-header", "/dev/fd/3", "--output", "-",
    ]
    // A proxy knows nothing of this machine's own addresses.
    if address.isLoopback { arguments += ["--noproxy", "*"] }
    if offset > 0 {
      arguments += ["--continue-at", String(offset)]
      if let condition { arguments += ["--header", "If-Range: \(condition)"] }
    }
    return arguments + ["--url", address.text]
  }

  /// - Parameters:
  ///   - onHeader: called once the answer begins.
  ///   - write: takes the next bytes; false where they can't be written.
  func run(onHeader: (HTTPHeader) -> Void, write: (UnsafeRawBufferPointer) -> Bool) -> Result {
    let process: Subprocess
    do throws(Subprocess.Failure) {
      process = try Subprocess(policy.program, arguments)
    } catch {
      switch error {
      case .notFound: return Result(outcome: .noProgram, header: HTTPHeader(dump: []), received: 0)
      case .system(let reason):
        return Result(
          outcome: .refused("\(policy.program) can't be started: \(reason)"), header: HTTPHeader(dump: []), received: 0)
      }
    }
    var (headerBytes, errorBytes) = ([UInt8](), [UInt8]())
    var received = 0
    var sawBody = false
    var stopped: Outcome?
    func stop(_ outcome: Outcome) {
      if stopped == nil {
        stopped = outcome
        process.kill()
      }
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    defer { buffer.deallocate() }
    var open = [true, true, true]
    var lastByte = ContinuousClock.now
    while open.contains(true) {
      var polled = (0..<3).map { pollfd(fd: open[$0] ? process.pipes[$0] : -1, events: Int16(POLLIN), revents: 0) }
      let ready = poll(&polled, nfds_t(polled.count), 200)
      if ready < 0 && errno != EINTR { stop(.refused("waiting for \(policy.program) failed")) }
      if ContinuousClock.now - lastByte > .seconds(policy.stallSeconds) {
        stop(.interrupted("no byte for \(Int(policy.stallSeconds.rounded(.up))) s"))
      }
      guard ready > 0 else { continue }
      // The header before the body that it belongs to.
      for channel in [2, 1, 0] where polled[channel].revents != 0 {
        let count = read(process.pipes[channel], buffer.baseAddress, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          open[channel] = false
          continue
        }
        lastByte = ContinuousClock.now
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        switch channel {
        case 0 where stopped == nil:
          if !sawBody { onHeader(HTTPHeader(dump: headerBytes)) }
          sawBody = true
          if offset + received + count > largestSize {
            stop(.tooLarge)
          } else if write(bytes) {
            received += count
          } else {
            stop(.unwritable(String(cString: strerror(errno))))
          }
        case 1 where errorBytes.count < 4_096: errorBytes.append(contentsOf: bytes)
        case 2 where headerBytes.count < 1 << 18: headerBytes.append(contentsOf: bytes)
        default: break
        }
      }
    }
    let status = process.wait()
    let header = HTTPHeader(dump: headerBytes)
    let said =
      String(decoding: errorBytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let outcome = stopped ?? outcome(status: status, header: header, said: said)
    return Result(outcome: outcome, header: header, received: received)
  }

  /// What an exit code of curl means here (curl's manual, "Exit codes").
  private func outcome(status: Int32, header: HTTPHeader, said: String) -> Outcome {
    // `curl: (18) transfer closed ...` without what stands before the text.
    let text = said.split(separator: ")", maxSplits: 1).last.map { String($0.drop { $0 == " " }) } ?? ""
    let reason = text.isEmpty ? "\(policy.program) ended with exit code \(status)" : text
    if header.status == 416 { return .noResumption }
    switch status {
    case 0: return .complete
    case 22:
      let isPassing = [408, 425, 429, 500, 502, 503, 504].contains(header.status)
      let answer = "the server answered \(header.status)"
      return isPassing ? .interrupted(answer) : .refused(answer)
    case 33: return .noResumption
    case 63: return .tooLarge
    // Names, connections, transfers and TLS that were cut off.
    case 5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92, 95, 96: return .interrupted(reason)
    default: return .refused(reason)
    }
  }
}
