import ArgumentParser
import RatingBench

/// The options of the commands that keep parsed ratings: all that read ratings, but for those that judge.
struct CacheArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the parsed ratings of large inputs in this folder, and find them there the next time.",
      discussion: """
        Default: parsed in the folder that RATINGBENCH_CACHE names, else in ~/.cache/ratingbench. Inputs of less than 8 MiB \
        are always parsed. `prizecheck cache` lists and clears it.
        """, valueName: "folder"),
    completion: .directory)
  var cache: String?

  @Flag(help: "Parse the ratings each time, and keep nothing.")
  var noCache = false

  func validate() throws {
    if noCache && cache != nil { throw ValidationError("--cache and --no-cache exclude each other; give one of them") }
  }

  /// nil where nothing is to be kept, or there is no place for it.
  var ratingCache: RatingCache? {
    guard !noCache, var cache = cache.map({ RatingCache(folder: $0) }) ?? .standard else { return nil }
    cache.onEvent = { event in
      switch event {
      case .problem(let problem): Console.problems([problem])
      case .kept(let file, let bytes):
        Console.note(
          "kept the parsed ratings in \(SafeText.line(file)) (\(Fetch.size(bytes))); --no-cache keeps nothing, `prizecheck "
            + "cache clear` removes them")
      }
    }
    return cache
  }
}
