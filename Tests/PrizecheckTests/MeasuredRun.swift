import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A run of the tool whose time and memory are measured: for input that is made to exhaust them.
struct MeasuredRun {
  /// The exit code; 128 and the signal's number where one ended it.
  var status: Int32
  var output: String
  var seconds: Double
  /// The largest resident memory in MiB, mapped files included.
  var peakMebibytes: Int

  /// Runs the tool, and ends it after `limit` seconds.
  init(_ arguments: [String], in folder: String, seconds limit: Int) throws {
    let path = folder + "/measured-output"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let words = [ToolRun.tool.path] + arguments
    var pointers = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var process = pid_t()
    let start = ContinuousClock.now
    let spawned = posix_spawn(&process, words[0], &actions, nil, &pointers, environ)
    guard spawned == 0 else { throw POSIXError(POSIXErrorCode(rawValue: spawned) ?? .EIO) }
    let watchdog = DispatchWorkItem { [process] in kill(process, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + Double(limit), execute: watchdog)
    var state: Int32 = 0
    var usage = rusage()
    while wait4(process, &state, 0, &usage) < 0 && errno == EINTR {}
    watchdog.cancel()
    seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
    status = state & 0x7f == 0 ? (state >> 8) & 0xff : 128 + (state & 0x7f)
    #if canImport(Darwin)
      peakMebibytes = Int(usage.ru_maxrss) >> 20
    #else
      peakMebibytes = Int(usage.ru_maxrss) >> 10
    #endif
    output = try String(contentsOfFile: path, encoding: .utf8)
  }

  var errorCodes: [String] {
    let object = (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
    return FoundProblem.list("errors", of: object).map(\.code)
  }
}
