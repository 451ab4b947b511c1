import RatingData
import RatingNumerics

extension BiasedFactorModel {
  /// This model with the users and items of `ratings` that it doesn't know.
  ///
  /// Only rows with at least one rating of a known row of the other side are added. "Known" means learned: an id that is
  /// in the vocabulary without training ratings is as new as any other. The new model's vocabularies hold the new ids in
  /// their order, so indices change: ask it by its own vocabularies.
  ///
  /// Guaranteed afterwards: predictions for pairs of rows that were neither added nor replaced are what they were, byte
  /// for byte; the result is the same for any number of threads and on any instruction set.
  ///
  /// - Parameters:
  ///   - ratings: in the model's rating unit, with vocabularies of their own.
  ///   - side: which rows are added; users unless said otherwise.
  ///   - known: what becomes of rows that the model knows already.
  ///   - settings: the weights, usually those of the recipe that made the model: `FoldIn(provenance)`.
  /// - Throws: `invalidParameter` for a weight that is no number of at least 0; `diverged`, naming the row, where a weight
  ///   of 0 leaves equations without a unique solution.
  /// - Complexity: O(ratings x factors^2 + rows x factors^3), and a copy of the model.
  public func foldingIn(
    _ ratings: RatingDataset, _ side: FoldIn.Side = .users, known: FoldIn.KnownRows = .keep, using settings: FoldIn,
    threads: Int? = nil
  ) throws(TrainingError) -> FoldInResult<BiasedFactorModel> {
    try settings.requireValid()
    var users = FactorSide(ids: vocabularies.users, factors: userFactors, biases: userBiases)
    var items = FactorSide(ids: vocabularies.items, factors: itemFactors, biases: itemBiases)
    let solver = settings.rowSolver(deviation: deviation)
    var isUsed = [Bool](repeating: false, count: ratings.count)
    var (addedUsers, addedItems) = (FactorSide.Change(), FactorSide.Change())
    try ratings.withUnsafeColumns { columns throws(TrainingError) in
      let values = columns.ratings.map { Float(Double($0) - mean) }
      let byUser = FoldInRows(keys: columns.users, ids: ratings.vocabularies.users, kind: "user")
      let byItem = FoldInRows(keys: columns.items, ids: ratings.vocabularies.items, kind: "item")
      if side != .items {
        addedUsers = try users.fold(
          byUser, given: items, byItem, values: values, known: known, solver: solver, isUsed: &isUsed, threads: threads)
      }
      if side != .users {
        addedItems = try items.fold(
          byItem, given: users, byUser, values: values, known: known, solver: solver, isUsed: &isUsed, threads: threads)
      }
    }
    guard
      Self.isFinite(
        mean: mean, userBiases: users.biases, itemBiases: items.biases, userFactors: users.factors,
        itemFactors: items.factors)
    else { throw TrainingError.diverged(epoch: 1, learningRate: nil) }
    let used = isUsed.count { $0 }
    return FoldInResult(
      model: BiasedFactorModel(
        vocabularies: Vocabularies(users: users.ids, items: items.ids), scale: scale, mean: mean, deviation: deviation,
        userBiases: users.biases, itemBiases: items.biases, userFactors: users.factors, itemFactors: items.factors),
      addedUsers: addedUsers.added, addedItems: addedItems.added, replacedUsers: addedUsers.replaced,
      replacedItems: addedItems.replaced, usedRatings: used, ignoredRatings: ratings.count - used)
  }
}

/// One column of the ratings that are folded in.
private struct FoldInRows {
  let keys: UnsafeBufferPointer<UInt32>
  let ids: Vocabulary
  let kind: String
}

/// The users, or the items, of a factor model.
private struct FactorSide {
  var ids: Vocabulary
  var factors: Matrix
  var biases: [Float]

  /// What folding in did to it.
  struct Change {
    var added = 0
    var replaced = 0
  }

  /// Whether each row was learned from ratings: those that were not are 0 altogether.
  private var isLearned: [Bool] {
    factors.withUnsafeElements { elements in
      biases.indices.map { row in
        biases[row] != 0 || (0..<factors.columns).contains { elements[row * factors.stride + $0] != 0 }
      }
    }
  }

  /// The row of each identifier, or nil.
  private func positions(of other: Vocabulary) -> [Int?] { (0..<other.count).map { ids.index(of: other[$0]) } }

  mutating func fold(
    _ rows: FoldInRows, given others: FactorSide, _ columns: FoldInRows, values: [Float], known: FoldIn.KnownRows,
    solver: RowSolver, isUsed: inout [Bool], threads: Int?
  ) throws(TrainingError) -> Change {
    let otherIsLearned = others.isLearned
    let otherPositions = others.positions(of: columns.ids).map { $0.flatMap { otherIsLearned[$0] ? $0 : nil } }
    let isLearned = isLearned
    let isKnown = positions(of: rows.ids).map { $0.map { isLearned[$0] } ?? false }
    // Which ratings count, and how many each row has.
    var counts = [Int](repeating: 0, count: rows.ids.count)
    let counting = values.indices.filter { rating in
      let row = Int(rows.keys[rating])
      guard known == .replace || !isKnown[row], otherPositions[Int(columns.keys[rating])] != nil else { return false }
      counts[row] += 1
      return true
    }
    var change = Change()
    var newIDs: [Identifier] = []
    for row in counts.indices where counts[row] > 0 {
      if isKnown[row] { change.replaced += 1 } else { change.added += 1 }
      if ids.index(of: rows.ids[row]) == nil { newIDs.append(rows.ids[row]) }
    }
    grow(by: newIDs)
    // The ratings by row of this side, in their order.
    let positions = positions(of: rows.ids)
    var starts = [Int](repeating: 0, count: biases.count + 1)
    for row in counts.indices where counts[row] > 0 { starts[positions[row]! + 1] = counts[row] }
    for row in biases.indices { starts[row + 1] += starts[row] }
    var next = starts
    var indices = [UInt32](repeating: 0, count: counting.count)
    var sorted = [Float](repeating: 0, count: counting.count)
    for rating in counting {
      isUsed[rating] = true
      let row = positions[Int(rows.keys[rating])]!
      indices[next[row]] = UInt32(otherPositions[Int(columns.keys[rating])]!)
      sorted[next[row]] = values[rating]
      next[row] += 1
    }
    let outcome = solver.solve(
      RatingRows(SparseRatings(starts: starts, others: .long(indices), values: .plain(sorted))), factors: &factors,
      biases: &biases, given: others.factors, others.biases, sumsSquares: false, threads: threads)
    if let row = outcome.failedRow { throw .notUnique("\(rows.kind) \(ids[row])") }
    return change
  }

  /// Makes room for identifiers that are not there yet: rows of 0, at their place in the order.
  private mutating func grow(by newIDs: [Identifier]) {
    if newIDs.isEmpty { return }
    let grown = Vocabulary((0..<ids.count).map { ids[$0] } + newIDs)
    var target = FactorSide(
      ids: grown, factors: Matrix(rows: grown.count, columns: factors.columns),
      biases: [Float](repeating: 0, count: grown.count))
    let stride = factors.stride
    factors.withUnsafeElements { old in
      target.factors.withUnsafeMutableElements { new in
        for row in 0..<ids.count {
          let position = grown.index(of: ids[row])!
          target.biases[position] = biases[row]
          (new + position * stride).update(from: old + row * stride, count: stride)
        }
      }
    }
    self = target
  }
}
