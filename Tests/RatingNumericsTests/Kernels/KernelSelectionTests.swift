import Testing

@_spi(Benchmarks) @testable import RatingNumerics

@Suite struct KernelSelectionTests {
  @Test func theFastestIsTakenWithoutAWish() {
    let fastest = Kernels.available.last
    #expect(Kernels.select(wish: nil) == Kernels.Selection(instructionSet: fastest!, problem: nil))
    #expect(Kernels.select(wish: "").instructionSet == fastest)
    #expect(Kernels.available.first == .portable)
  }

  @Test(arguments: Kernels.available)
  func aWishThatTheMachineCanGrantIsGranted(set: InstructionSet) {
    #expect(Kernels.select(wish: set.rawValue) == Kernels.Selection(instructionSet: set, problem: nil))
  }

  @Test func anUnknownNameIsAProblemThatSaysWhatThereIs() throws {
    let problem = try #require(Kernels.select(wish: "sse9").problem)
    #expect(problem == .unknownInstructionSet(found: "sse9", available: Kernels.available))
    #expect(problem.code == "unknown-instruction-set")
    #expect(problem.description.hasPrefix("RATINGBENCH_ISA is 'sse9', which is no instruction set; use portable"))
    #expect(Kernels.select(wish: "AVX2").problem != nil)
  }

  @Test func anInstructionSetThatTheMachineLacksIsAProblem() throws {
    // No processor has both.
    let lacking = try #require(InstructionSet.allCases.first { !Kernels.available.contains($0) })
    let selection = Kernels.select(wish: lacking.rawValue)
    #expect(selection.problem == .unsupportedInstructionSet(lacking, available: Kernels.available))
    #expect(selection.instructionSet == Kernels.available.last)
    #expect(KernelSet(lacking) == nil)
  }

  @Test func theSelfTestChecksEverythingAndPasses() {
    let results = KernelSelfTest.run()
    #expect(results.count == 7 * Kernels.available.count + 3)
    for result in results { #expect(result.passed, "\(result.name): \(result.detail)") }
    #expect(Set(results.map(\.name)).count == results.count)
  }
}
