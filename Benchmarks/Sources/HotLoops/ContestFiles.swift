import CZlib
import Foundation
import RatingBench

/// The files that the reading loops read: made once, from the registry's seed, in a temporary folder that is removed
/// when the process ends.
struct ContestFiles: Sendable {
  static let shared = ContestFiles()

  /// 600 movies of 500 rows each, as Netflix blocks.
  static let judgedRows = 300_000
  /// 20,000 users with 50 ratings each.
  static let ratingRows = 1_000_000
  /// 600 movies of very different sizes.
  static let movieRows = 1_000_000

  let predictions: String
  let answers: String
  /// The same two files, compressed.
  let compressedPredictions: String
  let compressedAnswers: String
  /// `userId,movieId,rating,timestamp`.
  let ratings: String
  /// A folder of `mv_*.txt`.
  let movies: String

  private init() {
    var template = Array("\(NSTemporaryDirectory())ratingbench-benchmarks-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { fatalError("no folder can be made in \(NSTemporaryDirectory())") }
    let folder = String(cString: made)
    Self.folder = folder
    atexit { try? FileManager.default.removeItem(atPath: ContestFiles.folder) }
    func write(_ name: String, _ bytes: [UInt8]) -> String {
      let path = "\(folder)/\(name)"
      guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
        fatalError("\(path) can't be written")
      }
      return path
    }

    var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.files")
    var (predicted, answered): ([UInt8], [UInt8]) = ([], [])
    for row in 0..<Self.judgedRows {
      if row % 500 == 0 {
        let header = "\(row / 500 + 1):\n".utf8
        predicted += header
        answered += header
      }
      let rating = 1 + stream.below(5)
      let thousandths = 1000 + stream.below(4001)
      let digits = String(thousandths % 1000)
      let fraction = String(repeating: "0", count: 3 - digits.count) + digits
      predicted += "\(thousandths / 1000).\(fraction)\n".utf8
      answered += "\(rating),2005-0\(1 + stream.below(9))-1\(stream.below(10))\n".utf8
    }
    predictions = write("predictions.txt", predicted)
    answers = write("judging.txt", answered)
    compressedPredictions = write("predictions.txt.gz", Gzip.compress(predicted))
    compressedAnswers = write("judging.txt.gz", Gzip.compress(answered))

    var rows = Array("userId,movieId,rating,timestamp\n".utf8)
    for user in 1...20_000 {
      var movie = 0
      for _ in 0..<50 {
        movie += 1 + stream.below(300)
        let halves = 1 + stream.below(10)
        rows += "\(user),\(movie),\(halves / 2).\(halves % 2 * 5),\(1_100_000_000 + stream.below(100_000_000))\n".utf8
      }
    }
    ratings = write("ratings.csv", rows)

    movies = "\(folder)/training_set"
    mkdir(movies, 0o755)
    var left = Self.movieRows
    for movie in 1...600 {
      // The last takes what is left: most ratings are of few movies.
      let count = movie == 600 ? left : min(left, 100 + 130_000 / movie)
      left -= count
      var text = Array("\(movie):\n".utf8)
      var user = 0
      for _ in 0..<count {
        user += 1 + stream.below(2_000_000 / count)
        let date = "\(1999 + stream.below(7))-0\(1 + stream.below(9))-1\(stream.below(10))"
        text += "\(user),\(1 + stream.below(5)),\(date)\n".utf8
      }
      let digits = String(movie)
      _ = write("training_set/mv_\(String(repeating: "0", count: 7 - digits.count))\(digits).txt", text)
    }
  }

  /// Written once, before `shared` is there.
  nonisolated(unsafe) private static var folder = ""
}

/// zlib as one uses it without a reader around it.
enum Gzip {
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    precondition(deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
    defer { deflateEnd(&stream) }
    var (input, output) = (bytes, [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count)))))
    let written = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        (stream.next_in, stream.avail_in) = (source.baseAddress, uInt(source.count))
        (stream.next_out, stream.avail_out) = (target.baseAddress, uInt(target.count))
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<written])
  }

  /// Expands one member through a buffer of 256 KiB, and returns the number of bytes that came out.
  static func expandedSize(of bytes: inout [UInt8], through buffer: inout [UInt8]) -> Int {
    var stream = z_stream()
    precondition(inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { inflateEnd(&stream) }
    var size = 0
    bytes.withUnsafeMutableBufferPointer { source in
      buffer.withUnsafeMutableBufferPointer { target in
        (stream.next_in, stream.avail_in) = (source.baseAddress, uInt(source.count))
        var status = Z_OK
        while status == Z_OK {
          (stream.next_out, stream.avail_out) = (target.baseAddress, uInt(target.count))
          status = inflate(&stream, Z_NO_FLUSH)
          size += target.count - Int(stream.avail_out)
        }
        precondition(status == Z_STREAM_END, "inflate returned \(status)")
      }
    }
    return size
  }
}
