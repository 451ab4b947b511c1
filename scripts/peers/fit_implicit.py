#!/usr/bin/env python3
"""Fits implicit's AlternatingLeastSquares. Called by compare_factorization.py; see ratings.py.

It learns from who rated what, with the ratings as confidence, and ranks items: it predicts no ratings, so its time is
compared and no error.
"""
import os

# It parallelizes by itself, and asks for this.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import implicit.cpu.als
import ratings
import scipy.sparse


def fit(train, epochs, arguments):
    matrix = scipy.sparse.csr_matrix((train.ratings, (train.users, train.items)))
    model = implicit.cpu.als.AlternatingLeastSquares(
        factors=arguments.factors or 100, iterations=epochs, use_cg=arguments.solver == "cg",
        num_threads=arguments.threads, random_state=arguments.seed)
    seconds, _ = ratings.timed(lambda: model.fit(matrix, show_progress=False))
    return seconds, lambda test: None


ratings.run("implicit", "implicit", fit, solver="exact")
