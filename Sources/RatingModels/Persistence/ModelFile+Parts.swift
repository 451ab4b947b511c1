import RatingData
import RatingNumerics

extension ModelFile {
  static func scale(_ file: some MetadataHolder) throws(Safetensors.Failure) -> RatingScale {
    guard let lower = file.member("scale_lower").flatMap({ Double($0) }),
      let upper = file.member("scale_upper").flatMap({ Double($0) }), lower.isFinite, upper.isFinite, lower < upper
    else { throw Safetensors.Failure("its rating scale needs two finite bounds that ascend") }
    guard let written = file.member("scale_step") else { return RatingScale(lower...upper) }
    guard let step = Double(written), step.isFinite, step > 0 else {
      throw Safetensors.Failure("its rating scale's step is no positive number")
    }
    return RatingScale(lower...upper, step: step)
  }

  static func tensors(_ vocabulary: Vocabulary, _ name: String) -> [Tensor] {
    switch vocabulary.storage {
    case .integers(let numbers): [Tensor(name, .int64(numbers))]
    case .texts(let bytes, let ends):
      [Tensor(name, .uint8(bytes)), Tensor("\(name).ends", .int64(ends.map(Int64.init)))]
    }
  }

  static func vocabulary(_ name: String, _ file: Safetensors) throws(Safetensors.Failure) -> Vocabulary {
    func column(_ name: String) -> Tensor? { file.tensors.first { $0.name == name && $0.shape.count == 1 } }
    let storage: Vocabulary.Storage
    switch (column(name)?.values, column("\(name).ends")?.values) {
    case (.int64(let numbers), nil): storage = .integers(numbers)
    case (.uint8(let bytes), .int64(let ends)): storage = .texts(bytes: bytes, ends: ends.map { Int($0) })
    default:
      throw Safetensors.Failure(
        "it needs a tensor \(name) of I64, or one of U8 with \(name).ends of I64, of one dimension")
    }
    switch Vocabulary.checked(storage) {
    case .success(let vocabulary):
      guard vocabulary.count < Int(RatingPairs.unknown) else {
        throw Safetensors.Failure("\(name) has \(vocabulary.count) identifiers, more than \(RatingPairs.unknown - 1)")
      }
      return vocabulary
    case .failure(let flaw): throw Safetensors.Failure("\(name): \(flaw.description)")
    }
  }
}
