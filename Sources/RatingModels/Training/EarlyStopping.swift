/// Ends a run that no longer gets better on the validation ratings, and keeps its best model.
///
/// After each epoch the error on `TrainingInput.validation` is compared with that of the last improvement. Once
/// `patience` epochs in a row have not made it smaller by more than `minimumImprovement`, the run ends. Whichever way it
/// ends, the model is that of the epoch with the lowest validation error, the first of them where there are several.
///
/// It changes the model, so it belongs to the training input and is saved with the model, unlike `RunOptions`.
///
/// Source: Prechelt, "Early stopping - but when?", Neural Networks: Tricks of the Trade (1998),
/// doi:10.1007/3-540-49430-8_3, criterion UP with strips of one epoch.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// Epochs without an improvement after which the run ends, at least 1. The default, 3, lets a single bad epoch pass.
  public var patience: Int
  /// An error that is smaller by no more than this doesn't count as an improvement; at least 0, in units of the rating
  /// scale. The default is 0.
  public var minimumImprovement: Double

  /// - Precondition: `patience` is at least 1, and `minimumImprovement` at least 0 and finite.
  public init(patience: Int = 3, minimumImprovement: Double = 0) {
    precondition(patience >= 1, "early stopping needs a patience of at least 1 epoch, got \(patience)")
    precondition(
      minimumImprovement >= 0 && minimumImprovement.isFinite,
      "early stopping needs a finite minimum improvement of at least 0, got \(minimumImprovement)")
    self.patience = patience
    self.minimumImprovement = minimumImprovement
  }
}

/// What early stopping knows between two epochs. Part of a checkpoint, so that a resumed run stops where an undisturbed
/// one does.
struct StoppingState: Sendable, Hashable {
  let rule: EarlyStopping
  /// The epoch with the lowest validation error, and that error; 0 and infinity before the first.
  var bestEpoch = 0
  var bestRMSE = Double.infinity
  /// The epoch of the last improvement by more than the minimum, and its error.
  var improvedEpoch = 0
  var improvedRMSE = Double.infinity
  /// The run's tensors after the best epoch.
  var bestTensors: [Tensor] = []

  init(_ rule: EarlyStopping) { self.rule = rule }

  /// Takes note of an epoch's validation error and returns whether it is the lowest so far.
  mutating func note(_ rmse: Double, epoch: Int) -> Bool {
    if rmse < improvedRMSE - rule.minimumImprovement || improvedEpoch == 0 {
      (improvedEpoch, improvedRMSE) = (epoch, rmse)
    }
    guard rmse < bestRMSE || bestEpoch == 0 else { return false }
    (bestEpoch, bestRMSE) = (epoch, rmse)
    return true
  }

  /// Whether the run ends after this epoch.
  func isOver(after epoch: Int) -> Bool { improvedEpoch > 0 && epoch - improvedEpoch >= rule.patience }
}
