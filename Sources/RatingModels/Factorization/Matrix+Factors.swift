import RatingNumerics

/// Factors of users or items, a row each.
extension Matrix {
  /// Rows of draws from a normal distribution, row r from the stream (seed, purpose, r), and zeros where `isSeen` is
  /// false.
  ///
  /// - Complexity: O(rows x factors), in parallel.
  static func randomFactors(
    rows: Int, factors: Int, standardDeviation: Double, seed: Seed, purpose: StreamPurpose, threads: Int?,
    isSeen: [Bool]
  ) -> Matrix {
    var matrix = Matrix(rows: rows, columns: factors)
    let (size, stride) = (256, matrix.stride)
    matrix.withUnsafeMutableElements { elements in
      nonisolated(unsafe) let elements = elements
      Parallel.forEach((rows + size - 1) / size, threads: threads) { piece in
        for row in piece * size..<min((piece + 1) * size, rows) where isSeen[row] {
          var stream = RandomStream(seed: seed, purpose: purpose, index: UInt64(row))
          for factor in 0..<factors {
            elements[row * stride + factor] = Float(standardDeviation * stream.normal())
          }
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

  /// The largest squared Euclidean length of a row; infinite where an element is not finite.
  var largestSquaredLength: Double {
    withUnsafeElements { elements in
      var largest = 0.0
      for row in 0..<rows {
        var sum = 0.0
        for position in row * stride..<row * stride + columns {
          sum += Double(elements[position]) * Double(elements[position])
        }
        if !sum.isFinite { return .infinity }
        largest = max(largest, sum)
      }
      return largest
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
