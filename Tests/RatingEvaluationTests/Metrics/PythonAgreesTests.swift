import Foundation
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingEvaluation

/// scikit-learn, SciPy and NumPy compute the metrics of distributions and rankings from the same data:
/// scripts/check-metrics.py. (Those of predictions are compared on real ones, by scripts/check-metrics.sh.)
///
/// `RATINGBENCH_PYTHON` names the interpreter; else it is the `python3` of the path. Skipped where it lacks the packages.
struct PythonAgreesTests {
  private struct Given: Encodable {
    var distributions: Distributions
    var distributionFigures: [String: Double]
    var rankings: Rankings
    var rankingFigures: [String: Double]
  }

  private struct Distributions: Encodable {
    var answers, means, deviations, lower, upper, stars, probabilities: [Double]
  }

  private struct Rankings: Encodable {
    var cutoff, catalogue: Int
    var users: [User]

    struct User: Encodable {
      var ranked, relevant: [UInt32]
    }
  }

  private static func figures(_ values: [MetricValue]) throws -> [String: Double] {
    Dictionary(uniqueKeysWithValues: try values.map { ($0.metric.definition.name, try #require($0.value)) })
  }

  private static func distributions(_ random: inout RandomStream) throws -> (Distributions, [String: Double]) {
    let stars = [0.5, 1, 1.5, 2.5, 4, 5]
    var given = Distributions(
      answers: [], means: [], deviations: [], lower: [], upper: [], stars: stars, probabilities: [])
    for _ in 0..<60 {
      given.answers.append(stars[Int(random.next() % 6)])
      given.means.append(1 + 3 * random.uniform())
      given.deviations.append(0.3 + random.uniform())
      given.lower.append(given.means.last! - 1.2 * given.deviations.last!)
      given.upper.append(given.means.last! + 1.2 * given.deviations.last!)
      let weights = stars.map { _ in 0.02 + random.uniform() * random.uniform() }
      given.probabilities += weights.map { $0 / weights.reduce(0, +) }
    }
    let rows = try DistributionRows(
      means: given.means, deviations: given.deviations, answers: given.answers,
      intervals: (given.lower, given.upper, 0.77), stars: stars, probabilities: given.probabilities)
    let names = "nll,nlpd,rps,crps,interval-coverage,interval-width,star-calibration"
    return (given, try figures(rows.values(of: Metric.list(parsing: names))))
  }

  private static func rankings(_ random: inout RandomStream) throws -> (Rankings, [String: Double]) {
    var given = Rankings(cutoff: 10, catalogue: 70, users: [])
    let metrics = MetricRegistry.standard.definitions.filter { $0.needs == .rankings }
    var tally = try RankingTally(metrics.map { try Metric(parsing: "\($0.name)@10") }, catalogue: 70)
    var all = try RankingTally([try Metric(parsing: "map@70")], catalogue: 70)
    for _ in 0..<80 {
      var items = (0..<70).map { UInt32($0) }
      random.shuffle(&items)
      let relevant = (0...Int(random.next() % 15)).map { _ in items[Int(random.next() % 70)] }
      given.users.append(.init(ranked: items, relevant: relevant))
      let user = RankedUser(ranked: items, relevant: relevant, candidateCount: 70)
      tally.add(user)
      all.add(user)
    }
    var found = try figures(tally.values)
    found["map-of-all"] = all.values[0].value
    return (given, found)
  }

  @Test func theirFiguresAreOurs() throws {
    var random = RandomStream(seed: Seed(31), purpose: "compared with Python", index: 0)
    let (distributions, distributionFigures) = try Self.distributions(&random)
    let (rankings, rankingFigures) = try Self.rankings(&random)
    let folder = try ScratchFolder()
    try folder.write(
      "given.json",
      JSONEncoder().encode(
        Given(
          distributions: distributions, distributionFigures: distributionFigures, rankings: rankings,
          rankingFigures: rankingFigures)))
    let script = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../scripts/check-metrics.py")
      .standardized
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      ProcessInfo.processInfo.environment["RATINGBENCH_PYTHON"] ?? "python3", script.path, "values",
      folder.path("given.json"),
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus == 127 || text.hasPrefix("skipped") {
      print("skipped: Python with scikit-learn and SciPy is not here, so that our metrics are not compared with theirs")
      return
    }
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("compared 15 figures"), "\(text)")
  }
}
