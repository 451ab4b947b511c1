import ArgumentParser
import RatingBench

/// `prizecheck fetch`: gets a data set of the catalogue.
struct Fetch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Downloads a data set, checks it and unpacks it; prints its folder.",
    discussion: """
      The folder is a cache: the one that RATINGBENCH_CACHE names, else ~/.cache/ratingbench (XDG_CACHE_HOME is honoured), \
      on macOS ~/Library/Caches/ratingbench; or --directory. What is there already is not fetched again.

      A download is tried at several addresses, resumed where it broke off, and compared with the size and hash of the \
      catalogue. Where the publisher gives no hash, the first fetch is trusted and later ones are held to it. Archives are \
      unpacked beside their place and moved there when all is well. After Ctrl-C a .part file is left in downloads/, from \
      which the next fetch goes on, and nothing else. Downloads need the program curl.

        prizecheck fetch --list
        prizecheck train $(prizecheck fetch ml-1m)/ratings.dat --algorithm svd++
        prizecheck fetch ml-100k --from-file ~/Downloads/ml-100k.zip
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(
    help: "The data set: \(DatasetCatalogue.entries.map(\.name).joined(separator: ", ")).",
    completion: .list(DatasetCatalogue.entries.map(\.name)))
  var name: String?

  @Flag(help: "List the data sets, and which of them are there.")
  var list = false

  @Option(
    help: ArgumentHelp("The folder to keep data sets in, in place of the cache.", valueName: "folder"),
    completion: .directory)
  var directory: String?

  @Option(
    help: ArgumentHelp(
      "An archive on this machine, in place of the download; once for each download of the set.", valueName: "file"),
    completion: .file())
  var fromFile: [String] = []

  @Option(
    name: .customLong("url"),
    help: ArgumentHelp(
      "An address to download from, in place of the catalogue's; once for each download of the set.", valueName: "url"))
  var addresses: [String] = []

  @Flag(help: "Ask nobody: only what is in the cache, or --from-file.")
  var offline = false

  @Option(help: "How to print the result: text (the folder alone) or json.")
  var format: Format = .text

  func validate() throws {
    if list {
      guard name == nil && fromFile.isEmpty && addresses.isEmpty else {
        throw ValidationError("--list takes no data set and no file.")
      }
      return
    }
    guard let name else { throw ValidationError("name a data set, or pass --list.") }
    guard DatasetCatalogue.entry(named: name) != nil else {
      throw ValidationError(
        "there is no data set \(name.debugDescription); there are "
          + "\(DatasetCatalogue.entries.map(\.name).joined(separator: ", ")).")
    }
    if !addresses.isEmpty && (offline || !fromFile.isEmpty) {
      throw ValidationError("--url downloads, and \(offline ? "--offline" : "--from-file") does not.")
    }
  }

  func run() throws {
    Interruption.install()
    guard let folder = directory ?? CacheFolder.standard else {
      Console.note(
        "prizecheck: neither RATINGBENCH_CACHE nor HOME is set; name a folder with --directory")
      throw ExitStatus.badConfiguration
    }
    guard let name, let entry = DatasetCatalogue.entry(named: name) else {
      return printList(DatasetFetcher(folder: folder))
    }
    let progress = FetchProgress()
    let options = FetchOptions(
      isOffline: offline, localFiles: fromFile, addresses: addresses, onEvent: { progress.tell($0) })
    do throws(RatingDataError) {
      let fetched = try DatasetFetcher(folder: folder, options: options).fetch(entry)
      progress.end()
      if !fetched.wasThere {
        Console.note("\(entry.title)\nTerms: \(entry.licence)\nCite: \(entry.citation)")
        if let doi = entry.doi { Console.note("      https://doi.org/\(doi)") }
      }
      Console.result(format == .json ? Self.json(fetched).text : fetched.path)
    } catch {
      progress.end()
      if format == .json { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
      Console.problems(error.problems)
      throw error.exitStatus
    }
  }

  private static func json(_ fetched: FetchedDataset) -> JSON {
    .object([
      "schema": "prizecheck.fetch/1", "name": .string(fetched.entry.name), "path": .string(fetched.path),
      "ratings_file": fetched.ratingsPath.map { .string($0) }, "was_there": .bool(fetched.wasThere),
      "licence": .string(fetched.entry.licence), "citation": .string(fetched.entry.citation),
      "doi": fetched.entry.doi.map { .string($0) },
      "sources": .array(
        fetched.sources.map { source in
          .object([
            "name": .string(source.name), "origin": .string(source.origin), "bytes": .integer(source.bytes),
            "sha256": .string(source.sha256), "trusted_on_first_use": .bool(source.isTrustedOnFirstUse),
          ])
        }),
    ])
  }

  private func printList(_ fetcher: DatasetFetcher) {
    let entries = DatasetCatalogue.entries
    func bytes(_ entry: DatasetCatalogue.Entry) -> Int? {
      let sizes = entry.files.filter { !$0.addresses.isEmpty }.map(\.bytes)
      return sizes.contains(nil) ? nil : sizes.compactMap { $0 }.reduce(0, +)
    }
    if format == .json {
      let list = entries.map { entry -> JSON in
        .object([
          "name": .string(entry.name), "title": .string(entry.title), "page": .string(entry.page),
          "ratings": entry.ratings.map { .integer($0) }, "bytes": bytes(entry).map { .integer($0) },
          "path": fetcher.present(entry).map { .string($0.path) }, "licence": .string(entry.licence),
          "citation": .string(entry.citation), "doi": entry.doi.map { .string($0) },
        ])
      }
      return Console.result(
        JSON.object(["schema": "prizecheck.datasets/1", "folder": .string(fetcher.folder), "datasets": .array(list)])
          .text)
    }
    let rows = entries.map { entry in
      [
        entry.name, entry.ratings.map(Decimals.grouped) ?? "", bytes(entry).map(Self.size) ?? "",
        fetcher.present(entry) == nil ? "" : "yes",
      ]
    }
    let table = TextTable(header: ["name", "ratings", "download", "there"], rows: rows).lines
    Console.result((table + ["", "in \(fetcher.folder)"]).joined(separator: "\n"))
  }

  /// `4.9 MB`.
  static func size(_ bytes: Int) -> String { "\(Decimals.text(Double(bytes) / 1e6, digits: 1)) MB" }
}
