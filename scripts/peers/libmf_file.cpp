// LIBMF from a file of ratings to a model: its own loader, its own training. Prints one line of JSON.
//
//   c++ -O3 -march=native -DUSEAVX -fopenmp -DUSEOMP -I SOURCE SOURCE/mf.cpp libmf_file.cpp -o libmf-file
//   libmf-file TRAINING TEST FACTORS EPOCHS REGULARIZATION RATE THREADS
//
// The files have lines `user item rating` with indices from 0. SOURCE is src_cpp of the package libmf on PyPI.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "mf.h"

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int main(int count, char **arguments) {
  if (count != 8) return 64;
  const double start = now();
  mf::mf_problem training = mf::read_problem(arguments[1]);
  const double read = now();
  if (training.nnz == 0) return 66;
  mf::mf_parameter parameter = mf::mf_get_default_param();
  parameter.k = std::atoi(arguments[3]);
  parameter.nr_iters = std::atoi(arguments[4]);
  parameter.lambda_p2 = parameter.lambda_q2 = static_cast<float>(std::atof(arguments[5]));
  parameter.eta = static_cast<float>(std::atof(arguments[6]));
  parameter.nr_threads = std::atoi(arguments[7]);
  parameter.copy_data = false;
  parameter.quiet = true;
  mf::mf_model *model = mf::mf_train(&training, parameter);
  const double trained = now();
  if (model == nullptr) return 70;
  mf::mf_problem test = mf::read_problem(arguments[2]);
  double squares = 0;
  for (long long row = 0; row < test.nnz; row++) {
    const double prediction = std::fmin(std::fmax(mf::mf_predict(model, test.R[row].u, test.R[row].v), 1), 5);
    squares += (test.R[row].r - prediction) * (test.R[row].r - prediction);
  }
  std::printf(
    "{\"ratings\": %lld, \"seconds_reading\": %.3f, \"seconds_training\": %.3f, \"seconds\": %.3f, \"rmse\": %.5f}\n",
    static_cast<long long>(training.nnz), read - start, trained - read, trained - start,
    std::sqrt(squares / static_cast<double>(test.nnz)));
  return 0;
}
