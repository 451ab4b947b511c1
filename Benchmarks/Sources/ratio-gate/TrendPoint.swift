import Foundation

/// A figure in the form that the action github-action-benchmark follows from one commit to the next; a list of them is what it
/// calls `customSmallerIsBetter`.
///
/// Ratios are turned round, so that smaller is better: the time of a loop in times of its reference, and a model's RMSE in
/// RMSEs of the biases. Both hardly depend on the machine.
struct TrendPoint: Encodable {
  var name: String
  var unit: String
  var value: Double
  var extra: String

  init(loop name: String, ratio: Double, least: Double?) {
    (self.name, unit, value) = (name, "times of the reference", 1 / ratio)
    extra = Self.extra(ratio, least)
  }

  init(accuracy name: String, ratio: Double, least: Double?) {
    (self.name, unit, value) = (name, "RMSEs of the reference", 1 / ratio)
    extra = Self.extra(ratio, least)
  }

  private static func extra(_ ratio: Double, _ least: Double?) -> String {
    String(format: "ratio %.5f", ratio) + (least.map { String(format: ", at least %.5f", $0) } ?? ", no baseline")
  }

  static func write(_ points: [TrendPoint], to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(points) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
