import RatingData
import RatingNumerics

/// A model on disk: a safetensors file with the model's tensors, the vocabularies and where it came from.
///
/// Tensors, beside those of the model: `ids.users` and `ids.items`, whole numbers as I64, or text as the UTF-8 of all ids
/// in U8 with `ids.users.ends`, I64, the byte behind each. `__metadata__` holds `format` (`ratingbench-model`),
/// `format_version`, `algorithm`, `parameter.<name>`, `seed`, `ratings`, `data_hash`, `epoch` for an algorithm with epochs,
/// what early stopping went by where it was used (`early_stopping.patience`, `early_stopping.minimum_improvement`,
/// `validation_ratings`, `validation_hash`), the pairs that would be asked about where they were known (`question_pairs`,
/// `question_hash`), side information where there was any (`user_features.file`, `.sha256`, `.hash`, `.groups`, `.features`,
/// and `item_features` likewise), `scale_lower`, `scale_upper`, `scale_step` where there is one, and `library_version`.
///
/// Saving a model that was loaded writes the same bytes again.
public struct ModelFile: Sendable {
  public let model: any SavableModel
  public let provenance: ModelProvenance

  static let format = "ratingbench-model"
  static let formatVersion = "1"

  public init(_ model: any SavableModel, _ provenance: ModelProvenance) {
    self.model = model
    self.provenance = provenance
  }

  /// The model of a file.
  ///
  /// - Throws: `inputMissing`, or `badData` with the code `bad-model` and what is wrong: see `init(contentsOf:)`.
  public static func load(
    _ path: String, registry: AlgorithmRegistry = .standard
  ) throws(RatingDataError) -> any RatingModel {
    try ModelFile(contentsOf: path, registry: registry).model
  }

  /// Writes the model under a name that appears only when the file is complete.
  public func write(to path: String) throws(RatingDataError) {
    let file = try OutputFile(path)
    try contents.write { bytes throws(RatingDataError) in try file.write(raw: bytes) }
    try file.commit()
  }

  /// Reads a model and checks everything: the header, types, shapes and offsets of the tensors, that values are finite,
  /// that vocabularies ascend, that the algorithm is known. A file that passes makes a model that predicts finite ratings.
  public init(contentsOf path: String, registry: AlgorithmRegistry = .standard) throws(RatingDataError) {
    let bytes = try FileBytes.read(path)
    do throws(Safetensors.Failure) {
      self = try ModelFile(bytes: bytes, registry: registry)
    } catch {
      throw .badModel(path, error)
    }
  }

  init(bytes: [UInt8], registry: AlgorithmRegistry = .standard) throws(Safetensors.Failure) {
    let file = try Safetensors(bytes)
    try file.requireFormat(Self.format, version: Self.formatVersion)
    provenance = try ModelProvenance(file)
    let scale = try Self.scale(file)
    let vocabularies = Vocabularies(
      users: try Self.vocabulary("ids.users", file), items: try Self.vocabulary("ids.items", file))
    let entry: AlgorithmRegistry.Entry
    do throws(TrainingError) {
      entry = try registry.entry(provenance.algorithm)
    } catch {
      throw Safetensors.Failure(error.description)
    }
    let tensors = ModelTensors(
      file.tensors.filter { !$0.name.hasPrefix("ids.") }, vocabularies: vocabularies, scale: scale)
    switch entry.loadModel(tensors) {
    case .success(let model):
      let known = model.tensors.map(\.name).sorted()
      guard known == tensors.names else {
        throw Safetensors.Failure(
          "it has the tensors \(tensors.names.joined(separator: ", ")), expected \(known.joined(separator: ", "))")
      }
      self.model = model
    case .failure(let failure): throw Safetensors.Failure(failure.description)
    }
  }

  /// The file's contents.
  var contents: Safetensors {
    var metadata = [("format", Self.format), ("format_version", Self.formatVersion)]
    metadata += provenance.metadata
    metadata += [("scale_lower", String(model.scale.lower)), ("scale_upper", String(model.scale.upper))]
    metadata += model.scale.step.map { [("scale_step", String($0))] } ?? []
    metadata.append(("library_version", provenance.libraryVersion))
    return Safetensors(
      metadata: metadata.map { (key: $0.0, value: $0.1) },
      tensors: Self.tensors(model.vocabularies.users, "ids.users")
        + Self.tensors(model.vocabularies.items, "ids.items") + model.tensors)
  }
}

extension RatingDataError {
  static func badModel(_ path: String, _ failure: Safetensors.Failure) -> RatingDataError {
    RatingDataError(
      .badData,
      [
        Problem(
          .error, "bad-model", file: path,
          message: "this is not a model that can be used: \(failure.description); train and save it again")
      ])
  }
}

extension Safetensors {
  init(metadata: [(key: String, value: String)], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }
}
