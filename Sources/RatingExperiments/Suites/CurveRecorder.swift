import RatingModels
import Synchronization

/// The epochs of a run, and how long they took.
final class CurveRecorder: Sendable {
  private struct State {
    var points: [CellResult.CurvePoint] = []
    /// The time between the end of an epoch's work and the report of it, and where the last report was.
    var gaps: [Double] = []
    var last: ContinuousClock.Instant?
  }

  private let state = Mutex(State())

  func note(_ report: EpochReport) -> Control {
    state.withLock { state in
      state.points.append(
        .init(epoch: report.epoch, trainingRMSE: report.trainingRMSE, testRMSE: report.validationRMSE))
      let now = ContinuousClock.now
      if let last = state.last { state.gaps.append((now - last).seconds - report.seconds) }
      state.last = now
    }
    return .proceed
  }

  var points: [CellResult.CurvePoint] { state.withLock { $0.points } }

  /// The wall time of a run without measuring its curve.
  ///
  /// What lies between two reports and is no epoch is measurement. What the first one took is not known apart from the
  /// set-up, and is taken to be the mean of the others.
  func withoutValidation(_ seconds: Double, hasValidation: Bool) -> Double {
    guard hasValidation else { return seconds }
    let gaps = state.withLock { $0.gaps.map { max($0, 0) } }
    guard !gaps.isEmpty else { return seconds }
    let sum = gaps.reduce(0, +)
    return max(seconds - sum - sum / Double(gaps.count), 0)
  }
}
