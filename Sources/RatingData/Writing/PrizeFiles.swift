/// The open files of a contest while a `PrizeFolderWriter` fills them.
struct PrizeFiles {
  let training: Training
  private let probe, qualifying, judging, membership: OutputFolder.File
  /// The files of the training set, where several movies share one.
  private let shared: [OutputFolder.File]

  init(
    _ folder: OutputFolder, layout: PrizeFolderWriter.Layout, items: Int, lastDay: Int
  ) throws(RatingDataError) {
    training = Training(folder: folder, layout: layout, items: items, time: lastDay * 86_400)
    switch layout {
    case .netflix:
      try folder.makeFolder("training_set")
      shared = []
    case .tar:
      let archive = try folder.file("training_set.tar")
      try archive.write(TarArchive.header("training_set/", size: nil, time: lastDay * 86_400))
      shared = [archive]
    case .kaggle:
      var volumes: [OutputFolder.File] = []
      for volume in 1...Training.lastMovies.count { volumes.append(try folder.file("combined_data_\(volume).txt")) }
      shared = volumes
    }
    probe = try folder.file("probe.txt")
    qualifying = try folder.file("qualifying.txt")
    judging = try folder.file("judging.txt")
    membership = try folder.file("membership.txt")
  }

  /// Adds the text of the next movies.
  func append(_ texts: PrizeTexts) throws(RatingDataError) {
    for (file, text) in texts.training.sorted(by: { $0.key < $1.key }) { try shared[file].write(text.bytes) }
    try probe.write(texts.probe.bytes)
    try qualifying.write(texts.qualifying.bytes)
    try judging.write(texts.judging.bytes)
    try membership.write(texts.membership.bytes)
  }

  /// Ends all files; returns the number of bytes in them, movies' own files left out.
  func close() throws(RatingDataError) -> Int {
    if training.layout == .tar { try shared[0].write(TarArchive.end(after: shared[0].count)) }
    var bytes = 0
    for file in shared + [probe, qualifying, judging, membership] {
      try file.close()
      bytes += file.count
    }
    return bytes
  }

  /// Where the training rows of a movie go; for any thread.
  struct Training: Sendable {
    /// The last movies of Kaggle's files.
    static let lastMovies = [4_499, 9_210, 13_367, 17_770]

    // Unsafe: only the folder's name is read, which never changes.
    nonisolated(unsafe) private let folder: OutputFolder
    fileprivate let layout: PrizeFolderWriter.Layout
    private let items: Int
    private let time: Int

    fileprivate init(folder: OutputFolder, layout: PrizeFolderWriter.Layout, items: Int, time: Int) {
      self.folder = folder
      self.layout = layout
      self.items = items
      self.time = time
    }

    /// Writes a movie's file, and says so with true, or adds its text to that of the shared file it is for.
    func add(_ movie: ByteText, of item: Int, to texts: inout [Int: ByteText]) throws(RatingDataError) -> Bool {
      switch layout {
      case .netflix:
        try folder.write("training_set/\(PrizeFolderWriter.movieFile(item))", movie.bytes)
        return true
      case .tar:
        let name = "training_set/\(PrizeFolderWriter.movieFile(item))"
        texts[0, default: ByteText()].append(TarArchive.header(name, size: movie.count, time: time)[...])
        texts[0]!.append(movie.bytes[...])
        texts[0]!.append([UInt8](repeating: 0, count: TarArchive.padding(movie.count))[...])
      case .kaggle:
        let all = Self.lastMovies.last!
        // The same shares of the movies, where there are not as many.
        let volume = Self.lastMovies.firstIndex { item * all <= $0 * items }!
        texts[volume, default: ByteText()].append(movie.bytes[...])
      }
      return false
    }
  }
}
