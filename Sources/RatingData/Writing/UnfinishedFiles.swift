import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The temporary files and folders of this process that are not committed yet, so that an interrupted tool can remove them.
public enum UnfinishedFiles {
  private static let names = Mutex<Set<String>>([])

  package static func add(_ name: String) { _ = names.withLock { $0.insert(name) } }
  static func remove(_ name: String) { _ = names.withLock { $0.remove(name) } }

  /// The name of this process's temporary file or folder for a path.
  static func temporaryName(_ path: String) -> String { "\(path)\(mark)\(getpid())" }

  private static let mark = ".partial-"

  /// Removes what processes that are no more have left behind of the file or folder `path`: nobody else can, after a
  /// SIGKILL or a power failure.
  static func removeLeftBehind(of path: String) {
    let slash = path.utf8.lastIndex(of: 0x2f)
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let start = (slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path) + mark
    for name in InputFile.names(inFolder: folder) where name.hasPrefix(start) {
      guard let process = pid_t(name.dropFirst(start.count)), process > 0, process != getpid(),
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      OutputFolder.remove("\(folder)/\(name)")
    }
  }

  /// Removes all of them. For a process that is about to end.
  public static func removeAll() {
    names.withLock { names in
      for name in names { OutputFolder.remove(name) }
      names.removeAll()
    }
  }
}
