import RatingBench

/// What a training will take of memory, beside what there is: the output of `train --plan`.
struct MemoryReport {
  let algorithm: String
  let shape: TrainingShape
  /// nil where the algorithm doesn't tell.
  let plan: MemoryPlan?
  /// nil where the system doesn't tell.
  let available: AvailableMemory?

  /// Throws where more is needed than there is.
  func requireFit() throws(TrainingError) {
    guard let plan, let available else { return }
    do throws(TrainingError) {
      try plan.requireFit(available, algorithm: algorithm)
    } catch {
      throw TrainingError(
        error.code, message: error.message,
        remedy: error.remedy + "; --plan shows all parts, --allow-swap tries it all the same")
    }
  }

  /// The report as `--format` asks for it.
  func text(_ format: TrainingFormat) -> String { format == .json ? json.text : text }

  private var text: String {
    var lines = [
      "\(algorithm): \(Decimals.grouped(shape.ratings)) ratings of \(Decimals.grouped(shape.users)) users and "
        + "\(Decimals.grouped(shape.items)) items, \(shape.threads) \(shape.threads == 1 ? "thread" : "threads")"
    ]
    if let plan {
      let parts = MemoryPlan.Stage.allCases.flatMap { stage in plan.parts.filter { $0.stage == stage } }
      lines +=
        TextTable(
          header: ["part", "while", "MB"],
          rows: parts.map { [$0.name, Self.words($0.stage), Self.megabytes($0.bytes)] }
            + [["needed beside the data", "", Self.megabytes(plan.needed)], ["peak", "", Self.megabytes(plan.peak)]]
        ).lines
    } else {
      lines.append("\(algorithm) doesn't tell what memory it takes")
    }
    if let available {
      lines.append("available: \(Self.megabytes(available.bytes)) MB (\(available.reason))")
      if let plan { lines.append(plan.needed <= available.bytes ? "it fits" : "it does not fit") }
    }
    return lines.joined(separator: "\n")
  }

  private static func words(_ stage: MemoryPlan.Stage) -> String {
    switch stage {
    case .data: "read"
    case .training: "training"
    case .beginning: "setting up"
    case .learning: "learning"
    case .ending: "at the end"
    }
  }

  private static func megabytes(_ bytes: Int) -> String { Decimals.text(Double(bytes) / 1e6, digits: 1) }

  private var json: JSON {
    .object([
      "schema": "prizecheck.plan/1",
      "algorithm": .string(algorithm),
      "ratings": .integer(shape.ratings),
      "users": .integer(shape.users),
      "items": .integer(shape.items),
      "threads": .integer(shape.threads),
      "parts": .array(
        (plan?.parts ?? []).map { part -> JSON in
          .object([
            "name": .string(part.name), "stage": .string(part.stage.rawValue), "bytes": .integer(part.bytes),
          ])
        }),
      "needed_bytes": plan.map { JSON.integer($0.needed) },
      "peak_bytes": plan.map { JSON.integer($0.peak) },
      "available_bytes": available.map { JSON.integer($0.bytes) },
      "limited_by": available.map { JSON.string($0.reason) },
      "fits": plan.flatMap { plan in available.map { JSON.bool(plan.needed <= $0.bytes) } },
    ])
  }
}
