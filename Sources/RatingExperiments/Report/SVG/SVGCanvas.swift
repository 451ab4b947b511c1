/// Writes the elements of an SVG image. Every text and attribute from outside is escaped here.
///
/// Colours come from classes, which the page's style sheet defines for light and dark.
struct SVGCanvas {
  let width: Double
  let height: Double
  private var body = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    body += "<line class=\"\(style)\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>\n"
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, radius: Double = 0
  ) {
    let rounded = radius > 0 ? " rx=\"\(n(radius))\"" : ""
    body +=
      "<rect class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(max(width, 0)))\" height=\"\(n(max(height, 0)))\"\(rounded)/>\n"
  }

  /// A line through points.
  mutating func path(_ points: [(x: Double, y: Double)], _ style: String) {
    guard points.count > 1 else { return }
    let text = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(n($1.x)) \(n($1.y))" }.joined()
    body += "<path class=\"\(style)\" d=\"\(text)\"/>\n"
  }

  /// A marker of one of six shapes, so that series can be told apart without colour.
  mutating func marker(_ shape: Int, _ x: Double, _ y: Double, _ size: Double, _ style: String, tooltip: String? = nil)
  {
    let r = size
    let title = tooltip.map { "<title>\(SafeText.html($0))</title>" } ?? ""
    func polygon(_ points: [(Double, Double)]) -> String {
      let text = points.map { "\(n(x + $0.0 * r)),\(n(y + $0.1 * r))" }.joined(separator: " ")
      return "<polygon class=\"\(style)\" points=\"\(text)\">\(title)</polygon>\n"
    }
    switch shape % 6 {
    case 0: body += "<circle class=\"\(style)\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(r))\">\(title)</circle>\n"
    case 1: body += polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case 2: body += polygon([(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)])
    case 3: body += polygon([(0, -1.2), (1.15, 0.85), (-1.15, 0.85)])
    case 4: body += polygon([(0, 1.2), (1.15, -0.85), (-1.15, -0.85)])
    default:
      body += polygon([
        (-0.45, -1.2), (0.45, -1.2), (0.45, -0.45), (1.2, -0.45), (1.2, 0.45), (0.45, 0.45), (0.45, 1.2), (-0.45, 1.2),
        (-0.45, 0.45), (-1.2, 0.45), (-1.2, -0.45), (-0.45, -0.45),
      ])
    }
  }

  enum Anchor: String { case start, middle, end }

  mutating func text(_ text: String, _ x: Double, _ y: Double, _ style: String, _ anchor: Anchor = .start) {
    let side = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    body += "<text class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\"\(side)>\(SafeText.html(text))</text>\n"
  }

  /// Text that runs upwards.
  mutating func uprightText(_ text: String, _ x: Double, _ y: Double, _ style: String) {
    body +=
      "<text class=\"\(style)\" text-anchor=\"middle\" transform=\"translate(\(n(x)) \(n(y))) rotate(-90)\">\(SafeText.html(text))</text>\n"
  }

  /// What `draw` draws, cut off outside a rectangle.
  mutating func clipped(
    to area: PlotArea, id: String, _ draw: (inout SVGCanvas) -> Void
  ) {
    body += "<clipPath id=\"\(SafeText.html(id))\"><rect x=\"\(n(area.left))\" y=\"\(n(area.top))\" "
    body += "width=\"\(n(area.width))\" height=\"\(n(area.height))\"/></clipPath>\n"
    body += "<g clip-path=\"url(#\(SafeText.html(id)))\">\n"
    draw(&self)
    body += "</g>\n"
  }

  /// The image, with a title and a description for those who can't see it.
  func image(id: String, title: String, description: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" id="\(SafeText.html(id))" viewBox="0 0 \(n(width)) \(n(height))" \
    role="img" aria-label="\(SafeText.html("\(title). \(description)"))">
    <title>\(SafeText.html(title))</title>
    <desc>\(SafeText.html(description))</desc>
    \(body)</svg>

    """
  }

  /// The image without a title, for what the text beside it says.
  var decoration: String {
    "<svg viewBox=\"0 0 \(n(width)) \(n(height))\" aria-hidden=\"true\">\(body)</svg>"
  }

  /// A coordinate with at most two decimals, so that files are small and the same on every machine.
  private func n(_ value: Double) -> String { FixedText.decimal(value, atMost: 2) }
}

/// The rectangle inside a plot's axes.
struct PlotArea {
  var left, top, right, bottom: Double
  var width: Double { right - left }
  var height: Double { bottom - top }
}
