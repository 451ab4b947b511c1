import ArgumentParser
import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `prizecheck doctor`: what this machine computes with, and whether it computes right.
struct Doctor: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  static let configuration = CommandConfiguration(
    abstract: "Show what this machine computes with, and test that it computes right.",
    discussion: """
      Prints the versions, the BLAS library and its threads, the instruction sets of the numeric kernels and the one in \
      use, and runs a self-test of the kernels that takes milliseconds. Attach it to a bug report.

      Exit codes: 0 if all is well; 70 if a self-test fails: don't trust this machine's results; 78 if RATINGBENCH_ISA \
      names an instruction set that doesn't exist or that this machine lacks.
      """)

  @Option(help: "How to print the report.")
  var format: Format = .text

  func run() throws {
    let report = DoctorReport.here()
    switch format {
    case .text: Console.result(report.text)
    case .json: Console.result(report.json.text)
    }
    if let problem = report.problem {
      Console.note("error: \(problem)")
      throw ExitStatus.badConfiguration
    }
    if let failed = report.checks.first(where: { !$0.passed }) {
      Console.note("error: the self-test \(failed.name) failed: \(failed.detail); don't trust results of this machine")
      throw ExitStatus.internalFailure
    }
  }
}

/// What `doctor` found.
struct DoctorReport {
  var version: String
  var system: String
  var threads: Int
  var blas: (name: String, configuration: String, core: String, threads: Int)
  var instructionSet: InstructionSet
  var available: [InstructionSet]
  /// What `RATINGBENCH_ISA` asks for; nil where it isn't set.
  var forced: String?
  /// Why that can't be had.
  var problem: NumericsError?
  var checks: [KernelSelfTest.Result]

  static func here() -> DoctorReport {
    let selection = Kernels.selection
    return DoctorReport(
      version: RatingBenchVersion.current,
      system: systemName(),
      threads: Parallel.availableThreads,
      blas: (BLAS.name, BLAS.configuration, BLAS.core, BLAS.threads),
      instructionSet: selection.instructionSet,
      available: Kernels.available,
      forced: getenv(Kernels.variable).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 },
      problem: selection.problem,
      checks: KernelSelfTest.run())
  }

  /// Kernel, its release and the processor's architecture, such as `Linux 6.12.0 x86_64`.
  private static func systemName() -> String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return "\(text(names.sysname)) \(text(names.release)) \(text(names.machine))"
  }

  var passed: Int { checks.count { $0.passed } }

  /// One fact a line, and one line for each self-test that failed.
  var text: String {
    let set = problem == nil ? forced.map { " (forced by \(Kernels.variable)=\($0))" } ?? "" : ""
    var lines = [
      "prizecheck       \(version)",
      "system           \(system)",
      "threads          \(threads)",
      "instruction set  \(instructionSet)\(set); available: \(available.map(\.rawValue).joined(separator: ", "))",
      "BLAS             \(blas.name), \(blas.threads) \(blas.threads == 1 ? "thread" : "threads"), kernels for \(blas.core)",
      "                 \(blas.configuration)",
      "self-test        \(passed) of \(checks.count) checks passed",
    ]
    lines += checks.filter { !$0.passed }.map { "  FAILED         \($0.name): \($0.detail)" }
    return lines.joined(separator: "\n")
  }

  /// Schemas/doctor.schema.json describes it.
  var json: JSON {
    .object([
      "schema": "prizecheck.doctor/1",
      "tool": .object(["version": .string(version)]),
      "system": .string(system),
      "threads": .integer(threads),
      "instruction_set": .object([
        "chosen": .string(instructionSet.rawValue),
        "available": .array(available.map { .string($0.rawValue) }),
        "forced": forced.map(JSON.string),
      ]),
      "blas": .object([
        "name": .string(blas.name),
        "configuration": .string(blas.configuration),
        "core": .string(blas.core),
        "threads": .integer(blas.threads),
      ]),
      "self_test": .object([
        "ok": .bool(passed == checks.count),
        "checks": .array(
          checks.map { .object(["name": .string($0.name), "passed": .bool($0.passed), "detail": .string($0.detail)]) }),
      ]),
      "errors": .array(
        [problem].compactMap { problem in
          problem.map { .object(["code": .string($0.code), "message": .string($0.description)]) }
        }),
    ])
  }
}
