/// How the columns of a CSV, TSV, `::` or LIBMF file lie.
struct DelimitedLayout: Sendable, Hashable {
  enum Delimiter: Sendable, Hashable {
    case byte(UInt8)
    case doubleColon

    var first: UInt8 {
      switch self {
      case .byte(let byte): byte
      case .doubleColon: UInt8(ascii: ":")
      }
    }

    var length: Int { self == .doubleColon ? 2 : 1 }

    var name: String {
      switch self {
      case .byte(UInt8(ascii: ",")): "commas"
      case .byte(UInt8(ascii: "\t")): "tabs"
      case .byte(UInt8(ascii: ";")): "semicolons"
      case .byte(UInt8(ascii: "|")): "bars"
      case .byte: "spaces"
      case .doubleColon: "::"
      }
    }
  }

  var delimiter: Delimiter
  var hasHeader: Bool
  /// What each column holds, from the first one; as many as the file has.
  var roles: [ColumnRole]

  var hasTimes: Bool { roles.contains(.time) }
  var hasValues: Bool { roles.contains(.value) }
  /// Whether rows have an id alone. It takes the item's place, and all of them are of user 0.
  var isKeyed: Bool { !roles.contains(.user) }

  /// Columns as a message names them.
  var description: String {
    let names = roles.map { role in
      switch role {
      case .user: "user"
      case .item: isKeyed ? "id" : "item"
      case .value: "rating"
      case .time: "time"
      case .ignored: "..."
      }
    }
    return "\(roles.count) fields (\(names.joined(separator: ", "))) separated by \(delimiter.name)"
  }
}
