/// The scores of a submission: on all rows and, where it is known which rows are quiz and which are test, on each.
public struct ScoresBySet: Sendable, Hashable {
  public let all: Scores
  public let quiz: Scores?
  public let test: Scores?

  public init(all: Scores, quiz: Scores? = nil, test: Scores? = nil) {
    self.all = all
    self.quiz = quiz
    self.test = test
  }

  public subscript(set: PrizeSet) -> Scores? {
    switch set {
    case .all: all
    case .quiz: quiz
    case .test: test
    }
  }
}
