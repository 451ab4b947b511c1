extension SubmissionJudge {
  /// Whether a file of answers says itself which rows are quiz and which are test, in a column such as Kaggle's `Usage`:
  /// then it can be the membership file too.
  ///
  /// False for what can't be read: judging says what is wrong with it.
  public static func namesSets(_ answers: String) -> Bool {
    if answers == "-" || InputFile.isFolder(answers) { return false }
    let input = try? RatingInput(answers, role: .membership, options: ReadingOptions())
    // Without a header the third column is the rating.
    return input?.detected.layout?.hasHeader == true
  }
}
