import Foundation
import Testing
import _RatingTestSupport

/// A disk that is full, and folders that can't be written: a clear error, nothing damaged, nothing left behind.
///
/// A limit on the size of files stands for the full disk: the same call fails, with another reason.
struct DiskTroubleTests {
  let folder: ScratchFolder
  let ratings: String

  init() throws {
    folder = try ScratchFolder()
    var text = "user,item,rating\n"
    for user in 0..<300 { for item in 0..<40 { text += "\(user),\(item * 7),\(1 + (user + item * item) % 5)\n" } }
    ratings = try folder.write("ratings.csv", text)
  }

  /// Files of at most 8 KiB.
  private static let limited = ["/bin/bash", "-c", "ulimit -f 8; exec \"$@\"", "bash"]

  private static let setpriv = "/usr/bin/setpriv"
  /// As a user whom permissions hold back, which they don't do with root.
  private static let restricted =
    geteuid() == 0 ? [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"] : []
  static let canBeRestricted = geteuid() != 0 || FileManager.default.isExecutableFile(atPath: setpriv)

  private func contents() throws -> [String: Data] {
    var found: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder.path)! {
      found[name] = FileManager.default.contents(atPath: folder.path(name)) ?? Data()
    }
    return found
  }

  /// Commands that write, by what they write; each has written it before where it replaces it.
  private func commands() throws -> [(what: String, arguments: [String])] {
    let train = ["train", ratings, "--algorithm", "biased-mf", "--set", "epochs=2"]
    let (model, checkpoint) = (folder.path("model"), folder.path("checkpoint"))
    let (predictions, rankings) = (folder.path("predictions.csv"), folder.path("rankings.csv"))
    let questions = try folder.write(
      "questions.csv", "user,item\n" + (0..<3000).map { "\($0 % 300),\($0 / 300 * 7)\n" }.joined())
    let users = try folder.write("users", (0..<300).map { "\($0)\n" }.joined())
    let news = try folder.write("news.csv", "user,item,rating\n999,7,5\n999,14,1\n")
    let all: [(String, [String])] = [
      ("model", train + ["--save", model]),
      ("checkpoint", train + ["--checkpoint", checkpoint, "--checkpoint-every", "1"]),
      ("predictions.csv", ["predict", model, "--questions", questions, "--output", predictions]),
      ("rankings.csv", ["recommend", model, "--users", users, "--top", "20", "--output", rankings]),
      ("larger", ["fold-in", model, news, "--save", folder.path("larger"), "--add", "both"]),
    ]
    for (what, arguments) in all {
      let run = try ToolRun(arguments)
      try #require(run.status == 0, "\(what): \(run.errors)")
    }
    let size = ["--users", "200", "--items", "40", "--ratings", "6000"]
    return all + [
      ("generated", ["generate", "--output", folder.path("generated")] + size),
      ("parts", ["split", ratings, "--method", "random", "--output", folder.path("parts")]),
    ]
  }

  @Test func aFullDiskIsAnErrorThatDamagesNothing() throws {
    let commands = try commands()
    let before = try contents()
    for (what, arguments) in commands {
      let run = try ToolRun(arguments, through: Self.limited)
      #expect(run.status == 73, "\(what): \(run.status) \(run.errors)")
      #expect(run.errors.contains("File too large") && run.errors.contains(what), "\(what): \(run.errors)")
      #expect(try contents() == before, "\(what)")
    }
  }

  @Test(.enabled(if: canBeRestricted, "there is no setpriv to give up root's powers with"))
  func aReadOnlyFolderIsAnErrorThatDamagesNothing() throws {
    let commands = try commands()
    let before = try contents()
    func permit(_ mode: Int) throws {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path)
    }
    try permit(0o555)
    defer { try? permit(0o755) }
    for (what, arguments) in commands {
      let run = try ToolRun(arguments, through: Self.restricted)
      #expect(run.status == 73, "\(what): \(run.status) \(run.errors)")
      #expect(run.errors.contains("Permission denied") && run.errors.contains(what), "\(what): \(run.errors)")
      #expect(try contents() == before, "\(what)")
    }
  }

  @Test func theCacheDoesWithoutADisk() throws {
    let large = try LargeInput.write(to: folder)
    let caches = ["RATINGBENCH_CACHE": folder.path("caches")]
    let parsed = try ToolRun(["describe", large, "--no-cache"])
    let full = try ToolRun(["describe", large], environment: caches, through: Self.limited)
    #expect(full.status == 0 && full.output == parsed.output)
    #expect(full.errors.contains("File too large") && full.errors.contains("[cache-not-written]"), "\(full.errors)")
    #expect(try ScratchFolder.names(in: folder.path("caches/parsed")) == [])
    guard Self.canBeRestricted else { return }
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path("caches/parsed"))
    let readOnly = try ToolRun(["describe", large], environment: caches, through: Self.restricted)
    #expect(readOnly.status == 0 && readOnly.output == parsed.output)
    #expect(readOnly.errors.contains("[cache-not-written]"), "\(readOnly.errors)")
    // What stands in a folder that can't be written is of use all the same.
    try FileManager.default.removeItem(atPath: folder.path("caches"))
    #expect(try ToolRun(["describe", large], environment: caches).errors.hasPrefix("kept"))
    for name in try ScratchFolder.names(in: folder.path("caches/parsed")) {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o444], ofItemAtPath: folder.path("caches/parsed/\(name)"))
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path("caches/parsed"))
    let used = try ToolRun(["describe", large], environment: caches, through: Self.restricted)
    #expect(used.status == 0 && used.output == parsed.output && used.errors == "", "\(used.errors)")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"))
  func aResultThatIsLostIsNoSuccess() throws {
    let toFull = ["/bin/bash", "-c", "exec \"$@\" > /dev/full", "bash"]
    for arguments in [["describe", ratings], ["describe", ratings, "--format", "json"], ["algorithms"]] {
      let run = try ToolRun(arguments, through: toFull)
      #expect(run.status == 74 && run.errors.contains("No space left on device"), "\(run.status) \(run.errors)")
    }
  }

  @Test func whatAKilledProcessLeftIsRemoved() throws {
    let (model, made) = (folder.path("model"), folder.path("made"))
    // The number of no process, since processes end where theirs can't be told from others'.
    var gone = pid_t(4_000_000)
    while kill(gone, 0) == 0 { gone -= 1 }
    try folder.write("model.partial-\(gone)", "half a model")
    try folder.write("made.partial-\(gone)/training_set/mv_0000001.txt", "1:\n")
    try folder.write("model.partial-\(getpid())", "somebody is writing this")
    try folder.write("model.partial-draft", "somebody's own")
    try folder.write("remodel.partial-\(gone)", "of another file")
    #expect(try ToolRun(["train", ratings, "--algorithm", "biases", "--save", model]).status == 0)
    #expect(
      try ToolRun(["generate", "--output", made, "--users", "50", "--items", "20", "--ratings", "600"]).status == 0)
    #expect(
      try Set(ScratchFolder.names(in: folder.path)) == [
        "made", "model", "model.partial-\(getpid())", "model.partial-draft", "ratings.csv", "remodel.partial-\(gone)",
      ])
  }
}
