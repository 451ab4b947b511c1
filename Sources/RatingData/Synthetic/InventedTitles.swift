import RatingNumerics

/// Invented movie titles, all different up to 20,480 of them; beyond that a part number is added.
struct InventedTitles: Sendable {
  private static let qualities = [
    "Silent", "Distant", "Crimson", "Hollow", "Gentle", "Forgotten", "Restless", "Amber", "Winter", "Borrowed",
    "Crooked", "Endless", "Broken", "Hidden", "Golden", "Lonely", "Electric", "Quiet", "Midnight", "Wandering",
    "Paper", "Velvet", "Northern", "Stolen", "Burning", "Second", "Pale", "Reluctant", "Secret", "Tender", "Rusty",
    "Untold",
  ]
  private static let things = [
    "Harbour", "Orchard", "Parade", "Lighthouse", "Meridian", "Café", "Carousel", "Frontier", "Garden", "Telegram",
    "Voyage", "Empire", "Sparrow", "Railway", "Kingdom", "Mirror", "Thunder", "Canyon", "Letter", "Circus", "Pilot",
    "Archive", "Rehearsal", "Island", "Witness", "Clockmaker", "Tide", "Avenue", "Promise", "Weather", "Gambit",
    "Postcard",
  ]
  private static let forms = 20

  private let order: IndexPermutation

  init(count: Int, seed: Seed) {
    order = IndexPermutation(
      count: max(count, Self.forms * Self.qualities.count * Self.things.count),
      stream: RandomStream(seed: seed, purpose: "synthetic-prize.title"))
  }

  /// The title of an item, from 0.
  subscript(item: Int) -> String {
    var rest = order[item]
    let form = rest % Self.forms
    rest /= Self.forms
    let quality = Self.qualities[rest % Self.qualities.count]
    rest /= Self.qualities.count
    let thing = Self.things[rest % Self.things.count]
    let part = rest / Self.things.count
    let title =
      switch form {
      case 0: "\(quality) \(thing)"
      case 1: "The \(quality) \(thing)"
      case 2: "The \(thing), the \(quality) One and Me"
      case 3: "A \(thing) for the \(quality)"
      case 4: "\(quality), \(quality) \(thing)"
      case 5: "Return to the \(quality) \(thing)"
      case 6: "My \(quality) \(thing)"
      case 7: "\(quality) \(thing): Season 1"
      case 8: "\(quality) \(thing): Season 2"
      case 9: "Last \(thing), \(quality) Heart"
      case 10: "Beyond the \(quality) \(thing)"
      case 11: "No \(thing) Is \(quality)"
      case 12: "The \(thing) Was \(quality)"
      case 13: "\(quality) \(thing): The Concert"
      case 14: "Love, Tea and the \(quality) \(thing)"
      case 15: "Our \(quality) \(thing) Years"
      case 16: "Night of the \(quality) \(thing)"
      case 17: "How \(quality) Is Your \(thing)?"
      case 18: "\(thing) and Other \(quality) Stories"
      default: "Who Took the \(quality) \(thing)?"
      }
    return part == 0 ? title : "\(title), Part \(part + 1)"
  }
}
