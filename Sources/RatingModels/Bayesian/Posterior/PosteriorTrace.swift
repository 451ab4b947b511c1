/// A few numbers of every sweep of every chain, to judge convergence by.
struct PosteriorTrace: Sendable, Hashable {
  struct Entry: Sendable, Hashable {
    /// The training RMSE of the draw, in the ratings' unit.
    var error: Double
    var constant: Double
    var precision: Double
  }

  /// By chain.
  private(set) var entries: [[Entry]]

  init(chains: Int) { entries = [[Entry]](repeating: [], count: chains) }

  mutating func append(_ entry: Entry, chain: Int) { entries[chain].append(entry) }

  /// One for each chain, [sweeps, 3]: training RMSE, constant, precision.
  var tensors: [Tensor] {
    entries.enumerated().map { chain, entries in
      Tensor(
        "state.\(chain).trace", shape: [entries.count, 3],
        .float64(entries.flatMap { [$0.error, $0.constant, $0.precision] }))
    }
  }

  init(_ tensors: ModelTensors, chains: Int, sweeps: Int) throws(ModelTensors.Failure) {
    entries = []
    for chain in 0..<chains {
      let values = try tensors.doubles("state.\(chain).trace", shape: [sweeps, 3])
      entries.append(
        (0..<sweeps).map { Entry(error: values[3 * $0], constant: values[3 * $0 + 1], precision: values[3 * $0 + 2]) })
    }
  }

  /// The traces among a model's state; nil where there are none, or none that `tensors` made.
  init?(state: [Tensor]) {
    let named = Dictionary(state.map { ($0.name, $0) }) { first, _ in first }
    entries = []
    while let tensor = named["state.\(entries.count).trace"] {
      guard case .float64(let values) = tensor.values, tensor.shape.count == 2, tensor.shape[1] == 3,
        tensor.shape[0] == entries.first?.count ?? tensor.shape[0], values.allSatisfy({ abs($0) < 1e15 })
      else { return nil }
      entries.append(
        (0..<tensor.shape[0]).map {
          Entry(error: values[3 * $0], constant: values[3 * $0 + 1], precision: values[3 * $0 + 2])
        })
    }
    if entries.isEmpty { return nil }
  }

  /// The sweeps of each chain.
  var sweeps: Int { entries.first?.count ?? 0 }
}
