/// Two parts of one data set: what models learn from and what they are judged on. Both share the parent's vocabularies.
public struct Split: Sendable {
  public let train: RatingDataset
  public let test: RatingDataset

  public init(train: RatingDataset, test: RatingDataset) {
    self.train = train
    self.test = test
  }
}
