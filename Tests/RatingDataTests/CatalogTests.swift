import Foundation
import Testing

@testable import RatingData

@Suite struct CatalogTests {
  private struct Document: Codable {
    var schema: String
    var datasets: [DatasetCatalogue.Entry]
  }

  @Test func fileAndCodeSayTheSame() throws {
    let file = SyntheticPrizeTests.repository.appendingPathComponent("datasets/catalogue.json")
    let document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: file))
    #expect(document.schema == "ratingbench.catalogue/1")
    #expect(document.datasets == DatasetCatalogue.entries)
  }

  @Test func entriesAreWellFormed() {
    #expect(Set(DatasetCatalogue.entries.map(\.name)).count == DatasetCatalogue.entries.count)
    func isHexadecimal(_ text: String?, digits: Int) -> Bool {
      text.map { $0.count == digits && $0.allSatisfy { "0123456789abcdef".contains($0) } } ?? true
    }
    for entry in DatasetCatalogue.entries {
      #expect(entry.page.hasPrefix("https://") && !entry.licence.isEmpty && !entry.citation.isEmpty)
      #expect(entry.doi.map { $0.hasPrefix("10.") } ?? true)
      #expect(entry.files.contains { $0.url != nil }, "\(entry.name) can be downloaded")
      for file in entry.files {
        #expect(file.addresses.allSatisfy { HTTPAddress($0)?.isEncrypted == true })
        #expect(Set(file.addresses).count == file.addresses.count && (file.mirrors == nil || file.url != nil))
        // Without a hash the first fetch is trusted.
        let hasNone = ["ml-latest-small", "netflix"].contains(entry.name)
        #expect(file.url == nil || (file.sha256 == nil) == hasNone, "\(file.name)")
        #expect(isHexadecimal(file.sha256, digits: 64) && isHexadecimal(file.md5, digits: 32))
        #expect(file.sha256 == nil || file.bytes != nil)
      }
    }
    #expect(DatasetCatalogue.entry(named: "ml-100k") == DatasetCatalogue.movieLens100K)
    #expect(DatasetCatalogue.entry(named: "no-such-set") == nil)
  }
}
