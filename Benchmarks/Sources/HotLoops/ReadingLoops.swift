import Foundation
import RatingBench

extension HotLoop {
  // MARK: Judging

  /// 300,000 Netflix-shaped predictions against their answers, from files to exact sums.
  static func judging(threads: Int) -> HotLoop {
    HotLoop("judge-\(threads)-thread\(threads > 1 ? "s" : "")", unitsPerRun: ContestFiles.judgedRows) {
      let files = ContestFiles.shared
      return { consume(judged(files.predictions, files.answers, threads: threads)) }
    }
  }

  /// The same rows from gzipped files.
  static let gzipJudging = HotLoop("judge-gzip", unitsPerRun: ContestFiles.judgedRows) {
    let files = ContestFiles.shared
    return { consume(judged(files.compressedPredictions, files.compressedAnswers, threads: 1)) }
  }

  private static func judged(_ predictions: String, _ answers: String, threads: Int) -> Judgement {
    let judge = SubmissionJudge(
      predictions: .file(predictions), answers: answers, options: ReadingOptions(threads: threads))
    do throws(RatingDataError) {
      let judgement = try judge.judge()
      precondition(judgement.all.asWritten.count == ContestFiles.judgedRows, "judged \(judgement.rows) rows")
      return judgement
    } catch {
      fatalError("\(error)")
    }
  }

  /// The judge as anybody would write it first: the files as strings, their lines, `Double`, and a sum in binary.
  static let naiveJudging = HotLoop("judge-naive", unitsPerRun: ContestFiles.judgedRows) {
    let files = ContestFiles.shared
    return {
      let predictions = naiveLines(of: files.predictions).filter { !$0.hasSuffix(":") }
      let answers = naiveLines(of: files.answers).filter { !$0.hasSuffix(":") }
      precondition(predictions.count == answers.count && answers.count == ContestFiles.judgedRows)
      var squares = 0.0
      for (prediction, answer) in zip(predictions, answers) {
        let error = Double(prediction)! - Double(answer.split(separator: ",")[0])!
        squares += error * error
      }
      consume((squares / Double(answers.count)).squareRoot())
    }
  }

  /// What no reader of the gzipped files can do without.
  static let inflating = HotLoop("inflate", unitsPerRun: ContestFiles.judgedRows) {
    let files = ContestFiles.shared
    var inputs = [files.compressedPredictions, files.compressedAnswers].map {
      [UInt8](FileManager.default.contents(atPath: $0)!)
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    return {
      for index in inputs.indices { consume(Gzip.expandedSize(of: &inputs[index], through: &buffer)) }
    }
  }

  // MARK: Reading

  /// A million ratings, from a CSV file to a data set.
  static func csvReading(threads: Int) -> HotLoop {
    HotLoop("read-csv-\(threads)-thread\(threads > 1 ? "s" : "")", unitsPerRun: ContestFiles.ratingRows) {
      let files = ContestFiles.shared
      return {
        do throws(RatingDataError) {
          let dataset = try RatingDataset(contentsOf: files.ratings, options: ReadingOptions(threads: threads))
          precondition(dataset.count == ContestFiles.ratingRows, "read \(dataset.count) rows")
          consume(dataset)
        } catch {
          fatalError("\(error)")
        }
      }
    }
  }

  /// The same file as a string, its lines and fields, with ids counted in dictionaries.
  static let naiveCSVReading = HotLoop("read-csv-naive", unitsPerRun: ContestFiles.ratingRows) {
    let files = ContestFiles.shared
    return {
      var (userIndices, itemIndices): ([Int: UInt32], [Int: UInt32]) = ([:], [:])
      var (users, items, ratings, times): ([UInt32], [UInt32], [Float], [UInt32]) = ([], [], [], [])
      for line in naiveLines(of: files.ratings).dropFirst() {
        let fields = line.split(separator: ",")
        let (user, item) = (Int(fields[0])!, Int(fields[1])!)
        users.append(index(of: user, in: &userIndices))
        items.append(index(of: item, in: &itemIndices))
        ratings.append(Float(Double(fields[2])!))
        times.append(UInt32(fields[3])!)
      }
      precondition(ratings.count == ContestFiles.ratingRows, "read \(ratings.count) rows")
      consume((users, items, ratings, times))
    }
  }

  /// A million ratings, from a folder of 600 movies to a data set.
  static func folderReading(threads: Int) -> HotLoop {
    HotLoop("read-netflix-\(threads)-thread\(threads > 1 ? "s" : "")", unitsPerRun: ContestFiles.movieRows) {
      let folder = ContestFiles.shared.movies
      return {
        do throws(RatingDataError) {
          let dataset = try RatingDataset(contentsOf: folder, options: ReadingOptions(threads: threads))
          precondition(dataset.count == ContestFiles.movieRows, "read \(dataset.count) rows")
          consume(dataset)
        } catch {
          fatalError("\(error)")
        }
      }
    }
  }

  /// What no reader of that folder can do without: every file opened, read and closed, and its lines counted.
  static let lineCounting = HotLoop("count-netflix-lines", unitsPerRun: ContestFiles.movieRows) {
    let folder = ContestFiles.shared.movies
    let names = try! FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    var buffer = [UInt8](repeating: 0, count: 1 << 17)
    return {
      var lines = 0
      for name in names {
        let file = open("\(folder)/\(name)", O_RDONLY)
        while true {
          let count = read(file, &buffer, buffer.count)
          if count <= 0 { break }
          for byte in buffer[..<count] where byte == UInt8(ascii: "\n") { lines += 1 }
        }
        close(file)
      }
      precondition(lines == ContestFiles.movieRows + names.count, "counted \(lines) lines")
      consume(lines)
    }
  }

  private static func index(of id: Int, in indices: inout [Int: UInt32]) -> UInt32 {
    if let index = indices[id] { return index }
    let index = UInt32(indices.count)
    indices[id] = index
    return index
  }

  private static func naiveLines(of path: String) -> [Substring] {
    do {
      return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    } catch {
      fatalError("\(error)")
    }
  }
}
