import Foundation
import Testing
import _RatingTestSupport

@testable import RatingData

/// Damaged files of features: reading ends, with a sound table or with problems, and both are the same plain and compressed.
@Suite struct FeaturesFuzzTests {
  private static let good: [[UInt8]] =
    [
      "id,age,job\n1,24,writer\n2,53,other\n3,23,\n", "user\tlikes\n1\ta|b\n2\tb;c\n4\t\n",
      "\"id\";\"tag\"\n1;\"a;b\"\n2;\"say \"\"hi\"\"\"\n", "id|a|b\n1|x|y\n2|z|\n",
      "1|24|M|technician|85711\n2|53|F|other|94043\n3|23|M|writer|32067\n",
      "1::F::1::10::48067\n2::M::56::16::70072\n",
      "1::Toy Story (1995)::Animation|Comedy\n2::Jumanji (1995)::Adventure\n",
      "movieId,title,genres\n1,\"President, The (1995)\",Comedy|Drama\n2,Paterson,(no genres listed)\n",
      "id,n\n" + (1...30).map { "\($0),\($0 * $0 % 29).5\n" }.joined(),
    ].map { Array($0.utf8) } + [
      Array("1|Caf".utf8) + [0xE9] + Array("|01-Jan-1995||u|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n2|x|||u".utf8)
        + Array((String(repeating: "|0", count: 18) + "|1\n").utf8)
    ]

  private static func outcome(_ path: String, _ vocabulary: Vocabulary, _ side: FeatureTable.Side) -> [String] {
    do {
      let table = try FeatureTable(contentsOf: path, vocabulary: vocabulary, of: side)
      let source = try #require(table.source)
      #expect(table.entityCount == vocabulary.count && !table.groups.isEmpty)
      #expect(source.rows - source.skippedRows == vocabulary.count - source.idsWithoutRow)
      for group in table.groups {
        // Every feature occurs, and the values of a row add up to 1.
        #expect(Set(group.features).count == group.featureCount && group.featureCount > 0)
        for (start, end) in zip(group.starts, group.starts.dropFirst()) where end > start {
          #expect(abs(group.values[start..<end].reduce(0, +) - 1) < 1e-4)
        }
      }
      return [table.contentHash, "\(source.format)", "\(source.rows) \(source.skippedRows)"]
        + source.warnings.map { "\($0)" }
    } catch let error as RatingDataError {
      #expect(error.problems.contains { $0.severity == .error })
      for problem in error.problems {
        #expect(problem.lines.count <= Problem.listedLines && problem.lines == problem.lines.sorted())
      }
      return error.problems.map { "\($0)" }
    } catch {
      Issue.record("\(error)")
      return []
    }
  }

  @Test func featuresFuzz() throws {
    let folder = try ScratchFolder()
    var mutator = Mutator(random: SplitMix(FuzzClock.seed &+ 5))
    var clock = FuzzClock()
    let vocabularies = [
      Vocabulary((1...25).map { Identifier(Int64($0)) }),
      Vocabulary(["1", "2", "a", "\u{e9}", "007"].map { Identifier($0) }),
    ]
    while clock.next() {
      let bytes = mutator.mutated(mutator.pick(Self.good), others: Self.good)
      let (vocabulary, side) = (mutator.pick(vocabularies), mutator.pick([FeatureTable.Side.users, .items]))
      let path = try folder.write("input", bytes)
      let plain = Self.outcome(path, vocabulary, side)
      if !bytes.starts(with: [0x1f, 0x8b]), !bytes.isEmpty {
        try folder.write("input", Gzip.member(bytes, level: 1))
        let packed = Self.outcome(path, vocabulary, side)
        try #require(packed == plain, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
      }
    }
    clock.report("features")
  }
}
