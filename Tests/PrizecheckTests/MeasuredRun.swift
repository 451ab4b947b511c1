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
  /// The largest resident memory in MiB; on Linux without mapped files, whose pages are the system's to take back.
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
    var state: Int32 = 0
    var usage = rusage()
    var peak = 0
    // On Linux the memory of the program that started a process counts in the process's own maximum, so it is looked at
    // while it runs.
    while wait4(process, &state, WNOHANG, &usage) == 0 {
      peak = max(peak, Self.ownMemory(of: process))
      if ContinuousClock.now - start > .seconds(limit) { kill(process, SIGKILL) }
      usleep(2000)
    }
    #if canImport(Darwin)
      peak = Int(usage.ru_maxrss)
    #endif
    peakMebibytes = peak >> 20
    seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
    status = state & 0x7f == 0 ? (state >> 8) & 0xff : 128 + (state & 0x7f)
    output = try String(contentsOfFile: path, encoding: .utf8)
  }

  private static func ownMemory(of process: pid_t) -> Int {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") })
    else { return 0 }
    return (Int(line.filter(\.isNumber)) ?? 0) << 10
  }

  var errorCodes: [String] {
    let object = (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
    return FoundProblem.list("errors", of: object).map(\.code)
  }
}
