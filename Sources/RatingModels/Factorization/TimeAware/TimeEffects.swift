/// What `TimeBiases` and `TimeSVDPlusPlus` have in common: how biases change with time.
///
/// The defaults were chosen by cross-validation inside `u1.base` of MovieLens 100K (`DefaultsStudy` in the tests runs it
/// again).
public struct TimeEffects: HyperParameters, Hashable {
  /// Ratings without a residual that an item in a bin counts more, at least 0.
  public var itemBinRegularization = 60.0
  /// The same for a bin.
  public var binRegularization = 5.0
  /// The same for a user's session.
  public var sessionRegularization = 7.0
  /// The same for the slope of a user's bias.
  public var driftRegularization = 10.0
  /// The same for how much of the items' biases a user takes over.
  public var scaleRegularization = 30.0
  /// The number of equal bins of time, 1...4096.
  public var bins = 30
  /// The length of a session in minutes, 1...527040.
  public var sessionMinutes = 15
  /// How the drift grows with the time that has passed, 0...10.
  public var driftExponent = 0.4

  public init() {}

  public static var parameters: [ParameterBinding<Self>] {
    let study = "cross-validation inside ml-100k u1.base (DefaultsStudy)"
    return [
      ParameterBinding(
        "itemBinRegularization", \.itemBinRegularization, in: 0...1e6,
        "ratings without a residual that an item in a bin of time counts more", source: study),
      ParameterBinding(
        "binRegularization", \.binRegularization, in: 0...1e6,
        "ratings without a residual that a bin of time counts more", source: study),
      ParameterBinding(
        "sessionRegularization", \.sessionRegularization, in: 0...1e6,
        "ratings without a residual that a user's session counts more", source: study),
      ParameterBinding(
        "driftRegularization", \.driftRegularization, in: 0...1e6,
        "ratings without a residual that the slope of a user's bias counts more", source: study),
      ParameterBinding(
        "scaleRegularization", \.scaleRegularization, in: 0...1e6,
        "ratings without a residual that a user's scale of the items' biases counts more", source: study),
      ParameterBinding("bins", \.bins, in: 1...TimeBiasModel.largestBins, "bins of time for the items", source: study),
      ParameterBinding(
        "sessionMinutes", \.sessionMinutes, in: 1...TimeBiasModel.largestSessionMinutes, "length of a user's session",
        source: study + "; the paper's is a day, 1440"),
      ParameterBinding(
        "driftExponent", \.driftExponent, in: 0...10, "how a user's drift grows with time", source: "the paper's"),
    ]
  }
}
