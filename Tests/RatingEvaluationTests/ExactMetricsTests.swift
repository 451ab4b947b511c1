import RatingNumerics
import Testing

@testable import RatingEvaluation

struct ExactMetricsTests {
  @Test(arguments: RationalCase.all)
  func metricsEqualRationalArithmetic(_ expected: RationalCase) {
    let sums = errorSums(expected.errors)
    #expect(sums.rmse == expected.rmse)
    #expect(sums.mse == expected.mse)
    #expect(sums.mae == expected.mae)
    #expect(sums.bias == expected.bias)
    #expect(sums.roundedRMSE(decimals: 4).description == expected.rounded4)
    #expect(sums.roundedRMSE(decimals: 15).description == expected.rounded15)
    #expect(sums.roundedRMSE(decimals: 0).description == expected.rounded0)
    #expect(sums.roundedMAE(decimals: 4).description == expected.mae4)
  }

  /// (2k - 1)^2 n 10^30 <= 4 S 10^(2p) < (2k + 1)^2 n 10^30, checked with decimal digits on paper's algorithms.
  @Test(arguments: [0, 1, 4, 9, 15])
  func roundedRMSEIsTheOneThatTheDefinitionNames(decimals: Int) {
    var random = RandomStream(seed: Seed(17), purpose: "rounded RMSE", index: UInt64(decimals))
    for _ in 0..<60 {
      let bound = Int64(PrizeDecimal.powerOfTen(1 + Int(random.next() % 18)))
      let errors = (0..<(1 + Int(random.next() % 9))).map { _ in Int64(random.next() % UInt64(bound)) * 2 - bound }
      let sums = errorSums(errors)
      let k = Digits(sums.roundedRMSE(decimals: decimals).description.filter { $0 != "." })
      let squares = errors.map { Digits("\($0.magnitude)") * Digits("\($0.magnitude)") }.reduce(Digits("0"), +)
      let middle = Digits("4") * squares * Digits("1" + String(repeating: "0", count: 2 * decimals))
      let rows = Digits("\(errors.count)") * Digits("1" + String(repeating: "0", count: 30))
      let above = k + k + Digits("1")
      #expect(middle < above * above * rows)
      // (2k - 1)^2 <= x where k > 0, as (2k)^2 + 1 <= x + 4k to stay in natural numbers.
      if k != Digits("0") {
        let (twice, one) = (k + k, Digits("1"))
        #expect(!(middle + (twice + twice) * rows < (twice * twice + one) * rows))
      }
    }
  }

  @Test func shuffledAndShardedRowsGiveTheSameScores() throws {
    var random = RandomStream(seed: Seed(5), purpose: "shards", index: 0)
    var errors = (0..<4001).map { _ in Int64(random.next() % 8_000_000_000_000_000) - 4_000_000_000_000_000 }
    let whole = try Scores(unclipped: errorSums(errors))
    let verdict = PrizeCriterion.netflixGrandPrize.verdict(for: whole)
    for parts in [1, 2, 3, 64] {
      random.shuffle(&errors)
      var shards = (0..<parts).map { part in
        errorSums(stride(from: part, to: errors.count, by: parts).map { errors[$0] })
      }
      random.shuffle(&shards)
      var merged = ErrorSums()
      for shard in shards { merged.merge(shard) }
      let scores = try Scores(unclipped: merged)
      #expect(scores == whole)
      #expect(PrizeCriterion.netflixGrandPrize.verdict(for: scores) == verdict)
    }
  }

  @Test func contestScriptsSampleGivesItsPublishedFigure() throws {
    // ((2 - 3.2)^2 + (3 - 3.1)^2 + (4 - 5.0)^2) / 3 = 2.45 / 3
    let answers: [Float] = [2, 3, 4]
    #expect(try ErrorSums(predictions: [3.2, 3.1, 5.0], answers: answers).roundedRMSE(decimals: 5) == "0.90370")
    #expect(try rmse(predictions: [3.2, 3.1, 5.0], answers: answers) == 0.9036961141150639)
    #expect(try mae(predictions: [3.2, 3.1, 5.0], answers: [2, 3, 4] as [Double]) == 0.7666666666666667)
  }

  @Test func aFloatAccumulatorWouldFlipAVerdictThatExactSumsGet() throws {
    // 1.4 million errors of 0.8572: exact 0.8572; a Float that adds their squares drifts in the fourth decimal.
    let rows = 1_400_000
    var exact = ErrorSums()
    var drifting: Float = 0
    for _ in 0..<rows {
      exact.add(error: 857_200_000_000_000)
      drifting += 0.8572 * 0.8572
    }
    #expect(exact.roundedRMSE(decimals: 4) == "0.8572")
    #expect(abs(Double((drifting / Float(rows)).squareRoot()) - 0.8572) > 0.00005)
  }

  @Test func emptyAndMismatchedInputsThrow() {
    #expect(code { _ = try rmse(predictions: [], answers: [] as [Float]) } == .noRows)
    #expect(code { _ = try mae(predictions: [1, 2], answers: [1] as [Double]) } == .lengthsDiffer)
    #expect(code { _ = try Scores(unclipped: ErrorSums()) } == .noRows)
    #expect(code { _ = try Scores(unclipped: errorSums([1]), clipped: errorSums([1, 2])) } == .lengthsDiffer)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1000.5, 1e300])
  func whatIsNoNumberThrowsAndNamesItsRow(_ value: Double) {
    do {
      _ = try Scores(predictions: [1, value], answers: [1, 2] as [Float])
      Issue.record("\(value) was scored")
    } catch {
      #expect(error.code == .notANumber)
      #expect(error.message.contains("prediction 1 is \(value)"))
    }
    #expect(code { _ = try rmse(predictions: [1], answers: [value]) } == .notANumber)
  }
}

func errorSums(_ errors: [Int64]) -> ErrorSums {
  var sums = ErrorSums()
  for error in errors { sums.add(error: error) }
  return sums
}

func code(_ body: () throws -> Void) -> EvaluationError.Code? {
  do { try body() } catch let error as EvaluationError { return error.code } catch {}
  return nil
}

/// A natural number as decimal digits, lowest first, with the school's algorithms: an arithmetic that shares nothing
/// with the one under test.
struct Digits: Equatable {
  var digits: [Int]

  init(_ text: String) { self.init(text.reversed().map { $0.wholeNumberValue! }) }

  private init(_ digits: [Int]) {
    self.digits = digits
    while self.digits.last == 0 { self.digits.removeLast() }
  }

  private static func carried(_ columns: [Int]) -> Digits {
    var (digits, carry) = ([Int](), 0)
    for column in columns {
      digits.append((column + carry) % 10)
      carry = (column + carry) / 10
    }
    while carry > 0 {
      digits.append(carry % 10)
      carry /= 10
    }
    return Digits(digits)
  }

  static func + (a: Digits, b: Digits) -> Digits {
    carried(
      (0..<max(a.digits.count, b.digits.count)).map {
        ($0 < a.digits.count ? a.digits[$0] : 0) + ($0 < b.digits.count ? b.digits[$0] : 0)
      })
  }

  static func * (a: Digits, b: Digits) -> Digits {
    var columns = [Int](repeating: 0, count: a.digits.count + b.digits.count)
    for (i, x) in a.digits.enumerated() { for (j, y) in b.digits.enumerated() { columns[i + j] += x * y } }
    return carried(columns)
  }

  static func < (a: Digits, b: Digits) -> Bool {
    if a.digits.count != b.digits.count { return a.digits.count < b.digits.count }
    return a.digits.reversed().lexicographicallyPrecedes(b.digits.reversed())
  }
}
