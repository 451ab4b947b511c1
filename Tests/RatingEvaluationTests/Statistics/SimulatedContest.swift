import RatingNumerics

@testable import RatingEvaluation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Errors of two models with effects of users, and of items where asked, whose true RMSEs are known.
///
/// A row's error of model a is m + s 0.8 z, of model b m + d + t + s (0.72 z + 0.36 z'), with m, d of the user, t of the item,
/// s the user's spread, and all of them normal (s lognormal).
struct SimulatedContest {
  var users: Int
  /// 0: no effects of items.
  var items = 0
  /// Whether models a and b are drawn from the same distribution, and can be exchanged user by user.
  var isNull = false

  static let commonDeviation = 0.35
  static let ownDeviation = 0.3
  static let logSpread = 0.25
  static let itemDeviation = 0.4

  /// E s^2 = exp(2 x variance of log s).
  private static var meanSquareSpread: Double { exp(2 * logSpread * logSpread) }

  /// The true mean squared errors: numbers of rows do not depend on effects.
  var trueMeans: (Double, Double) {
    let own = Self.ownDeviation * Self.ownDeviation
    let item = items > 0 ? Self.itemDeviation * Self.itemDeviation : 0
    let common = Self.commonDeviation * Self.commonDeviation + item
    let a = common + 0.64 * Self.meanSquareSpread
    let b = common + own + (0.72 * 0.72 + 0.36 * 0.36) * Self.meanSquareSpread
    return (a, b)
  }

  func rows(seed: Seed, index: UInt64) throws(EvaluationError) -> ErrorRows {
    var stream = RandomStream(seed: seed, purpose: "simulated-contest", index: index)
    var (a, b): ([Double], [Double]) = ([], [])
    var (userColumn, itemColumn): ([UInt32], [UInt32]) = ([], [])
    let effects = (0..<items).map { _ in Self.itemDeviation * stream.normal() }
    for user in 0..<users {
      let count = 1 + Int(-log(1 - stream.uniform()) * 7)
      let common = Self.commonDeviation * stream.normal()
      let own = (Self.ownDeviation * stream.normal(), Self.ownDeviation * stream.normal())
      let spread = exp(Self.logSpread * stream.normal())
      for _ in 0..<count {
        let item = items > 0 ? stream.below(items) : 0
        let effect = items > 0 ? effects[item] : 0
        let (z, other) = (stream.normal(), stream.normal())
        var errorA = common + effect + spread * 0.8 * z
        var errorB = common + effect + own.1 + spread * (0.72 * z + 0.36 * other)
        if isNull {
          errorA = common + own.0 + spread * (0.8 * z + 0.3 * other)
          errorB = common + own.1 + spread * (0.8 * z + 0.3 * stream.normal())
        }
        a.append(errorA * errorA)
        b.append(errorB * errorB)
        userColumn.append(UInt32(user))
        itemColumn.append(UInt32(item))
      }
    }
    return try ErrorRows(squaredErrors: [a, b], users: userColumn, items: items > 0 ? itemColumn : nil)
  }
}
