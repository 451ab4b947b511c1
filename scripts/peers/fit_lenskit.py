#!/usr/bin/env python3
"""Fits LensKit's BiasedMFScorer (explicit ALS, exact). Called by compare_factorization.py; see ratings.py."""
import os
import sys

# Before the import: its thread pool is made then. BLAS keeps to one thread inside it, as by LensKit's own default.
if "--threads" in sys.argv:
    os.environ["LK_NUM_THREADS"] = sys.argv[sys.argv.index("--threads") + 1]
    os.environ["LK_NUM_BACKEND_THREADS"] = "1"

import numpy as np
import pandas
import ratings
from lenskit.als import BiasedMFScorer
from lenskit.data import from_interactions_df
from lenskit.training import TrainingOptions


def fit(train, epochs, arguments):
    dataset = from_interactions_df(
        pandas.DataFrame({"user_id": train.users, "item_id": train.items, "rating": train.ratings}))
    options = {"features": arguments.factors} if arguments.factors else {}
    if arguments.regularization:
        options["regularization"] = arguments.regularization
    model = BiasedMFScorer(epochs=epochs, **options)
    seconds, _ = ratings.timed(lambda: model.train(dataset, TrainingOptions(rng=arguments.seed)))

    def predict(test):
        users = np.asarray(model.users.numbers(test.users, missing="negative"))
        items = np.asarray(model.items.numbers(test.items, missing="negative"))
        known = (users >= 0) & (items >= 0)
        predictions = np.full(len(test), model.bias.global_bias, dtype=np.float64)
        predictions[users >= 0] += np.asarray(model.bias.user_biases)[users[users >= 0]]
        predictions[items >= 0] += np.asarray(model.bias.item_biases)[items[items >= 0]]
        user_factors, item_factors = np.asarray(model.user_embeddings), np.asarray(model.item_embeddings)
        predictions[known] += ratings.dots(user_factors, item_factors, users[known], items[known])
        return predictions

    return seconds, predict


ratings.run("LensKit", "lenskit", fit, regularization=0.0)
