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

  /// Removes all of them. For a process that is about to end.
  public static func removeAll() {
    names.withLock { names in
      for name in names { OutputFolder.remove(name) }
      names.removeAll()
    }
  }
}
