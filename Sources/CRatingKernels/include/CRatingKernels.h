// The C kernels of RatingBench: BLAS and LAPACK entry points and SIMD loops. See README.md beside this folder.
#ifndef CRATINGKERNELS_H
#define CRATINGKERNELS_H
#endif
