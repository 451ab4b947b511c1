#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory that this process may still take before the system has to swap, or ends it.
public struct AvailableMemory: Sendable, Hashable {
  public let bytes: Int
  /// What sets this limit: `the machine`, `its control group` or `its limit of address space`.
  public let reason: String

  public init(bytes: Int, reason: String) {
    self.bytes = bytes
    self.reason = reason
  }

  /// What is available now; nil where the system doesn't tell.
  ///
  /// On Linux the least of what the machine has (`MemAvailable`), what the control groups leave (`memory.max` less what
  /// is used and can't be taken back, of the process's group and those around it; version 1: `memory.limit_in_bytes`) and
  /// what the limit of address space leaves (`ulimit -v`). On macOS the pages that are free or can be at once.
  public static var now: AvailableMemory? {
    #if os(Linux)
      [machine, controlGroup, addressSpace].compactMap { $0 }.min { $0.bytes < $1.bytes }
    #elseif canImport(Darwin)
      machine
    #else
      nil
    #endif
  }

  #if os(Linux)
    private static var machine: AvailableMemory? {
      field("MemAvailable:", in: read("/proc/meminfo")).map { AvailableMemory(bytes: $0 << 10, reason: "the machine") }
    }

    private static var addressSpace: AvailableMemory? {
      guard let limit = field("Max address space", in: read("/proc/self/limits")),
        let used = field("VmSize:", in: read("/proc/self/status"))
      else { return nil }
      return AvailableMemory(bytes: max(limit - used << 10, 0), reason: "its limit of address space")
    }

    private static var controlGroup: AvailableMemory? {
      var least: Int?
      for line in read("/proc/self/cgroup").split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { continue }
        let isFirstVersion = parts[1].split(separator: ",").contains("memory")
        guard isFirstVersion || (parts[0] == "0" && parts[1].isEmpty) else { continue }
        let root = isFirstVersion ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup"
        let files =
          isFirstVersion ? ("memory.limit_in_bytes", "memory.usage_in_bytes") : ("memory.max", "memory.current")
        var names = parts[2].split(separator: "/")
        // The group's own limit, and those of all groups around it.
        while true {
          let folder = ([root] + names.map(String.init)).joined(separator: "/")
          if let limit = whole(read(folder + "/" + files.0)), limit < 1 << 60,
            let used = whole(read(folder + "/" + files.1))
          {
            let files = field("inactive_file", in: read(folder + "/memory.stat")) ?? 0
            least = min(least ?? .max, max(limit - max(used - files, 0), 0))
          }
          if names.popLast() == nil { break }
        }
      }
      return least.map { AvailableMemory(bytes: $0, reason: "its control group") }
    }

    private static func whole(_ text: String) -> Int? { Int(text.prefix { $0 != "\n" }) }

    /// The first number behind a name at the beginning of a line.
    static func field(_ name: String, in text: String) -> Int? {
      for line in text.split(separator: "\n") where line.hasPrefix(name) {
        return line.dropFirst(name.count).split(whereSeparator: { $0 == " " || $0 == "\t" }).first.flatMap { Int($0) }
      }
      return nil
    }

    /// The text of a small file; empty where there is none.
    private static func read(_ path: String) -> String {
      guard let file = fopen(path, "r") else { return "" }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let count = fread(&bytes, 1, bytes.count, file)
      return String(decoding: bytes[..<count], as: UTF8.self)
    }
  #elseif canImport(Darwin)
    private static var machine: AvailableMemory? {
      var statistics = vm_statistics64()
      var count = mach_msg_type_number_t(MemoryLayout<vm_statistics64>.size / MemoryLayout<integer_t>.size)
      let status = withUnsafeMutablePointer(to: &statistics) {
        $0.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
          host_statistics64(mach_host_self(), HOST_VM_INFO64, $0, &count)
        }
      }
      guard status == KERN_SUCCESS else { return nil }
      let pages = Int(statistics.free_count) + Int(statistics.inactive_count) + Int(statistics.purgeable_count)
      return AvailableMemory(bytes: pages * Int(sysconf(Int32(_SC_PAGESIZE))), reason: "the machine")
    }
  #endif
}
