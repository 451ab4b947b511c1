/// The steps of one epoch, and what their decay leaves.
struct ImplicitSteps: Sendable {
  /// What is left of all rates in this epoch.
  let share: Double
  /// The rates of the factors and of the implicit factors.
  let rate, implicitRate: Float
  let itemKeep, implicitKeep: Float
  let userBiases, itemBiases: BiasSteps

  init(_ descent: ImplicitDescent, epoch: Int) {
    share = descent.learningRateSchedule.rate(1, epoch: epoch, of: descent.epochs)
    rate = Float(descent.learningRate * share)
    implicitRate = Float(descent.implicitLearningRate * share)
    itemKeep = 1 - rate * Float(descent.itemRegularization)
    implicitKeep = 1 - implicitRate * Float(descent.implicitRegularization)
    userBiases = BiasSteps(
      rate: descent.biasLearningRate, regularization: descent.biasRegularization, share: share)
    itemBiases = BiasSteps(
      rate: descent.biasLearningRate, regularization: descent.itemBiasRegularization, share: share)
  }

  /// What so many steps leave of implicit factors: a power, by the same multiplications everywhere.
  func implicitKept(after steps: Int) -> Float {
    var (result, factor, rest) = (1.0, Double(implicitKeep), steps)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return Float(result)
  }
}
