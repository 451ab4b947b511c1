#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Places to cut several mapped block files, so that part k of each holds the same movies.
///
/// The places are guesses: a movie line near an even share of the first file, and a line of the same movie near the same
/// share of the others. Whoever uses the parts checks that each comes out even, which proves the guess right.
struct BlockCuts: @unchecked Sendable {
  static let partSize = 1 << 20
  /// How far from its expected place a movie line is searched.
  private static let reach = 1 << 18

  private let inputs: [UnsafeRawBufferPointer]
  /// For each input: where its parts start, and its end.
  private let edges: [[Int]]

  var count: Int { edges[0].count - 1 }

  /// nil where some input can't be cut: it is streamed or has no movie lines.
  init?(_ files: [RatingInput]) {
    var mapped: [UnsafeRawBufferPointer] = []
    for file in files {
      guard let bytes = file.mapped, file.detected.format.isBlocks else { return nil }
      mapped.append(bytes)
    }
    inputs = mapped
    let first = inputs[0]
    var edges = inputs.map { _ in [0] }
    var position = Self.partSize
    while position < first.count {
      guard let cut = LineCut.next(in: first, from: position, beforeMovieLine: true) else { break }
      let lineEnd = first[cut...].firstIndex(of: UInt8(ascii: ":"))!
      let header = UnsafeRawBufferPointer(rebasing: first[(cut - 1)...lineEnd])
      let share = Double(cut) / Double(first.count)
      var cuts = [cut]
      for bytes in inputs.dropFirst() {
        if let found = Self.find(header, in: bytes, near: Int(share * Double(bytes.count))) { cuts.append(found) }
      }
      if cuts.count == inputs.count && zip(edges, cuts).allSatisfy({ $0.last! < $1 }) {
        for index in edges.indices { edges[index].append(cuts[index]) }
      }
      position = cut + Self.partSize
    }
    for index in edges.indices { edges[index].append(inputs[index].count) }
    self.edges = edges
  }

  func ranges(ofPart part: Int) -> [Range<Int>] { edges.map { $0[part]..<$0[part + 1] } }

  func linesBefore(part: Int, input: Int) -> Int {
    LineCut.count(UnsafeRawBufferPointer(rebasing: inputs[input][0..<edges[input][part]]))
  }

  /// The start of the only line near `place` that begins as `header` says (a line break, a number and a colon).
  private static func find(_ header: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer, near place: Int) -> Int?
  {
    let low = max(0, place - reach)
    let high = min(bytes.count, place + reach)
    let wanted = header.baseAddress!
    var position = low
    while position + header.count <= high {
      guard let found = memchr(bytes.baseAddress! + position, Int32(UInt8(ascii: "\n")), high - position) else {
        return nil
      }
      let line = UnsafeRawPointer(found) - bytes.baseAddress!
      if line + header.count <= high && memcmp(found, wanted, header.count) == 0 { return line + 1 }
      position = line + 1
    }
    return nil
  }
}
