import RatingBench

/// A test report in the XML that JUnit began with and that build servers show (Jenkins, GitLab, GitHub actions).
///
/// Attributes are those that the readers agree on: `tests`, `failures`, `classname`, `name`, `file`, `line`, and `type` and
/// `message` of a failure. Names from outside can't add markup, and what XML has no characters for is shown as `\u{1b}`.
struct JUnitReport {
  struct Case {
    /// What it belongs to: readers group by it.
    var group: String
    var name: String
    var file: String?
    var line: Int?
    /// Why it failed; nil where it passed.
    var failure: Failure?
    /// What is worth knowing of a case that passed.
    var note: String?
  }

  struct Failure {
    var type: String
    var message: String
    var detail: String
  }

  struct Suite {
    var name: String
    var cases: [Case]
  }

  var suites: [Suite]

  var xml: String {
    var out = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
    out += "<testsuites\(Self.attributes([("name", Tool.name)] + Self.counts(suites.flatMap(\.cases))))>\n"
    for suite in suites {
      out += "  <testsuite\(Self.attributes([("name", suite.name)] + Self.counts(suite.cases)))>\n"
      for test in suite.cases { out += Self.element(test) }
      out += "  </testsuite>\n"
    }
    return out + "</testsuites>\n"
  }

  private static func element(_ test: Case) -> String {
    var attributes = [("classname", test.group), ("name", test.name)]
    if let file = test.file { attributes.append(("file", file)) }
    if let line = test.line { attributes.append(("line", String(line))) }
    let start = "    <testcase\(Self.attributes(attributes))"
    if let failure = test.failure {
      return start + ">\n      <failure\(Self.attributes([("type", failure.type), ("message", failure.message)]))>"
        + "\(SafeText.xml(failure.detail))</failure>\n    </testcase>\n"
    }
    guard let note = test.note else { return start + "/>\n" }
    return start + ">\n      <system-out>\(SafeText.xml(note))</system-out>\n    </testcase>\n"
  }

  private static func counts(_ cases: [Case]) -> [(String, String)] {
    [("tests", String(cases.count)), ("failures", String(cases.count { $0.failure != nil })), ("errors", "0")]
  }

  private static func attributes(_ list: [(String, String)]) -> String {
    list.map { " \($0)=\"\(SafeText.xml($1))\"" }.joined()
  }
}
