import ArgumentParser
import RatingBench

/// What option values are read with: `@Option(transform: OptionValue.improvement)`.
///
/// A thrown message follows "The value '10' is invalid for '--improvement': ", and the tool exits 64.
enum OptionValue {
  /// `10%`.
  @Sendable static func improvement(_ text: String) throws -> Improvement {
    do { return try Improvement(text: text) } catch { throw ValidationError(error.message) }
  }

  /// `0.9525`: `--baseline`, `--threshold`.
  @Sendable static func decimal(_ text: String) throws -> PrizeDecimal {
    do { return try PrizeDecimal(text: text) } catch { throw ValidationError(error.message) }
  }

  /// `rmse,mae@users`: metrics of predictions.
  @Sendable static func rowMetrics(_ text: String) throws -> [Metric] {
    let metrics: [Metric]
    do { metrics = try Metric.list(parsing: text) } catch { throw ValidationError(error.message) }
    for metric in metrics where metric.needs == .distributions || metric.needs == .rankings {
      throw ValidationError(
        "\(metric) is computed from \(metric.needs.rawValue), and a submission has predictions alone; there are "
          + MetricRegistry.standard.rowSpellings)
    }
    return metrics
  }

  /// `4`: `--decimals`, from 0 to 15.
  @Sendable static func decimals(_ text: String) throws -> Int {
    guard let decimals = Int(text), 0...PrizeDecimal.mostDecimals ~= decimals else {
      throw ValidationError("scores have a whole number of decimals from 0 to \(PrizeDecimal.mostDecimals); 4 is usual")
    }
    return decimals
  }

  /// The name of a published criterion.
  @Sendable static func criterion(_ text: String) throws -> PrizeCriterion {
    guard let preset = PrizeCriterion.preset(named: text) else {
      throw ValidationError(
        "there is no such criterion; there are \(criterionNames.joined(separator: ", ")), "
          + "and --baseline with --improvement makes one")
    }
    return preset
  }

  static let criterionNames = PrizeCriterion.presets.map(\.name)

  /// `1...5`, `0.5...5` or `-10...10`: `--rating-scale`.
  @Sendable static func ratingScale(_ text: String) throws -> RatingScale {
    let example = "write the lowest and the highest rating, such as 1...5 (or --rating-scale=-10...10)"
    // The dots between the bounds are the first three in a row.
    let bytes = Array(text.utf8)
    let dot = UInt8(ascii: ".")
    let dots = bytes.indices.first { $0 + 2 < bytes.count && bytes[$0...($0 + 2)].allSatisfy { $0 == dot } }
    guard let dots, let lower = bound(bytes[..<dots]), let upper = bound(bytes[(dots + 3)...]) else {
      throw ValidationError(example)
    }
    guard lower < upper else {
      throw ValidationError("\(lower) is not below \(upper); \(example)")
    }
    return RatingScale(lower.doubleValue...upper.doubleValue)
  }

  private static func bound(_ bytes: ArraySlice<UInt8>) -> FixedDecimal? {
    FixedDecimal(text: String(decoding: bytes, as: UTF8.self))
  }
}
