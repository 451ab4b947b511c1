/// The biases and other single numbers of a time-aware model, in one array, section after section: an array of the same
/// layout can hold something else about each of them.
struct TimedLayout: Sendable, Hashable {
  enum Section: Int, CaseIterable, Sendable {
    case userBiases, userSlopes, userScales, itemBiases, binBiases, sessionBiases, sessionScales, cellBiases

    /// The name of the section as a tensor.
    var tensorName: String {
      switch self {
      case .userBiases: "biases.users"
      case .userSlopes: "slopes.users"
      case .userScales: "scales.users"
      case .itemBiases: "biases.items"
      case .binBiases: "biases.bins"
      case .sessionBiases: "biases.sessions"
      case .sessionScales: "scales.sessions"
      case .cellBiases: "biases.item-bins"
      }
    }

    /// Whether the numbers are in the ratings' unit: all but the scales.
    var isInRatingUnit: Bool { self != .userScales && self != .sessionScales }
  }

  let users: Int
  let items: Int
  let bins: Int
  let sessions: Int
  private let starts: [Int]

  init(users: Int, items: Int, bins: Int, sessions: Int) {
    (self.users, self.items, self.bins, self.sessions) = (users, items, bins, sessions)
    starts = [0, users, users, users, items, bins, sessions, sessions, items * bins].reduce(into: []) {
      $0.append(($0.last ?? 0) + $1)
    }
  }

  /// The number of numbers.
  var count: Int { starts[Section.allCases.count] }

  func start(_ section: Section) -> Int { starts[section.rawValue] }
  func range(_ section: Section) -> Range<Int> { starts[section.rawValue]..<starts[section.rawValue + 1] }

  /// The shape of a section as a tensor.
  func shape(_ section: Section) -> [Int] {
    section == .cellBiases ? [items, bins] : [range(section).count]
  }

  /// The sections of an array of this layout as tensors.
  func tensors(_ values: [Float]) -> [Tensor] {
    Section.allCases.map {
      Tensor($0.tensorName, shape: shape($0), .float32(Array(values[range($0)])))
    }
  }
}
