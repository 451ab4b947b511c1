import RatingData
import RatingNumerics

/// R(u): the items of each user's training ratings, with the weight |R(u)|^(-1/2) x c(j) x (r(u, j) - b(u, j)) / s of
/// each.
struct RatedResiduals: Sendable {
  /// One more than there are users.
  let starts: [Int]
  let items: [UInt32]
  let weights: [Float]
  /// The sum of the squared weights of each user.
  let squares: [Float]

  /// - Complexity: O(ratings).
  init(_ dataset: RatingDataset, biases: BiasModel, deviation: Double, itemWeights: [Float]) {
    let ratings = CompressedRatings(dataset, by: .user)
    var weights = [Float](repeating: 0, count: dataset.count)
    var squares = [Float](repeating: 0, count: dataset.userCount)
    for user in 0..<dataset.userCount {
      let scale = 1 / (deviation * Double(max(ratings.count(user), 1)).squareRoot())
      var sum = 0.0
      for place in ratings.starts[user]..<ratings.starts[user + 1] {
        let item = Int(ratings.others[place])
        let expected = biases.mean + biases.userBiases[user] + biases.itemBiases[item]
        let weight = (Double(ratings.ratings[place]) - expected) * scale * Double(itemWeights[item])
        weights[place] = Float(weight)
        sum += weight * weight
      }
      squares[user] = Float(sum)
    }
    starts = ratings.starts
    items = ratings.others
    self.weights = weights
    self.squares = squares
  }

  /// sum = the weighted sum of the user's rows of `matrix`.
  func gather(
    _ matrix: UnsafePointer<Float>, _ user: Int, stride: Int, into sum: UnsafeMutablePointer<Float>
  ) {
    items.withUnsafeBufferPointer { items in
      weights.withUnsafeBufferPointer { weights in
        let start = starts[user]
        Kernels.sumRows(
          matrix, stride: stride, rows: items.baseAddress! + start, weights: weights.baseAddress! + start,
          count: starts[user + 1] - start, into: sum)
      }
    }
  }

  /// The user's rows: row = keep x row + weight x addend.
  func scatter(
    _ matrix: UnsafeMutablePointer<Float>, _ user: Int, stride: Int, keep: Float, addend: UnsafePointer<Float>
  ) {
    items.withUnsafeBufferPointer { items in
      weights.withUnsafeBufferPointer { weights in
        let start = starts[user]
        Kernels.addToRows(
          matrix, stride: stride, rows: items.baseAddress! + start, weights: weights.baseAddress! + start,
          count: starts[user + 1] - start, keep: keep, addend: addend)
      }
    }
  }

  /// The largest bound of |sum of weight x row| over |longest row|, by Cauchy and Schwarz.
  var largestGain: Double {
    squares.indices.reduce(0) { max($0, (Double(squares[$1]) * Double(starts[$1 + 1] - starts[$1])).squareRoot()) }
  }

  /// The weighted sums of all users, a row each.
  ///
  /// - Complexity: O(ratings x factors), in parallel.
  func users(_ matrix: Matrix, threads: Int?) -> Matrix {
    let (stride, size, users) = (matrix.stride, 64, starts.count - 1)
    var sums = Matrix(rows: users, columns: matrix.columns)
    sums.withUnsafeMutableElements { sums in
      nonisolated(unsafe) let sums = sums
      matrix.withUnsafeElements { matrix in
        nonisolated(unsafe) let matrix = matrix
        Parallel.forEach((users + size - 1) / size, threads: threads) { piece in
          for user in piece * size..<min((piece + 1) * size, users) {
            gather(matrix, user, stride: stride, into: sums + user * stride)
          }
        }
      }
    }
    return sums
  }
}
