import Testing
@testable import RatingData
