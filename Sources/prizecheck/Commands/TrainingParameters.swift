import ArgumentParser
import RatingBench

/// The hyper-parameters on the command line: flags for the usual ones, `--set` for all.
///
/// Values stay text: the algorithm's own table says what they may be, and names what there is where one is wrong.
struct TrainingParameters: ParsableArguments {
  @Option(help: ArgumentHelp("Length of the factor vectors.", valueName: "n"))
  var factors: String?

  @Option(help: ArgumentHelp("Passes over the ratings (algorithms with sweeps: --sweeps).", valueName: "n"))
  var epochs: String?

  @Option(help: ArgumentHelp("Sweeps over the ratings.", valueName: "n"))
  var sweeps: String?

  @Option(help: ArgumentHelp("First sweeps that are not averaged (Bayesian algorithms).", valueName: "n"))
  var burnIn: String?

  @Option(help: ArgumentHelp("Sweeps between two samples that are kept (Bayesian algorithms).", valueName: "n"))
  var thinning: String?

  @Option(help: ArgumentHelp("Independent chains, drawn in parallel (Bayesian algorithms).", valueName: "n"))
  var chains: String?

  @Option(
    help: ArgumentHelp(
      "What a rating is around the model: gaussian or ordered-probit (Bayesian algorithms).", valueName: "name"))
  var likelihood: String?

  @Option(help: ArgumentHelp("Step of stochastic gradient descent.", valueName: "rate"))
  var learningRate: String?

  @Option(help: ArgumentHelp("Weight of the factors' squared lengths.", valueName: "weight"))
  var regularization: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Any parameter of the algorithm, such as bias-regularization=0.02; repeatable.", valueName: "name=value"))
  var settings: [String] = []

  /// Names and values, in the order of this list.
  func values() throws -> [(name: String, text: String)] {
    let flags = [
      ("factors", factors), ("epochs", epochs), ("sweeps", sweeps), ("burn-in", burnIn), ("thinning", thinning),
      ("chains", chains), ("likelihood", likelihood), ("learning-rate", learningRate),
      ("regularization", regularization),
    ]
    var values = flags.compactMap { name, text in text.map { (name: name, text: $0) } }
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw ValidationError("--set takes name=value, such as learning-rate=0.05; got '\(setting)'")
      }
      values.append((name: String(parts[0]), text: String(parts[1])))
    }
    return values
  }
}
