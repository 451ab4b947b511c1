import Foundation
import RatingBench
import Testing

@testable import prizecheck

/// Validates against the JSON Schemas with Python's `jsonschema`, where it is installed.
struct ResultSchemaTests {
  static let schemas = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources/prizecheck/Schemas")

  static let hasValidator = (try? run("import jsonschema", input: ""))?.status == 0

  static func run(_ program: String, input: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stdout
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// Prints, for each line of JSON, `ok` or the first error.
  static func verdicts(schema: String, lines: [String]) throws -> [String] {
    let path = schemas.appendingPathComponent("\(schema).schema.json").path
    let program = """
      import json, sys, jsonschema
      schema = json.load(open(\(JSON.string(path).text)))
      jsonschema.Draft202012Validator.check_schema(schema)
      check = jsonschema.Draft202012Validator(schema)
      for line in sys.stdin:
        errors = list(check.iter_errors(json.loads(line)))
        print(errors[0].message.replace("\\n", " ")[:200] if errors else "ok")
      """
    let (status, output) = try run(program, input: lines.map { $0 + "\n" }.joined())
    #expect(status == 0, "\(output)")
    return output.split(separator: "\n").map(String.init)
  }

  @Test(.enabled(if: hasValidator, "Python's jsonschema is not installed"))
  func renderedResultsMatchTheirSchema() throws {
    let documents = try Documents.every() + [ResultRenderingTests.hostile()]
    let verdicts = try Self.verdicts(schema: "result", lines: documents.map(\.json.text))
    #expect(verdicts == documents.map { _ in "ok" })
  }

  @Test(.enabled(if: hasValidator, "Python's jsonschema is not installed"))
  func theSchemaRefusesWhatTheRulesForbid() throws {
    let good = try Documents.qualifying().json.text
    let changes = [
      (#""rmse_rounded":"0.8567""#, #""rmse_rounded":0.8567"#), (#""mae":0.856704"#, #""mae":null"#),
      (#""ok":true"#, #""ok":false"#), (#""baseline":"0.9525","#, ""), (#""tool":{"#, #""extra":1,"tool":{"#),
      (#""lines":[7,9,12]"#, #""lines":[0]"#), (#""improvement":"10%""#, #""improvement":"10""#),
    ]
    let lines = changes.map { good.replacingOccurrences(of: $0.0, with: $0.1) }
    #expect(!lines.contains(good))
    #expect(try !Self.verdicts(schema: "result", lines: lines).contains("ok"))
  }

  @Test(.enabled(if: hasValidator, "Python's jsonschema is not installed"))
  func trainAndDescribeSchemasTakeTheDocumentedObjects() throws {
    let train = #"""
      {"schema":"prizecheck.train/1","algorithm":"biased-mf","parameters":{"factors":64},"seed":1,"threads":2,"training":{"n":9},"test":{"n":2,"rmse":0.92,"rmse_clipped":0.92,"mae":0.7},"seconds":1.5,"seconds_reading":0.1,"seconds_setup":0.1,"seconds_per_epoch":0.07,"ratings_per_second":1e7}
      """#
    let untested = train.replacingOccurrences(
      of: #""test":{"n":2,"rmse":0.92,"rmse_clipped":0.92,"mae":0.7},"#, with: "")
    let wrong = train.replacingOccurrences(of: #""seed":1"#, with: #""seed":null"#)
    let trained = try Self.verdicts(schema: "train", lines: [train, untested, wrong])
    #expect(trained[0] == "ok" && trained[1] == "ok" && trained[2] != "ok")
    let describe = #"""
      {"schema":"prizecheck.describe/1","format":"movielens-100k","ratings":3,"users":2,"items":2,"minimum":1,"maximum":5,"mean":3.5,"duplicates":0,"duplicate_rows":0,"duplicates_conflicting":0}
      """#
    let other = describe.replacingOccurrences(of: #""users":2,"#, with: "")
    let described = try Self.verdicts(schema: "describe", lines: [describe, other])
    #expect(described[0] == "ok" && described[1] != "ok")
  }
}
