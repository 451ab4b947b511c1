import RatingData
import RatingEvaluation
import RatingModels

/// Why an experiment has no result.
public enum ExperimentError: Error, Sendable, CustomStringConvertible {
  /// The suite or the search space makes no sense: every problem with its line.
  case configuration([Problem])
  /// Data can't be read or split, or a result can't be written.
  case data(RatingDataError)
  /// A model could not be fitted.
  case training(TrainingError)
  /// Predictions could not be scored.
  case evaluation(EvaluationError)
  /// The run was cancelled; what is finished is in the cache.
  case cancelled

  public var description: String {
    switch self {
    case .configuration(let problems): problems.map(\.description).joined(separator: "\n")
    case .data(let error): error.description
    case .training(let error): error.description
    case .evaluation(let error): error.description
    case .cancelled: "the run was cancelled; run it again to go on where it stopped"
    }
  }
}

/// Runs `body` and makes its error one of this module.
func experiment<Value>(_ body: () throws -> Value) throws(ExperimentError) -> Value {
  do { return try body() } catch let error as ExperimentError { throw error } catch let error as RatingDataError {
    throw .data(error)
  } catch let error as TrainingError {
    throw error.code == .cancelled ? .cancelled : .training(error)
  } catch let error as EvaluationError { throw .evaluation(error) } catch {
    preconditionFailure("an error of an unknown kind: \(error)")
  }
}
