import Testing
@testable import RatingNumerics
