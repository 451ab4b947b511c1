@_spi(Benchmarks) import RatingNumerics

/// The sums of users as whole numbers in columns of 16 bits, as the bootstrap's kernel adds them up.
///
/// Numbers of rows are as they are; sums of squared errors are rounded to units of 2^-28 of the power of two that the
/// largest has in it. From there on every sum is exact.
struct WeightedPlanes: Sendable {
  /// Users.
  let count: Int
  /// From one plane to the next.
  let stride: Int
  let planeCount: Int
  /// A plane of ones, 1 or 2 of row counts, 2 of each model's sums, the low 15 bits first.
  private let values: [Int16]
  private let rowPlanes: Int
  /// What a unit of each model's sums is worth.
  private let units: [Double]

  /// - Precondition: no user has 2^30 rows or more.
  init(_ sums: ClusterSums, models: [Int]) {
    count = sums.count
    stride = (sums.count + Kernels.planePadding - 1) / Kernels.planePadding * Kernels.planePadding
    let width = 1 + sums.models
    let mostRows = (0..<sums.count).reduce(0.0) { max($0, sums.records[$1 * width]) }
    precondition(mostRows < 0x1p30, "a user has fewer than 2^30 rows, got \(mostRows)")
    rowPlanes = mostRows < 32_768 ? 1 : 2
    planeCount = 1 + rowPlanes + 2 * models.count
    var values = [Int16](repeating: 0, count: planeCount * stride)
    var units: [Double] = []
    let (count, stride) = (count, stride)
    func fill(_ plane: Int, digits: Int, _ value: (Int) -> Int) {
      for user in 0..<count {
        let number = value(user)
        values[plane * stride + user] = Int16(number & 32_767)
        if digits == 2 { values[(plane + 1) * stride + user] = Int16(number >> 15) }
      }
    }
    fill(0, digits: 1) { _ in 1 }
    fill(1, digits: rowPlanes) { Int(sums.records[$0 * width]) }
    for (place, model) in models.enumerated() {
      let largest = (0..<count).reduce(0.0) { max($0, sums.records[$1 * width + 1 + model]) }
      // The largest is at most 2^29 units, and two planes hold what is below 2^30.
      let unit = largest > 0 ? Double(sign: .plus, exponent: largest.exponent - 28, significand: 1) : 1
      fill(1 + rowPlanes + 2 * place, digits: 2) { Int((sums.records[$0 * width + 1 + model] / unit).rounded()) }
      units.append(unit)
    }
    self.values = values
    self.units = units
  }

  func withUnsafeValues<Result>(_ body: (UnsafePointer<Int16>) -> Result) -> Result {
    values.withUnsafeBufferPointer { body($0.baseAddress!) }
  }

  /// Adds a user `weight` times to the sums of planes.
  @inline(__always)
  func add(_ user: Int, weight: Int, to sums: UnsafeMutablePointer<Int64>, _ values: UnsafePointer<Int16>) {
    for plane in 0..<planeCount { sums[plane] += Int64(weight) * Int64(values[plane * stride + user]) }
  }

  /// How many users a replicate has chosen, each as often as it weighs.
  func users(in sums: UnsafePointer<Int64>) -> Int { Int(sums[0]) }

  func rows(in sums: UnsafePointer<Int64>) -> Int64 { number(in: sums, at: 1, digits: rowPlanes) }

  private func number(in sums: UnsafePointer<Int64>, at plane: Int, digits: Int) -> Int64 {
    sums[plane] + (digits == 2 ? sums[plane + 1] << 15 : 0)
  }

  /// The mean squared errors of a replicate with rows; 0 for a second model that there is none of.
  func means(in sums: UnsafePointer<Int64>) -> (Double, Double) {
    let rows = Double(rows(in: sums))
    func mean(_ place: Int) -> Double {
      Double(number(in: sums, at: 1 + rowPlanes + 2 * place, digits: 2)) * units[place] / rows
    }
    return (mean(0), units.count > 1 ? mean(1) : 0)
  }
}
