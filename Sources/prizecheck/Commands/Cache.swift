import ArgumentParser
import RatingBench

/// `prizecheck cache`: the ratings that were parsed before.
struct Cache: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists, checks or clears the ratings that were parsed before.",
    discussion: """
      Commands that read ratings keep what they parsed from inputs of 8 MiB or more, packed, so that the next reading takes \
      a fraction of the time. Entries are known by the content of the input's files: a changed file is parsed again, the same \
      file at another place is found. Every byte is checked when it is used; what is damaged is parsed again. Together they \
      take at most 4 GiB, beyond which the one that was not used for the longest time goes.

      The folder is `parsed` in the one that RATINGBENCH_CACHE names, else in ~/.cache/ratingbench (XDG_CACHE_HOME is \
      honoured), on macOS in ~/Library/Caches/ratingbench. Commands that judge don't use it: they read the files themselves.

        prizecheck cache list
        prizecheck cache verify --format json
        prizecheck cache clear
      """,
    subcommands: [List.self, Verify.self, Clear.self], defaultSubcommand: List.self)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  struct Options: ParsableArguments {
    @Option(
      help: ArgumentHelp("The folder of parsed ratings, in place of the standard one.", valueName: "folder"),
      completion: .directory)
    var directory: String?

    @Option(help: "How to print the result: text or json.")
    var format: Format = .text

    func cache() throws -> RatingCache {
      guard let cache = directory.map({ RatingCache(folder: $0) }) ?? .standard else {
        throw ValidationError("there is no place for caches; set HOME or RATINGBENCH_CACHE, or pass --directory FOLDER")
      }
      return cache
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Says which ratings are kept, those used last first.")
    @OptionGroup var options: Options

    func run() throws {
      let cache = try options.cache()
      Console.result(CacheListing(cache, cache.entries()).text(options.format))
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks every byte of what is kept; exits 65 where something is damaged.",
      discussion: "What is damaged is never used, and is written anew when its ratings are read the next time.")
    @OptionGroup var options: Options

    func run() throws {
      let cache = try options.cache()
      let entries = cache.entries(checked: true)
      Console.result(CacheListing(cache, entries).text(options.format))
      if entries.contains(where: { $0.flaw != nil }) { throw ExitStatus.badData }
    }
  }

  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes what is kept, and nothing else that is in the folder.")
    @OptionGroup var options: Options

    func run() throws {
      let cache = try options.cache()
      do throws(RatingDataError) {
        let removed = try cache.clear()
        switch options.format {
        case .text:
          Console.result(
            "removed \(removed.files) \(removed.files == 1 ? "file" : "files"), \(Fetch.size(removed.bytes)), from "
              + SafeText.line(cache.folder))
        case .json:
          Console.result(
            JSON.object([
              "schema": .string(CacheListing.schema), "folder": .string(cache.folder),
              "removed_files": .integer(removed.files), "removed_bytes": .integer(removed.bytes),
            ]).text)
        }
      } catch {
        if options.format == .json { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
        Console.problems(error.problems)
        throw error.exitStatus
      }
    }
  }
}

/// What the cache holds, as it is printed.
struct CacheListing {
  static let schema = "prizecheck.cache/1"

  private let cache: RatingCache
  private let entries: [RatingCache.Entry]

  init(_ cache: RatingCache, _ entries: [RatingCache.Entry]) { (self.cache, self.entries) = (cache, entries) }

  func text(_ format: Cache.Format) -> String { format == .json ? json.text : table }

  private static func time(_ seconds: Int) -> String { CalendarTime(UInt32(clamping: seconds)).description }

  private var json: JSON {
    .object([
      "schema": .string(Self.schema), "folder": .string(cache.folder), "capacity": .integer(cache.capacity),
      "entries": .array(
        entries.map { entry in
          .object([
            "file": .string(entry.file), "bytes": .integer(entry.bytes),
            "last_used": .string(Self.time(entry.lastUsed)),
            "source": entry.contents.map { .string($0.source) },
            "format": entry.contents.map { .string($0.format.rawValue) },
            "ratings": entry.contents.map { .integer($0.ratings) }, "users": entry.contents.map { .integer($0.users) },
            "items": entry.contents.map { .integer($0.items) }, "flaw": entry.flaw.map { .string($0) },
          ])
        }),
    ])
  }

  private var table: String {
    let rows = entries.map { entry in
      [
        SafeText.line(entry.contents?.source ?? entry.file),
        entry.contents.map { Decimals.grouped($0.ratings) } ?? "damaged",
        Fetch.size(entry.bytes), Self.time(entry.lastUsed),
      ]
    }
    var lines = TextTable(header: ["from", "ratings", "size", "last used"], rows: rows).lines
    if entries.isEmpty { lines = ["nothing is kept"] }
    lines += entries.compactMap { entry in entry.flaw.map { "\(SafeText.line(entry.file)): \($0)" } }
    let total = entries.reduce(0) { $0 + $1.bytes }
    lines += ["", "\(Fetch.size(total)) of at most \(Fetch.size(cache.capacity)), in \(SafeText.line(cache.folder))"]
    return lines.joined(separator: "\n")
  }
}
