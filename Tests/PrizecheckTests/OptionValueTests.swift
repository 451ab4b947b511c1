import ArgumentParser
import RatingBench
import Testing

@testable import prizecheck

struct OptionValueTests {
  struct Sample: ParsableCommand {
    @Option(transform: OptionValue.improvement) var improvement: Improvement?
    @Option(transform: OptionValue.decimal) var baseline: PrizeDecimal?
    @Option(transform: OptionValue.decimals) var decimals = 4
    @Option(transform: OptionValue.ratingScale) var ratingScale: RatingScale?
    @Option(transform: OptionValue.criterion) var criterion: PrizeCriterion?
    @Option var format = OutputFormat.text
    @Option var reveal = Reveal.all
  }

  @Test func valuesAreReadAsWritten() throws {
    let sample = try Sample.parse([
      "--improvement", "10%", "--baseline", "1.0334", "--decimals", "5", "--rating-scale", "0.5...5", "--criterion",
      "netflix-quiz", "--format", "github", "--reveal", "quiz",
    ])
    #expect(sample.improvement == "10%" && sample.baseline == "1.0334" && sample.decimals == 5)
    #expect(sample.ratingScale == RatingScale(0.5...5) && sample.criterion == .netflixQuiz)
    #expect(sample.format == .github && sample.reveal == .quiz)
    #expect(try Sample.parse(["--rating-scale=-10...10"]).ratingScale == RatingScale(-10...10))
  }

  @Test(arguments: [
    (["--improvement", "10"], "write 10%, not 10"), (["--improvement", "0.1"], "write 10% or 0.1%"),
    (["--baseline", "0,95"], "not a comma"), (["--baseline", "-1"], "baseline"),
    (["--decimals", "16"], "from 0 to 15"),
    (["--decimals", "x"], "from 0 to 15"), (["--rating-scale", "1-5"], "such as 1...5"),
    (["--rating-scale", "5...1"], "5 is not below 1"), (["--rating-scale", "1...1"], "1 is not below 1"),
    (["--rating-scale", "...5"], "such as 1...5"), (["--rating-scale", "nan...5"], "such as 1...5"),
    (["--rating-scale", "1...1e9"], "such as 1...5"), (["--criterion", "netflix"], "netflix-progress-2008"),
    (["--format", "xml"], "markdown"), (["--reveal", "test"], "quiz"),
  ])
  func badValuesExit64WithAMessageThatHelps(_ arguments: [String], _ advice: String) {
    do {
      _ = try Sample.parse(arguments)
      Issue.record("\(arguments) was taken")
    } catch {
      #expect(Sample.exitCode(for: error).rawValue == 64)
      #expect(Sample.fullMessage(for: error).contains(advice), "\(Sample.fullMessage(for: error))")
    }
  }
}
