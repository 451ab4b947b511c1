import RatingNumerics

/// Factors of users or items, a row each.
extension Matrix {
  /// Rows of draws from a normal distribution, row r from the stream (seed, purpose, r), and zeros where `isSeen` is
  /// false. Where positions are given, row r stands at positions[r].
  ///
  /// - Complexity: O(rows x factors), in parallel.
  static func randomFactors(
    rows: Int, factors: Int, standardDeviation: Double, seed: Seed, purpose: StreamPurpose, threads: Int?,
    isSeen: [Bool], positions: [UInt32]? = nil
  ) -> Matrix {
    var matrix = Matrix(rows: rows, columns: factors)
    let (size, stride) = (256, matrix.stride)
    matrix.withUnsafeMutableElements { elements in
      nonisolated(unsafe) let elements = elements
      Parallel.forEach((rows + size - 1) / size, threads: threads) { piece in
        for row in piece * size..<min((piece + 1) * size, rows) where isSeen[row] {
          var stream = RandomStream(seed: seed, purpose: purpose, index: UInt64(row))
          let start = (positions.map { Int($0[row]) } ?? row) * stride
          for factor in 0..<factors { elements[start + factor] = Float(standardDeviation * stream.normal()) }
        }
      }
    }
    return matrix
  }

  /// A copy with every element multiplied by `scale`.
  func scaled(by scale: Float) -> Matrix {
    var copy = self
    let count = rows * stride
    copy.withUnsafeMutableElements { elements in
      for position in 0..<count { elements[position] *= scale }
    }
    return copy
  }

  /// The matrix whose row r is row positions[r] of this one, multiplied by `scale`.
  func rows(_ positions: [UInt32], scaledBy scale: Float = 1, threads: Int?) -> Matrix {
    var matrix = Matrix(rows: positions.count, columns: columns)
    let (size, stride) = (1024, stride)
    withUnsafeElements { source in
      matrix.withUnsafeMutableElements { target in
        nonisolated(unsafe) let (source, target) = (source, target)
        Parallel.forEach((positions.count + size - 1) / size, threads: threads) { piece in
          for row in piece * size..<min((piece + 1) * size, positions.count) {
            let (from, to) = (source + Int(positions[row]) * stride, target + row * stride)
            for column in 0..<stride { to[column] = from[column] * scale }
          }
        }
      }
    }
    return matrix
  }

  /// The largest squared Euclidean length of a row, in Float; infinite where an element is not finite or the square
  /// overflows.
  func largestSquaredLength(threads: Int? = nil) -> Double {
    let (size, stride) = (1024, stride)
    return withUnsafeElements { elements in
      nonisolated(unsafe) let elements = elements
      return Parallel.map((rows + size - 1) / size, threads: threads) { piece in
        var largest: Float = 0
        for row in piece * size..<min((piece + 1) * size, rows) {
          let length = Kernels.dot(elements + row * stride, elements + row * stride, count: stride)
          largest = length.isFinite ? max(largest, length) : .infinity
        }
        return Double(largest)
      }.reduce(0, max)
    }
  }

  /// Replaces every element by its absolute value.
  mutating func makeAbsolute() {
    let count = rows * stride
    withUnsafeMutableElements { elements in
      for position in 0..<count { elements[position] = abs(elements[position]) }
    }
  }

  /// The rows without padding, as a tensor of shape [rows, columns].
  func tensor(_ name: String) -> Tensor {
    let dense = withUnsafeElements { elements in
      [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
        for row in 0..<rows {
          for column in 0..<columns {
            buffer.initializeElement(at: row * columns + column, to: elements[row * stride + column])
          }
        }
        count = rows * columns
      }
    }
    return Tensor(name, shape: [rows, columns], .float32(dense))
  }

  /// A matrix of values without padding.
  ///
  /// - Precondition: there are rows x columns values.
  init(rows: Int, columns: Int, dense: [Float]) {
    precondition(dense.count == rows * columns, "\(rows) rows of \(columns) can't hold \(dense.count) values")
    self.init(rows: rows, columns: columns)
    let stride = stride
    withUnsafeMutableElements { elements in
      for row in 0..<rows {
        for column in 0..<columns { elements[row * stride + column] = dense[row * columns + column] }
      }
    }
  }
}
