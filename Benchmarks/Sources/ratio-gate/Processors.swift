import Foundation

/// Whether other processes leave this one two processors: only then can two threads be expected to gain anything.
enum Processors {
  /// What two threads of nothing but arithmetic gain over one: 2 where two processors are free. Not by `Parallel`,
  /// which is among what is measured.
  static var gainOfTwoThreads: Double {
    let gains = (0..<9).map { _ in
      let one = seconds {
        spin()
        spin()
      }
      let two = seconds {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
          spin()
          done.signal()
        }
        thread.start()
        spin()
        done.wait()
      }
      return one / two
    }
    return gains.sorted()[gains.count / 2]
  }

  static var areFree: Bool { gainOfTwoThreads > 1.7 }

  private static func spin() {
    var state: UInt64 = 88_172_645_463_325_252
    for _ in 0..<5_000_000 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
    }
    precondition(state != 0)
  }

  private static func seconds(_ body: () -> Void) -> Double {
    let elapsed = ContinuousClock().measure(body).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }
}
