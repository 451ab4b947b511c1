import RatingEvaluation
import RatingNumerics

/// Intervals and tests between the algorithms of a group, from the errors of users that cells keep.
struct SuiteComparison {
  /// Of the RMSE of each algorithm.
  let intervals: [ConfidenceInterval]
  /// RMSE - that of the best algorithm; nil for that one.
  let differences: [SuiteReport.Difference?]
  /// Which algorithms can be told apart.
  let groups: RankGroups

  /// - Parameters:
  ///   - cells: for each algorithm its cells, all on the same splits and seeds in the same order.
  ///   - users: the number of users of the data set.
  ///   - seeds: the number of seeds: the squared error of a rating is the mean over them.
  /// - Complexity: O(algorithms^2 x users).
  init(_ cells: [[CellResult]], users: Int, seeds: Int) throws(ExperimentError) {
    let width = 1 + cells.count
    var records = [Double](repeating: 0, count: users * width)
    for (model, results) in cells.enumerated() {
      for user in results.flatMap(\.users) {
        if model == 0 { records[user.user * width] += Double(user.count) }
        records[user.user * width + 1 + model] += user.squares
      }
    }
    // Each seed has the same test ratings: a rating counts once, with the mean of its squared errors.
    for place in records.indices { records[place] /= Double(seeds) }
    let sums = ClusterSums(records: records, models: cells.count)
    do throws(EvaluationError) {
      var intervals: [ConfidenceInterval] = []
      for model in cells.indices { intervals.append(try sums.interval(for: .rmse(model))) }
      self.intervals = intervals
      var pairs: [(Int, Int)] = []
      var values: [Double] = []
      for a in cells.indices {
        for b in 0..<a {
          pairs.append((a, b))
          values.append(try sums.interval(for: .difference(a, b)).pValue())
        }
      }
      var matrix = [Double](repeating: 1, count: cells.count * cells.count)
      for ((a, b), value) in zip(pairs, holm(values)) {
        matrix[a * cells.count + b] = value
        matrix[b * cells.count + a] = value
      }
      let groups = RankGroups(errors: intervals.map(\.estimate), pValues: matrix)
      let best = groups.order[0]
      var differences: [SuiteReport.Difference?] = []
      for model in cells.indices {
        differences.append(
          model == best
            ? nil
            : SuiteReport.Difference(
              interval: try sums.interval(for: .difference(model, best)), adjustedP: groups.pValue(model, best)))
      }
      self.differences = differences
      self.groups = groups
    } catch { throw .evaluation(error) }
  }
}
