/// Which groups of features a Bayesian factorization has, beside what every user and item has of its own.
public protocol BayesianDesign: Sendable {
  static var name: String { get }
  static var summary: String { get }
  /// A row for each calendar day (UTC) with training ratings.
  static var hasDays: Bool { get }
  /// A row for each stretch of some minutes in which a user has training ratings.
  static var hasSessions: Bool { get }
  /// The items that the user rated, as features of the user.
  static var usersHaveItems: Bool { get }
  /// The users who rated the item, as features of the item.
  static var itemsHaveUsers: Bool { get }
  /// Whether users and items have a precision matrix and no biases, as in Bayesian probabilistic matrix factorization.
  static var isMatrixNormal: Bool { get }
}

extension BayesianDesign {
  public static var hasDays: Bool { false }
  public static var hasSessions: Bool { false }
  public static var usersHaveItems: Bool { false }
  public static var itemsHaveUsers: Bool { false }
  public static var isMatrixNormal: Bool { false }
}

/// The designs of Rendle, Zhang and Koren (2019), and that of Salakhutdinov and Mnih (2008).
public enum BayesianDesigns {
  /// Users and items.
  public enum MatrixFactorization: BayesianDesign {
    public static let name = "bayesian-mf"
    public static let summary = "biases plus the product of user and item factors, averaged over their posterior"
  }

  /// Users with the items that they rated, and items.
  public enum SVDPlusPlus: BayesianDesign {
    public static let name = "bayesian-svd++"
    public static let summary = "bayesian-mf whose users are also what they rated"
    public static let usersHaveItems = true
  }

  /// Users, items and days.
  public enum TimeSVD: BayesianDesign {
    public static let name = "bayesian-time-svd"
    public static let summary = "bayesian-mf with factors of days"
    public static let hasDays = true
  }

  /// Users with the items that they rated, items, and days.
  public enum TimeSVDPlusPlus: BayesianDesign {
    public static let name = "bayesian-time-svd++"
    public static let summary = "bayesian-svd++ with factors of days"
    public static let hasDays = true
    public static let usersHaveItems = true
  }

  /// Users with the items that they rated, items with the users who rated them, and days.
  public enum TimeSVDPlusPlusFlipped: BayesianDesign {
    public static let name = "bayesian-time-svd++-flipped"
    public static let summary = "bayesian-time-svd++ whose items are also who rated them"
    public static let hasDays = true
    public static let usersHaveItems = true
    public static let itemsHaveUsers = true
  }

  /// As flipped, with sessions of the user.
  public enum Sessions: BayesianDesign {
    public static let name = "bayesian-sessions"
    public static let summary = "bayesian-time-svd++-flipped with factors of each user's sessions: the most accurate"
    public static let hasDays = true
    public static let hasSessions = true
    public static let usersHaveItems = true
    public static let itemsHaveUsers = true
  }

  /// Users and items without biases, each side with a precision matrix of its own.
  public enum Probabilistic: BayesianDesign {
    public static let name = "bpmf"
    public static let summary = "products of user and item factors with full covariances, averaged over their posterior"
    public static let isMatrixNormal = true
  }
}
