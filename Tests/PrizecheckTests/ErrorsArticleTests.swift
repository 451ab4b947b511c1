import Foundation
import RatingBench
import Testing

@testable import prizecheck

/// The article ErrorsAndExitCodes lists what there is, and nothing else.
struct ErrorsArticleTests {
  private static let article: String = {
    let url = ResultSchemaTests.schemas.appendingPathComponent(
      "../../RatingBench/RatingBench.docc/ErrorsAndExitCodes.md")
    return (try? String(contentsOf: url.standardized, encoding: .utf8)) ?? ""
  }()

  /// The names in the first cells of the tables under a heading, or of all tables before one.
  private static func cells(_ part: Substring) -> [String] {
    part.split(separator: "\n").filter { $0.hasPrefix("| ") }.flatMap { line in
      line.split(separator: "|")[0].split(separator: ",").map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
      }
    }.filter { $0 != "code" }
  }

  @Test func everyProblemCodeIsListed() throws {
    let exit = try #require(Self.article.range(of: "## Exit codes of prizecheck"))
    let listed = Set(Self.cells(Self.article[..<exit.lowerBound]))
    // Those without an enumeration of cases, by where they come from.
    let others = [
      "no-times", "bad-split", "unusable-split", "not-netflix", "output-exists", "cannot-write", "bad-model",
      "test-overlap", "no-membership", "no-rows", "lengths-differ", "not-a-number", "bad-decimal", "bad-improvement",
      "bad-criterion", "unknown-metric", "missing-input", "empty-training-data", "diverged", "cancelled",
      "unknown-algorithm", "unknown-parameter", "invalid-parameter", "checkpoint-mismatch", "bad-checkpoint",
      "validation-overlap", "no-validation", "checkpoint-not-written", "not-enough-memory", "bad-yaml", "bad-value",
      "wrong-type",
      "unknown-key", "missing-key", "duplicate-key", "duplicate-name", "unknown-name", "bad-search", "search-failed",
      "too-few-clusters", "unknown-instruction-set", "unsupported-instruction-set", "not-positive-definite",
    ]
    let known = Set(ProblemCode.allCases.map(\.rawValue) + others)
    #expect(listed.subtracting(known) == [], "listed, and nowhere used")
    #expect(known.subtracting(listed) == [], "used, and not listed")
  }

  /// Every code that a problem is made with, found in the sources.
  @Test func noProblemCodeInTheSourcesIsUnlisted() throws {
    let sources = ResultSchemaTests.schemas.appendingPathComponent("../..").standardized
    let files = try #require(FileManager.default.enumerator(atPath: sources.path))
    var found: Set<String> = []
    // As an argument, or in brackets in a message.
    let pattern = try Regex<(Substring, Substring)>(
      #"(?:(?:\.error, |\.warning, |code: )(?=")|\[(?!"))"?([a-z]+(?:-[a-z]+)+)[\]"]"#)
    for case let path as String in files where path.hasSuffix(".swift") {
      let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
      for match in text.matches(of: pattern) { found.insert(String(match.output.1)) }
    }
    #expect(found.isSuperset(of: ["bad-model", "test-overlap", "output-exists", "cannot-write", "bad-checkpoint"]))
    #expect(found.filter { !Self.article.contains("`\($0)`") } == [])
  }

  @Test func theExitCodesAreThoseOfTheTool() throws {
    let exit = try #require(Self.article.range(of: "## Exit codes of prizecheck"))
    let library = try #require(Self.article.range(of: "## Errors of the library"))
    let listed = Self.cells(Self.article[exit.lowerBound..<library.lowerBound]).compactMap { Int32($0) }
    let known = [
      ExitStatus.qualifies, ExitStatus.doesNotQualify, ExitStatus.undecided, ExitStatus.usage, ExitStatus.badData,
      ExitStatus.inputMissing,
      ExitStatus.internalFailure, ExitStatus.cannotWrite, ExitStatus.outputLost,
      ExitStatus.badConfiguration, ExitStatus.interrupted,
    ].map(\.rawValue)
    #expect(listed == known)
  }
}
