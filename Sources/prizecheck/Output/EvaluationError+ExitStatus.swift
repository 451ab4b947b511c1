import ArgumentParser
import RatingBench

extension EvaluationError {
  /// 65 where the data is at fault, 64 where the rule is that was asked for.
  var exitStatus: ExitCode {
    switch code {
    case .noRows, .lengthsDiffer, .notANumber, .missingInput, .tooFewClusters: ExitStatus.badData
    case .unknownMetric, .badDecimal, .badImprovement, .badCriterion: ExitStatus.usage
    }
  }
}
