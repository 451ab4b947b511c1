import RatingData

/// What a model file, or a checkpoint, says about itself: read from its header alone, however large the model is.
///
/// The header is checked against itself and against the size of the file; the values of the tensors are not looked at,
/// which loading the model does, but for the short traces of the chains of a posterior.
public struct ModelSummary: Sendable {
  public enum Kind: Sendable, Hashable {
    case model
    /// The state of a run after so many epochs.
    case checkpoint(completedEpochs: Int)
  }

  /// A tensor without its values.
  public struct TensorShape: Sendable, Hashable {
    public let name: String
    /// `F16`, `F32`, `F64`, `I64` or `U8`.
    public let type: String
    public let shape: [Int]
    /// The size of the values.
    public let bytes: Int
  }

  public let kind: Kind
  public let formatVersion: String
  public let provenance: ModelProvenance
  /// The numbers of users and items in the vocabularies; nil for a checkpoint, which has none.
  public let users, items: Int?
  /// The scale of the training ratings; nil for a checkpoint.
  public let scale: RatingScale?
  /// In the order of the file.
  public let tensors: [TensorShape]
  /// The size of the file.
  public let bytes: Int
  /// The samples of a posterior, and whether the chains they come from have mixed; nil where it is none.
  public private(set) var posterior: Posterior?

  public struct Posterior: Sendable, Hashable {
    /// The samples that were kept, of all chains.
    public let samples: Int
    /// nil where the file has no traces that can be read.
    public let diagnostics: PosteriorDiagnostics?
  }

  /// - Throws: `inputMissing`, or `badData` with the code `bad-model` and what is wrong.
  /// - Complexity: O(header), and O(sweeps) for a posterior.
  public init(contentsOf path: String) throws(RatingDataError) {
    let (start, size) = try FileBytes.header(path)
    do throws(Safetensors.Failure) {
      try self.init(start, fileSize: size)
      let length = try SafetensorsHeader.length(start.prefix(8), fileSize: size)
      let header = try SafetensorsHeader(start[8..<8 + length], dataBytes: size - 8 - length)
      posterior = posterior(header) { range in
        let place = range.lowerBound + 8 + length..<range.upperBound + 8 + length
        return place.upperBound <= start.count ? Array(start[place]) : FileBytes.piece(path, place)
      }
    } catch {
      throw .badModel(path, error)
    }
  }

  private func posterior(_ header: SafetensorsHeader, _ read: (Range<Int>) -> [UInt8]) -> Posterior? {
    let prefix = kind == .model ? "" : CheckpointFile.runPrefix
    guard header.entries.contains(where: { $0.name == prefix + "state.0.trace" }) else { return nil }
    let samples = header.entries.first { $0.name == prefix + "samples.constant" }?.shape.first ?? 0
    let burnIn = provenance.parameters.first { $0.name == "burnIn" }.flatMap { Int($0.value) } ?? 0
    let traces = header.entries.compactMap { entry -> Tensor? in
      guard entry.name.hasPrefix(prefix + "state."), entry.name.hasSuffix(".trace") else { return nil }
      let bytes = read(entry.range)
      guard bytes.count == entry.range.count else { return nil }
      let tensor = bytes.withUnsafeBytes { entry.tensor($0) }
      return tensor.isFinite ? tensor.renamed(String(tensor.name.dropFirst(prefix.count))) : nil
    }
    return Posterior(
      samples: samples,
      diagnostics: PosteriorTrace(state: traces).map { PosteriorDiagnostics($0, burnIn: max(burnIn, 0)) })
  }

  /// Of the first bytes of a file, its header at least.
  init(_ start: [UInt8], fileSize: Int) throws(Safetensors.Failure) {
    let length = try SafetensorsHeader.length(start.prefix(8), fileSize: fileSize)
    let header = try SafetensorsHeader(start[8..<8 + length], dataBytes: fileSize - 8 - length)
    bytes = fileSize
    tensors = header.entries.map {
      TensorShape(name: $0.name, type: $0.type, shape: $0.shape, bytes: $0.range.count)
    }
    formatVersion = try header.text("format_version")
    provenance = try ModelProvenance(header)
    if header.member("format") == CheckpointFile.format {
      try header.requireFormat(CheckpointFile.format, version: CheckpointFile.formatVersion)
      kind = .checkpoint(completedEpochs: try header.requiredNatural("completed_epochs"))
      (users, items, scale) = (nil, nil, nil)
      return
    }
    try header.requireFormat(ModelFile.format, version: ModelFile.formatVersion)
    kind = .model
    scale = try ModelFile.scale(header)
    users = try Self.count("ids.users", header)
    items = try Self.count("ids.items", header)
  }

  /// The number of identifiers of a vocabulary.
  private static func count(_ name: String, _ header: SafetensorsHeader) throws(Safetensors.Failure) -> Int {
    let entries = header.entries
    let column = entries.first { $0.name == "\(name).ends" } ?? entries.first { $0.name == name }
    guard let column, column.type == "I64", column.shape.count == 1 else {
      throw Safetensors.Failure(
        "it needs a tensor \(name) of I64, or one of U8 with \(name).ends of I64, of one dimension")
    }
    return column.shape[0]
  }
}
