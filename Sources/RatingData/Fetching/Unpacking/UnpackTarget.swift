/// Where an archive's files go: a folder that gets its name when all is done.
///
/// A name may come once, whatever the case of its letters, since some file systems don't tell cases apart.
final class UnpackTarget {
  private let folder: OutputFolder
  private let archive: String
  private var counter: UnpackCounter
  private var names: Set<String> = []
  private var folders: Set<String> = []

  init(_ folder: OutputFolder, archive: String, counter: UnpackCounter) {
    self.folder = folder
    self.archive = archive
    self.counter = counter
  }

  /// Notes a folder, made where it is missing.
  func makeFolder(_ path: ArchivePath) throws(RatingDataError) {
    try counter.addEntry()
    try makeFolders(path.components[...])
  }

  /// A file to be written, whose bytes are to be told to `add` first.
  func makeFile(_ path: ArchivePath) throws(RatingDataError) -> OutputFolder.File {
    try counter.addEntry()
    let key = path.text.lowercased()
    guard names.insert(key).inserted, !folders.contains(key) else {
      throw unsafe("holds \(path.text) more than once")
    }
    try makeFolders(path.components.dropLast())
    guard !InputFile.exists("\(folder.temporary)/\(path.text)") else {
      throw unsafe("holds \(path.text), which is there already")
    }
    return try folder.file(path.text)
  }

  func add(bytes: Int) throws(RatingDataError) { try counter.add(bytes: bytes) }

  private func makeFolders(_ components: ArraySlice<String>) throws(RatingDataError) {
    var path = ""
    for component in components {
      path += path.isEmpty ? component : "/\(component)"
      let key = path.lowercased()
      guard !names.contains(key) else { throw unsafe("holds \(path) as a file and as a folder") }
      guard folders.insert(key).inserted else { continue }
      if !InputFile.isFolder("\(folder.temporary)/\(path)") { try folder.makeFolder(path) }
    }
  }

  func unsafe(_ what: String) -> RatingDataError {
    RatingDataError(.badData, .unsafeArchive, file: archive, "\(what); nothing of it was kept")
  }
}
