import Testing
@testable import RatingModels
