/// An axis with its grid lines, numbers and name.
struct PlotAxis {
  var scale: PlotScale
  var title: String
  var ticks: Int

  /// Below the area.
  func drawBottom(on canvas: inout SVGCanvas, _ area: PlotArea) {
    for tick in scale.ticks(ticks) {
      let x = scale.position(tick.value)
      canvas.line(x, area.top, x, area.bottom, "grid")
      canvas.text(tick.text, x, area.bottom + 18, "tick", .middle)
    }
    canvas.line(area.left, area.bottom, area.right, area.bottom, "axis")
    canvas.text(title, (area.left + area.right) / 2, area.bottom + 38, "axis-name", .middle)
  }

  /// To the left of the area.
  func drawLeft(on canvas: inout SVGCanvas, _ area: PlotArea) {
    for tick in scale.ticks(ticks) {
      let y = scale.position(tick.value)
      canvas.line(area.left, y, area.right, y, "grid")
      canvas.text(tick.text, area.left - 7, y + 4, "tick", .end)
    }
    canvas.uprightText(title, area.left - 46, (area.top + area.bottom) / 2, "axis-name")
  }
}

/// An axis below the area whose places have names.
struct NamedAxis {
  var scale: BandScale
  var names: [String]
  var title: String

  func drawBottom(on canvas: inout SVGCanvas, _ area: PlotArea) {
    // Names that would touch each other are left out evenly; the table beside has all.
    let widest = (names.map(\.count).max() ?? 1)
    let every = max(1, Int((Double(widest) * 6.6 + 6) / max(scale.width, 1) + 0.999))
    for (index, name) in names.enumerated() where index % every == 0 {
      canvas.text(name, scale.center(index), area.bottom + 18, "tick", .middle)
    }
    canvas.line(area.left, area.bottom, area.right, area.bottom, "axis")
    canvas.text(title, (area.left + area.right) / 2, area.bottom + 38, "axis-name", .middle)
  }
}
