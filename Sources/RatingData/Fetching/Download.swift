#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Gets one file from the first of several addresses that has it, with patience: it resumes, tries again after pauses, and
/// checks what came.
///
/// Under the file's name there is the whole, checked file or nothing. What has come of an unfinished download is in
/// `NAME.part`. It is gone on from where the server confirms that the file is still the same (`If-Range`), or where the
/// catalogue's SHA-256 will tell; a resumed file that turns out wrong is fetched once more from its start.
struct Download {
  /// What messages call the file.
  var name: String
  var addresses: [HTTPAddress]
  /// The path that the file gets.
  var target: String
  var expected: FileFingerprint
  var policy: DownloadPolicy
  var onEvent: (FetchEvent) -> Void

  struct Fetched {
    var fingerprint: FileFingerprint
    var address: String
  }

  /// What became of one address.
  private enum Outcome {
    case fetched(Fetched)
    case failed(ProblemCode, String)
  }

  func run() throws(RatingDataError) -> Fetched {
    var failures: [(code: ProblemCode, message: String)] = []
    for address in addresses {
      switch try attempt(address) {
      case .fetched(let fetched): return fetched
      case .failed(let code, let message): failures.append((code, "\(address.text): \(message)"))
      }
    }
    let code = failures.last { $0.code != .downloadFailed }?.code ?? .downloadFailed
    let list = failures.map(\.message).joined(separator: "; ")
    let left = access("\(target).part", F_OK) == 0 ? "; what has come is kept, and the next try goes on from there" : ""
    let advice =
      code == .downloadFailed
      ? "\(left); check the network, or fetch the file in another way and pass --from-file" : "; the file was removed"
    throw RatingDataError(
      code == .downloadFailed ? .inputMissing : .badData, code, file: name, "can't be fetched: \(list)\(advice)")
  }

  private func attempt(_ address: HTTPAddress) throws(RatingDataError) -> Outcome {
    let part = try PartFile("\(target).part")
    if !isResumable(part, at: address) && part.size > 0 { try part.restart() }
    var attempts = 0
    var hasRestarted = false
    while true {
      let offset = part.size
      let isWhole = offset > 0 && offset == (expected.bytes ?? part.source?.size)
      let result = isWhole ? nil : transfer(address, part)
      switch result?.outcome ?? .complete {
      case .complete:
        if let bytes = expected.bytes, part.size < bytes {
          if let total = result?.header.totalSize, total == part.size {
            // The server means it: no other attempt will bring more.
            try part.restart()
            return .failed(.wrongSize, "has \(total) bytes, expected \(bytes)")
          }
          let reason = "ended after \(part.size) of \(bytes) bytes"
          guard pause(&attempts, result, reason) else { return .failed(.wrongSize, reason) }
          continue
        }
        guard part.size > 0 else {
          guard pause(&attempts, result, "sent nothing") else { return .failed(.downloadFailed, "sent nothing") }
          continue
        }
        let found = try FileFingerprint(of: part.path)
        guard let difference = expected.difference(from: found) else {
          try part.finish(as: target)
          return .fetched(Fetched(fingerprint: found, address: address.text))
        }
        try part.restart()
        guard offset > 0 && !hasRestarted else { return .failed(difference.code, difference.message) }
        hasRestarted = true
        onEvent(.retrying(file: name, reason: "the resumed file \(difference.message)", seconds: 0))
      case .noResumption:
        try part.restart()
        guard offset > 0 && !hasRestarted else { return .failed(.downloadFailed, "the server doesn't send the file") }
        hasRestarted = true
        onEvent(.retrying(file: name, reason: "the server can't go on from byte \(offset)", seconds: 0))
      case .tooLarge:
        try part.restart()
        let limit = expected.bytes ?? policy.largestFile
        return .failed(.wrongSize, "sends more than the \(limit) bytes that are expected")
      case .interrupted(let reason):
        guard pause(&attempts, result, reason) else { return .failed(.downloadFailed, reason) }
      case .refused(let reason): return .failed(.downloadFailed, reason)
      case .unwritable(let reason):
        throw RatingDataError(
          .cannotWrite,
          [
            Problem(
              .error, "cannot-write", file: part.path,
              message:
                "can't be written: \(reason); what has come is kept: make room, and the next try goes on from there")
          ])
      case .noProgram:
        throw RatingDataError(
          .inputMissing, .noCurl, file: policy.program,
          "there is no such program on the PATH, and downloads need it; install it (apt-get install curl, or"
            + " scripts/setup.sh), or fetch the file in another way and pass --from-file")
      }
    }
  }

  /// Whether what has come can be gone on from at this address.
  private func isResumable(_ part: PartFile, at address: HTTPAddress) -> Bool {
    if let bytes = expected.bytes, part.size > bytes { return false }
    if expected.sha256 != nil { return true }
    return part.source?.address == address.text && part.source?.validator != nil
  }

  private func transfer(_ address: HTTPAddress, _ part: PartFile) -> CurlTransfer.Result {
    let isSame = part.source?.address == address.text
    let transfer = CurlTransfer(
      address: address, offset: part.size, condition: isSame ? part.source?.validator : nil,
      largestSize: expected.bytes ?? policy.largestFile, policy: policy)
    let isResumed = part.size > 0
    var lastTold = ContinuousClock.now - .seconds(1)
    var total = expected.bytes ?? part.source?.size
    return transfer.run { header in
      total = total ?? header.totalSize
      // Part of the file is of the version that was noted before.
      guard !isResumed || !isSame else { return }
      part.begin(
        PartFile.Source(
          address: address.text, validator: header.strongTag ?? header.field("last-modified").flatMap(Self.date),
          size: header.totalSize))
    } write: { bytes in
      guard part.append(bytes) else { return false }
      if ContinuousClock.now - lastTold > .milliseconds(200) {
        lastTold = ContinuousClock.now
        onEvent(.downloading(file: name, bytes: part.size, total: total))
      }
      return true
    }
  }

  /// Waits before another attempt; false where there were enough. Progress of a mebibyte starts the count anew.
  private func pause(_ attempts: inout Int, _ result: CurlTransfer.Result?, _ reason: String) -> Bool {
    attempts = (result?.received ?? 0) >= 1 << 20 ? 1 : attempts + 1
    guard attempts < policy.attempts else { return false }
    var seconds = policy.firstPause
    for _ in 1..<attempts { seconds *= 2 }
    seconds = min(seconds, 30)
    onEvent(.retrying(file: name, reason: reason, seconds: seconds))
    usleep(UInt32(seconds * 1e6))
    return true
  }

  /// A date of HTTP that is fit to be sent back.
  private static func date(_ text: String) -> String? {
    text.utf8.count <= 64 && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } ? text : nil
  }
}
