/// A loop whose speed matters, ready to be measured.
public struct HotLoop: Sendable {
  /// Stable: benchmark tools make file names of it.
  public let name: String
  /// What one run gets through: rows, ratings, draws.
  public let unitsPerRun: Int
  /// Sets the loop up, outside any measurement, and returns one run of it. Inputs come from a fixed seed.
  public let make: @Sendable () -> () -> Void

  public init(_ name: String, unitsPerRun: Int, _ make: @escaping @Sendable () -> () -> Void) {
    self.name = name
    self.unitsPerRun = unitsPerRun
    self.make = make
  }
}

/// Two loops that do the same work, to be measured in turns: how many times as fast as `reference` is `loop`?
public struct Comparison: Sendable {
  public let loop: HotLoop
  public let reference: HotLoop
  public var name: String { "\(loop.name) / \(reference.name)" }

  public init(_ loop: HotLoop, against reference: HotLoop) {
    self.loop = loop
    self.reference = reference
  }
}

/// Keeps the optimizer from removing what only computes a value.
@inline(never)
@_optimize(none)
public func consume<Value>(_ value: Value) {}
