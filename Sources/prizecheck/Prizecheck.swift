import ArgumentParser

@main
struct Prizecheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prizecheck",
    abstract: "Judges rating predictions: are they valid, how accurate are they, do they win the prize?",
    subcommands: [Describe.self, SplitRatings.self, Train.self, Predict.self, Generate.self, Demo.self])
}
