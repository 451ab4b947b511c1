/// The memory that a training takes, part by part, from the sizes of its data alone.
///
/// The parts are those that grow with the data; a program takes some 20 MB beside them, and a thread up to a few more.
public struct MemoryPlan: Sendable, Hashable {
  /// When a part is there. The parts of `beginning`, `learning` and `ending` take turns.
  public enum Stage: String, Sendable, Hashable, CaseIterable {
    /// What was read before the training begins.
    case data
    /// From the training's beginning to its end.
    case training
    /// Only while the training is set up.
    case beginning
    /// Only while epochs or sweeps go on.
    case learning
    /// Only when the model is made, saved and asked.
    case ending
  }

  public struct Part: Sendable, Hashable {
    /// Such as `user factors`.
    public let name: String
    public let stage: Stage
    public let bytes: Int
  }

  /// In the order in which they are made; none is empty.
  public private(set) var parts: [Part] = []

  public init() {}

  /// Adds a part; one of 0 bytes is none.
  public mutating func add(_ name: String, _ bytes: Int, _ stage: Stage = .training) {
    if bytes > 0 { parts.append(Part(name: name, stage: stage, bytes: bytes)) }
  }

  /// The sum of a stage's parts.
  public func bytes(_ stage: Stage) -> Int { parts.reduce(0) { $0 + ($1.stage == stage ? $1.bytes : 0) } }

  /// The most that is there at a time.
  public var peak: Int { bytes(.data) + needed }

  /// The most that comes on top of what was read.
  public var needed: Int { bytes(.training) + max(bytes(.beginning), bytes(.learning), bytes(.ending)) }

  /// Throws where more is needed than there is.
  ///
  /// - Throws: `notEnoughMemory`, naming both and the largest parts.
  public func requireFit(_ available: AvailableMemory, algorithm: String) throws(TrainingError) {
    guard needed > available.bytes else { return }
    let largest = parts.filter { $0.stage != .data }.sorted { $0.bytes > $1.bytes }.prefix(3)
    throw TrainingError(
      .notEnoughMemory,
      message:
        "\(algorithm) needs \(Self.text(needed)) beside the ratings ("
        + largest.map { "\($0.name) \(Self.text($0.bytes))" }.joined(separator: ", ")
        + (parts.count > 3 ? ", ..." : "") + "), and \(Self.text(available.bytes)) are available (\(available.reason))",
      remedy: "use fewer factors, fewer ratings or an algorithm that needs less, or free memory")
  }

  /// `1.61 GB`.
  static func text(_ bytes: Int) -> String {
    let (unit, name) = bytes >= 1_000_000_000 ? (1e9, "GB") : (1e6, "MB")
    let hundredths = Int((Double(bytes) / unit * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) \(name)"
  }
}
