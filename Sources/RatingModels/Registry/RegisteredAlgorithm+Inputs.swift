// What algorithms look at beside the ratings. A new algorithm states it where it is declared.

extension RegisteredAlgorithm {
  public static var usesQuestions: Bool { false }
  public static var usesSideFeatures: Bool { false }
}

extension SVDPlusPlus {
  public static var usesQuestions: Bool { true }
}

extension AsymmetricSVD {
  public static var usesQuestions: Bool { true }
}

extension TimeSVDPlusPlus {
  public static var usesQuestions: Bool { true }
}
