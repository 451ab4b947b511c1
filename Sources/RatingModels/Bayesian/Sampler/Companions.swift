import RatingNumerics

extension BayesianKernels.Companions {
  /// None yet.
  init(stride: Int) {
    self.init()
    self.stride = stride
  }

  /// Adds a side, and its row of each rating.
  mutating func add(_ factors: UnsafePointer<Float>, biases: UnsafePointer<Float>, rows: UnsafePointer<UInt32>) {
    switch count {
    case 0: (self.factors.0, self.biases.0, self.rows.0) = (factors, biases, rows)
    case 1: (self.factors.1, self.biases.1, self.rows.1) = (factors, biases, rows)
    case 2: (self.factors.2, self.biases.2, self.rows.2) = (factors, biases, rows)
    default: (self.factors.3, self.biases.3, self.rows.3) = (factors, biases, rows)
    }
    count += 1
  }
}
