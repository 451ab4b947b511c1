/// By how much a baseline must be undercut: a percentage, written with its sign.
///
///     let asked: Improvement = "10%"
///
/// `10` and `0.1` are refused: one of them means a hundred times the other, and a guess would award a prize.
public struct Improvement: Sendable, Hashable {
  /// The number before the `%`, at least 0 and below 100.
  public let percent: PrizeDecimal

  /// - Throws: `bad-improvement` where `text` is no percentage such as `10%` or `9.34%`, at least 0% and below 100%.
  public init(text: String) throws(EvaluationError) {
    guard text.hasSuffix("%") else {
      throw EvaluationError(.badImprovement, Self.explanation(of: text))
    }
    let number = String(text.dropLast())
    guard let percent = try? PrizeDecimal(text: number) else {
      throw EvaluationError(.badImprovement, "'\(text)' is no percentage; write one such as 10%")
    }
    guard percent < "100" else {
      throw EvaluationError(.badImprovement, "'\(text)' can't be reached; an improvement is below 100%, such as 10%")
    }
    self.percent = percent
  }

  private static func explanation(of text: String) -> String {
    guard let number = try? PrizeDecimal(text: text) else {
      return "'\(text)' is no percentage; write one such as 10%"
    }
    let rule = "an improvement is a percentage with its sign"
    guard number < "1", number > "0" else { return "\(rule): write \(text)%, not \(text)" }
    let hundredfold = PrizeDecimal(units: number.units * 100, decimals: max(0, number.decimals - 2))
    return "\(rule): write \(hundredfold)% or \(text)%, whichever is meant, not \(text)"
  }
}

extension Improvement: CustomStringConvertible {
  /// `10%`, as it was written.
  public var description: String { "\(percent)%" }
}

extension Improvement: ExpressibleByStringLiteral {
  /// - Precondition: the literal is a percentage; use `init(text:)` for what a user typed.
  public init(stringLiteral value: String) {
    do { self = try Improvement(text: value) } catch { preconditionFailure(error.message) }
  }
}
