import CPlainLoops
import CRatingKernels
@_spi(Benchmarks) import RatingNumerics

func numbers(_ count: Int, index: UInt64) -> [Float] {
  var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks", index: index)
  return (0..<count).map { _ in Float(stream.uniform()) }
}

extension HotLoop {
  // MARK: Sums

  private static let dots = 2000

  static func dot(_ length: Int, _ set: InstructionSet) -> HotLoop {
    HotLoop("dot-\(length)-\(set)", unitsPerRun: dots) {
      let (kernels, a, b) = (KernelSet(set)!, numbers(length, index: 0), numbers(length, index: 1))
      return {
        var sum: Float = 0
        for _ in 0..<dots { sum += kernels.dot(a, b, count: length) }
        consume(sum)
      }
    }
  }

  static func plainDot(_ length: Int) -> HotLoop {
    HotLoop("dot-\(length)-plain", unitsPerRun: dots) {
      let (a, b) = (numbers(length, index: 0), numbers(length, index: 1))
      return {
        var sum: Float = 0
        for _ in 0..<dots { sum += plain_dot(a, b, length) }
        consume(sum)
      }
    }
  }

  private static let rows = 2000

  static func squaredError(_ set: InstructionSet) -> HotLoop {
    HotLoop("squared-error-\(set)", unitsPerRun: rows) {
      let (kernels, ratings) = (KernelSet(set)!, numbers(rows, index: 2))
      let predictions = numbers(rows, index: 3).map { Double($0) }
      return { consume(kernels.squaredError(predictions: predictions, ratings: ratings, count: rows)) }
    }
  }

  static let plainSquaredError = HotLoop("squared-error-plain", unitsPerRun: rows) {
    let (ratings, predictions) = (numbers(rows, index: 2), numbers(rows, index: 3).map { Double($0) })
    return { consume(plain_squared_error(predictions, ratings, rows)) }
  }

  // MARK: Biased SGD, all rows in cache

  static func descent(_ factors: Int, _ set: InstructionSet) -> HotLoop {
    HotLoop("sgd-\(factors)-\(set)", unitsPerRun: FactorMemory.cachedRatings) {
      let (kernels, model) = (KernelSet(set)!, FactorMemory.cached(factors: factors))
      let ratings = model.single
      return { consume(model.steps(kernels, ratings)) }
    }
  }

  static func partsDescent(_ factors: Int, _ set: InstructionSet) -> HotLoop {
    HotLoop("sgd-parts-\(factors)-\(set)", unitsPerRun: FactorMemory.cachedRatings) {
      let (kernels, model) = (KernelSet(set)!, FactorMemory.cached(factors: factors))
      let ratings = model.parts
      return { consume(model.steps(kernels, ratings)) }
    }
  }

  static func plainDescent(_ factors: Int) -> HotLoop {
    HotLoop("sgd-\(factors)-plain", unitsPerRun: FactorMemory.cachedRatings) {
      let model = FactorMemory.cached(factors: factors)
      return { consume(model.plainSteps()) }
    }
  }

  /// Two pieces of equal work on up to two threads.
  static func parallelDescent(threads: Int) -> HotLoop {
    HotLoop("parallel-sgd-\(threads)-threads", unitsPerRun: 40 * FactorMemory.cachedRatings) {
      let kernels = KernelSet(Kernels.instructionSet)!
      let models = [FactorMemory.cached(factors: 64), FactorMemory.cached(factors: 64)]
      let ratings = models.map(\.parts)
      return {
        Parallel.forEach(2, threads: threads) { piece in
          for _ in 0..<20 { consume(models[piece].steps(kernels, ratings[piece])) }
        }
      }
    }
  }
}
