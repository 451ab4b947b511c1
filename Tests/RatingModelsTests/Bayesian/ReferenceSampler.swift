import Foundation
import RatingData
import RatingNumerics

@testable import RatingModels

/// Who has rated what, and when: a few users, items and days, of which the last user and the last item have no ratings.
struct TinyPairs {
  let users: [Int]
  let items: [Int]
  let days: [Int]
  let userCount: Int
  let itemCount: Int
  let dayCount: Int

  /// Of every user's `items` all but some, which differ from user to user.
  init(users userCount: Int, items itemCount: Int, days dayCount: Int = 3, leavingOut gap: Int = 3) {
    let all = (0..<userCount).flatMap { user in
      (0..<itemCount).filter { (user * 2 + $0) % gap != 0 }.map { (user: user, item: $0) }
    }
    users = all.map(\.user)
    items = all.map(\.item)
    days = all.map { ($0.user + $0.item) % dayCount }
    precondition(Set(days).count == dayCount, "a day without a rating is none of the sampler's")
    self.userCount = userCount + 1
    self.itemCount = itemCount + 1
    self.dayCount = dayCount
  }

  static let midnight: UInt32 = 1_000_080_000

  func time(_ day: Int) -> UInt32 { Self.midnight + 86_400 * UInt32(day) }

  func dataset(_ ratings: [Float]) -> RatingDataset {
    RatingDataset(
      users: users.map { Identifier(Int64($0)) }, items: items.map { Identifier(Int64($0)) }, ratings: ratings,
      times: days.map(time),
      vocabularies: Vocabularies(
        users: Vocabulary((0..<userCount).map { Identifier(Int64($0)) }),
        items: Vocabulary((0..<itemCount).map { Identifier(Int64($0)) })))
  }

  /// Ratings 1...5 with an order in them.
  var stars: [Float] {
    zip(users, items).map { user, item in
      min(
        max(
          (3 + 1.3 * sin(Float(3 * user + 1)) + 1.2 * cos(Float(2 * item)) + 0.9 * sin(Float(7 * user + 5 * item)))
            .rounded(), 1), 5)
    }
  }
}

/// A Bayesian factorization machine in plain Double, from the formulas alone: every rating expanded into all its
/// features, and one number drawn after the other.
///
///     eta(x) = c + sum w_j x_j + 1/2 sum over f of ((sum v_jf x_j)^2 - sum v_jf^2 x_j^2)
///
/// with the priors of `BayesianFactorization`. Given the others, a number t with slope h of each rating has precision
/// alpha sum h^2 + lambda and mean (alpha sum h (h t + residual) + lambda mu) / precision.
struct ReferenceSampler {
  struct Group {
    let name: String
    let features: Range<Int>
    /// Of each factor, and of the biases behind them.
    var means: [Double]
    var precisions: [Double]
    /// The factors' precision matrix, where there is one.
    var matrix: [[Double]]?
  }

  let pairs: TinyPairs
  let k: Int
  let hasBiases: Bool
  private let hasDays: Bool
  private let usersHaveItems: Bool
  private let itemsHaveUsers: Bool
  private(set) var groups: [Group] = []
  private let expanded: [[(feature: Int, x: Double)]]
  /// The ratings that have each feature.
  private let columns: [[(rating: Int, x: Double)]]

  /// What ratings are, where the likelihood is normal; else their latents.
  var targets: [Double]
  var levels: [Int] = []
  private(set) var constant = 0.0
  private(set) var precision = 1.0
  /// Ascending; none with the normal likelihood.
  private(set) var cuts: [Double]
  private(set) var biases: [Double]
  private(set) var factors: [Double]
  private var stream: RandomStream

  init<Design: BayesianDesign>(
    _ algorithm: BayesianFactorization<Design>, _ pairs: TinyPairs, levelCount: Int?, seed: Seed
  ) {
    self.pairs = pairs
    let k = algorithm.factors
    self.k = k
    hasBiases = algorithm.biases
    (hasDays, usersHaveItems, itemsHaveUsers) = (Design.hasDays, Design.usersHaveItems, Design.itemsHaveUsers)
    stream = RandomStream(seed: seed, purpose: "tests.reference-sampler")
    targets = [Double](repeating: 0, count: pairs.users.count)
    cuts = levelCount.map { count in (1..<count).map { Double($0) - Double(count) / 2 } } ?? []

    var (groups, count) = ([Group](), 0)
    func add(_ name: String, _ size: Int, hasMatrix: Bool) {
      groups.append(
        Group(
          name: name, features: count..<count + size, means: [Double](repeating: 0, count: k + 1),
          precisions: [Double](repeating: 1, count: k + 1),
          matrix: hasMatrix ? Self.identity(k) : nil))
      count += size
    }
    let isFull = algorithm.covariance == .full
    add("users", pairs.userCount, hasMatrix: isFull)
    if Design.usersHaveItems { add("users.items", pairs.itemCount, hasMatrix: false) }
    add("items", pairs.itemCount, hasMatrix: isFull)
    if Design.itemsHaveUsers { add("items.users", pairs.userCount, hasMatrix: false) }
    if Design.hasDays { add("days", pairs.dayCount, hasMatrix: false) }
    self.groups = groups
    biases = [Double](repeating: 0, count: count)
    factors = [Double](repeating: 0, count: count * k)
    let starts = Dictionary(uniqueKeysWithValues: groups.map { ($0.name, $0.features.lowerBound) })
    let rows = pairs.users.indices.map {
      Self.features(pairs.users[$0], pairs.items[$0], pairs.days[$0], pairs, starts)
    }
    expanded = rows
    columns = (0..<count).map { feature in
      rows.enumerated().flatMap { rating, row in row.filter { $0.feature == feature }.map { (rating, $0.x) } }
    }
  }

  /// The features of a rating, with their values.
  private static func features(
    _ user: Int, _ item: Int, _ day: Int, _ pairs: TinyPairs, _ starts: [String: Int]
  ) -> [(feature: Int, x: Double)] {
    var row = [(starts["users"]! + user, 1.0), (starts["items"]! + item, 1.0)]
    if let start = starts["users.items"] {
      let rated = pairs.users.indices.filter { pairs.users[$0] == user }.map { pairs.items[$0] }
      row += rated.map { (start + $0, 1 / Double(rated.count).squareRoot()) }
    }
    if let start = starts["items.users"] {
      let raters = pairs.items.indices.filter { pairs.items[$0] == item }.map { pairs.users[$0] }
      row += raters.map { (start + $0, 1 / Double(raters.count).squareRoot()) }
    }
    if let start = starts["days"] { row.append((start + day, 1)) }
    return row.map { (feature: $0.0, x: $0.1) }
  }

  private static func identity(_ size: Int) -> [[Double]] {
    (0..<size).map { row in (0..<size).map { $0 == row ? 1 : 0 } }
  }

  // MARK: Predictions

  func eta(_ row: [(feature: Int, x: Double)]) -> Double {
    var sum = constant
    for (feature, x) in row { sum += biases[feature] * x }
    for f in 0..<k {
      var (q, squares) = (0.0, 0.0)
      for (feature, x) in row {
        let part = factors[feature * k + f] * x
        q += part
        squares += part * part
      }
      sum += (q * q - squares) / 2
    }
    return sum
  }

  /// The rating's features, to be given to `eta`.
  func row(_ user: Int, _ item: Int, _ day: Int) -> [(feature: Int, x: Double)] {
    Self.features(
      user, item, day, pairs, Dictionary(uniqueKeysWithValues: groups.map { ($0.name, $0.features.lowerBound) }))
  }

  // MARK: The prior

  /// Draws everything from the prior: hyper-parameters, parameters, and what the ratings are.
  mutating func drawFromPrior() {
    for index in groups.indices {
      for f in 0...k {
        groups[index].precisions[f] = stream.gamma(shape: 0.5, rate: 0.5)
        groups[index].means[f] = stream.normal() / groups[index].precisions[f].squareRoot()
      }
      if groups[index].matrix != nil { drawMatrix(index, rows: [], beta: 2) }
      for feature in groups[index].features { drawFeature(feature, groups[index]) }
    }
    constant = stream.normal()
    if cuts.isEmpty {
      precision = stream.gamma(shape: 0.5, rate: 0.5)
    } else {
      cuts = Self.cuts(cuts.map { _ in stream.normal() })
    }
    for rating in targets.indices {
      targets[rating] = eta(expanded[rating]) + stream.normal() / precision.squareRoot()
    }
    if !cuts.isEmpty { levels = targets.map { target in cuts.reduce(0) { $0 + (target > $1 ? 1 : 0) } } }
  }

  private mutating func drawFeature(_ feature: Int, _ group: Group) {
    biases[feature] = hasBiases ? group.means[k] + stream.normal() / group.precisions[k].squareRoot() : 0
    guard let matrix = group.matrix else {
      for f in 0..<k {
        factors[feature * k + f] = group.means[f] + stream.normal() / group.precisions[f].squareRoot()
      }
      return
    }
    let drawn = Self.normalVector(precision: matrix, &stream)
    for f in 0..<k { factors[feature * k + f] = group.means[f] + drawn[f] }
  }

  /// A draw from N(0, precision^-1), from the last element to the first: each given those behind it.
  private static func normalVector(precision: [[Double]], _ stream: inout RandomStream) -> [Double] {
    let size = precision.count
    // Eliminates elements 0, 1, ...: what is left of row r is the precision of r... given nothing before it.
    var a = precision
    for pivot in 0..<size {
      for row in pivot + 1..<max(size, pivot + 1) {
        let factor = a[row][pivot] / a[pivot][pivot]
        for column in 0..<size { a[row][column] -= factor * a[pivot][column] }
      }
    }
    var x = [Double](repeating: 0, count: size)
    for row in (0..<size).reversed() {
      let mean = (row + 1..<max(size, row + 1)).reduce(0) { $0 - a[row][$1] * x[$1] } / a[row][row]
      x[row] = mean + stream.normal() / a[row][row].squareRoot()
    }
    return x
  }

  /// Wishart as the sum of products of normal vectors, one for each degree of freedom.
  private mutating func drawMatrix(_ index: Int, rows: [[Double]], beta: Double) {
    let n = Double(rows.count)
    let sums = (0..<k).map { f in rows.reduce(0) { $0 + $1[f] } }
    var inverseScale = Self.identity(k)
    for r in 0..<k {
      for c in 0..<k {
        inverseScale[r][c] += rows.reduce(0) { $0 + $1[r] * $1[c] } - sums[r] * sums[c] / (beta + n)
      }
    }
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: k), count: k)
    for _ in 0..<k + rows.count {
      // Covariance = the scale = the inverse of what is the vector's precision.
      let x = Self.normalVector(precision: inverseScale, &stream)
      for r in 0..<k { for c in 0..<k { matrix[r][c] += x[r] * x[c] } }
    }
    groups[index].matrix = matrix
    let scaled = matrix.map { $0.map { $0 * (beta + n) } }
    let noise = Self.normalVector(precision: scaled, &stream)
    for f in 0..<k { groups[index].means[f] = sums[f] / (beta + n) + noise[f] }
  }

  // MARK: One sweep

  mutating func sweep() {
    for index in groups.indices { drawPrior(index) }
    var means = expanded.map { eta($0) }
    if !cuts.isEmpty {
      drawCuts(means)
      drawLatents(means)
    }
    // Residuals, and the sum over a rating's features of each factor.
    var residuals = zip(targets, means).map { $0 - $1 }
    if cuts.isEmpty {
      precision = stream.gamma(
        shape: (1 + Double(residuals.count)) / 2, rate: (1 + residuals.reduce(0) { $0 + $1 * $1 }) / 2)
    }
    let certainty = precision * Double(residuals.count) + 1
    let value =
      precision * residuals.reduce(0) { $0 + $1 + constant } / certainty + stream.normal() / certainty.squareRoot()
    for rating in residuals.indices { residuals[rating] -= value - constant }
    constant = value
    for group in groups {
      for feature in group.features where hasBiases {
        let (lambda, mean) = (group.precisions[k], group.means[k])
        biases[feature] = drawn(biases[feature], feature, lambda, lambda * mean, &residuals) { $1 }
      }
    }
    for f in 0..<k {
      for rating in expanded.indices {
        means[rating] = expanded[rating].reduce(0) { $0 + factors[$1.feature * k + f] * $1.x }
      }
      for group in groups {
        for feature in group.features {
          var (lambda, pull) = (group.precisions[f], group.precisions[f] * group.means[f])
          if let matrix = group.matrix {
            lambda = matrix[f][f]
            pull = lambda * group.means[f]
            for g in 0..<k where g != f { pull -= matrix[f][g] * (factors[feature * k + g] - group.means[g]) }
          }
          let before = factors[feature * k + f]
          let after = drawn(before, feature, lambda, pull, &residuals) { $1 * (means[$0] - $1 * before) }
          factors[feature * k + f] = after
          for (rating, x) in columns[feature] { means[rating] += x * (after - before) }
        }
      }
    }
  }

  /// A draw of a number that is `before`, given the slope of each rating that has the feature with some x.
  private mutating func drawn(
    _ before: Double, _ feature: Int, _ lambda: Double, _ pull: Double, _ residuals: inout [Double],
    slope: (_ rating: Int, _ x: Double) -> Double
  ) -> Double {
    var (squares, products) = (0.0, 0.0)
    for (rating, x) in columns[feature] {
      let h = slope(rating, x)
      squares += h * h
      products += h * (h * before + residuals[rating])
    }
    let certainty = precision * squares + lambda
    let value = (precision * products + pull) / certainty + stream.normal() / certainty.squareRoot()
    for (rating, x) in columns[feature] { residuals[rating] -= slope(rating, x) * (value - before) }
    return value
  }

  /// precision ~ Gamma(1/2, 1/2), mean ~ N(0, 1 / precision): each given the other.
  private mutating func drawPrior(_ index: Int) {
    let group = groups[index]
    let n = Double(group.features.count)
    for f in 0...k {
      let values = group.features.map { f < k ? factors[$0 * k + f] : biases[$0] }
      let mean = group.means[f]
      let squares = values.reduce(mean * mean) { $0 + ($1 - mean) * ($1 - mean) }
      let precision = stream.gamma(shape: (2 + n) / 2, rate: (1 + squares) / 2)
      groups[index].precisions[f] = precision
      groups[index].means[f] = values.reduce(0, +) / (n + 1) + stream.normal() / ((n + 1) * precision).squareRoot()
    }
    if group.matrix != nil {
      drawMatrix(index, rows: group.features.map { Array(factors[$0 * k..<($0 + 1) * k]) }, beta: 2)
    }
  }

  // MARK: The ordered probit likelihood

  static func cuts(_ parameters: [Double]) -> [Double] {
    var cuts = [parameters[0]]
    for parameter in parameters.dropFirst() { cuts.append(cuts.last! + exp(parameter)) }
    return cuts
  }

  private static func below(_ x: Double) -> Double { erfc(-x * 0.5.squareRoot()) / 2 }

  /// The cell of a level as seen from a mean, mirrored so that its probability is a difference of small numbers.
  private static func cell(_ level: Int, _ mean: Double, _ cuts: [Double]) -> (low: Double, high: Double, sign: Double)
  {
    let low = level == 0 ? -Double.infinity : cuts[level - 1] - mean
    let high = level == cuts.count ? Double.infinity : cuts[level] - mean
    return low + high > 0 ? (-high, -low, -1) : (low, high, 1)
  }

  private func logPosterior(_ parameters: [Double], _ means: [Double]) -> Double {
    let cuts = Self.cuts(parameters)
    return zip(levels, means).reduce(-parameters.reduce(0) { $0 + $1 * $1 } / 2) { sum, rating in
      let cell = Self.cell(rating.0, rating.1, cuts)
      return sum + log(max(Self.below(cell.high) - Self.below(cell.low), 1e-300))
    }
  }

  /// Random walks, with the latents integrated out.
  private mutating func drawCuts(_ means: [Double]) {
    var here = cuts.enumerated().map { $0.offset == 0 ? $0.element : log($0.element - cuts[$0.offset - 1]) }
    var value = logPosterior(here, means)
    for step in [0.25, 0.5, 0.9] {
      let there = here.map { $0 + step * stream.normal() }
      let other = logPosterior(there, means)
      if log(1 - stream.uniform()) < other - value { (here, value) = (there, other) }
    }
    cuts = Self.cuts(here)
  }

  private mutating func drawLatents(_ means: [Double]) {
    for rating in levels.indices {
      let cell = Self.cell(levels[rating], means[rating], cuts)
      let (low, high) = (Self.below(cell.low), Self.below(cell.high))
      let p = min(max(low + stream.uniform() * (high - low), 1e-300), 1 - 1e-16)
      targets[rating] = means[rating] + cell.sign * RandomStream.normalQuantile(p)
    }
  }
}
