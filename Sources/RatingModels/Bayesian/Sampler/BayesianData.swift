import RatingData
import RatingNumerics

/// The training ratings as a sampler reads them: by side, and what is to be explained.
struct BayesianData: Sendable {
  let vocabularies: Vocabularies
  let scale: RatingScale
  /// What the model's number 0 and 1 mean as ratings: the training ratings' mean, and their deviation around it. With
  /// the ordered probit likelihood they are not used.
  let mean: Double
  let deviation: Double
  let axes: SideAxes
  /// The different ratings of the training data, ascending, where the likelihood needs them.
  let levels: [Double]?
  /// The ratings that a Gaussian model gives probabilities to: see `PosteriorModel.stars(of:)`.
  let stars: [Double]
  /// Users, items and, where the design has them, days and sessions.
  let sides: [Side]

  struct Side: Sendable {
    let name: String
    let ratings: SideRatings
    let features: [(name: String, matrix: FeatureMatrix)]
  }

  static let largestLevelCount = 64

  /// - Throws: `invalidParameter` where there are too many different ratings for levels.
  init<Design: BayesianDesign>(
    _ algorithm: BayesianFactorization<Design>, _ input: TrainingInput, threads: Int?
  ) throws(TrainingError) {
    let dataset = input.ratings
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    stars = algorithm.likelihood == .gaussian ? PosteriorModel.stars(of: dataset) : []
    let moments = RatingMoments(dataset, threads: threads)
    (mean, deviation) = (moments.mean, moments.deviation)
    let response: SideRatings.Response
    switch algorithm.likelihood {
    case .gaussian:
      levels = nil
      let (mean, deviation) = (moments.mean, moments.deviation)
      response = .target { Float((Double($0) - mean) / deviation) }
    case .orderedProbit:
      let levels = try Self.levels(dataset, algorithm: Design.name)
      self.levels = levels.map(Double.init)
      response = .level { UInt8(Self.place(of: $0, in: levels)) }
    }
    let axes = dataset.withUnsafeColumns { columns in
      SideAxes(
        userCount: dataset.userCount, itemCount: dataset.itemCount,
        days: Design.hasDays ? DayAxis(times: columns.times!) : nil,
        sessions: Design.hasSessions
          ? SessionAxis(
            users: columns.users, times: columns.times!, userCount: dataset.userCount,
            seconds: 60 * algorithm.sessionMinutes) : nil)
    }
    self.axes = axes
    var (userFeatures, itemFeatures):
      ([(name: String, matrix: FeatureMatrix)], [(name: String, matrix: FeatureMatrix)]) =
        ([], [])
    if Design.usersHaveItems || Design.itemsHaveUsers {
      let rated = RatedItems(dataset, questions: input.questions, damping: 0, threads: threads)
      let ofUsers = FeatureMatrix(implicit: rated.starts, others: rated.items, otherCount: dataset.itemCount)
      if Design.usersHaveItems { userFeatures.append(("users.items", ofUsers)) }
      if Design.itemsHaveUsers {
        itemFeatures.append(
          (
            "items.users",
            FeatureMatrix(implicit: ofUsers.featureStarts, others: ofUsers.rows, otherCount: dataset.userCount)
          ))
      }
    }
    for group in input.userFeatures?.groups ?? [] { userFeatures.append(Self.feature(group, of: "users")) }
    for group in input.itemFeatures?.groups ?? [] { itemFeatures.append(Self.feature(group, of: "items")) }
    let features = [SideAxes.users: userFeatures, SideAxes.items: itemFeatures]
    sides = dataset.withUnsafeColumns { columns in
      axes.withUnsafeRows(columns, threads: threads) { rows in
        axes.sides.enumerated().map { number, side in
          Side(
            name: side.name,
            ratings: SideRatings(
              keys: rows[number], keyCount: side.count,
              companions: rows.indices.filter { $0 != number }.map { rows[$0] }, ratings: columns.ratings,
              response: response, threads: threads),
            features: features[side.name] ?? [])
        }
      }
    }
  }

  private static func feature(_ group: FeatureGroup, of side: String) -> (name: String, matrix: FeatureMatrix) {
    (
      "\(side).features.\(group.name)",
      FeatureMatrix(
        starts: group.starts, features: group.features, weights: group.values, featureCount: group.featureNames.count)
    )
  }

  private static func levels(_ dataset: RatingDataset, algorithm: String) throws(TrainingError) -> [Float] {
    var levels: [Float] = []
    let isFew = dataset.withUnsafeColumns { columns in
      for rating in columns.ratings {
        let place = Self.place(of: rating, in: levels)
        if place < levels.count && levels[place] == rating { continue }
        levels.insert(rating, at: place)
        if levels.count > largestLevelCount { return false }
      }
      return true
    }
    guard isFew, levels.count >= 2 else {
      throw TrainingError(
        .invalidParameter,
        message:
          "likelihood of \(algorithm) is ordered-probit, which needs 2 to \(largestLevelCount) different ratings; "
          + "the training data has \(isFew ? "\(levels.count)" : "more")",
        remedy: "use the likelihood gaussian")
    }
    return levels
  }

  /// The first place whose level is not below the rating.
  private static func place(of rating: Float, in levels: [Float]) -> Int {
    levels.firstIndex { $0 >= rating } ?? levels.count
  }
}
