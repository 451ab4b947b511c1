import RatingData
import RatingNumerics

/// What the memory of a training depends on: the sizes of its data, and what is kept beside the model.
public struct TrainingShape: Sendable {
  public var ratings: Int
  public var users: Int
  public var items: Int
  public var hasTimes = false
  /// The number of different ratings; at most 256 take a byte each, at most 65,536 two.
  public var differentRatings = 256
  /// Pairs that are known to be asked about (`TrainingInput.questions`).
  public var questions = 0
  /// Ratings that the accuracy is measured on after each epoch.
  public var validation = 0
  /// Pairs that the model is asked about at the end.
  public var predictions = 0
  /// The different features of users and of items, and how often any of them is given.
  public var features = (users: 0, items: 0, entries: 0)
  /// An upper bound of the number of days with ratings.
  public var days = 0
  /// About how many of the users' stretches of so many minutes have ratings.
  public var sessions: @Sendable (_ minutes: Int) -> Int = { _ in 0 }
  public var threads = Parallel.availableThreads
  /// Whether the model of the last good epoch is kept (`RunOptions.keepsLastGoodModel`), as who saves it wants.
  public var keepsModel = false
  public var keepsCheckpoints = false
  public var stopsEarly = false

  public init(ratings: Int, users: Int, items: Int) {
    self.ratings = ratings
    self.users = users
    self.items = items
  }

  /// - Parameter predictions: how many pairs the model will be asked about at the end.
  /// - Complexity: O(ratings), in parallel; some algorithms ask for `sessions`, which looks at some users' ratings.
  public init(_ input: TrainingInput, options: RunOptions = RunOptions(), predictions: Int = 0) {
    let dataset = input.ratings
    self.init(ratings: dataset.count, users: dataset.userCount, items: dataset.itemCount)
    hasTimes = dataset.hasTimes
    threads = options.threads ?? Parallel.availableThreads
    questions = input.questions?.count ?? 0
    validation = input.validation?.count ?? 0
    self.predictions = predictions
    let groups = (input.userFeatures?.groups ?? [], input.itemFeatures?.groups ?? [])
    features = (
      users: groups.0.reduce(0) { $0 + $1.featureNames.count },
      items: groups.1.reduce(0) { $0 + $1.featureNames.count },
      entries: (groups.0 + groups.1).reduce(0) { $0 + $1.features.count }
    )
    keepsModel = options.keepsLastGoodModel
    keepsCheckpoints = options.checkpointing != nil
    stopsEarly = input.earlyStopping != nil
    dataset.withUnsafeColumns { columns in
      // The first ratings tell how many different ones there are about.
      let first = UnsafeBufferPointer(rebasing: columns.ratings.prefix(1 << 20))
      differentRatings = RatingCodes(first, threads: 1).values.count
      guard let times = columns.times, times.count > 0 else { return }
      nonisolated(unsafe) let all = times
      let pieces = Parallel.rowPieces(times.count, threads: threads)
      let bounds = Parallel.map(pieces.count, threads: threads) { piece in
        all[pieces[piece]].reduce(into: (UInt32.max, UInt32(0))) { $0 = (min($0.0, $1), max($0.1, $1)) }
      }
      let (least, most) = bounds.reduce((UInt32.max, UInt32(0))) { (min($0.0, $1.0), max($0.1, $1.1)) }
      days = Int(most / DayAxis.secondsInDay) - Int(least / DayAxis.secondsInDay) + 1
      sessions = { minutes in dataset.aboutSessions(minutes: minutes) }
    }
  }

  // MARK: Sizes that parts share

  var usersAndItems: Int { users + items }

  /// Bytes of a matrix, whose rows fill whole vector registers.
  func matrix(_ rows: Int, _ factors: Int) -> Int { 4 * rows * ((factors + 15) / 16 * 16) }

  private var bytesOfRating: Int { differentRatings <= 1 << 8 ? 1 : differentRatings <= 1 << 16 ? 2 : 4 }

  /// Bytes of `SparseRatings` by user: for each rating the item's index and the rating.
  var byUser: Int { ratings * ((items <= 1 << 16 ? 2 : 4) + bytesOfRating) + 8 * users }

  /// Bytes of `SparseRatings` by item.
  var byItem: Int { ratings * ((users <= 1 << 16 ? 2 : 4) + bytesOfRating) + 8 * items }

  /// Bytes that `RatingSort` takes while it makes a view, and the counts of ratings before.
  var sorting: Int { 12 * min(ratings, 1 << 23) + 4 * usersAndItems * pieces + 8 * max(users, items) }

  /// The number of pieces of work that each count for themselves.
  var pieces: Int { Parallel.rowPieces(ratings, threads: threads).count }
}

extension MemoryPlan {
  /// A plan of what is there before a training: 12 bytes for each rating, 16 with times, as many for validation, 16 for
  /// each identifier, 8 or 12 for each question.
  init(_ shape: TrainingShape) {
    let row = shape.hasTimes ? 16 : 12
    add("ratings", row * shape.ratings, .data)
    add("validation ratings", row * shape.validation, .data)
    add("questions", (row - 4) * shape.questions, .data)
    add("pairs to predict", row * shape.predictions, .data)
    add("identifiers", 16 * shape.usersAndItems, .data)
  }

  /// Adds the ratings by user and by item, and what making them takes.
  mutating func addViews(_ shape: TrainingShape) {
    add("ratings by user", shape.byUser)
    add("ratings by item", shape.byItem)
    add("sorting", shape.sorting, .beginning)
  }

  /// Adds what is kept of a model beside the run, and what making and asking it takes.
  ///
  /// - Parameters:
  ///   - model: bytes of a model that shares nothing with the run.
  ///   - state: bytes of the tensors of a checkpoint, or of a saved model.
  mutating func addModels(_ shape: TrainingShape, model: Int, state: Int) {
    if shape.keepsModel { add("last good model", 2 * model, .learning) }
    if shape.keepsCheckpoints { add("checkpoints", 2 * state, .learning) }
    if shape.stopsEarly { add("best state", state, .learning) }
    if shape.validation > 0 { add("validation", model + (shape.hasTimes ? 20 : 16) * shape.validation, .learning) }
    add("model", model, .ending)
    if shape.keepsModel { add("model to be saved", model + state, .ending) }
    add("predictions", 8 * shape.predictions, .ending)
  }
}

extension RatingDataset {
  /// About how many stretches of so many minutes, counted from 1970, the users have ratings in.
  ///
  /// - Complexity: O(ratings): looks at all of them, and at the times of one user in 61 where there are many.
  fileprivate func aboutSessions(minutes: Int) -> Int {
    let step: UInt32 = count < 2_000_000 ? 1 : 61
    return withUnsafeColumns { columns in
      guard let times = columns.times else { return 0 }
      var found: [UInt64] = []
      for row in 0..<columns.users.count where columns.users[row] % step == 0 {
        found.append(UInt64(columns.users[row]) << 32 | UInt64(times[row] / UInt32(60 * minutes)))
      }
      found.sort()
      var sessions = found.isEmpty ? 0 : 1
      for place in found.indices.dropFirst() where found[place] != found[place - 1] { sessions += 1 }
      return sessions * Int(step)
    }
  }
}
