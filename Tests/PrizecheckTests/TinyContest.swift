import _RatingTestSupport

/// A contest of two movies and five rows, in Netflix blocks and as CSV: the good files that bad ones are made from.
enum TinyContest {
  /// A file of the contest, and the command that reads it.
  enum File: String, CaseIterable, Sendable {
    case predictions = "p.txt"
    case answers = "judging.txt"
    case questions = "qualifying.txt"
    case membership = "membership.txt"
    case predictionsCSV = "p.csv"
    case answersCSV = "answers.csv"
    case questionsCSV = "questions.csv"
    case membershipCSV = "membership.csv"
    case training = "mv_0000001.txt"
    case ratingsCSV = "ratings.csv"

    static let blocks: [File] = [.predictions, .answers, .questions, .membership, .training]
    static let csv: [File] = [.predictionsCSV, .answersCSV, .questionsCSV, .membershipCSV, .ratingsCSV]

    var lines: [String] {
      switch self {
      case .predictions: ["1:", "3.5", "3.25", "2:", "4", "2.75", "1.5"]
      case .answers: ["1:", "4,2005-01-01", "3,2005-01-02", "2:", "5,2005-02-01", "2,2005-02-02", "1,2005-02-03"]
      case .questions:
        ["1:", "10,2005-01-01", "20,2005-01-02", "2:", "10,2005-02-01", "30,2005-02-02", "20,2005-02-03"]
      case .membership: ["1:", "quiz", "test", "2:", "test", "quiz", "quiz"]
      case .predictionsCSV: ["user,item,prediction", "10,1,3.5", "20,1,3.25", "10,2,4", "30,2,2.75", "20,2,1.5"]
      case .answersCSV: ["user,item,rating", "10,1,4", "20,1,3", "10,2,5", "30,2,2", "20,2,1"]
      case .questionsCSV: ["user,item", "10,1", "20,1", "10,2", "30,2", "20,2"]
      case .membershipCSV: ["user,item,set", "10,1,quiz", "20,1,test", "10,2,test", "30,2,quiz", "20,2,quiz"]
      case .training:
        ["1:", "10,4,2005-01-01", "20,3,2005-01-02", "2:", "10,5,2005-02-01", "30,2,2005-02-02", "20,1,2005-02-03"]
      case .ratingsCSV: ["user,item,rating", "10,1,4", "20,1,3", "10,2,5", "30,2,2", "20,2,1"]
      }
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    /// The arguments of the command that reads this file from `bad`, and the others from `folder`.
    func arguments(reading bad: String, in folder: ScratchFolder) -> [String] {
      func path(_ file: File) -> String { file == self ? bad : folder.path(file.rawValue) }
      let json = ["--format", "json"]
      switch self {
      case .predictions:
        return [
          "check", bad, "--answers", path(.answers), "--questions", path(.questions), "--baseline", "1.2",
          "--improvement", "10%",
        ] + json
      case .answers:
        return [
          "check", path(.predictions), "--answers", bad, "--questions", path(.questions), "--criterion",
          "netflix-grand-prize",
        ] + json
      case .questions: return ["validate", path(.predictions), "--questions", bad] + json
      case .membership:
        return ["score", path(.predictions), "--answers", path(.answers), "--membership", bad] + json
      case .predictionsCSV: return ["score", bad, "--answers", path(.answersCSV)] + json
      case .answersCSV: return ["score", path(.predictionsCSV), "--answers", bad] + json
      case .questionsCSV: return ["validate", path(.predictionsCSV), "--questions", bad] + json
      case .membershipCSV:
        return ["score", path(.predictionsCSV), "--answers", path(.answersCSV), "--membership", bad] + json
      case .training, .ratingsCSV: return ["describe", bad] + json
      }
    }
  }

  /// A folder with all good files.
  static func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for file in File.allCases { try folder.write(file.rawValue, file.text) }
    return folder
  }
}

/// One problem as a result lists it.
struct FoundProblem: Equatable, CustomStringConvertible {
  var code: String
  var file: String
  var count: Int
  var lines: [Int]
  var message: String

  init(_ object: [String: Any]) {
    code = object["code"] as? String ?? ""
    file = object["file"] as? String ?? ""
    count = object["count"] as? Int ?? -1
    lines = object["lines"] as? [Int] ?? []
    message = object["message"] as? String ?? ""
  }

  var description: String { "\(code) x\(count) \(lines): \(message)" }

  /// The problems under `validation` of a result.
  static func list(_ kind: String, of result: [String: Any]) -> [FoundProblem] {
    let validation = result["validation"] as? [String: Any] ?? [:]
    return (validation[kind] as? [[String: Any]] ?? []).map { FoundProblem($0) }
  }
}
