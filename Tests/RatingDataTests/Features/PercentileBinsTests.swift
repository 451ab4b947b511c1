import Testing
import _RatingTestSupport

@testable import RatingData

@Suite struct PercentileBinsTests {
  @Test func theCutPointsAreThoseOfTheDefinition() {
    var random = SplitMix(11)
    for _ in 0..<500 {
      let count = 1 + random.below(60)
      let values = (0..<count).map { _ in Double(random.below(1 + random.below(40))) - 7 }
      let bins = PercentileBins(values)
      // The smallest value that at least k tenths do not exceed, found by trying all.
      let wanted = (1...9).compactMap { k in
        values.filter { v in 10 * values.count(where: { $0 <= v }) >= k * count }.min()
      }.filter { $0 < values.max()! }
      #expect(bins.cuts == Set(wanted).sorted())
      let filled = Set(values.map { bins.bin(of: $0) })
      #expect(filled == Set(0...bins.cuts.count) && bins.names.count == filled.count)
      for value in values {
        let bin = bins.bin(of: value)
        #expect(bin == 0 || bins.cuts[bin - 1] < value)
        #expect(bin == bins.cuts.count || value <= bins.cuts[bin])
      }
    }
  }

  @Test func distinctValuesFillTenEqualBins() {
    let bins = PercentileBins((1...1000).map(Double.init).shuffled())
    #expect(bins.names == ["<= 100"] + (1...8).map { "(\($0 * 100), \($0 * 100 + 100)]" } + ["> 900"])
    let counts = Dictionary(grouping: 1...1000) { bins.bin(of: Double($0)) }.mapValues(\.count)
    #expect(counts == Dictionary(uniqueKeysWithValues: (0...9).map { ($0, 100) }))
  }

  @Test func oneValueIsOneBin() {
    #expect(PercentileBins([3, 3, 3]).names == ["3"] && PercentileBins([3, 3, 3]).bin(of: 3) == 0)
    #expect(PercentileBins([1e300]).names == ["1e+300"] && PercentileBins([0.5, 1]).names == ["<= 0.5", "> 0.5"])
  }
}
