import Foundation

/// Means of some quantities over a chain, with their Monte Carlo errors by batch means.
struct ChainMeans {
  private var sums: [[Double]]
  private var counts: [Int]
  private let length: Int
  private var steps = 0

  /// - Parameter length: of the chain; it is cut into 40 batches.
  init(quantities: Int, length: Int) {
    sums = [[Double]](repeating: [Double](repeating: 0, count: quantities), count: 40)
    counts = [Int](repeating: 0, count: 40)
    self.length = length
  }

  mutating func add(_ values: [Double]) {
    let batch = min(steps * sums.count / length, sums.count - 1)
    for (place, value) in values.enumerated() { sums[batch][place] += value }
    counts[batch] += 1
    steps += 1
  }

  /// The mean of one quantity, and its standard error.
  func mean(_ quantity: Int) -> (value: Double, error: Double) {
    let means = zip(sums, counts).map { $0[quantity] / Double($1) }
    let mean = means.reduce(0, +) / Double(means.count)
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(means.count - 1)
    return (mean, (variance / Double(means.count)).squareRoot())
  }
}

/// The largest distance between two empirical distributions, times sqrt(n m / (n + m)): 2.5 has probability 1e-5.
func kolmogorovSmirnov(_ a: [Double], _ b: [Double]) -> Double {
  let (a, b) = (a.sorted(), b.sorted())
  var (i, j, worst) = (0, 0, 0.0)
  while i < a.count, j < b.count {
    let value = min(a[i], b[j])
    while i < a.count, a[i] <= value { i += 1 }
    while j < b.count, b[j] <= value { j += 1 }
    worst = max(worst, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
  }
  return worst * (Double(a.count) * Double(b.count) / Double(a.count + b.count)).squareRoot()
}

/// The largest distance from a distribution function, times sqrt(n): 2.5 has probability 1e-5.
func kolmogorovSmirnov(_ numbers: [Double], _ distribution: (Double) -> Double) -> Double {
  let (sorted, n) = (numbers.sorted(), Double(numbers.count))
  return n.squareRoot()
    * sorted.enumerated().reduce(0) {
      let p = distribution($1.element)
      return max($0, p - Double($1.offset) / n, Double($1.offset + 1) / n - p)
    }
}

/// P(gamma of that shape and rate 1 <= x): the series for small x, the continued fraction for large x.
func gammaDistribution(_ x: Double, shape: Double) -> Double {
  if x <= 0 { return 0 }
  let front = exp(shape * log(x) - x - lgamma(shape))
  if x < shape + 1 {
    var (term, sum, n) = (1 / shape, 1 / shape, shape)
    while term > 1e-16 * sum {
      n += 1
      term *= x / n
      sum += term
    }
    return front * sum
  }
  // Lentz's method.
  var b = x + 1 - shape
  var (c, d) = (1e300, 1 / b)
  var h = d
  for i in 1...10_000 {
    let an = -Double(i) * (Double(i) - shape)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    h *= c * d
    if abs(c * d - 1) < 1e-15 { break }
  }
  return 1 - front * h
}

func normalDistribution(_ x: Double) -> Double { erfc(-x * 0.5.squareRoot()) / 2 }
