import ArgumentParser
import RatingBench

@main
struct Prizecheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prizecheck",
    abstract: "Judges rating predictions: are they valid, how accurate are they, do they win the prize?",
    version: RatingBenchVersion.current,
    subcommands: [Describe.self, Generate.self, Doctor.self])
}
