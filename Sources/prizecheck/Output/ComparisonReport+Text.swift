import RatingBench

extension ComparisonReport {
  /// The report in the format asked for, as it goes to standard output.
  func rendered(as format: OutputFormat) -> String {
    switch format {
    case .json: json.text + "\n"
    case .csv: json.csv
    case .markdown: blocks(markdown: true)
    case .text, .github, .junit: blocks(markdown: false)
    }
  }

  private func blocks(markdown: Bool) -> String {
    func safe(_ text: String) -> String { markdown ? SafeText.markdown(text) : SafeText.line(text) }
    func table(_ table: TextTable) -> String {
      let cells = TextTable(header: table.header.map(safe), rows: table.rows.map { $0.map(safe) })
      return (markdown ? cells.markdownLines : cells.lines).joined(separator: "\n")
    }
    func lines(_ texts: [String]) -> String {
      texts.map { (markdown ? "- " : "") + safe($0) }.joined(separator: "\n")
    }
    var parts = [safe(headline), table(modelTable)]
    if let pair {
      parts.append(lines(pair.lines(models.map(\.name))))
      for (first, second) in pair.strata {
        parts.append(safe("Where the error sits: \(first.title)"))
        parts.append(table(Self.strataTable(first, second)))
      }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var headline: String {
    let count =
      "\(Decimals.grouped(rows)) rows of \(Decimals.grouped(users)) users; intervals of 95%, clustered by user"
    let best = models[order[0]].name
    let ties = order.dropFirst().filter { models[$0].rank == 1 }
    if ties.isEmpty { return "\(best) is best. \(count)." }
    if ties.count == models.count - 1 { return "No difference can be told from chance. \(count)." }
    let names = ties.map { models[$0].name }.joined(separator: ", ")
    return "\(best) has the lowest RMSE, and can't be told from \(names). \(count)."
  }

  private var modelTable: TextTable {
    TextTable(
      header: ["file", "RMSE", "95% interval", "behind the best", "95% interval", "p (Holm)", "rank", "group"],
      rows: order.map { index in
        let model = models[index]
        return [
          model.name, Decimals.text(model.rmse.estimate, digits: 5), model.rmse.bounds(5),
          model.behindBest.map { Decimals.text($0.estimate, digits: 5) } ?? "", model.behindBest?.bounds(5) ?? "",
          model.pValue.map(Self.pText) ?? "", String(model.rank), model.letters,
        ]
      })
  }

  static func pText(_ p: Double) -> String { p < 0.0001 ? "<0.0001" : Decimals.text(p, digits: 4) }

  private static func strataTable(_ first: StratumGroup, _ second: StratumGroup) -> TextTable {
    TextTable(
      header: ["stratum", "n", "RMSE of the first", "RMSE of the second", "difference"],
      rows: zip(first.strata, second.strata).map { a, b in
        [
          a.label, Decimals.grouped(a.count), Decimals.text(a.rmse, digits: 5), Decimals.text(b.rmse, digits: 5),
          Decimals.text(a.rmse - b.rmse, digits: 5),
        ]
      })
  }
}

extension ConfidenceInterval {
  /// `0.86342 to 0.90957`.
  func bounds(_ digits: Int) -> String {
    "\(Decimals.text(lower, digits: digits)) to \(Decimals.text(upper, digits: digits))"
  }
}

extension ComparisonReport.Pair {
  /// How many strata each file is ahead in.
  var wins: (first: Int, second: Int) {
    strata.reduce((0, 0)) { wins, groups in
      zip(groups.first.strata, groups.second.strata).reduce(wins) { wins, pair in
        (wins.0 + (pair.0.rmse < pair.1.rmse ? 1 : 0), wins.1 + (pair.1.rmse < pair.0.rmse ? 1 : 0))
      }
    }
  }

  fileprivate func lines(_ names: [String]) -> [String] {
    func number(_ value: Double, _ digits: Int = 5) -> String { Decimals.text(value, digits: digits) }
    var lines = [
      "RMSE of \(names[0]) - RMSE of \(names[1]): \(number(difference.estimate)), 95% interval \(difference.bounds(5))",
      "Improvement of \(names[0]) on \(names[1]): \(number(improvement.estimate, 2))%, 95% interval "
        + "\(number(improvement.lower, 2))% to \(number(improvement.upper, 2))%",
      "Standard error of the difference: \(number(difference.standardError)) by user; "
        + (differenceByBoth.map {
          "\(number($0.standardError)) by user and item\($0.isGuarded ? " (guarded)" : ""); "
        } ?? "")
        + "\(number(differenceByRow.standardError)) if rows were independent, which they are not",
      "Smallest difference that so many users show (power 80%, alpha 5%): \(number(smallestDetectable))",
      "p-values, two-sided: t by user \(ComparisonReport.pText(difference.pValue())), sign flips over users "
        + "\(ComparisonReport.pText(signFlip.pValue)) (\(Decimals.grouped(signFlip.replicates)) replicates), Wilcoxon "
        + "over users \(ComparisonReport.pText(wilcoxon.pValue))",
    ]
    if let correlation { lines.append("Correlation of squared errors: \(number(correlation, 4))") }
    lines.append("Strata in which each is ahead: \(wins.first) and \(wins.second)")
    lines.append(
      "Best linear blend: \(number(blend.weights[0], 4)) x \(names[0]) + \(number(blend.weights[1], 4)) x \(names[1]) "
        + "\(blend.intercept < 0 ? "-" : "+") \(number(abs(blend.intercept), 4))")
    lines.append(
      "It would reach RMSE \(number(blend.outOfFoldRMSE)) (fitted on other users, \(blend.folds) folds): "
        + "an improvement of \(number(blendGain.estimate, 2))% on the better file, 95% interval "
        + "\(number(blendGain.lower, 2))% to \(number(blendGain.upper, 2))%; \(number(blend.inSampleRMSE)) on the rows "
        + "that it is fitted to, which is too low"
    )
    return lines
  }
}
