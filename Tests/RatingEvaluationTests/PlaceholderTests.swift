import Testing
@testable import RatingEvaluation
