import RatingData
import RatingNumerics

@testable import RatingModels

/// What tests look at and set of a sampler's state.
extension GibbsSampler {
  /// The model's number for a user, an item and a day.
  func eta(_ user: Int, _ item: Int, _ day: Int) -> Double {
    let rows = Array([user, item, day].prefix(sides.count))
    var sum = constant
    for (side, row) in zip(sides, rows) { sum += Double(side.biases.elements[row]) }
    for a in rows.indices {
      for b in a + 1..<max(rows.count, a + 1) {
        for f in 0..<sides[a].factors.columns {
          sum += Double(sides[a].factors[rows[a]][f]) * Double(sides[b].factors[rows[b]][f])
        }
      }
    }
    return sum
  }

  /// The group's bias and factors of one row of it.
  func parameters(_ group: String, _ row: Int) -> [Double] {
    let group = sides.flatMap(\.groups).first { $0.name == group }!
    return [Double(group.biases.elements[row])]
      + (0..<group.factors.columns).map { Double(group.factors[row][$0]) }
  }

  /// Goes to the state of a reference sampler.
  func set(_ reference: ReferenceSampler) {
    var tensors: [String: Tensor] = [:]
    func add(_ tensor: Tensor) { tensors[tensor.name] = tensor }
    add(Tensor("scalars", .float64([reference.constant, reference.precision])))
    if !reference.cuts.isEmpty { add(Tensor("cut_points", .float64(reference.cuts))) }
    for group in sides.flatMap(\.groups) {
      let source = reference.groups.first { $0.name == group.name }!.features
      var factors = source.flatMap { j in (0..<reference.k).map { Float(reference.factors[j * reference.k + $0]) } }
      var biases = source.map { Float(reference.biases[$0]) }
      // What training has not seen stands behind the rows; it is drawn anew before it is used.
      let missing = group.count - biases.count
      factors += [Float](repeating: 0, count: missing * reference.k)
      biases += [Float](repeating: 0, count: missing)
      add(Tensor(group.name, shape: [group.count, reference.k], .float32(factors)))
      add(Tensor(group.name + ".biases", .float32(biases)))
    }
    let problem = restore(tensors, "", sweeps: 0, threads: 1)
    precondition(problem == nil, problem ?? "")
  }

  /// One sweep on this thread. Returns whether it went through.
  @discardableResult
  func sweepOnce() -> Bool {
    do throws(Failure) {
      _ = try sweep(threads: 1, cancellation: nil)
      return true
    } catch { return false }
  }
}

/// A design with its settings, for tests that go through several.
struct SamplerCase: CustomStringConvertible, Sendable {
  let description: String
  /// The likelihood's levels; nil where it is normal.
  let levelCount: Int?
  let data: @Sendable (TinyPairs, [Float]) throws -> BayesianData
  let sampler: @Sendable (BayesianData, Seed) -> GibbsSampler
  let reference: @Sendable (TinyPairs, Seed) -> ReferenceSampler

  init<Design: BayesianDesign>(
    _ algorithm: BayesianFactorization<Design>, levels: Int? = nil, _ note: String = ""
  ) {
    var algorithm = algorithm
    algorithm.likelihood = levels == nil ? .gaussian : .orderedProbit
    let (made, count) = (algorithm, levels)
    description = [Design.name, made.likelihood.rawValue, note].filter { !$0.isEmpty }.joined(separator: ", ")
    levelCount = levels
    data = { try BayesianData(made, TrainingInput($0.dataset($1)), threads: 1) }
    sampler = { GibbsSampler(made, $0, seed: $1, chain: 0, threads: 1) }
    reference = { ReferenceSampler(made, $0, levelCount: count, seed: $1) }
  }
}

extension BayesianData {
  /// The same pairs with what a reference sampler has simulated of them, in the order of the users' ratings.
  func replacingRatings(by reference: ReferenceSampler) -> BayesianData {
    let byUser = sides[0].ratings
    let users = (0..<byUser.rowCount).flatMap { [UInt32](repeating: UInt32($0), count: byUser.count($0)) }
    let columns = ([users] + byUser.companions).map { column in
      let memory = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: column.count)
      _ = memory.initialize(from: column)
      return UnsafeBufferPointer(memory)
    }
    defer { for column in columns { column.deallocate() } }
    let isNormal = reference.cuts.isEmpty
    let ratings = isNormal ? reference.targets.map { Float($0) } : reference.levels.map { Float($0) }
    let made = ratings.withUnsafeBufferPointer { ratings in
      sides.enumerated().map { number, side in
        Side(
          name: side.name,
          ratings: SideRatings(
            keys: columns[number], keyCount: side.ratings.rowCount,
            companions: columns.indices.filter { $0 != number }.map { columns[$0] }, ratings: ratings,
            response: isNormal ? .target { $0 } : .level { UInt8($0) }, threads: 1),
          features: side.features)
      }
    }
    return BayesianData(self, levels: isNormal ? nil : (0...reference.cuts.count).map(Double.init), sides: made)
  }

  /// The same ratings; the rows of one side have more features.
  func adding(_ features: [(name: String, matrix: FeatureMatrix)], toSide number: Int) -> BayesianData {
    BayesianData(
      self, levels: levels,
      sides: sides.enumerated().map {
        $0.offset == number
          ? Side(name: $0.element.name, ratings: $0.element.ratings, features: $0.element.features + features)
          : $0.element
      })
  }
}
