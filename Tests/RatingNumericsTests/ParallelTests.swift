import Synchronization
import Testing

@testable import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 3, 4, 9], [0, 1, 2, 5, 1000])
  func everyPieceIsDoneOnce(threads: Int, count: Int) {
    let done = Mutex([Int](repeating: 0, count: count))
    Parallel.forEach(count, threads: threads) { piece in done.withLock { $0[piece] += 1 } }
    #expect(done.withLock { $0 } == [Int](repeating: 1, count: count))
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
    let order = Mutex<[Int]>([])
    let caller = UInt(bitPattern: pthread_self().hashValue)
    Parallel.forEach(5, threads: 1) { piece in
      if UInt(bitPattern: pthread_self().hashValue) == caller { order.withLock { $0.append(piece) } }
    }
    #expect(order.withLock { $0 } == [0, 1, 2, 3, 4])
  }

  @Test func whatAPieceWroteIsSeenAfterTheLoop() {
    // Plain memory, one slot for each piece: the thread sanitizer sees whether the loop's end orders it.
    for threads in [2, 4] {
      let slots = UnsafeMutablePointer<Int>.allocate(capacity: 64)
      slots.initialize(repeating: 0, count: 64)
      nonisolated(unsafe) let shared = slots
      for round in 1...20 { Parallel.forEach(64, threads: threads) { shared[$0] += $0 * round } }
      #expect((0..<64).allSatisfy { slots[$0] == $0 * 210 })
      slots.deallocate()
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
      #expect(first != nil)
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
}
