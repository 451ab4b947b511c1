/// The umbrella module: one `import RatingBench` brings the whole library.
@_exported import RatingData
@_exported import RatingEvaluation
@_exported import RatingExperiments
@_exported import RatingModels
@_exported import RatingNumerics
