import _RatingTestSupport

/// An input that is large enough for the cache of parsed ratings.
enum LargeInput {
  /// 600,000 ratings of 3,000 users in 8.8 MB, without a repeated pair.
  static func write(to folder: ScratchFolder, as name: String = "large.csv") throws -> String {
    var text = "user,item,rating\n"
    text.reserveCapacity(10 << 20)
    for user in 0..<3000 {
      for item in 0..<200 { text += "\(1_000_000 + user),\(10_000 + item),\(1 + (user * 7 + item * item) % 5)\n" }
    }
    return try folder.write(name, text)
  }
}
