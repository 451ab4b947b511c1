/// A loop whose speed matters, ready to be measured.
public struct HotLoop: Sendable {
  /// Stable: benchmark tools make file names of it.
  public let name: String
  /// What one run gets through: rows, ratings, draws, bytes.
  public let unitsPerRun: Int
  /// For a loop that learns: the error on ratings that were kept back, of a whole fit by the same recipe. It stands
  /// beside the speed, so that speed can't be bought with accuracy unseen.
  public let rmse: (@Sendable () -> Double)?
  /// Sets the loop up, outside any measurement, and returns one run of it. Inputs come from a fixed seed.
  public let make: @Sendable () -> () -> Void

  public init(
    _ name: String, unitsPerRun: Int, rmse: (@Sendable () -> Double)? = nil,
    _ make: @escaping @Sendable () -> () -> Void
  ) {
    self.name = name
    self.unitsPerRun = unitsPerRun
    self.rmse = rmse
    self.make = make
  }
}

/// Two loops that do the same work, to be measured in turns: how many times as fast as `reference` is `loop`?
public struct Comparison: Sendable {
  /// What passes while a loop runs.
  public enum Clock: Sendable {
    /// The processor time of all threads of this process: other processes can't lengthen it.
    case processor
    /// The time of day, for what threads gain.
    case wall
  }

  public let loop: HotLoop
  public let reference: HotLoop
  public let clock: Clock
  public var name: String { "\(loop.name) / \(reference.name)" }

  public init(_ loop: HotLoop, against reference: HotLoop, by clock: Clock = .processor) {
    self.loop = loop
    self.reference = reference
    self.clock = clock
  }
}

/// Two errors of which one should be the larger, by a known ratio.
public struct AccuracyComparison: Sendable {
  public let name: String
  /// Of the model, and of the reference; both in stars.
  public let errors: @Sendable () -> (model: Double, reference: Double)

  public init(_ name: String, _ errors: @escaping @Sendable () -> (model: Double, reference: Double)) {
    self.name = name
    self.errors = errors
  }
}

/// Keeps the optimizer from removing what only computes a value.
@inline(never)
@_optimize(none)
public func consume<Value>(_ value: Value) {}
