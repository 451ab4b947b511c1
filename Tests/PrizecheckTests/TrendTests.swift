import Foundation
import Testing
import _RatingTestSupport

/// `benchmark --format github-action-benchmark`: what the action follows from commit to commit.
struct TrendTests {
  @Test func figuresAreThoseOfTheReport() throws {
    let folder = try ScratchFolder()
    let suite = try folder.write(
      "suite.yaml",
      """
      schema: ratingbench.suite/1
      name: small
      data:
        - {name: 'pr"ize', path: \(InterfaceTests.prize)/training_set}
      splits: [random 20%]
      algorithms:
        - {name: item-mean, label: '<b>"\\ mean'}
        - biases
      """)
    let base = ["benchmark", suite, "--output", folder.path("out"), "--progress", "none"]
    let report = try ToolRun(base + ["--format", "json"])
    #expect(report.status == 0, "\(report.errors)")
    let groups = try #require(try report.object()["groups"] as? [[String: Any]])
    let rows = try #require(groups[0]["rows"] as? [[String: Any]])

    let run = try ToolRun(base + ["--format", "github-action-benchmark", "--no-times"])
    #expect(run.status == 0)
    if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: run.output, "github-action-benchmark") == "") }
    let points = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
    #expect(points.count == rows.count && rows.count == 2)
    for (point, row) in zip(points, rows) {
      let rmse = try #require(row["rmse"] as? [String: Double])
      let (value, lower, upper) = (rmse["value"] ?? .nan, rmse["lower"] ?? .nan, rmse["upper"] ?? .nan)
      #expect(
        point["name"] as? String
          == "pr\"ize / \(groups[0]["split"] as? String ?? "") / \(row["label"] as? String ?? "")")
      #expect(point["unit"] as? String == "RMSE" && point["value"] as? Double == value)
      #expect(point["range"] as? String == "± " + String(format: "%.6f", (upper - lower) / 2))
    }
    #expect(points.contains { ($0["name"] as? String)?.hasSuffix("<b>\"\\ mean") == true })

    let timed = try ToolRun(base + ["--format", "github-action-benchmark"])
    if JSONSchema.isAvailable { #expect(try JSONSchema.violations(of: timed.output, "github-action-benchmark") == "") }
    let all = try #require(try JSONSerialization.jsonObject(with: Data(timed.output.utf8)) as? [[String: Any]])
    #expect(all.count { $0["unit"] as? String == "seconds" } == 2 && all.count == 4)
  }
}
