import CRatingKernels
import Testing

@_spi(Benchmarks) @testable import RatingNumerics

/// A user and items in memory for the kernels of SVD++ and its kin to work on.
private struct ImplicitState: Equatable {
  var items: Matrix
  /// own, implicit and slopes.
  var user: Matrix
  var itemBiases: [Float]
  var cells: [Float], bins: [Float], days: [Float], dayScales: [Float]
  var bias: Float = 0.2, slope: Float = -0.1, scale: Float = 0.3
  static let itemCount = 5
  static let binCount = 3

  init(factors: Int) {
    var stream = RandomStream(seed: 5, purpose: "implicit-tests")
    func floats(_ count: Int) -> [Float] { (0..<count).map { _ in Float(stream.normal() * 0.2) } }
    itemBiases = floats(Self.itemCount)
    cells = floats(Self.itemCount * Self.binCount)
    bins = floats(Self.binCount)
    days = floats(2)
    dayScales = floats(2)
    items = Matrix(rows: Self.itemCount, columns: factors) { _, _ in Float(stream.normal() * 0.2) }
    user = Matrix(rows: 3, columns: factors) { _, _ in Float(stream.normal() * 0.2) }
  }

  static let ratings = (0..<23).map { rk_item_rating(item: UInt32($0 * $0 % itemCount), rating: Float($0 % 5) - 2) }
  static let timed = (0..<23).map { place in
    rk_timed_rating(
      item: UInt32(place * place % itemCount), rating: Float(place % 5) - 2,
      item_bin: UInt32(place * place % itemCount * binCount + place % binCount), day: UInt32(place / 13),
      drift: Float(place - 11) / 11)
  }

  /// Runs the first `count` ratings and returns the sum of squared errors.
  mutating func run(_ kernels: KernelSet, timed: Bool, count: Int = 23) -> Double {
    let (stride, keeps) = (items.stride, [Float](repeating: 0.99, count: 20) + [Float](repeating: 0.02, count: 5))
    let user = user
    var copy = user
    let result = copy.withUnsafeMutableElements { rows in
      items.withUnsafeMutableElements { q in
        itemBiases.withUnsafeMutableBufferPointer { itemBiases in
          keeps.withUnsafeBufferPointer { keeps in
            var c = rk_implicit_items(
              factors: q, biases: itemBiases.baseAddress!, bias_rates: keeps.baseAddress! + 20,
              bias_keeps: keeps.baseAddress!, stride: stride, factor_rate: 0.03, factor_keep: 0.998)
            var row = rk_implicit_user(
              own: rows, implicit: rows + stride, own_rate: 0.04, own_keep: 0.997, implicit_rate: 0.05,
              implicit_keep: 0.996, bias: bias, bias_rate: 0.02, bias_keep: 0.98)
            guard timed else {
              let sum = kernels.descend(&c, user: &row, ratings: Self.ratings, count: count)
              bias = row.bias
              return sum
            }
            return cells.withUnsafeMutableBufferPointer { cells in
              bins.withUnsafeMutableBufferPointer { bins in
                days.withUnsafeMutableBufferPointer { days in
                  dayScales.withUnsafeMutableBufferPointer { dayScales in
                    var drift = rk_drift(
                      item_bin_biases: cells.baseAddress!, item_bin_keeps: keeps.baseAddress!,
                      bin_biases: bins.baseAddress!, bin_keeps: keeps.baseAddress!, bins: UInt32(Self.binCount),
                      day_biases: days.baseAddress!, day_keeps: keeps.baseAddress!, rate: 0.025,
                      day_scales: dayScales.baseAddress!, day_scale_keeps: keeps.baseAddress!, bias_slope: slope,
                      bias_slope_keep: 0.97, factor_slopes: rows + 2 * stride, factor_slope_rate: 0.015,
                      factor_slope_keep: 0.995, scale: scale, scale_rate: 0.01, scale_keep: 0.96)
                    let sum = kernels.descend(&c, user: &row, drift: &drift, ratings: Self.timed, count: count)
                    (bias, slope, scale) = (row.bias, drift.bias_slope, drift.scale)
                    return sum
                  }
                }
              }
            }
          }
        }
      }
    }
    self.user = copy
    return result
  }
}

@Suite struct ImplicitKernelTests {
  @Test(arguments: Kernels.available)
  func everyInstructionSetGivesTheBytesOfThePortableOne(set: InstructionSet) throws {
    let (kernels, portable) = (try #require(KernelSet(set)), try #require(KernelSet(.portable)))
    for factors in kernelFactors + [1, 20] {
      for timed in [false, true] {
        var (one, two) = (ImplicitState(factors: factors), ImplicitState(factors: factors))
        let sums = (one.run(kernels, timed: timed), two.run(portable, timed: timed))
        #expect(sums.0 == sums.1 && one == two, "\(factors) factors, timed \(timed)")
      }
    }
  }

  /// One rating, by the formulas in Double.
  @Test(arguments: Kernels.available)
  func oneStepAgreesWithTheFormulas(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for factors in [5, 16, 64, 200] {
      for timed in [false, true] {
        var state = ImplicitState(factors: factors)
        let old = state
        let sum = state.run(kernels, timed: timed, count: 1)
        // Rating 0: item 0, cell 0, day 0, drift -1, rating -2.
        func d(_ x: Float) -> Double { Double(x) }
        func row(_ matrix: Matrix, _ row: Int) -> [Double] { matrix.row(row).map { Double($0) } }
        let (own, implicit, slopes, q) = (row(old.user, 0), row(old.user, 1), row(old.user, 2), row(old.items, 0))
        let drift = timed ? -1.0 : 0
        let w = (0..<factors).map { own[$0] + implicit[$0] + drift * slopes[$0] }
        let product = zip(w, q).reduce(0) { $0 + $1.0 * $1.1 }
        let scale = timed ? 1 + d(old.scale) + d(old.dayScales[0]) : 1
        let itemShare = d(old.itemBiases[0]) + (timed ? d(old.cells[0]) : 0)
        let userShare = d(old.bias) + (timed ? d(old.slope) * drift + d(old.days[0]) + d(old.bins[0]) : 0)
        let e = -2 - userShare - scale * itemShare - product
        #expect(abs(sum - e * e) < 1e-4)
        func near(_ found: Float, _ expected: Double) -> Bool { abs(d(found) - expected) < 1e-5 }
        #expect(near(state.bias, 0.98 * (d(old.bias) + 0.02 * e)))
        #expect(near(state.itemBiases[0], 0.99 * (d(old.itemBiases[0]) + 0.02 * e * scale)))
        for f in 0..<factors {
          #expect(near(state.user[0, f], 0.997 * own[f] + 0.04 * e * q[f]))
          #expect(near(state.user[1, f], 0.996 * implicit[f] + 0.05 * e * q[f]))
          #expect(near(state.items[0, f], 0.998 * q[f] + 0.03 * e * w[f]))
          #expect(near(state.user[2, f], timed ? 0.995 * (slopes[f] + 0.015 * e * drift * q[f]) : slopes[f]))
        }
        guard timed else { continue }
        #expect(near(state.cells[0], 0.99 * (d(old.cells[0]) + 0.025 * e * scale)))
        #expect(near(state.bins[0], 0.99 * (d(old.bins[0]) + 0.025 * e)))
        #expect(near(state.days[0], 0.99 * (d(old.days[0]) + 0.025 * e)))
        #expect(near(state.slope, 0.97 * (d(old.slope) + 0.025 * e * drift)))
        #expect(near(state.scale, 0.96 * (d(old.scale) + 0.01 * e * itemShare)))
        #expect(near(state.dayScales[0], 0.99 * (d(old.dayScales[0]) + 0.01 * e * itemShare)))
      }
    }
  }

  @Test(arguments: Kernels.available)
  func rowsAreSummedAndChanged(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for factors in [1, 16, 20, 64, 128, 200] {
      let matrix = ImplicitState(factors: factors).items
      let rows: [UInt32] = [4, 0, 2]
      for weights in [nil, [0.5, -2, 3] as [Float]] {
        var sum = [Float](repeating: 9, count: matrix.stride)
        matrix.withUnsafeElements {
          kernels.sumRows($0, stride: matrix.stride, rows: rows, weights: weights, count: 3, into: &sum)
        }
        var changed = matrix
        changed.withUnsafeMutableElements {
          kernels.addToRows(
            $0, stride: matrix.stride, rows: rows, weights: weights, count: 3, keep: 0.5, addend: sum)
        }
        for factor in 0..<factors {
          let terms = (0..<3).map { (weights?[$0] ?? 1) * matrix[Int(rows[$0]), factor] }
          #expect(abs(sum[factor] - terms.reduce(0, +)) < 1e-6)
          for (place, row) in rows.enumerated() {
            let expected = 0.5 * matrix[Int(row), factor] + (weights?[place] ?? 1) * sum[factor]
            #expect(abs(changed[Int(row), factor] - expected) < 1e-6)
          }
          #expect(changed[1, factor] == matrix[1, factor] && changed[3, factor] == matrix[3, factor])
        }
      }
    }
  }
}
