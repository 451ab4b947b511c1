#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the files of an input are called: the path that the caller gave, and the files that are read for it.
///
/// In the cache names are relative to them, so that a folder's ratings are the same by whatever path it is reached.
struct InputNames: Sendable {
  let path: String
  let files: [String]
  /// The folder that holds the files; nil where the path is the one file.
  private let folder: String?

  init(_ path: String, files: [String]) {
    (self.path, self.files) = (path, files)
    let isFolder = files.first.map { $0 != path } ?? false
    folder = isFolder ? files[0].utf8.lastIndex(of: 0x2f).map { String(files[0][..<$0]) } : nil
  }

  /// A name in two parts: to what it is relative, and the rest.
  enum Base: UInt8 { case nothing, path, folder }

  func relative(_ name: String) -> (base: Base, rest: String) {
    func rest(behind start: String) -> String? {
      guard name.utf8.starts(with: start.utf8) else { return nil }
      return String(decoding: name.utf8.dropFirst(start.utf8.count), as: UTF8.self)
    }
    if let folder, let rest = rest(behind: folder + "/") { return (.folder, rest) }
    if let rest = rest(behind: path) { return (.path, rest) }
    return (.nothing, name)
  }

  func name(_ base: Base, _ rest: String) -> String {
    switch base {
    case .nothing: rest
    case .path: path + rest
    case .folder: folder.map { "\($0)/\(rest)" } ?? rest
    }
  }

  /// The files' names inside their folder, each closed by a 0 byte; empty where the path is the one file.
  var insideFolder: [UInt8] {
    guard let folder else { return [] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(files.count * 16)
    for file in files {
      bytes.append(contentsOf: file.utf8.dropFirst(folder.utf8.count + 1))
      bytes.append(0)
    }
    return bytes
  }

  /// The path from the root of the file system, without links; the path as it is where the system can't tell.
  var absolute: String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
