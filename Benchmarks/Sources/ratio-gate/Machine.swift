import Foundation
import HotLoops
import RatingNumerics

/// What figures are worth nothing without.
enum Machine {
  static var description: String {
    """
    machine: \(processor), \(Parallel.availableThreads) processors for this process
    kernels: \(Kernels.available.map(\.rawValue).joined(separator: " "))
    BLAS:    \(BLAS.configuration), kernels for \(BLAS.core), \(BLAS.threads) thread
    seed:    \(Registry.seed); M/s: million units per second, from the shortest of up to 25 interleaved rounds
    """
  }

  private static var processor: String {
    #if os(Linux)
      let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
      let name = line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
      return name ?? "unknown processor"
    #else
      var size = 0
      sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
      var bytes = [UInt8](repeating: 0, count: max(size, 1))
      sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0)
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #endif
  }
}
