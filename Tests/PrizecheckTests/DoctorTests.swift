import RatingBench
import Testing

struct DoctorTests {
  @Test func reportsThisMachineAndPassesItsSelfTest() throws {
    let run = try ToolRun(["doctor", "--format", "json"], removing: ["RATINGBENCH_ISA"])
    #expect(run.status == 0)
    #expect(run.errors == "")
    let report = try run.object()
    #expect(report["schema"] as? String == "prizecheck.doctor/1")
    #expect((report["tool"] as? [String: Any])?["version"] as? String == RatingBenchVersion.current)
    #expect(report["threads"] as? Int == Parallel.availableThreads)
    let sets = try #require(report["instruction_set"] as? [String: Any])
    #expect(sets["available"] as? [String] == Kernels.available.map(\.rawValue))
    #expect(sets["chosen"] as? String == Kernels.available.last?.rawValue)
    #expect(sets["forced"] == nil)
    let test = try #require(report["self_test"] as? [String: Any])
    #expect(test["ok"] as? Bool == true)
    #expect((test["checks"] as? [Any])?.count == KernelSelfTest.run().count)
  }

  @Test(.enabled(if: JSONSchema.isAvailable, "there is no Python with jsonschema"), arguments: ["", "mmx"])
  func itsJSONFitsItsSchema(_ forced: String) throws {
    let run = try ToolRun(["doctor", "--format", "json"], environment: ["RATINGBENCH_ISA": forced])
    #expect(try JSONSchema.violations(of: run.output, "doctor") == "")
    let broken = run.output.replacing("prizecheck.doctor/1", with: "prizecheck.doctor/0")
    #expect(try JSONSchema.violations(of: broken, "doctor") != "")
  }

  @Test func textSaysWhatJSONSays() throws {
    let run = try ToolRun(["doctor"], removing: ["RATINGBENCH_ISA"])
    #expect(run.status == 0)
    let checks = KernelSelfTest.run().count
    #expect(run.output.contains("self-test        \(checks) of \(checks) checks passed\n"))
    #expect(run.output.contains("prizecheck       \(RatingBenchVersion.current)\n"))
    #expect(run.output.contains(BLAS.name))
  }

  @Test(arguments: Kernels.available)
  func forcesTheInstructionSetThatTheEnvironmentNames(_ set: InstructionSet) throws {
    let run = try ToolRun(["doctor", "--format", "json"], environment: ["RATINGBENCH_ISA": set.rawValue])
    #expect(run.status == 0)
    let sets = try #require(try run.object()["instruction_set"] as? [String: Any])
    #expect(sets["chosen"] as? String == set.rawValue)
    #expect(sets["forced"] as? String == set.rawValue)
  }

  @Test func anEmptyWishIsNone() throws {
    let run = try ToolRun(["doctor", "--format", "json"], environment: ["RATINGBENCH_ISA": ""])
    #expect(run.status == 0)
    let sets = try #require(try run.object()["instruction_set"] as? [String: Any])
    #expect(sets["chosen"] as? String == Kernels.available.last?.rawValue)
    #expect(sets["forced"] == nil)
  }

  @Test(arguments: InstructionSet.allCases.filter { !Kernels.available.contains($0) }.map(\.rawValue) + ["mmx"])
  func anInstructionSetThatIsNotHereIsABadConfiguration(_ name: String) throws {
    let run = try ToolRun(["doctor", "--format", "json"], environment: ["RATINGBENCH_ISA": name])
    #expect(run.status == 78)
    #expect(run.errors.contains("RATINGBENCH_ISA is '\(name)'"))
    let errors = try #require(try run.object()["errors"] as? [[String: Any]])
    #expect(errors.count == 1)
    #expect((errors.first?["code"] as? String)?.hasSuffix("-instruction-set") == true)
  }

  @Test func anUnknownFormatIsWrongUsage() throws {
    let run = try ToolRun(["doctor", "--format", "xml"])
    #expect(run.status == 64)
    #expect(run.output == "")
  }
}
