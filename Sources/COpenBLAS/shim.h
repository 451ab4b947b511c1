#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H
// Only the C shim (CRatingKernels) includes this: Swift code reaches BLAS through RatingNumerics.Kernels.
#include <cblas.h>
#endif
