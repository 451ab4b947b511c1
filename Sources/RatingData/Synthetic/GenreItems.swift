/// A catalogue as the loop over a user's rows reads it: without checks, for as long as the catalogue lives.
struct GenreItems {
  fileprivate let factors: UnsafePointer<Float>
  fileprivate let centers: UnsafePointer<Float>
  fileprivate let means: UnsafePointer<Float>
  fileprivate let count: Int

  /// The product of a taste with an item's factors.
  func liking(_ place: Int, taste: UnsafePointer<Float>) -> Float { product(factors + place * count, taste) }

  /// The product of a taste with a genre's factors.
  func genreLiking(_ genre: Int, taste: UnsafePointer<Float>) -> Float { product(centers + genre * count, taste) }

  func mean(_ place: Int, period: Int) -> Float { means[place * PlantedItems.periods + period] }

  /// In eight lanes, whatever the machine has, so that the sum is the same everywhere.
  private func product(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Float {
    let (a, b) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    var sums = SIMD8<Float>.zero
    var offset = 0
    while offset < count * 4 {
      sums +=
        a.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
        * b.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
      offset += 32
    }
    let four = sums.lowHalf + sums.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}

extension GenreCatalogue {
  func withItems<Result>(_ body: (GenreItems) -> Result) -> Result {
    factors.withUnsafeBufferPointer { factors in
      centers.withUnsafeBufferPointer { centers in
        means.withUnsafeBufferPointer { means in
          // No factors means no products, and pointers that are not read.
          let none = UnsafePointer<Float>(bitPattern: 8)!
          return body(
            GenreItems(
              factors: factors.baseAddress ?? none, centers: centers.baseAddress ?? none,
              means: means.baseAddress ?? none, count: paddedFactors))
        }
      }
    }
  }
}

/// Numbers that are made many at once.
final class FloatBuffer {
  private(set) var pointer: UnsafeMutablePointer<Float>
  private var capacity: Int

  init(count: Int = 1_024) {
    capacity = max(count, 1)
    pointer = .allocate(capacity: capacity)
    pointer.initialize(repeating: 0, count: capacity)
  }

  deinit { pointer.deallocate() }

  /// Makes room for `count` numbers; what was there before may be lost.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    pointer.deallocate()
    capacity = count + count / 2
    pointer = .allocate(capacity: capacity)
    pointer.initialize(repeating: 0, count: capacity)
  }
}
