import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What figures were computed with: the part of a protocol that the ratings don't decide.
///
/// Scores hardly depend on it (a BLAS library may sum in another order on another processor); seconds do.
public struct Machine: Sendable, Hashable {
  /// Operating system, release and architecture, such as `Linux 6.12.0 x86_64`.
  public var system: String
  /// The processor as it names itself, or its architecture where it doesn't.
  public var processor: String
  /// The processors that a process may run on.
  public var processors: Int
  /// The instruction set of the numeric kernels, such as `avx512`.
  public var instructionSet: String
  /// Name of the BLAS library, the processor core that its kernels are for, and its threads.
  public var blas: String
  /// The version of this package.
  public var version: String

  public init(
    system: String, processor: String, processors: Int, instructionSet: String, blas: String, version: String
  ) {
    self.system = system
    self.processor = processor
    self.processors = processors
    self.instructionSet = instructionSet
    self.blas = blas
    self.version = version
  }

  /// The machine that this process runs on.
  public static let current = Machine(
    system: systemName(), processor: processorName() ?? systemParts().machine,
    processors: Parallel.availableThreads, instructionSet: Kernels.selection.instructionSet.rawValue,
    blas: "\(BLAS.name) for \(BLAS.core), \(BLAS.threads) \(BLAS.threads == 1 ? "thread" : "threads")",
    version: RatingBenchVersion.current)

  private static func systemName() -> String {
    let parts = systemParts()
    return "\(parts.system) \(parts.release) \(parts.machine)"
  }

  private static func systemParts() -> (system: String, release: String, machine: String) {
    var names = utsname()
    guard uname(&names) == 0 else { return ("unknown", "", "") }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return (text(names.sysname), text(names.release), text(names.machine))
  }

  private static func processorName() -> String? {
    #if canImport(Darwin)
      var size = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 1 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #else
      guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 512)
      while fgets(&line, Int32(line.count), file) != nil {
        let text = line.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 && $0 != 10 }, as: UTF8.self) }
        guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
        return String(text[text.index(after: colon)...].drop { $0 == " " })
      }
      return nil
    #endif
  }
}

extension Machine {
  /// What a protocol says of it, in a line.
  public var protocolText: String {
    "\(processor), \(FixedText.count(processors, "processor")), \(system); kernels \(instructionSet); BLAS \(blas); "
      + "RatingBench \(version)"
  }
}
