/// P-values adjusted for being many (Holm): where all those of at most alpha are called significant, the probability that
/// any of them is a false alarm is at most alpha, however the tests hang together.
///
///     holm([0.01, 0.04, 0.03])   // [0.03, 0.06, 0.06]
///
/// The i-th smallest of m becomes the largest of (m - j + 1) p(j), j = 1...i, and at most 1.
///
/// - Complexity: O(m log m).
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
public func holm(_ pValues: [Double]) -> [Double] {
  let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  var adjusted = pValues
  var largest = 0.0
  for (place, index) in order.enumerated() {
    largest = max(largest, min(1, Double(pValues.count - place) * pValues[index]))
    adjusted[index] = largest
  }
  return adjusted
}
