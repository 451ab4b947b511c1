import RatingNumerics

extension ParsedFile {
  /// Whether a result can be kept in a file of the cache at all.
  static func canHold(_ result: ReadingResult) -> Bool {
    let largest = 1 << 31
    return result.dataset.userCount <= largest && result.dataset.itemCount <= largest
  }

  /// The size of the file of a result: what `write` would write.
  private struct Plan {
    /// For each block how its columns are packed, times last where there are any.
    var packings: [[PackedColumn]]
    /// Where each block starts, counted from the first, and behind them the end of the last.
    var starts: [Int]
  }

  /// Writes a result that was read with repeated pairs kept. The file's bytes depend on the result, the names and the key
  /// alone.
  ///
  /// - Throws: the reason, as the system gives it; then there is no file.
  /// - Returns: the file's size.
  /// - Complexity: O(rows), in parallel.
  static func write(
    _ result: ReadingResult, _ names: InputNames, key: String, to path: String, largest: Int, threads: Int?
  ) throws(CacheFlaw) -> Int {
    let dataset = result.dataset
    let plan = plan(dataset, threads: threads)
    var details = CacheWriter()
    ParsedDetails(result, names).write(to: &details, names)
    let blocks = plan.packings.count
    let headSize = 16 * blocks + keyLength + details.bytes.count
    let start = preludeSize + headSize
    let size = start + plan.starts[blocks]
    guard size <= largest else {
      throw CacheFlaw("the parsed ratings take \(size) bytes, more than the cache may hold (\(largest))")
    }
    let file = try NewCacheFile(path)
    typealias Written = Result<UInt64, CacheFlaw>
    let written = Parallel.map(blocks, threads: threads) { block -> Written in
      let bytes = pack(dataset, block, plan.packings[block], size: plan.starts[block + 1] - plan.starts[block])
      return bytes.withRawBytes { bytes -> Written in
        do throws(CacheFlaw) {
          try file.write(bytes, at: start + plan.starts[block])
          return .success(ByteHash.of(bytes))
        } catch {
          return .failure(error)
        }
      }
    }
    var head = CacheWriter()
    for (block, outcome) in written.enumerated() {
      head.put(UInt64(plan.starts[block + 1] - plan.starts[block]))
      head.put(try outcome.get())
    }
    Array(key.utf8).withRawBytes { head.put(raw: $0) }
    details.bytes.withRawBytes { head.put(raw: $0) }
    var prelude = CacheWriter()
    prelude.put(magic)
    prelude.put(version)
    prelude.put(UInt32(dataset.hasTimes ? 1 : 0))
    for number in [dataset.count, headSize, size] { prelude.put(UInt64(number)) }
    prelude.put(head.bytes.withRawBytes { ByteHash.of($0) })
    prelude.put(UInt64(0))
    prelude.put(prelude.bytes.withRawBytes { ByteHash.of($0) })
    try (prelude.bytes + head.bytes).withRawBytes { bytes throws(CacheFlaw) in try file.write(bytes, at: 0) }
    try file.commit(as: path)
    return size
  }

  private static func plan(_ dataset: RatingDataset, threads: Int?) -> Plan {
    let packings = Parallel.map(blockCount(rows: dataset.count), threads: threads) { block in
      columns(dataset, block) { $0.map { PackedColumn(for: $0) } }
    }
    var starts = [0]
    for (block, packing) in packings.enumerated() {
      let rows = min(rowsPerBlock, dataset.count - block * rowsPerBlock)
      starts.append(starts[block] + packing.reduce(blockHeadSize) { $0 + $1.byteCount(rows: rows) })
    }
    return Plan(packings: packings, starts: starts)
  }

  private static func pack(_ dataset: RatingDataset, _ block: Int, _ packings: [PackedColumn], size: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      bytes[..<blockHeadSize].initializeMemory(as: UInt8.self, repeating: 0)
      var offset = blockHeadSize
      columns(dataset, block) { columns in
        for (index, (column, packing)) in zip(columns, packings).enumerated() {
          for (position, word) in [packing.minimum, packing.step, UInt32(packing.width)].enumerated() {
            bytes.storeBytes(of: word.littleEndian, toByteOffset: 12 * index + 4 * position, as: UInt32.self)
          }
          packing.pack(column, into: bytes.baseAddress! + offset)
          offset += packing.byteCount(rows: column.count)
        }
      }
      initialized = size
    }
  }

  /// The words of a block's columns.
  private static func columns<Value>(
    _ dataset: RatingDataset, _ block: Int, _ body: ([UnsafeBufferPointer<UInt32>]) -> Value
  ) -> Value {
    dataset.withUnsafeColumns { columns in
      let range = block * rowsPerBlock..<min((block + 1) * rowsPerBlock, dataset.count)
      let ratings = UnsafeRawBufferPointer(columns.ratings).assumingMemoryBound(to: UInt32.self)
      let all = [columns.users, columns.items, ratings] + (columns.times.map { [$0] } ?? [])
      return body(all.map { UnsafeBufferPointer(rebasing: $0[range]) })
    }
  }
}
