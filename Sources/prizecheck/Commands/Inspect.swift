import ArgumentParser
import RatingBench

/// `prizecheck inspect`: what a model file holds.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what a saved model, or a checkpoint, holds and what it was made from.",
    discussion: """
      Reads the header of the file alone, however large the model is, and checks it against itself and against the size \
      of the file. The values of the tensors are checked when the model is used.

      Of a Bayesian algorithm's model also the chains' traces are read, to say whether they have mixed: for some numbers \
      that every sweep leaves behind, the mean and standard deviation after burn-in, the effective sample size (as many \
      independent draws would give as exact a mean) and the rank-normalized split R-hat, which is near 1 where chains \
      agree with each other and with themselves. Above 1.01, draw more sweeps (train --continue).
      """)

  @Argument(help: "A model that train saved, or a checkpoint.", completion: .file())
  var model: String

  @Option(help: "How to print the result: text or json.")
  var format: TrainingFormat = .text

  private static let schema = "prizecheck.inspect/1"

  func run() throws {
    do throws(RatingDataError) {
      let summary = try ModelSummary(contentsOf: model)
      Console.result(format == .json ? json(summary).text : text(summary))
    } catch {
      if format == .json { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
      Console.problems(error.problems)
      throw error.exitStatus
    }
  }

  /// The parameters by the names of the registry and as numbers, where it knows the algorithm; else as the file has them.
  private func parameters(_ provenance: ModelProvenance) -> [(setting: String, key: String, value: JSON, text: String)]
  {
    let values = provenance.parameters.map { (name: $0.name, text: $0.value) }
    if let known = try? AlgorithmRegistry.standard.algorithm(provenance.algorithm, values) {
      return known.parameterValues.map {
        ($0.parameter.flagName, $0.parameter.keyName, $0.value.json, $0.value.description)
      }
    }
    return values.map { ($0.name, $0.name, .string($0.text), $0.text) }
  }

  /// Whether the algorithm counts questions as implicit feedback; nil where the registry doesn't know it.
  private func usesQuestions(_ provenance: ModelProvenance) -> Bool? {
    (try? AlgorithmRegistry.standard.entry(provenance.algorithm))?.usesQuestions
  }

  private func json(_ features: ModelProvenance.Features) -> JSON {
    .object([
      "file": features.file.map(JSON.string), "sha256": features.sha256.map(JSON.string),
      "hash": .string(features.hash), "groups": .integer(features.groups), "features": .integer(features.features),
    ])
  }

  private func json(_ summary: ModelSummary) -> JSON {
    let provenance = summary.provenance
    var (kind, completed): (String, Int?) = ("model", nil)
    if case .checkpoint(let epochs) = summary.kind { (kind, completed) = ("checkpoint", epochs) }
    return .object([
      "schema": .string(Self.schema), "file": .string(model), "bytes": .integer(summary.bytes),
      "kind": .string(kind), "format_version": .string(summary.formatVersion),
      "library_version": .string(provenance.libraryVersion), "algorithm": .string(provenance.algorithm),
      "parameters": .object(parameters(provenance).map { (key: $0.key, value: $0.value) }),
      "seed": .natural(provenance.seed.value), "ratings": .integer(provenance.ratings),
      "data_hash": .string(provenance.dataHash),
      "questions": provenance.questions.map {
        .object([
          "pairs": .integer($0.pairs), "hash": .string($0.hash),
          "implicit_feedback": usesQuestions(provenance).map(JSON.bool),
        ])
      },
      "user_features": provenance.userFeatures.map(json), "item_features": provenance.itemFeatures.map(json),
      "epoch": provenance.epoch.map(JSON.integer),
      "completed_epochs": completed.map(JSON.integer),
      "early_stopping": provenance.earlyStopping.map {
        .object([
          "patience": .integer($0.rule.patience), "minimum_improvement": .number($0.rule.minimumImprovement),
          "validation_ratings": .integer($0.validationRatings), "validation_hash": .string($0.validationHash),
        ])
      },
      "folded_in": provenance.foldedIn.isEmpty
        ? nil
        : .array(
          provenance.foldedIn.map {
            .object([
              "side": .string($0.side.rawValue), "known": .string($0.known.rawValue), "ratings": .integer($0.ratings),
              "data_hash": .string($0.dataHash),
            ])
          }),
      "posterior": summary.posterior.map(json),
      "users": summary.users.map(JSON.integer), "items": summary.items.map(JSON.integer),
      "scale": summary.scale.map {
        .object(["lower": .number($0.lower), "upper": .number($0.upper), "step": $0.step.map(JSON.number)])
      },
      "tensors": .array(
        summary.tensors.map {
          .object([
            "name": .string($0.name), "type": .string($0.type), "shape": .array($0.shape.map(JSON.integer)),
            "bytes": .integer($0.bytes),
          ])
        }),
    ])
  }

  private func json(_ posterior: ModelSummary.Posterior) -> JSON {
    .object([
      "samples": .integer(posterior.samples), "chains": posterior.diagnostics.map { .integer($0.chains) },
      "sweeps": posterior.diagnostics.map { .integer($0.sweeps) },
      "burn_in": posterior.diagnostics.map { .integer($0.burnIn) },
      "quantities": posterior.diagnostics.map {
        .array(
          $0.quantities.map {
            .object([
              "name": .string($0.name), "mean": .number($0.mean), "deviation": .number($0.deviation),
              "effective_sample_size": $0.effectiveSampleSize.map(JSON.number),
              "split_r_hat": $0.splitRHat.map(JSON.number),
            ])
          })
      },
    ])
  }

  private func lines(_ posterior: ModelSummary.Posterior) -> [String] {
    guard let diagnostics = posterior.diagnostics else {
      return ["  posterior   \(Decimals.grouped(posterior.samples)) samples"]
    }
    let chains = diagnostics.chains == 1 ? "1 chain" : "\(diagnostics.chains) chains"
    let table = TextTable(
      header: ["after burn-in", "mean", "deviation", "effective draws", "split R-hat"],
      rows: diagnostics.quantities.map {
        [
          $0.name, Decimals.text($0.mean, digits: 5), Decimals.text($0.deviation, digits: 5),
          $0.effectiveSampleSize.map { Decimals.text($0, digits: 1) } ?? "none",
          $0.splitRHat.map { Decimals.text($0, digits: 3) } ?? "none",
        ]
      })
    return [
      "  posterior   \(Decimals.grouped(posterior.samples)) samples of \(chains) of \(Decimals.grouped(diagnostics.sweeps)) "
        + "sweeps, the first \(Decimals.grouped(diagnostics.burnIn)) of them burn-in"
    ] + table.lines.map { "    " + $0 }
  }

  private func text(_ summary: ModelSummary) -> String {
    let provenance = summary.provenance
    let safe = SafeText.line
    var what = "a model"
    if case .checkpoint(let epochs) = summary.kind { what = "a checkpoint after epoch \(epochs)" }
    var lines = [
      "\(safe(model)): \(what), \(Decimals.grouped(summary.bytes)) bytes",
      "  algorithm   \(safe(provenance.algorithm))",
    ]
    let parameters = parameters(provenance).map { "\($0.setting) \($0.text)" }.joined(separator: ", ")
    if !parameters.isEmpty { lines.append("  parameters  \(safe(parameters))") }
    lines.append("  seed        \(provenance.seed.value)")
    if let epoch = provenance.epoch { lines.append("  epoch       \(epoch)") }
    if let stopping = provenance.earlyStopping {
      lines.append(
        "  early stop  after \(stopping.rule.patience) epochs without an improvement of more than "
          + "\(ParameterValue.number(stopping.rule.minimumImprovement)), on \(Decimals.grouped(stopping.validationRatings)) ratings, hash "
          + safe(stopping.validationHash))
    }
    lines.append("  ratings     \(Decimals.grouped(provenance.ratings)), hash \(safe(provenance.dataHash))")
    if let questions = provenance.questions {
      let use = usesQuestions(provenance).map {
        $0 ? ", counted as implicit feedback" : ", which the algorithm ignores"
      }
      lines.append(
        "  questions   \(Decimals.grouped(questions.pairs)) pairs\(use ?? ""), hash \(safe(questions.hash))")
    }
    for (side, features) in [("users", provenance.userFeatures), ("items", provenance.itemFeatures)] {
      guard let features else { continue }
      let file = features.file.map { "\($0), SHA-256 \(features.sha256 ?? "unknown"), " } ?? ""
      lines.append(
        "  of \(side)    \(safe(file))\(Decimals.grouped(features.features)) features in \(features.groups) "
          + "group\(features.groups == 1 ? "" : "s"), hash \(safe(features.hash))")
    }
    for folded in provenance.foldedIn {
      lines.append(
        "  folded in   \(folded.side.rawValue) of \(Decimals.grouped(folded.ratings)) ratings, known ones: "
          + "\(folded.known.rawValue), hash \(safe(folded.dataHash))")
    }
    if let posterior = summary.posterior { lines += self.lines(posterior) }
    if let users = summary.users, let items = summary.items {
      lines.append("  users       \(Decimals.grouped(users))")
      lines.append("  items       \(Decimals.grouped(items))")
    }
    if let scale = summary.scale {
      lines.append("  scale       \(scale)\(scale.step.map { " in steps of \(ParameterValue.number($0))" } ?? "")")
    }
    lines.append(
      "  made by     RatingBench \(safe(provenance.libraryVersion)), format version \(safe(summary.formatVersion))")
    let table = TextTable(
      header: ["tensor", "type", "shape", "bytes"],
      rows: summary.tensors.map {
        [safe($0.name), $0.type, $0.shape.map(String.init).joined(separator: " x "), Decimals.grouped($0.bytes)]
      })
    return (lines + table.lines.map { "  " + $0 }).joined(separator: "\n")
  }
}
