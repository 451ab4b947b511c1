import ArgumentParser
import RatingBench

/// The exit codes of the tool (sysexits.h where it has one).
enum ExitStatus {
  static let qualifies = ExitCode(0)
  static let doesNotQualify = ExitCode(1)
  static let undecided = ExitCode(2)
  static let usage = ExitCode(64)
  static let badData = ExitCode(65)
  static let inputMissing = ExitCode(66)
  static let internalFailure = ExitCode(70)
  static let cannotWrite = ExitCode(73)
  static let outputLost = ExitCode(74)
  static let badConfiguration = ExitCode(78)
  static let interrupted = ExitCode(130)
}

extension RatingDataError {
  var exitStatus: ExitCode {
    switch kind {
    case .inputMissing: ExitStatus.inputMissing
    case .badData: ExitStatus.badData
    case .cannotWrite: ExitStatus.cannotWrite
    }
  }
}
