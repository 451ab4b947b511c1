#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder of real ratings that `RATINGBENCH_DATA` names, for tests that need one.
public enum RealData {
  /// The path of a file in that folder, or nil where there is no such folder or file.
  public static func path(_ relative: String) -> String? {
    guard let folder = getenv("RATINGBENCH_DATA") else { return nil }
    let path = String(cString: folder) + "/" + relative
    return access(path, R_OK) == 0 ? path : nil
  }
}
