/// A configuration file as a tree in which every part knows its line, whatever the file's format is.
///
/// The library reads suites from such trees and not from text, so that it needs no YAML library; `prizecheck` makes them
/// from YAML.
public struct ConfigurationNode: Sendable {
  public enum Content: Sendable {
    /// A number, text, or yes or no, as it is spelled.
    case scalar(String)
    case list([ConfigurationNode])
    /// Keys in the order of the file. A key that is there twice is listed twice.
    case mapping([(key: ConfigurationNode, value: ConfigurationNode)])
    /// Nothing, as in `seeds:` without a value.
    case empty
  }

  public var content: Content
  /// From 1.
  public var line: Int

  public init(_ content: Content, line: Int) {
    self.content = content
    self.line = line
  }

  /// What it is, for messages: `a list of 3`, `the text "als"`.
  var summary: String {
    switch content {
    case .scalar(let text): "\"\(text.prefix(60))\(text.count > 60 ? "..." : "")\""
    case .list(let values): "a list of \(values.count)"
    case .mapping(let members): "a mapping with \(members.count) keys"
    case .empty: "nothing"
    }
  }

  var scalar: String? {
    if case .scalar(let text) = content { return text }
    return nil
  }

  /// The members of a list; a single value counts as a list of one.
  var elements: [ConfigurationNode] {
    switch content {
    case .list(let values): values
    case .empty: []
    case .scalar, .mapping: [self]
    }
  }
}
