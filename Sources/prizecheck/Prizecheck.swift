import ArgumentParser
import RatingBench

@main
struct Prizecheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prizecheck",
    abstract: "Judges rating predictions: are they valid, how accurate are they, do they win the prize?",
<<<<<<< HEAD
    version: RatingBenchVersion.current,
    subcommands: [Generate.self, Doctor.self])
=======
    subcommands: [Describe.self])
>>>>>>> 547f3fe13d503a1978ff152eac9eac69d3259db6
}
