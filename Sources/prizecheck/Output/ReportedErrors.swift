import ArgumentParser
import RatingBench

/// Runs what a command does, and tells of what goes wrong as every command does: bad data with all its problems, and as an
/// object on standard output where one is asked for; all else in a line on standard error.
///
/// - Throws: the exit code of what was told; other errors as they are.
func reportingErrors<Value>(asJSON: Bool, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as RatingDataError {
    if asJSON { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
    Console.problems(error.problems)
    throw error.exitStatus
  } catch let error as TrainingError {
    Console.note("prizecheck: \(error.description)")
    throw error.exitStatus
  } catch let error as EvaluationError {
    Console.note("prizecheck: \(error.description)")
    throw error.exitStatus
  }
}
