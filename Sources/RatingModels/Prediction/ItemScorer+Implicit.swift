extension ImplicitFactorModel: ScoresAllItems {
  /// The sums over the rated items are part of the users' vectors already.
  public func itemScorer(time: UInt32?) -> ItemScorer { base.itemScorer(time: time) }
}
