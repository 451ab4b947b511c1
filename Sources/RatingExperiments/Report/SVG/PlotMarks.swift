/// A series as it looks: its colour and shape, of which there are six.
struct SeriesStyle {
  /// nil for a series in the background.
  var number: Int?

  var line: String { number.map { "line s\($0 % 6) d\($0 % 6)" } ?? "line other" }
  var fill: String { number.map { "mark f\($0 % 6)" } ?? "mark other" }
  var stroke: String { number.map { "whisker s\($0 % 6)" } ?? "whisker other" }
  var shape: Int { number ?? 0 }
}

/// Points joined by a line.
struct LineMark {
  var points: [(x: Double, y: Double)]
  var style: SeriesStyle
  /// Whether each point has a marker.
  var hasMarkers = false

  func draw(on canvas: inout SVGCanvas) {
    canvas.path(points, style.line)
    guard hasMarkers, style.number != nil else { return }
    for point in points { canvas.marker(style.shape, point.x, point.y, 3.6, style.fill) }
  }
}

/// A figure and its interval, from left to right.
struct WhiskerMark {
  var center, lower, upper, y: Double
  var style: SeriesStyle
  var tooltip: String

  func draw(on canvas: inout SVGCanvas) {
    canvas.line(lower, y, upper, y, style.stroke)
    for end in [lower, upper] { canvas.line(end, y - 4, end, y + 4, style.stroke) }
    canvas.marker(style.shape, center, y, 4.6, style.fill, tooltip: tooltip)
  }
}

/// A column of a histogram that stands on the axis.
struct ColumnMark {
  var x, width, top, bottom: Double

  func draw(on canvas: inout SVGCanvas) { canvas.rectangle(x, top, width, bottom - top, "column") }
}

/// Labels beside points, each where it touches neither another label nor another point; a label that finds no place is
/// replaced by a short one.
struct PointLabels {
  struct Label {
    var x, y: Double
    var text: String
    var short: String
  }

  var labels: [Label]
  var area: PlotArea

  func draw(on canvas: inout SVGCanvas) {
    var taken = labels.map { (left: $0.x - 5, top: $0.y - 5, right: $0.x + 5, bottom: $0.y + 5) }
    for label in labels {
      var placed = false
      for text in [label.text, label.short] where !placed {
        let width = Double(text.count) * 6.7 + 2
        // Where the box is, and which of its ends the text is tied to: widths are estimates.
        let places: [(x: Double, y: Double, anchor: SVGCanvas.Anchor)] = [
          (label.x + 9, label.y - 6, .start), (label.x - 9 - width, label.y - 6, .end),
          (label.x - width / 2, label.y - 20, .middle), (label.x - width / 2, label.y + 8, .middle),
          (label.x + 7, label.y - 17, .start), (label.x + 7, label.y + 5, .start),
          (label.x - 7 - width, label.y - 17, .end), (label.x - 7 - width, label.y + 5, .end),
        ]
        for place in places {
          let box = (left: place.x, top: place.y, right: place.x + width, bottom: place.y + 13)
          let isInside =
            box.left >= area.left && box.right <= area.right + 4 && box.top >= area.top - 8
            && box.bottom <= area.bottom
          let isFree = !taken.contains {
            $0.left < box.right && $0.right > box.left && $0.top < box.bottom && $0.bottom > box.top
          }
          guard isInside, isFree else { continue }
          taken.append(box)
          let x: Double =
            switch place.anchor {
            case .start: box.left
            case .middle: label.x
            case .end: box.right
            }
          canvas.text(text, x, box.top + 10.5, "label", place.anchor)
          placed = true
          break
        }
      }
    }
  }
}
