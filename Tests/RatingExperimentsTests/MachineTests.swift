import RatingExperiments
import RatingNumerics
import Testing

@Suite struct MachineTests {
  @Test func theMachineNamesWhatItComputesWith() {
    let machine = Machine.current
    #expect(machine.version == RatingBenchVersion.current)
    #expect(machine.processors >= 1)
    #expect(machine.instructionSet == Kernels.selection.instructionSet.rawValue)
    for text in [machine.system, machine.processor, machine.blas] { #expect(!text.isEmpty) }
    #expect(!machine.processor.contains("\n"))
  }
}
