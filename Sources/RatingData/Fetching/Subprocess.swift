#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program that runs beside this process, with its standard output, its standard error and its descriptor 3 to be read.
///
/// Whoever reads must do so until all three end. The program dies of a broken pipe where this process ends before it.
struct Subprocess {
  let identifier: pid_t
  /// Descriptors to read: output, errors, and what it writes to descriptor 3.
  let pipes: [Int32]

  enum Failure: Error, Equatable {
    case notFound
    case system(String)
  }

  /// Starts a program that is looked for on the PATH. Its standard input is empty, its signals are as by default.
  init(_ program: String, _ arguments: [String]) throws(Failure) {
    var reading: [Int32] = []
    var writing: [Int32] = []
    func closeAll(_ descriptors: [Int32]) { for descriptor in descriptors { close(descriptor) } }
    for _ in 0..<3 {
      guard let ends = Self.makePipe() else {
        let reason = errno
        closeAll(reading + writing)
        throw .system(String(cString: strerror(reason)))
      }
      reading.append(ends.reading)
      writing.append(ends.writing)
    }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (position, descriptor) in writing.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(position) + 1)
    }
    var nothing = sigset_t()
    sigemptyset(&nothing)
    var broken = sigset_t()
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    posix_spawnattr_setsigmask(&attributes, &nothing)
    posix_spawnattr_setsigdefault(&attributes, &broken)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    words.append(nil)
    var identifier: pid_t = 0
    let status = posix_spawnp(&identifier, program, &actions, &attributes, words, environ)
    closeAll(writing)
    guard status == 0 else {
      closeAll(reading)
      throw status == ENOENT ? .notFound : .system(String(cString: strerror(status)))
    }
    self.identifier = identifier
    pipes = reading
  }

  /// A pipe whose ends no other program that is started inherits. The writing end is above 3, so that moving it there is
  /// never moving it onto itself.
  private static func makePipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    let moved = fcntl(ends[1], F_DUPFD_CLOEXEC, 10)
    let reason = errno
    close(ends[1])
    guard moved >= 0, fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 else {
      close(ends[0])
      errno = reason
      return nil
    }
    return (ends[0], moved)
  }

  func kill() { _ = systemKill(identifier, SIGKILL) }

  /// Waits for its end; the exit code, or 128 and the signal's number.
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
    for pipe in pipes { close(pipe) }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }
}

private func systemKill(_ identifier: pid_t, _ signal: Int32) -> Int32 { kill(identifier, signal) }
