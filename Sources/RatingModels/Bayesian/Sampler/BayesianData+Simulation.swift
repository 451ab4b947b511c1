extension BayesianData {
  /// Other ratings or features for the pairs of `data`, in the model's own units: neither centred nor scaled. For what is
  /// simulated from the model.
  ///
  /// - Parameter levels: nil with the Gaussian likelihood. Levels that no rating has are welcome.
  init(_ data: BayesianData, levels: [Double]?, sides: [Side]) {
    vocabularies = data.vocabularies
    scale = data.scale
    (mean, deviation) = (0, 1)
    axes = data.axes
    stars = data.stars
    self.levels = levels
    self.sides = sides
  }
}
