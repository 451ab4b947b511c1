import Crypto
import RatingData
import RatingEvaluation
import RatingModels
import RatingNumerics

/// All that decides a cell's result, as a text whose SHA-256 names the cell in the cache.
///
/// It holds all hyper-parameters, those with their defaults too, so that a changed default is another cell; and the
/// version of this package, so that a changed algorithm is. Threads and machine are not part of it: the result doesn't
/// depend on the first, and on the second hardly.
struct CellKey: Sendable, Hashable {
  static let format = "ratingbench.cell/1"

  let text: String

  /// - Parameters:
  ///   - data: the SHA-256 of the data, and of the files of a predefined split.
  ///   - split: the text of the split, its seed and which of its parts it is.
  ///   - measurement: what is measured, in words.
  init(
    data: String, split: String, algorithm: any RegisteredAlgorithm, search: SearchPlan?, seed: UInt64,
    measurement: String
  ) {
    var lines = [
      Self.format, "version \(RatingBenchVersion.current)", "data \(data)", "split \(split)",
      "algorithm \(type(of: algorithm).name)",
    ]
    lines += algorithm.parameterValues.map { "parameter \($0.parameter.name) \($0.value)" }
    if let search { lines.append("search \(search.keyText)") }
    lines += ["seed \(seed)", "measurement \(measurement)"]
    text = lines.joined(separator: "\n") + "\n"
  }

  /// 64 hexadecimal digits.
  var hash: String { CellKey.hexadecimal(Array(text.utf8)) }

  /// The SHA-256 of bytes, in lowercase hexadecimal.
  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let hash = SHA256.hash(data: Array(bytes))
    return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
