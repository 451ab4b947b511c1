import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

/// SVD++ and asymmetric SVD.
struct ImplicitFactorTests {
  /// SVD++ as its formula reads: for each rating, every y(j) of the user takes its own step. In Double.
  private struct Plain {
    let algorithm: SVDPlusPlus
    var userBiases: [Double], itemBiases: [Double], p: [[Double]], q: [[Double]], y: [[Double]]

    mutating func step(
      _ user: Int, _ item: Int, _ rating: Double, rated: [(item: Int, users: Int)], share: Double, counts: (Int, Int)
    ) {
      let factors = p[0].count
      let weights = rated.map {
        (Double($0.users) / (Double($0.users) + algorithm.implicitDamping) / Double(rated.count)).squareRoot()
      }
      let w = (0..<factors).map { f in p[user][f] + zip(rated, weights).reduce(0) { $0 + $1.1 * y[$1.0.item][f] } }
      let e = rating - userBiases[user] - itemBiases[item] - zip(w, q[item]).reduce(0) { $0 + $1.0 * $1.1 }
      let (rate, implicitRate) = (algorithm.learningRate * share, algorithm.implicitLearningRate * share)
      func damped(_ bias: Double, _ count: Int, _ regularization: Double) -> Double {
        let biasRate = max(algorithm.biasLearningRate, 1 / (Double(count) + regularization)) * share
        return (bias + biasRate * e) / (1 + biasRate * regularization / Double(count))
      }
      userBiases[user] = damped(userBiases[user], counts.0, algorithm.biasRegularization)
      itemBiases[item] = damped(itemBiases[item], counts.1, algorithm.itemBiasRegularization)
      for f in 0..<factors {
        let old = q[item][f]
        q[item][f] += rate * (e * w[f] - algorithm.itemRegularization * old)
        p[user][f] += rate * (e * old - algorithm.regularization * p[user][f])
        for (j, weight) in zip(rated, weights) {
          y[j.item][f] += implicitRate * (e * weight * old - algorithm.implicitRegularization * y[j.item][f])
        }
      }
    }
  }

  @Test func oneSumForAUserGivesWhatAStepOfEveryImplicitFactorGives() throws {
    let planted = PlantedRatings(users: 30, items: 20, perUser: 8)
    let algorithm = SVDPlusPlus(factors: 5, epochs: 3) {
      $0.learningRate = 0.1
      $0.implicitLearningRate = 0.2
      $0.biasLearningRate = 0.05
      $0.implicitDamping = 4
      $0.initialStandardDeviation = 0.5
    }
    let input = TrainingInput(planted.train)
    var run = try algorithm.begin(input, seed: 2, options: RunOptions())
    let data = ImplicitData(input, implicitDamping: algorithm.implicitDamping, seed: 2, threads: 2)
    func rows(_ tensor: Tensor) -> [[Double]] {
      let width = tensor.shape[1]
      return (0..<tensor.shape[0]).map { row in tensor.floats[row * width..<(row + 1) * width].map(Double.init) }
    }
    let start = run.checkpoint().tensors
    var plain = Plain(
      algorithm: algorithm, userBiases: start[0].floats.map(Double.init), itemBiases: start[1].floats.map(Double.init),
      p: rows(start[2]), q: rows(start[3]), y: rows(start[4]))
    for epoch in 1...3 {
      _ = try run.step()
      try data.order.forEachUser(epoch: epoch, data.ratings) { user, first, second throws(TrainingError) in
        for rating in Array(first) + Array(second) {
          plain.step(
            user, Int(rating.item), Double(rating.rating),
            rated: data.rated.items[data.rated.range(user)].map { (Int($0), data.itemCounts[Int($0)]) },
            share: 1 - Double(epoch - 1) / 3, counts: (data.userCounts[user], data.itemCounts[Int(rating.item)]))
        }
      }
    }
    let end = run.checkpoint().tensors
    func distance(_ found: [Double], _ expected: [Double]) -> Double {
      zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(distance(end[0].floats.map(Double.init), plain.userBiases) < 1e-5)
    #expect(distance(end[1].floats.map(Double.init), plain.itemBiases) < 1e-5)
    for (tensor, expected) in [(end[2], plain.p), (end[3], plain.q), (end[4], plain.y)] {
      #expect(distance(rows(tensor).flatMap { $0 }, expected.flatMap { $0 }) < 1e-5, "\(tensor.name)")
    }
    // And y has moved.
    #expect(plain.y.joined().contains { abs($0) > 0.01 })
  }

  @Test(arguments: [
    SVDPlusPlus(factors: 8, epochs: 60) {
      $0.learningRate = 0.05
      $0.regularization = 0.01
      $0.itemRegularization = 0.01
    }
      as any RegisteredAlgorithm,
    AsymmetricSVD(factors: 8, epochs: 120) {
      $0.learningRate = 0.05
      $0.itemRegularization = 0.01
      $0.implicitRegularization = 1e-4
    },
    TimeSVDPlusPlus(factors: 8, epochs: 60) {
      $0.learningRate = 0.05
      $0.regularization = 0.01
      $0.itemRegularization = 0.01
    },
  ])
  func plantedFactorsAreRecovered(_ algorithm: any RegisteredAlgorithm) throws {
    let planted = PlantedRatings()
    let error = rmse(try algorithm.fit(to: planted.train, seed: 1), planted.test)
    let biases = rmse(try DampedBiases().fit(to: planted.train, seed: 1), planted.test)
    #expect(error > 0.95 * PlantedRatings.noise)
    // Users that are only what they rated are known less exactly.
    let bound = algorithm is AsymmetricSVD ? 1.6 : 1.25
    #expect(error < bound * PlantedRatings.noise, "\(type(of: algorithm).name): \(error)")
    #expect(error < 0.55 * biases)
  }

  /// Whoever rates an item at all likes items like it: only who rated what tells, the ratings of a user are few.
  @Test func whoRatedWhatIsLearnedFrom() throws {
    var stream = RandomStream(seed: 3, purpose: "tests.implicit")
    var rows: [(user: Int, item: Int, rating: Float)] = []
    for user in 0..<400 {
      // Users of two kinds rate 6 items, 5 of them of their own kind; they like their own kind by 1.
      for _ in 0..<6 {
        let own = stream.below(6) > 0
        let item = 2 * stream.below(30) + (own ? user % 2 : 1 - user % 2)
        rows.append((user, item, Float(3 + (own ? 0.5 : -0.5) + 0.3 * stream.normal())))
      }
    }
    stream.shuffle(&rows)
    func dataset(_ rows: some Collection<(user: Int, item: Int, rating: Float)>) -> RatingDataset {
      RatingDataset(
        users: (0..<400).map { Identifier(Int64($0)) } + rows.map { Identifier(Int64($0.user)) },
        items: (0..<400).map { Identifier(Int64($0 % 60)) } + rows.map { Identifier(Int64($0.item)) },
        ratings: (0..<400).map { Float($0 % 2 == $0 % 60 % 2 ? 3.5 : 2.5) } + rows.map(\.rating))
    }
    let train = dataset(rows.prefix(1200))
    let test = dataset(rows.dropFirst(1200)).reindexed(to: train.vocabularies)
    let algorithm = SVDPlusPlus(factors: 4, epochs: 60) {
      $0.learningRate = 0.05
      $0.implicitLearningRate = 0.1
    }
    func error(_ questions: RatingPairs?, _ algorithm: SVDPlusPlus) throws -> Double {
      let model = try algorithm.fit(to: TrainingInput(train, questions: questions), seed: 1)
      let predictions = model.predict(test.pairs).values
      let squares = zip(predictions, test.ratings).reduce(0) { $0 + ($1.0 - Double($1.1)).squared }
      return (squares / Double(predictions.count)).squareRoot()
    }
    var blind = algorithm
    blind.implicitLearningRate = 0
    let (strict, open) = (try error(nil, algorithm), try error(test.pairs, algorithm))
    #expect(strict < 0.97 * (try error(nil, blind)))
    #expect(open < strict)
  }

  @Test func ratedItemsAreThoseOfTrainingAndQuestionsOnceEach() {
    let ratings = RatingDataset(users: [1, 1, 2, 1], items: [3, 1, 2, 3], ratings: [1, 2, 3, 4])
    let strict = RatedItems(ratings, questions: nil, damping: 0)
    #expect(strict.starts == [0, 2, 3] && strict.items == [0, 2, 1])
    let pairs = RatingPairs(users: [1, 0, 0, RatingPairs.unknown, 1], items: [0, 1, 0, 0, RatingPairs.unknown])
    let open = RatedItems(ratings, questions: pairs, damping: 3)
    #expect(open.starts == [0, 3, 5] && open.items == [0, 1, 2, 0, 1])
    #expect(strict.weights[strict.range(0)] == [Float(0.5).squareRoot(), Float(0.5).squareRoot()])
    // Item 0 is known of both users, item 2 of one: 2 / (2 + 3) and 1 / (1 + 3).
    #expect(abs(open.itemWeights[0] - Float(0.4).squareRoot()) < 1e-7 && open.itemWeights[2] == 0.5)
    #expect(abs(open.gains[1] - (0.4 + 0.4) / 2) < 1e-6)
  }

  @Test func aUserCanBeMadeFromWhatWasRated() throws {
    let planted = PlantedRatings(users: 60, items: 40, perUser: 20)
    let biases = try DampedBiases().fit(to: planted.train, seed: 1)
    let model = try AsymmetricSVD(factors: 5, epochs: 5).fit(to: planted.train, seed: 1)
    let plus = try SVDPlusPlus(factors: 5, epochs: 5) {
      $0.learningRate = 0.03
      $0.regularization = 0
    }.fit(
      to: planted.train, seed: 1)
    planted.train.withUnsafeColumns { columns in
      for user in [0, 17] {
        let rows = columns.users.indices.filter { columns.users[$0] == UInt32(user) }
        let made = model.userFactors(
          ofRated: rows.map { row in
            let item = Int(columns.items[row])
            let expected = biases.mean + biases.userBiases[user] + biases.itemBiases[item]
            return (ItemIndex(UInt32(item)), Double(columns.ratings[row]) - expected)
          })
        let trained = model.base.userFactors.row(user)
        #expect(zip(made, trained).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(made.contains { abs($0) > 1e-3 })
        #expect(plus.userFactors(ofRated: rows.map { ItemIndex(columns.items[$0]) }).allSatisfy { $0.isFinite })
      }
    }
    #expect(model.userFactors(ofRated: []) == [0, 0, 0, 0, 0])
    #expect(plus.userFactors(ofRated: [ItemIndex(1_000_000)]) == [0, 0, 0, 0, 0])
  }
}
