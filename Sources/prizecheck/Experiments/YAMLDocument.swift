import RatingBench
import Yams

/// A YAML file as the tree that suites are read from. The one place that knows Yams.
enum YAMLDocument {
  /// - Throws: what is wrong with the file, with its line.
  static func read(_ path: String) throws(ExperimentError) -> ConfigurationNode {
    let text: String
    do throws(RatingDataError) { text = try TextFile.contents(path) } catch { throw .data(error) }
    return try parse(text, file: path)
  }

  static func parse(_ text: String, file: String) throws(ExperimentError) -> ConfigurationNode {
    func problem(_ line: Int?, _ message: String) -> ExperimentError {
      .configuration([Problem(.error, "bad-yaml", file: file, lines: line.map { [$0] } ?? [], message: message)])
    }
    do {
      guard let node = try Yams.compose(yaml: text) else { throw problem(nil, "the file is empty; expected a suite") }
      return tree(node)
    } catch let error as ExperimentError {
      throw error
    } catch let error as YamlError {
      switch error {
      case .scanner(_, let found, let mark, _), .parser(_, let found, let mark, _),
        .composer(_, let found, let mark, _):
        throw problem(mark.line, "is no YAML: \(found) (column \(mark.column))")
      case .duplicatedKeysInMapping(let keys, let context):
        throw problem(
          context.mark.line, "a mapping has the key \(keys.map { "\($0)" }.joined(separator: ", ")) twice; keep one")
      default: throw problem(nil, "is no YAML: \(error)")
      }
    } catch { throw problem(nil, "is no YAML: \(error)") }
  }

  private static func tree(_ node: Node) -> ConfigurationNode {
    let line = node.mark?.line ?? 1
    switch node {
    case .scalar(let scalar):
      let isEmpty = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      return ConfigurationNode(isEmpty ? .empty : .scalar(scalar.string), line: line)
    case .sequence(let sequence): return ConfigurationNode(.list(sequence.map(tree)), line: line)
    case .mapping(let mapping):
      return ConfigurationNode(.mapping(mapping.map { (key: tree($0.key), value: tree($0.value)) }), line: line)
    default: return ConfigurationNode(.empty, line: line)
    }
  }
}
