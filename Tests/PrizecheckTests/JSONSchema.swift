import Foundation

/// The JSON Schemas that stand beside the tool's code, applied by Python's `jsonschema`.
enum JSONSchema {
  /// Whether there is a Python with the module `jsonschema`. Tests that need it are skipped where there is none.
  static let isAvailable = (try? python(["-c", "import jsonschema"]))?.status == 0

  /// What is wrong with `json` according to Sources/prizecheck/Schemas/`name`.schema.json; empty if nothing is.
  static func violations(of json: String, _ name: String) throws -> String {
    let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/prizecheck/Schemas/\(name).schema.json").standardized
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("prizecheck-\(UUID().uuidString).json")
    try Data(json.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let program = """
      import json, sys, jsonschema
      schema, value = (json.load(open(path)) for path in sys.argv[1:])
      kind = jsonschema.validators.validator_for(schema)
      kind.check_schema(schema)
      for error in kind(schema).iter_errors(value):
          print(error.json_path, error.message)
      """
    let run = try python(["-c", program, schema.path, file.path])
    return run.status == 0 ? run.output : "exit code \(run.status)\n\(run.output)"
  }

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
