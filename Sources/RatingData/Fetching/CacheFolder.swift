#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where fetched data sets are kept.
public enum CacheFolder {
  /// The folder that `RATINGBENCH_CACHE` names; else `ratingbench` in the platform's place for caches: on Linux
  /// `$XDG_CACHE_HOME` where that is an absolute path (XDG Base Directory Specification), else `~/.cache`; on macOS
  /// `~/Library/Caches`.
  ///
  /// nil where the environment names none of these, nor a home.
  public static var standard: String? { folder(environment: variable) }

  static func folder(environment: (String) -> String?) -> String? {
    func set(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    if let own = set("RATINGBENCH_CACHE") { return own }
    #if os(Linux)
      if let caches = set("XDG_CACHE_HOME"), caches.hasPrefix("/") { return "\(caches)/ratingbench" }
      return set("HOME").map { "\($0)/.cache/ratingbench" }
    #else
      return set("HOME").map { "\($0)/Library/Caches/ratingbench" }
    #endif
  }

  private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Makes a folder, and those above it, where it is missing.
  static func make(_ path: String) throws(RatingDataError) {
    for (position, byte) in path.utf8.enumerated() where byte == 0x2f && position > 0 {
      mkdir(String(decoding: path.utf8.prefix(position), as: UTF8.self), 0o755)
    }
    guard mkdir(path, 0o755) != 0, !InputFile.isFolder(path) else { return }
    throw RatingDataError(
      .cannotWrite,
      [
        Problem(
          .error, "cannot-write", file: path,
          message:
            "can't be created: \(String(cString: strerror(errno))); name another folder with --directory, or with"
            + " the environment variable RATINGBENCH_CACHE")
      ])
  }
}
