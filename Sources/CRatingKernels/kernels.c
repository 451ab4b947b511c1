#include "CRatingKernels.h"
typedef int rating_kernels_placeholder;
