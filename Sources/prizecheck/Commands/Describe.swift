import ArgumentParser
import RatingBench

/// `prizecheck describe`: what a file of ratings holds.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what a file of ratings holds: counts, density, histogram, dates, duplicates.",
    discussion: """
      Reads any format that the other commands read, and tells which it took. Repeated pairs are counted, not refused.
      """)

  @Argument(
    help: "A file of ratings, a folder or a tar file of Netflix files, or - for standard input.", completion: .file())
  var ratings: String

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var caching: CacheArguments
  @Option(help: "How to print the result: text or json.")
  var format: DescribeFormat = .text

  enum DescribeFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

  func run() throws {
    do throws(RatingDataError) {
      var options = reading.options
      options.cache = caching.ratingCache
      options.duplicates = .all
      let result = try RatingDataset.read(ratings, options: options)
      let statistics = DatasetStatistics(result.dataset, threads: reading.threads)
      Console.result(format == .json ? json(result, statistics).text : text(result, statistics))
    } catch {
      if format == .json { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
      Console.problems(error.problems)
      throw error.exitStatus
    }
  }

  private func json(_ result: ReadingResult, _ statistics: DatasetStatistics) -> JSON {
    let scale = result.dataset.scale
    let histogram = statistics.histogram.map { bin -> JSON in
      .object(["rating": .number(bin.rating), "count": .integer(bin.count)])
    }
    let members: KeyValuePairs<String, JSON?> = [
      "schema": "prizecheck.describe/1",
      "file": .string(ratings),
      "format": .string(result.input.format.rawValue),
      "bytes": .integer(result.input.bytes),
      "ratings": .integer(statistics.ratings),
      "users": .integer(statistics.users),
      "items": .integer(statistics.items),
      "density": .number(statistics.density),
      "minimum": .number(statistics.minimum),
      "maximum": .number(statistics.maximum),
      "mean": .number(statistics.mean),
      "standard_deviation": .number(statistics.standardDeviation),
      "scale_lower": .number(scale.lower),
      "scale_upper": .number(scale.upper),
      "scale_step": scale.step.map { .number($0) },
      "scale_inferred": .bool(result.scaleIsInferred),
      "histogram": .array(histogram),
      "first_time": statistics.times.map { .string(CalendarTime($0.first).description) },
      "last_time": statistics.times.map { .string(CalendarTime($0.last).description) },
      "duplicates": .integer(result.duplicates.pairs),
      "duplicate_rows": .integer(result.duplicates.surplusRows),
      "duplicates_conflicting": .integer(result.duplicates.conflicting),
      "warnings": result.warnings.isEmpty ? nil : .array(result.warnings.map(\.json)),
    ]
    return .object(members)
  }

  private func text(_ result: ReadingResult, _ statistics: DatasetStatistics) -> String {
    func fixed(_ value: Double) -> String { Decimals.text(value, digits: 4) }
    var lines = [
      "\(ratings): \(result.input.format.rawValue), \(Decimals.grouped(result.input.bytes)) bytes",
      "  ratings     \(Decimals.grouped(statistics.ratings))",
      "  users       \(Decimals.grouped(statistics.users))",
      "  items       \(Decimals.grouped(statistics.items))",
      "  density     \(Decimals.text(statistics.density * 100, digits: 4))%",
      "  ratings lie in \(fixed(statistics.minimum)) to \(fixed(statistics.maximum)), mean \(fixed(statistics.mean)), "
        + "standard deviation \(fixed(statistics.standardDeviation))",
      "  scale       \(result.dataset.scale)\(result.scaleIsInferred ? " (inferred)" : "")",
    ]
    if let times = statistics.times {
      lines.append("  times       \(CalendarTime(times.first)) to \(CalendarTime(times.last))")
    }
    lines.append(
      "  duplicates  \(Decimals.grouped(result.duplicates.pairs)) pairs occur more than once "
        + "(\(Decimals.grouped(result.duplicates.surplusRows)) rows too many, "
        + "\(Decimals.grouped(result.duplicates.conflicting)) pairs with different ratings)")
    let most = statistics.histogram.map(\.count).max() ?? 1
    for bin in statistics.histogram {
      let bar = String(repeating: "#", count: max(bin.count * 40 / max(most, 1), bin.count > 0 ? 1 : 0))
      let label = Decimals.text(bin.rating, digits: 1)
      lines.append(
        "  \(String(repeating: " ", count: max(0, 6 - label.count)))\(label)  "
          + "\(bar)\(String(repeating: " ", count: 41 - bar.count))\(Decimals.grouped(bin.count))")
    }
    lines += result.warnings.map { $0.description }
    return lines.joined(separator: "\n")
  }
}
