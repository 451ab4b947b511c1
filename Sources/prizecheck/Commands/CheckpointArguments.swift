import ArgumentParser
import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The options of saving the state of a run, and of going on from it.
struct CheckpointArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Save the state of the run in this file now and then, so that --resume can go on from it.", valueName: "file"),
    completion: .file())
  var checkpoint: String?

  @Option(
    help: ArgumentHelp(
      "Save it after every so many epochs, such as 5, or after so many seconds, such as 60s. Default: 30s.",
      valueName: "n|seconds"),
    transform: Self.interval)
  var checkpointEvery: Checkpointing.Interval?

  @Option(
    help: ArgumentHelp(
      "Go on from a checkpoint of the same run; it ends with the same bytes as one that was never interrupted.",
      discussion: """
        Where --checkpoint names the same file and it isn't there yet, the run starts from the beginning, so that one \
        command serves the first start and every later one.
        """, valueName: "file"),
    completion: .file())
  var resume: String?

  @Option(
    name: .customLong("continue"),
    help: ArgumentHelp(
      "Go on from the saved model of a Bayesian algorithm to more --sweeps, with the same bytes as one run of so many.",
      valueName: "model"),
    completion: .file())
  var continued: String?

  func validate() throws {
    if resume != nil && continued != nil {
      throw ValidationError("--resume and --continue both say where to go on from; give one of them")
    }
    if checkpointEvery != nil && checkpoint == nil {
      throw ValidationError("--checkpoint-every belongs to --checkpoint, which is not given")
    }
    if checkpoint == "-" { throw ValidationError("--checkpoint needs a file; it can't be standard output") }
  }

  /// Whether the run was to be resumed from the checkpoint that it writes itself, and has not written any yet. A file of
  /// another name that is missing is a mistake.
  var isFirstStart: Bool {
    guard let resume, resume == checkpoint else { return false }
    return access(resume, F_OK) != 0 && errno == ENOENT
  }

  var isGiven: Bool { checkpoint != nil || resume != nil || continued != nil }

  @Sendable private static func interval(_ text: String) throws -> Checkpointing.Interval {
    if text.hasSuffix("s"), let seconds = Double(text.dropLast()), seconds >= 0, seconds.isFinite {
      return .seconds(seconds)
    }
    if let epochs = Int(text), epochs >= 1 { return .epochs(epochs) }
    throw ValidationError("write a number of epochs of at least 1, such as 5, or of seconds, such as 60s")
  }
}
