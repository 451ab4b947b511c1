import Foundation

/// One run of the `prizecheck` that was built beside the tests: what a user sees of it.
struct ToolRun {
  var status: Int32
  var output: String
  var errors: String

  /// - Parameters:
  ///   - environment: variables to set on top of those of the tests.
  ///   - removing: variables to take away.
  ///   - input: a file to be its standard input; nil gives an empty one.
  ///   - through: a command that is given the tool's command line, such as one that sets limits.
  ///   - seconds: after which it is killed, which `status` 9 tells.
  init(
    _ arguments: [String], environment: [String: String] = [:], removing: Set<String> = [], input: String? = nil,
    through: [String] = [], seconds: Double = 60
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("prizecheck-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    let line = through + [Self.tool.path] + arguments
    process.executableURL = URL(fileURLWithPath: line[0])
    process.arguments = Array(line.dropFirst())
    // The caches of whoever runs the tests stay as they are; what a test keeps, it keeps in a folder of its own.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["RATINGBENCH_CACHE": folder.appendingPathComponent("caches").path]) { $1 }
      .filter { !removing.contains($0.key) }
      .merging(environment) { $1 }
    process.standardInput = input.flatMap { FileHandle(forReadingAtPath: $0) } ?? FileHandle.nullDevice
    // Files, because a pipe that nobody empties stops a process that prints much.
    let files = try ["output", "errors"].map { name in
      let url = folder.appendingPathComponent(name)
      try Data().write(to: url)
      return url
    }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    let watchdog = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: watchdog)
    process.waitUntilExit()
    watchdog.cancel()
    status = process.terminationStatus
    output = try String(contentsOf: files[0], encoding: .utf8)
    errors = try String(contentsOf: files[1], encoding: .utf8)
  }

  /// The standard output as a JSON object.
  func object() throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return value as? [String: Any] ?? [:]
  }

  static let tool: URL = {
    #if canImport(Darwin)
      let tests = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
      let folder = tests!.bundleURL.deletingLastPathComponent()
    #else
      let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    #endif
    return folder.appendingPathComponent("prizecheck")
  }()
}
