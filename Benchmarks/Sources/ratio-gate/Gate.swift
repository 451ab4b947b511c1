import Foundation
import HotLoops
import RatingNumerics

/// Measures every comparison, of speed and of accuracy, and fails where one is below its committed baseline.
///
///     ratio-gate BASELINE [--update] [--only TEXT] [--trend FILE]
///
/// `--trend` writes what was judged as JSON for github-action-benchmark, also where a ratio has regressed.
///
/// Exit 0: no regression; 1: a regression, or a ratio without a baseline; 64: usage; 65: a malformed baseline;
/// 66: no baseline file; 73: a file can't be written; 78: RATINGBENCH_ISA can't be granted.
@main
enum Gate {
  static func main() {
    var arguments = Array(CommandLine.arguments.dropFirst())
    let update = arguments.firstIndex(of: "--update").map { arguments.remove(at: $0) } != nil
    func value(of option: String) -> String? {
      guard let flag = arguments.firstIndex(of: option), flag + 1 < arguments.count else { return nil }
      defer { arguments.removeSubrange(flag...flag + 1) }
      return arguments[flag + 1]
    }
    let only = value(of: "--only")
    let trend = value(of: "--trend")
    guard arguments.count == 1, !arguments[0].hasPrefix("-") else {
      fail(64, "usage: ratio-gate BASELINE [--update] [--only TEXT] [--trend FILE]")
    }
    if let problem = Kernels.selection.problem { fail(78, problem.description) }

    let path = arguments[0]
    var baseline = Baseline()
    if FileManager.default.fileExists(atPath: path) {
      do { baseline = try Baseline(contentsOf: path) } catch { fail(65, "\(error)") }
    } else if !update {
      fail(66, "\(path): no such file; --update writes one")
    }

    BLAS.threads = 1
    print(Machine.description)
    let chosen = Registry.comparisons.filter { only == nil || $0.name.contains(only!) }
    let accuracies = Registry.accuracies.filter { only == nil || $0.name.contains(only!) }
    let width = (chosen.map(\.name.count) + accuracies.map(\.name.count)).max() ?? 0
    print(row("loop / reference", "M/s", "M/s ref.", "ratio", "least", width: width))

    var failures: [String] = []
    var points: [TrendPoint] = []
    /// What is wrong with a ratio, or an empty text; or takes it for the baseline.
    func judge(_ ratio: Double, of name: String) -> String {
      let entry = baseline.entries[name]
      if update {
        baseline.entries[name] = Baseline.Entry(ratio: ratio, tolerance: entry?.tolerance ?? Baseline.usualTolerance)
        return ""
      }
      let remark =
        if let entry {
          ratio < entry.least ? "REGRESSION: the baseline is \(number(entry.ratio))" : ""
        } else {
          "NO BASELINE"
        }
      if !remark.isEmpty { failures.append("\(name): \(remark)") }
      return remark
    }
    for comparison in chosen {
      if comparison.loop.name.hasSuffix("-2-threads"), Parallel.availableThreads < 2 {
        print(row(comparison.name, "", "", "", "", width: width) + "skipped: one processor")
        continue
      }
      let entry = baseline.entries[comparison.name]
      var measurement = Measurement(comparison)
      // Noise only ever hides speed. What falls short is measured again before it counts.
      // What needs two processors is waited for longer, since other processes come and go.
      let attempts = comparison.clock == .wall ? 6 : 2
      for _ in 0..<attempts where !update && measurement.ratio < entry?.least ?? 0 {
        usleep(200_000)
        let again = Measurement(comparison)
        if again.ratio > measurement.ratio { measurement = again }
      }
      let isShort = !update && measurement.ratio < entry?.least ?? 0
      let remark: String
      if isShort && comparison.clock == .wall && !Processors.areFree {
        remark = "not judged: other processes leave no two processors"
      } else {
        remark = judge(measurement.ratio, of: comparison.name)
        points.append(TrendPoint(loop: comparison.name, ratio: measurement.ratio, least: entry?.least))
      }
      print(
        row(
          comparison.name, number(measurement.unitsPerSecond / 1e6), number(measurement.referenceUnitsPerSecond / 1e6),
          number(measurement.ratio), entry.map { number($0.least) } ?? "-", width: width) + remark)
    }
    for accuracy in accuracies {
      let entry = baseline.entries[accuracy.name]
      let errors = accuracy.errors()
      let ratio = errors.reference / errors.model
      let remark = judge(ratio, of: accuracy.name)
      points.append(TrendPoint(accuracy: accuracy.name, ratio: ratio, least: entry?.least))
      print(
        row(
          accuracy.name, exact(errors.model), exact(errors.reference), exact(ratio),
          entry.map { exact($0.least) } ?? "-", width: width) + remark)
    }

    if let trend {
      do { try TrendPoint.write(points, to: trend) } catch { fail(73, "\(trend): \(error)") }
    }
    if update {
      do { try baseline.write(to: path) } catch { fail(73, "\(path): \(error)") }
      print("written: \(path)")
    } else if !failures.isEmpty {
      fail(1, failures.map { "ratio-gate: \($0)" }.joined(separator: "\n"))
    } else {
      print("no regression in \(chosen.count + accuracies.count) comparisons")
    }
  }

  private static func fail(_ status: Int32, _ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(status)
  }

  private static func number(_ value: Double) -> String { String(format: "%.2f", value) }
  private static func exact(_ value: Double) -> String { String(format: "%.5f", value) }

  private static func row(_ cells: String..., width: Int) -> String {
    let name = cells[0].padding(toLength: width + 1, withPad: " ", startingAt: 0)
    return name
      + cells.dropFirst().map { String(repeating: " ", count: max(0, 9 - $0.count)) + $0 + " " }.joined()
  }
}
