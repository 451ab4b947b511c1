import Synchronization
import Testing

@testable import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct ParallelTests {
  // Plain memory, one slot for each piece: the thread sanitizer sees whether two threads ever share a piece. (It doesn't see
  // a `Mutex`, whose code is not instrumented.)
  private func counts(_ count: Int, _ body: (UnsafeMutablePointer<Int>) -> Void) -> [Int] {
    [Int](unsafeUninitializedCapacity: count + 1) { buffer, initialized in
      buffer.initialize(repeating: 0)
      body(buffer.baseAddress!)
      initialized = count
    }
  }

  @Test(arguments: [1, 2, 3, 4, 9], [0, 1, 2, 5, 1000])
  func everyPieceIsDoneOnce(threads: Int, count: Int) {
    let done = counts(count) { slots in
      nonisolated(unsafe) let slots = slots
      Parallel.forEach(count, threads: threads) { piece in slots[piece] += 1 }
    }
    #expect(done == [Int](repeating: 1, count: count))
  }

  @Test func theResultIsTheSameForAnyNumberOfThreads() {
    func run(_ threads: Int) -> [Double] {
      Parallel.map(300, threads: threads) { piece in
        var stream = RandomStream(seed: 8, purpose: "parallel", index: UInt64(piece))
        return (0..<piece).reduce(0) { sum, _ in sum + stream.normal() }
      }
    }
    let one = run(1)
    #expect(Set(one).count > 290)
    for threads in [2, 4, 7] { #expect(run(threads) == one) }
  }

  @Test(arguments: [2, 4])
  func asManyThreadsRunAsWereAskedFor(threads: Int) {
    // Every piece waits until all have begun: only as many threads as pieces can end this.
    let begun = Atomic(0)
    let metAll = Atomic(0)
    Parallel.forEach(threads, threads: threads) { _ in
      begun.wrappingAdd(1, ordering: .acquiringAndReleasing)
      for _ in 0..<10_000 where begun.load(ordering: .acquiring) < threads { usleep(1000) }
      if begun.load(ordering: .acquiring) == threads { metAll.wrappingAdd(1, ordering: .relaxed) }
    }
    #expect(metAll.load(ordering: .relaxed) == threads)
  }

  @Test func oneThreadStaysOnTheCallingThreadInOrder() {
    // The first slot counts; the others take the order. Nothing here is safe on a second thread, as the sanitizer knows.
    let caller = UInt(bitPattern: pthread_self().hashValue)
    let seen = counts(7) { slots in
      nonisolated(unsafe) let slots = slots
      Parallel.forEach(5, threads: 1) { piece in
        guard UInt(bitPattern: pthread_self().hashValue) == caller else { return }
        slots[1 + slots[0]] = piece
        slots[0] += 1
      }
    }
    #expect(seen == [5, 0, 1, 2, 3, 4, 0])
  }

  @Test func whatAPieceWroteIsSeenAfterTheLoop() {
    for threads in [2, 4] {
      let sums = counts(64) { slots in
        nonisolated(unsafe) let slots = slots
        for round in 1...20 { Parallel.forEach(64, threads: threads) { slots[$0] += $0 * round } }
      }
      #expect(sums == (0..<64).map { $0 * 210 })
    }
  }

  @Test func loopsMayBeNested() {
    let total = Atomic(0)
    Parallel.forEach(4, threads: 2) { outer in
      Parallel.forEach(8, threads: 2) { inner in total.wrappingAdd(outer * 8 + inner, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 31 * 32 / 2)
  }

  @Test(arguments: [1, 2])
  func bothReturnsBothResults(threads: Int) {
    let (text, number) = Parallel.both(threads: threads, { "first" }, { 2 })
    #expect(text == "first" && number == 2)
  }

  @Test func mapKeepsTheOrderAndReleasesWhatItHolds() {
    final class Token: Sendable {
      let value: Int
      init(_ value: Int) { self.value = value }
    }
    weak var first: Token?
    do {
      let tokens = Parallel.map(100, threads: 4) { Token($0) }
      #expect(tokens.map(\.value) == Array(0..<100))
      first = tokens[0]
      withExtendedLifetime(tokens) { #expect(first != nil) }
    }
    #expect(first == nil)
    #expect(Parallel.map(0, threads: 4) { $0 } == [])
  }

  @Test func theDefaultIsWhatThisProcessMayUse() {
    #expect(Parallel.availableThreads >= 1)
    #expect(Parallel.availableThreads <= max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  }

  @Test func aCountOrANumberOfThreadsThatMakesNoSenseStopsTheProgram() async {
    await #expect(processExitsWith: .failure) { Parallel.forEach(3, threads: 0) { _ in } }
    await #expect(processExitsWith: .failure) { Parallel.forEach(-1) { _ in } }
  }

  @Test(arguments: [1, 2, 4])
  func piecesFollowTheirPredecessors(threads: Int) {
    // A ladder: every piece adds to what the two before it left behind.
    let count = 200
    let predecessors = (0..<count).map { ($0 - 1, max($0 - 2, -1)) }
    var values = [Double](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let values = buffer
      Parallel.forEach(count, after: predecessors, threads: threads) { piece in
        values[piece] = piece < 2 ? 1 : values[piece - 1] * 0.5 + values[piece - 2] * 0.5 + 1
      }
    }
    var expected = [1.0, 1.0]
    for piece in 2..<count { expected.append(expected[piece - 1] * 0.5 + expected[piece - 2] * 0.5 + 1) }
    #expect(values == expected)
  }
}
