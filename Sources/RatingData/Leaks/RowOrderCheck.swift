#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether the order of test rows tells something of their ratings that user, item and time don't.
///
/// Who is asked about what, and when, is known to all, so an order that follows from these tells nothing. Therefore the rows
/// are first cut into blocks by the keys that they are sorted by, outermost first (user, item or time, ascending or
/// descending; or blocks of a user or of an item in any order). Where a block has more than one row, the order inside is
/// tested against the ratings; where the blocks stand in no known order, their order is tested against their mean ratings.
///
/// - Rank correlation: with m rows, Spearman's rho has mean 0 and variance exactly 1/(m - 1) under a random order, ties
///   included. Over blocks: effect = sum (m - 1) rho / sum (m - 1), z = sum (m - 1) rho / sqrt(sum (m - 1)).
/// - Runs (Wald and Wolfowitz): of m rows, a lie above the block's mean and b don't; a random order has 1 + 2ab/m runs,
///   variance 2ab (2ab - m) / (m^2 (m - 1)). Over blocks: z = sum (runs - expected) / sqrt(sum variance), effect = the
///   missing runs as a share of the expected changes, sum 2ab/m.
/// - Rank correlation of blocks' positions and mean ratings, where blocks stand in no known order.
///
/// **The rule**: a leak where p < 0.0001 (two-sided, normal) and the effect is at least 0.1; a warning where p < 0.0001 and
/// the effect is less, since in large files every innocent order correlates a little with something. Runs are never more
/// than a warning where neighbouring rows often share their user or item. Fewer than 20 rows in blocks (or 20 blocks) are
/// not tested.
///
/// Sources: Spearman, American Journal of Psychology 15 (1904), doi:10.2307/1412159; Wald and Wolfowitz, Annals of
/// Mathematical Statistics 11 (1940), doi:10.1214/aoms/1177731909.
enum RowOrderCheck {
  static let largestP = 1e-4
  static let smallestEffect = 0.1
  static let fewestRows = 20

  /// - Complexity: O(rows), and O(m log m) for each block of m rows with more distinct ratings than rows.
  static func evidence(of dataset: RatingDataset) -> RowOrderEvidence {
    dataset.withUnsafeColumns { columns in
      var evidence = RowOrderEvidence(keys: [], isFullyExplained: true, tests: [], neighboursShareKeys: false)
      guard dataset.count > 1 else { return evidence }
      var blocks = RowBlocks(columns)
      evidence.keys = blocks.keys
      evidence.isFullyExplained = blocks.ends.count == dataset.count && blocks.isOrdered
      guard !evidence.isFullyExplained else { return evidence }
      evidence.neighboursShareKeys = blocks.neighboursShareKeys(columns)
      let codes = RatingCodesOfRows(columns.ratings)
      if !blocks.isOrdered { evidence.tests += blocks.blockCorrelation(columns.ratings) }
      evidence.tests += within(&blocks, columns.ratings, codes)
      return evidence
    }
  }

  static func finding(_ evidence: RowOrderEvidence) -> LeakFinding? {
    let telling = evidence.tests.filter { $0.p < largestP }
    guard !telling.isEmpty else { return nil }
    let isLeak = telling.contains { test in
      abs(test.effect) >= smallestEffect && !(test.name == .runs && evidence.neighboursShareKeys)
    }
    func decimals(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
    let list = telling.map { test in
      switch test.name {
      case .rankCorrelation: "position and rating correlate by \(decimals(test.effect))"
      case .runs:
        "changes between high and low ratings are \(decimals(abs(test.effect) * 100))% \(test.effect > 0 ? "rarer" : "more frequent") than by chance"
      case .blockCorrelation: "the blocks' positions and mean ratings correlate by \(decimals(test.effect))"
      }
    }.joined(separator: ", ")
    let known =
      evidence.keys.isEmpty ? "" : " beyond what \(evidence.keys.map(\.rawValue).joined(separator: " and ")) tell"
    return LeakFinding(
      kind: .order, severity: isLeak ? .leak : .warning, count: 1,
      message:
        "the order of the test rows tells something of their ratings\(known): \(list) (p < \(largestP)); sort them"
        + " by user and item, or shuffle them",
      examples: [])
  }

  /// The two tests inside blocks.
  private static func within(
    _ blocks: inout RowBlocks, _ ratings: UnsafeBufferPointer<Float>, _ codes: RatingCodesOfRows
  ) -> [RowOrderEvidence.Test] {
    var (weight, correlation) = (0.0, 0.0)
    var (changes, missing, variance) = (0.0, 0.0, 0.0)
    var rows = 0
    var scratch = RankScratch(codes.count)
    var start = 0
    for end in blocks.ends {
      defer { start = end }
      let m = end - start
      guard m > 1 else { continue }
      rows += m
      if let rho = scratch.correlation(codes.codes[start..<end]) {
        weight += Double(m - 1)
        correlation += Double(m - 1) * rho
      }
      let mean = ratings[start..<end].reduce(0.0) { $0 + Double($1) } / Double(m)
      var above = 0
      var runs = 1
      var previous = false
      for row in start..<end {
        let isAbove = Double(ratings[row]) > mean
        if isAbove { above += 1 }
        if row > start && isAbove != previous { runs += 1 }
        previous = isAbove
      }
      let product = 2 * Double(above) * Double(m - above)
      let size = Double(m)
      changes += product / size
      missing += 1 + product / size - Double(runs)
      variance += product * (product - size) / (size * size * (size - 1))
    }
    guard rows >= fewestRows else { return [] }
    var tests: [RowOrderEvidence.Test] = []
    if weight > 0 {
      tests.append(test(.rankCorrelation, effect: correlation / weight, z: correlation / weight.squareRoot()))
    }
    if variance > 0 { tests.append(test(.runs, effect: missing / changes, z: -missing / variance.squareRoot())) }
    return tests
  }

  static func test(_ name: RowOrderEvidence.Test.Name, effect: Double, z: Double) -> RowOrderEvidence.Test {
    RowOrderEvidence.Test(name: name, effect: effect, z: z, p: max(erfc(abs(z) / 2.0.squareRoot()), 1e-300))
  }
}
