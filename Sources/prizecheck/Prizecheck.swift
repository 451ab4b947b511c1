import ArgumentParser
import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@main
enum Main {
  static func main() {
    // Our own loops use all processors; BLAS works inside them.
    BLAS.threads = 1
    // A limit on the size of files then is an error of writing that is told, like a full disk, and not the process's end.
    signal(SIGXFSZ, SIG_IGN)
    if let problem = Kernels.selection.problem, !CommandLine.arguments.dropFirst().starts(with: ["doctor"]) {
      Console.note("prizecheck: \(problem)")
      Prizecheck.exit(withError: ExitStatus.badConfiguration)
    }
    Prizecheck.main(ValidationArguments.separated(Array(CommandLine.arguments.dropFirst())))
  }
}

struct Prizecheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prizecheck",
    abstract: "Judges rating predictions: are they valid, how accurate are they, do they win the prize?",
    version: RatingBenchVersion.current,
    groupedSubcommands: [
      CommandGroup(name: "Judging:", subcommands: [Check.self, Score.self, Validate.self, Sample.self]),
      CommandGroup(name: "Hosting a contest:", subcommands: [Host.self]),
      CommandGroup(name: "Comparing:", subcommands: [Compare.self, Blend.self]),
      CommandGroup(
        name: "Data:",
        subcommands: [Fetch.self, Describe.self, SplitRatings.self, Leaks.self, Generate.self, Cache.self]),
      CommandGroup(
        name: "Models:",
        subcommands: [Algorithms.self, Train.self, Predict.self, Recommend.self, FoldInCommand.self, Inspect.self]),
      CommandGroup(name: "Experiments:", subcommands: [Benchmark.self, Tune.self, Contest.self]),
      CommandGroup(name: "The tool itself:", subcommands: [Demo.self, Doctor.self]),
    ])
}
