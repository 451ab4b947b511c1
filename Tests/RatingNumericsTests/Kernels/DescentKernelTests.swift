import CRatingKernels
import Testing

@_spi(Benchmarks) @testable import RatingNumerics

/// The step as its formula reads, in any floating-point type.
struct ScalarModel<Number: BinaryFloatingPoint> {
  var p: [Number], q: [Number]
  var userBias: Number, itemBias: Number
  var mean: Number, userBiasRate: Number, itemBiasRate: Number
  var userBiasRegularization: Number, itemBiasRegularization: Number
  var factorRate: Number, factorRegularization: Number

  func error(_ rating: Number) -> Number {
    var product: Number = 0
    for f in p.indices { product += p[f] * q[f] }
    return rating - mean - userBias - itemBias - product
  }

  /// What one step descends.
  func loss(_ rating: Number) -> Number {
    let e = error(rating)
    var factors: Number = 0
    for f in p.indices { factors += p[f] * p[f] + q[f] * q[f] }
    let biases = userBiasRegularization * userBias * userBias + itemBiasRegularization * itemBias * itemBias
    return (e * e + biases + factorRegularization * factors) / 2
  }

  mutating func step(_ rating: Number) {
    let e = error(rating)
    userBias += userBiasRate * (e - userBiasRegularization * userBias)
    itemBias += itemBiasRate * (e - itemBiasRegularization * itemBias)
    for f in p.indices {
      let (old, other) = (p[f], q[f])
      p[f] = old + factorRate * (e * other - factorRegularization * old)
      q[f] = other + factorRate * (e * old - factorRegularization * other)
    }
  }
}

/// A model in memory for the kernels to work on.
struct KernelModel: Equatable {
  var users: Matrix, items: Matrix
  var userBiases: [Float], itemBiases: [Float]
  var mean: Float = 3.5
  var userBiasRate: Float = 0.013, itemBiasRate: Float = 0.007
  var userBiasRegularizations: [Float], itemBiasRegularizations: [Float]
  var factorRate: Float = 0.011, factorRegularization: Float = 0.05
  /// Sums of squares, for rates of each row's own.
  var userSquares: [Float] = [], itemSquares: [Float] = []
  var isNonNegative = false

  init(users: Int, items: Int, factors: Int, seed: Seed = 3) {
    var stream = RandomStream(seed: seed, purpose: "descent-tests")
    self.users = Matrix(rows: users, columns: factors) { _, _ in Float(stream.normal() * 0.1) }
    self.items = Matrix(rows: items, columns: factors) { _, _ in Float(stream.normal() * 0.1) }
    userBiases = (0..<users).map { _ in Float(stream.normal() * 0.3) }
    itemBiases = (0..<items).map { _ in Float(stream.normal() * 0.3) }
    userBiasRegularizations = (0..<users).map { 0.02 + Float($0) / 10 }
    itemBiasRegularizations = (0..<items).map { 0.03 + Float($0) / 7 }
  }

  mutating func with<Result>(_ body: (UnsafePointer<rk_biased_factors>) -> Result) -> Result {
    let (stride, mean) = (users.stride, mean)
    let (userRegularizations, itemRegularizations) = (userBiasRegularizations, itemBiasRegularizations)
    let (userBiasRate, itemBiasRate, factorRate) = (userBiasRate, itemBiasRate, factorRate)
    let (factorRegularization, perFactor) = (factorRegularization, 1 / Float(users.columns))
    let (isAdaptive, nonNegative): (Bool, Int32) = (!userSquares.isEmpty, isNonNegative ? 1 : 0)
    return users.withUnsafeMutableElements { p in
      items.withUnsafeMutableElements { q in
        userBiases.withUnsafeMutableBufferPointer { b in
          itemBiases.withUnsafeMutableBufferPointer { c in
            userSquares.withUnsafeMutableBufferPointer { g in
              itemSquares.withUnsafeMutableBufferPointer { h in
                return userRegularizations.withUnsafeBufferPointer { x in
                  itemRegularizations.withUnsafeBufferPointer { y in
                    let model = rk_biased_factors(
                      user_factors: p, item_factors: q, user_biases: b.baseAddress!, item_biases: c.baseAddress!,
                      factors: stride, mean: mean, user_bias_rate: userBiasRate, item_bias_rate: itemBiasRate,
                      user_bias_regularizations: x.baseAddress!,
                      item_bias_regularizations: y.baseAddress!, factor_rate: factorRate,
                      factor_regularization: factorRegularization, user_squares: isAdaptive ? g.baseAddress : nil,
                      item_squares: isAdaptive ? h.baseAddress : nil, per_factor: perFactor, nonnegative: nonNegative)
                    return withUnsafePointer(to: model, body)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// The kernel's steps over ratings in parts.
  mutating func descend(_ kernels: KernelSet, _ parts: RatingParts) -> Double {
    with { model in parts.withBlock { kernels.descend(model, $0) } }
  }

  /// The kernel's steps over ratings one after the other.
  mutating func descend(_ kernels: KernelSet, _ ratings: [rk_rating]) -> Double {
    descend(kernels, RatingParts(ratings))
  }

  func scalar(_ user: Int, _ item: Int) -> ScalarModel<Double> {
    let p = users.row(user).map { Double($0) }
    let q = items.row(item).map { Double($0) }
    return ScalarModel<Double>(
      p: p, q: q, userBias: Double(userBiases[user]), itemBias: Double(itemBiases[item]), mean: Double(mean),
      userBiasRate: Double(userBiasRate), itemBiasRate: Double(itemBiasRate),
      userBiasRegularization: Double(userBiasRegularizations[user]),
      itemBiasRegularization: Double(itemBiasRegularizations[item]), factorRate: Double(factorRate),
      factorRegularization: Double(factorRegularization))
  }
}

/// Ratings of `users`, sorted by user, of items that often meet.
func kernelRatings(users: Range<Int>, items: Int, each: Int, index: UInt64 = 0) -> [rk_rating] {
  var stream = RandomStream(seed: 9, purpose: "descent-ratings", index: index)
  return users.flatMap { user in
    (0..<each).map { _ in
      rk_rating(user: UInt32(user), item: UInt32(stream.below(items)), rating: Float(stream.below(9)) / 2 + 1)
    }
  }
}

let kernelFactors = Array(stride(from: 16, through: 256, by: 16)) + [272, 320, 512]

@Suite struct DescentKernelTests {
  @Test func scalarStepFollowsTheNegativeGradient() {
    let model = KernelModel(users: 1, items: 1, factors: 5).scalar(0, 0)
    let rating = 4.5
    var after = model
    after.step(rating)

    func check(_ path: WritableKeyPath<ScalarModel<Double>, Double>, rate: Double) {
      // The loss is a parabola along each coordinate: the central difference is exact but for rounding.
      let h = 0.01
      var (more, less) = (model, model)
      more[keyPath: path] += h
      less[keyPath: path] -= h
      let slope = (more.loss(rating) - less.loss(rating)) / (2 * h)
      let change = (after[keyPath: path] - model[keyPath: path]) / rate
      #expect(abs(change + slope) < 1e-12)
      #expect(abs(slope) > 1e-4)
    }
    check(\.userBias, rate: model.userBiasRate)
    check(\.itemBias, rate: model.itemBiasRate)
    for f in 0..<5 {
      check(\.p[f], rate: model.factorRate)
      check(\.q[f], rate: model.factorRate)
    }
  }

  @Test(arguments: Kernels.available)
  func oneStepAgreesWithTheScalarStepInDouble(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for factors in kernelFactors {
      var model = KernelModel(users: 3, items: 2, factors: factors)
      let before = model
      var expected = model.scalar(1, 1)
      let error = expected.error(4.5)
      expected.step(4.5)
      let sum = model.descend(kernels, [rk_rating(user: 1, item: 1, rating: 4.5)])
      #expect(abs(sum - error * error) < 2e-6 * Double(factors), "\(factors) factors")
      #expect(zip(model.users.row(1), expected.p).allSatisfy { abs(Double($0) - $1) < 1e-7 }, "\(factors) factors")
      #expect(zip(model.items.row(1), expected.q).allSatisfy { abs(Double($0) - $1) < 1e-7 }, "\(factors) factors")
      #expect(abs(Double(model.userBiases[1]) - expected.userBias) < 1e-6)
      #expect(abs(Double(model.itemBiases[1]) - expected.itemBias) < 1e-6)
      // Rows of other users and items are as they were.
      for row in [0, 2] { #expect(model.users.row(row) == before.users.row(row)) }
      #expect(model.items.row(0) == before.items.row(0))
      #expect(model.userBiases[0] == before.userBiases[0] && model.userBiases[2] == before.userBiases[2])
      #expect(model.itemBiases[0] == before.itemBiases[0])
    }
  }

  @Test(arguments: Kernels.available)
  func aRunIsStepAfterStep(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for factors in [16, 48, 64, 128, 272] {
      var whole = KernelModel(users: 6, items: 5, factors: factors)
      var single = whole
      // Users come back after others, so that rows have to be put away and fetched again.
      let ratings =
        kernelRatings(users: 0..<6, items: 5, each: 9) + kernelRatings(users: 0..<6, items: 5, each: 2, index: 1)
      let sum = whole.descend(kernels, ratings)
      var singleSum = 0.0
      for rating in ratings { singleSum += single.descend(kernels, [rating]) }
      #expect(whole == single, "\(factors) factors")
      #expect(sum == singleSum)
    }
  }

  /// Ratings of up to four parts in which items often meet, of so many each.
  private func parts(_ users: [Range<Int>], items: Int, each: [Int]) -> [[rk_rating]] {
    users.indices.map { kernelRatings(users: users[$0], items: items, each: each[$0], index: UInt64($0)) }
  }

  @Test(arguments: Kernels.available)
  func partsGiveTheBytesOfThePortableLoop(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let portable = try #require(KernelSet(.portable))
    for factors in kernelFactors {
      var model = KernelModel(users: 8, items: 11, factors: factors)
      var expected = model
      let parts = parts([0..<2, 2..<3, 3..<6, 6..<8], items: 11, each: [9, 17, 6, 10])
      let blocks = [RatingParts(parts[0]), RatingParts(parts[0], parts[1], parts[2], parts[3])]
      for block in blocks + blocks {
        let (sum, expectedSum) = (model.descend(kernels, block), expected.descend(portable, block))
        #expect(sum.bitPattern == expectedSum.bitPattern)
      }
      #expect(model == expected, "\(factors) factors")
    }
  }

  @Test(arguments: Kernels.available)
  func partsAreTheirRatingsInTurnThenWhatIsLeft(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for factors in kernelFactors {
      // Few items, so that parts meet at one of them often; many, so that they hardly do. Empty parts end it at once.
      for (items, each) in [(3, [10, 7, 12, 5]), (400, [10, 7, 12, 5]), (5, [0, 8, 8, 8]), (5, [8, 8, 0, 0])] {
        let parts = parts([0..<2, 2..<4, 4..<5, 5..<8], items: items, each: each)
        let turns = parts.map(\.count).min()!
        var order: [rk_rating] = []
        for turn in 0..<turns { order += parts.map { $0[turn] } }
        for part in parts { order += part[turns...] }
        var atOnce = KernelModel(users: 8, items: items, factors: factors)
        var single = atOnce
        let sum = atOnce.descend(kernels, RatingParts(parts[0], parts[1], parts[2], parts[3]))
        let expected = single.descend(kernels, order)
        #expect(atOnce == single, "\(factors) factors, \(items) items, \(each)")
        #expect(abs(sum - expected) <= 1e-12 * expected)
      }
    }
  }

  @Test(arguments: Kernels.available)
  func aRateOfZeroLeavesThatPartAlone(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    var model = KernelModel(users: 2, items: 2, factors: 32)
    model.userBiasRate = 0
    model.factorRate = 0
    let before = model
    let ratings = kernelRatings(users: 0..<2, items: 2, each: 8)
    _ = model.descend(kernels, ratings)
    #expect(model.users == before.users && model.items == before.items && model.userBiases == before.userBiases)
    #expect(model.itemBiases != before.itemBiases)
  }

  @Test(arguments: Kernels.available)
  func unusedFactorsStayZero(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    var model = KernelModel(users: 2, items: 2, factors: 10)
    let ratings = kernelRatings(users: 0..<2, items: 2, each: 50)
    let stride = model.users.stride
    _ = model.descend(kernels, ratings)
    #expect(stride == 16)
    let padding = model.users.withUnsafeElements { p in (10..<16).map { p[$0] } + (26..<32).map { p[$0] } }
    #expect(padding.allSatisfy { $0 == 0 })
  }

  @Test(arguments: Kernels.available)
  func descentLowersTheErrorAndDivergenceShows(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let ratings = kernelRatings(users: 0..<20, items: 10, each: 8)
    var model = KernelModel(users: 20, items: 10, factors: 16)
    let first = model.descend(kernels, ratings)
    var last = first
    for _ in 0..<60 { last = model.descend(kernels, ratings) }
    #expect(last < first * 0.8)
    model.factorRate = 50
    for _ in 0..<20 { last = model.descend(kernels, ratings) }
    #expect(!last.isFinite)
  }

  /// The rates of each row's own, and factors that may not be negative, as their formulas read in Double.
  @Test(arguments: Kernels.available)
  func adaptiveAndNonNegativeStepsAgreeWithTheirFormulas(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let portable = try #require(KernelSet(.portable))
    for factors in [5, 64, 272] {
      var model = KernelModel(users: 2, items: 2, factors: factors)
      model.userSquares = [1, 1.5]
      model.itemSquares = [1, 2.25]
      model.isNonNegative = true
      model.factorRate = 0.4
      let scalar = model.scalar(1, 1)
      let (e, held) = (scalar.error(4.5), scalar.factorRegularization)
      func sum(_ own: [Double], _ other: [Double], _ start: Double) -> Double {
        start + zip(own, other).reduce(0) { $0 + ($1.1 * e - held * $1.0) * ($1.1 * e - held * $1.0) } / Double(factors)
      }
      let (users, items) = (sum(scalar.p, scalar.q, 1.5), sum(scalar.q, scalar.p, 2.25))
      func step(_ own: [Double], _ other: [Double], _ sum: Double) -> [Double] {
        zip(own, other).map { max(0, $0 + scalar.factorRate / sum.squareRoot() * (e * $1 - held * $0)) }
      }
      let (p, q) = (step(scalar.p, scalar.q, users), step(scalar.q, scalar.p, items))
      var same = model
      _ = model.descend(kernels, [rk_rating(user: 1, item: 1, rating: 4.5)])
      _ = same.descend(portable, [rk_rating(user: 1, item: 1, rating: 4.5)])
      #expect(model == same, "\(factors) factors")
      #expect(abs(Double(model.userSquares[1]) - users) < 1e-5 && abs(Double(model.itemSquares[1]) - items) < 1e-5)
      #expect(zip(model.users.row(1), p).allSatisfy { abs(Double($0) - $1) < 1e-5 }, "\(factors) factors")
      #expect(zip(model.items.row(1), q).allSatisfy { abs(Double($0) - $1) < 1e-5 }, "\(factors) factors")
      #expect(p.contains(0) && q.contains(0))
    }
  }

  @Test(arguments: Kernels.available)
  func predictionsAgreeWithDoubleAndHaveTheBytesOfPortable(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let portable = try #require(KernelSet(.portable))
    for factors in kernelFactors {
      var model = KernelModel(users: 4, items: 6, factors: factors)
      let pairs = kernelRatings(users: 0..<4, items: 6, each: 5)
      var values = [Float](repeating: 0, count: pairs.count)
      var expected = values
      model.with { kernels.predict($0, pairs: pairs, count: pairs.count, into: &values) }
      model.with { portable.predict($0, pairs: pairs, count: pairs.count, into: &expected) }
      #expect(values.map(\.bitPattern) == expected.map(\.bitPattern))
      for (pair, value) in zip(pairs, values) {
        let scalar = model.scalar(Int(pair.user), Int(pair.item))
        #expect(abs(Double(value) + scalar.error(0)) < 2e-6)
      }
    }
  }
}
