import RatingData
import RatingNumerics

extension PosteriorModel {
  /// This model with the users and items of `ratings` that it doesn't know, their parameters drawn in every sample from
  /// their posterior given that sample: no regularization has to be chosen, and new rows are as uncertain as their few
  /// ratings leave them.
  ///
  /// In sample s, with y what the constant, the other sides and, in designs that have them, the features of the row leave
  /// of its ratings, and h the factors that go with them, the row's own bias w and factors v come from
  ///
  ///     p(w, v) ~ N(prior_s) x product over its ratings of N(y; w + v . h, 1 / precision_s)
  ///
  /// Where users are also what they rated, a new user is what it rated: the known items among the given ratings. Other
  /// features, of side information, new rows don't have. With the ordered probit likelihood, the row and the latents of its
  /// ratings are drawn in turn, eight times from the prior's mean on: near the middle of the scale each turn forgets all but
  /// a tenth (five even levels) to a third (two) of where it began. A rating between levels counts as the nearest.
  ///
  /// What stands still is an approximation: new users say nothing of items, nor, as features, of what items are. "Known"
  /// means learned: an id that is in the vocabulary without training ratings is as new as any other, unless it has side
  /// information, from which something was learned. The new model's
  /// vocabularies hold the new ids in their order, so indices change: ask it by its own vocabularies.
  ///
  /// Guaranteed afterwards: predictions for pairs of rows that were neither added nor replaced are what they were, byte
  /// for byte; the result is the same for any number of threads. The chains can't go on (`checkpoint(seed:)`).
  ///
  /// - Parameters:
  ///   - ratings: in the model's rating unit, with vocabularies of their own, with times where the model has days.
  ///   - side: which rows are added; users unless said otherwise.
  ///   - known: what becomes of rows that the model knows already.
  ///   - seed: where the draws come from; usually that of the run, `ModelProvenance.seed`.
  /// - Throws: `diverged`, naming the row, where a draw is not finite.
  /// - Complexity: O(samples x (ratings x factors^2 + rows x factors^3)), eight times that with the ordered probit
  ///   likelihood, and a copy of the model.
  public func foldingIn(
    _ ratings: RatingDataset, _ side: FoldIn.Side = .users, known: FoldIn.KnownRows = .keep, seed: Seed,
    threads: Int? = nil
  ) throws(TrainingError) -> FoldInResult<PosteriorModel> {
    var result = FoldInResult(model: self)
    var isUsed = [Bool](repeating: false, count: ratings.count)
    if side != .items {
      let plan = PosteriorFoldInPlan(self, ratings, side: 0, known: known, isUsed: &isUsed)
      result.model = try result.model.folding(plan, seed: seed, threads: threads)
      (result.addedUsers, result.replacedUsers) = (plan.added, plan.replaced)
    }
    if side != .users {
      let plan = PosteriorFoldInPlan(result.model, ratings, side: 1, known: known, isUsed: &isUsed)
      result.model = try result.model.folding(plan, seed: seed, threads: threads)
      (result.addedItems, result.replacedItems) = (plan.added, plan.replaced)
    }
    result.usedRatings = isUsed.count { $0 }
    result.ignoredRatings = ratings.count - result.usedRatings
    return result
  }

  private func folding(
    _ plan: PosteriorFoldInPlan, seed: Seed, threads: Int?
  ) throws(TrainingError) -> PosteriorModel {
    if plan.rows.isEmpty { return self }
    // Another fold-in into the model draws other numbers.
    var stream = RandomStream(
      seed: seed, purpose: "bayesian.fold-in",
      index: UInt64(vocabularies.users.count) << 32 | UInt64(vocabularies.items.count))
    let seed = Seed(stream.next())
    let outcomes = Parallel.map(samples.count, threads: threads) { number in
      let draw = PosteriorFoldInDraw(plan, samples[number], number: number, factors: factors, seed: seed)
      return Result { () throws(PosteriorFoldInDraw.Failure) -> PosteriorSample in try draw.grownSample() }
    }
    var drawn: [PosteriorSample] = []
    for outcome in outcomes {
      do throws(PosteriorFoldInDraw.Failure) {
        drawn.append(try outcome.get())
      } catch {
        throw TrainingError(
          .diverged,
          message: "the posterior of \(["user", "item"][plan.side]) \(plan.ids[error.row]) could not be drawn from",
          remedy: "check that its ratings are in the unit of the model's; train the model again")
      }
    }
    let ids = plan.ids
    return PosteriorModel(
      vocabularies: plan.side == 0
        ? Vocabularies(users: ids, items: vocabularies.items) : Vocabularies(users: vocabularies.users, items: ids),
      scale: scale, mean: mean, deviation: deviation,
      axes: plan.side == 0 ? axes.withUsers(at: plan.places.dropLast(), count: ids.count) : axes.withItems(ids.count),
      levels: levels, stars: stars, factors: factors, samples: drawn,
      state: state.filter { $0.name.hasSuffix(".trace") })
  }

  /// Whether each row of a side was learned from ratings: those that were not are what unseen rows are.
  func isLearned(_ side: Int) -> [Bool] {
    let rows = samples[0].sides[side]
    let unseen = rows.biases.count - 1
    return (0..<unseen).map { row in
      rows.biases[row] != rows.biases[unseen]
        || rows.factors[row * factors..<(row + 1) * factors] != rows.factors[unseen * factors..<(unseen + 1) * factors]
    }
  }
}

/// Which rows of a side are drawn, and from which ratings.
struct PosteriorFoldInPlan: Sendable {
  /// 0 for users, 1 for items.
  let side: Int
  /// The side's identifiers, with the new ones.
  let ids: Vocabulary
  /// The place of each row of the model in `ids`, and of the unseen row behind them.
  let places: [Int]
  let rows: [Row]
  let added: Int
  let replaced: Int
  /// Of each rating, by row: the other side's row, those of the sides behind users and items, and what is to be explained.
  let others: [UInt32]
  let further: [[UInt32]]
  let targets: [Float]
  let levels: [UInt8]
  /// The features of all rows, and their weights.
  let features: [UInt32]
  let weights: [Float]

  struct Row: Sendable {
    /// Its place in `ids`, and in the vocabulary of the ratings.
    let place: Int
    let origin: Int
    let ratings: Range<Int>
    let features: Range<Int>
  }

  init(
    _ model: PosteriorModel, _ ratings: RatingDataset, side: Int, known: FoldIn.KnownRows, isUsed: inout [Bool]
  ) {
    self.side = side
    let (mine, other) = (model.vocabularies.ids(side), model.vocabularies.ids(1 - side))
    let (given, givenOther) = (ratings.vocabularies.ids(side), ratings.vocabularies.ids(1 - side))
    let (isLearned, otherIsLearned) = (model.isLearned(side), model.isLearned(1 - side))
    let otherRows = (0..<givenOther.count).map { index in
      other.index(of: givenOther[index]).flatMap { otherIsLearned[$0] ? $0 : nil }
    }
    let isKnown = (0..<given.count).map { mine.index(of: given[$0]).map { isLearned[$0] } ?? false }
    let columns = ratings.withUnsafeColumns { columns in
      (
        side == 0 ? Array(columns.users) : Array(columns.items),
        side == 0 ? Array(columns.items) : Array(columns.users),
        Array(columns.ratings), columns.times.map { Array($0) }
      )
    }
    // The ratings that count, by row, in their order.
    var counts = [Int](repeating: 0, count: given.count + 1)
    var counting: [Int] = []
    for rating in columns.0.indices {
      let row = Int(columns.0[rating])
      guard known == .replace || !isKnown[row], otherRows[Int(columns.1[rating])] != nil else { continue }
      counting.append(rating)
      isUsed[rating] = true
      counts[row + 1] += 1
    }
    for row in 0..<given.count { counts[row + 1] += counts[row] }
    var next = counts
    var order = [Int](repeating: 0, count: counting.count)
    for rating in counting {
      let row = Int(columns.0[rating])
      order[next[row]] = rating
      next[row] += 1
    }
    let drawn = (0..<given.count).filter { counts[$0] < counts[$0 + 1] }
    let grown = Vocabulary((0..<mine.count).map { mine[$0] } + drawn.map { given[$0] })
    ids = grown
    places = (0..<mine.count).map { grown.index(of: mine[$0])! } + [grown.count]
    replaced = drawn.count { isKnown[$0] }
    added = drawn.count - replaced
    let others = order.map { UInt32(otherRows[Int(columns.1[$0])]!) }
    self.others = others
    // A new user has no sessions; of a new item, those of the users who rated it count.
    let axes = model.axes
    let sides = order.enumerated().map { axes.rows(side == 0 ? .max : others[$0], .max, columns.3?[$1]) }
    further = (2..<max(axes.sides.count, 2)).map { side in sides.map { $0[side] } }
    let (mean, deviation) = (model.mean, model.deviation)
    targets = model.levels == nil ? order.map { Float((Double(columns.2[$0]) - mean) / deviation) } : []
    levels = model.levels.map { levels in order.map { Self.nearest(Double(columns.2[$0]), levels) } } ?? []

    let matrix = model.samples[0].folding[side].features
    var (rows, features, weights) = ([Row](), [UInt32](), [Float]())
    for row in drawn {
      let range = counts[row]..<counts[row + 1]
      let start = features.count
      if let matrix {
        // What was folded in itself is no feature: its factors are 0.
        let own = Set(others[range]).sorted().filter { feature in
          let first = Int(feature) * model.factors
          return matrix.factors[first..<first + model.factors].contains { $0 & 0x7fff != 0 }
        }
        features += own
        if !own.isEmpty { weights += [Float](repeating: 1 / Float(own.count).squareRoot(), count: own.count) }
      }
      rows.append(
        Row(place: grown.index(of: given[row])!, origin: row, ratings: range, features: start..<features.count))
    }
    (self.rows, self.features, self.weights) = (rows, features, weights)
  }

  private static func nearest(_ rating: Double, _ levels: [Double]) -> UInt8 {
    UInt8(levels.indices.min { abs(levels[$0] - rating) < abs(levels[$1] - rating) }!)
  }
}

extension Vocabularies {
  /// Of users, side 0, or of items.
  fileprivate func ids(_ side: Int) -> Vocabulary { side == 0 ? users : items }
}
