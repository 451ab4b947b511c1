import ArgumentParser
import RatingBench

extension ExperimentError {
  /// Tells what is wrong on standard error (and as JSON on standard output where that is asked for), and returns the exit
  /// code: 78 for a suite or a search that makes no sense, 130 for a run that was interrupted.
  func reported(asJSON: Bool) -> ExitCode {
    switch self {
    case .configuration(let problems):
      if asJSON { Console.result(ResultDocument(inputs: [], failure: RatingDataError(.badData, problems)).json.text) }
      Console.problems(problems)
      return ExitStatus.badConfiguration
    case .data(let error):
      if asJSON && error.kind != .cannotWrite { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
      Console.problems(error.problems)
      return error.exitStatus
    case .training(let error):
      Console.note("prizecheck: \(error.description)")
      return error.exitStatus
    case .evaluation(let error):
      Console.note("prizecheck: \(error.description)")
      return error.exitStatus
    case .cancelled:
      Console.note("prizecheck: \(description)")
      return ExitStatus.interrupted
    }
  }
}
