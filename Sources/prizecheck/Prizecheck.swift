import ArgumentParser

@main
struct Prizecheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prizecheck",
    abstract: "Judges rating predictions: are they valid, how accurate are they, do they win the prize?",
    subcommands: [Check.self, Score.self, Validate.self, Sample.self, Describe.self, Train.self, Predict.self])
}
