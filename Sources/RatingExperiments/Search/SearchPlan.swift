import RatingData
import RatingModels

/// How hyper-parameters are searched for: where, in which order, and by which error.
///
/// The error of a setting is the RMSE on held-out parts of the training data alone; the test half of a split is never
/// looked at.
public struct SearchPlan: Sendable, Hashable {
  public enum Strategy: Sendable, Hashable {
    /// Every setting of the grid.
    case grid
    /// So many settings drawn at random.
    ///
    /// Source: Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 13 (2012).
    case random(trials: Int)
    /// So many settings drawn at random, trained for a fraction of the epochs or sweeps; the best 1/`reduction` of them go
    /// on to the next rung with `reduction` times as many, until one is left that has all.
    ///
    /// A setting begins each rung anew, so that schedules of the learning rate fit the number of epochs.
    ///
    /// Source: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization",
    /// AISTATS 2016, arXiv:1502.07943.
    case halving(trials: Int, reduction: Int)
  }

  /// How the training data are divided to judge a setting.
  public enum Inner: Sendable, Hashable {
    /// A random share is held out.
    case holdOut(Double)
    /// Cross-validation inside the training data.
    case kFold(Int)
  }

  public var space: SearchSpace
  public var strategy: Strategy
  public var inner: Inner
  /// Of the random settings and the inner division.
  public var seed: UInt64

  public init(
    space: SearchSpace, strategy: Strategy = .random(trials: 16), inner: Inner = .holdOut(0.1), seed: UInt64 = 1
  ) {
    self.space = space
    self.strategy = strategy
    self.inner = inner
    self.seed = seed
  }

  /// What of the plan decides its result, to the last digit: part of the key of cells.
  var keyText: String { "\(strategyText) of \(space.text); \(innerKeyText)" }

  /// The inner division and its seed, likewise.
  var innerKeyText: String {
    switch inner {
    case .holdOut(let share): "hold-out \(share) seed=\(seed)"
    case .kFold(let folds): "k-fold \(folds) seed=\(seed)"
    }
  }

  /// The plan in words, as part of the protocol.
  public var text: String { "\(strategyText) of \(space.text); \(innerText); search seed \(seed)" }

  public var strategyText: String {
    switch strategy {
    case .grid: "grid"
    case .random(let trials): "\(trials) random settings"
    case .halving(let trials, let reduction): "successive halving of \(trials) settings by \(reduction)"
    }
  }

  public var innerText: String {
    switch inner {
    case .holdOut(let share): "judged on a random \(FixedText.decimal(share * 100, atMost: 3))% of the training ratings"
    case .kFold(let folds): "judged by \(folds)-fold cross-validation inside the training ratings"
    }
  }

  /// What makes the plan impossible for an algorithm with these settings; nil if nothing does.
  public func fault(for entry: AlgorithmRegistry.Entry, settings: [ParameterSetting] = []) -> String? {
    if case .kFold(let folds) = inner, !(2...1000 ~= folds) {
      return "a search needs 2 to 1000 inner folds, got \(folds)"
    }
    if case .holdOut(let share) = inner, !(share > 0 && share < 1) {
      return "a search holds out a share between 0 and 1, got \(share)"
    }
    if let twice = space.dimensions.first(where: { dimension in
      settings.contains { setting in
        entry.parameters.contains { $0.isNamed(setting.name) && $0.isNamed(dimension.name) }
      }
    }) {
      return "\(twice.name) is both fixed and searched for; leave one out"
    }
    switch strategy {
    case .grid:
      if let open = space.dimensions.first(where: { $0.gridValues == nil }) {
        return "a grid needs the number of points of a range, such as \(open.name)=\(open.valuesText) 5"
      }
      if let count = space.gridCount, count > 100_000 {
        return "the grid has \(count) settings, at most 100000 are allowed"
      }
      return nil
    case .random(let trials):
      return (1...100_000).contains(trials) ? nil : "a search has 1 to 100000 trials, got \(trials)"
    case .halving(let trials, let reduction):
      guard (2...100_000).contains(trials) else { return "successive halving has 2 to 100000 trials, got \(trials)" }
      guard (2...100).contains(reduction) else { return "successive halving reduces by 2 to 100, got \(reduction)" }
      guard let budget = entry.budgetParameter else {
        return
          "\(entry.name) has neither epochs nor sweeps, of which successive halving would give less; use random or grid"
      }
      if space.dimensions.contains(where: { budget.isNamed($0.name) }) {
        return "\(budget.flagName) can't be searched for by successive halving, which gives less of them to begin with"
      }
      return nil
    }
  }
}

extension AlgorithmParameter {
  /// Whether this is what a name means, spelled as in Swift, as a flag or as a JSON key.
  func isNamed(_ text: String) -> Bool { [name, flagName, keyName].contains(text) }
}

extension AlgorithmRegistry.Entry {
  /// The parameter that says how long the algorithm trains.
  var budgetParameter: AlgorithmParameter? { parameters.first { $0.name == "epochs" || $0.name == "sweeps" } }
}
