#!/usr/bin/env python3
"""Fits Cornac's MF (biased, SGD). Called by compare_factorization.py; see ratings.py.

A seed would hold Cornac to one thread, so it gets none where it has more.
"""
import cornac
import numpy as np
import ratings


def fit(train, epochs, arguments):
    columns = zip(train.users.tolist(), train.items.tolist(), train.ratings.tolist())
    dataset = cornac.data.Dataset.from_uir(list(columns))
    options = {"k": arguments.factors} if arguments.factors else {}
    model = cornac.models.MF(
        max_iter=epochs, num_threads=arguments.threads, seed=arguments.seed if arguments.threads == 1 else None,
        **options)
    seconds, _ = ratings.timed(lambda: model.fit(dataset))

    def predict(test):
        users = np.array([dataset.uid_map.get(user, -1) for user in test.users.tolist()])
        items = np.array([dataset.iid_map.get(item, -1) for item in test.items.tolist()])
        known = (users >= 0) & (items >= 0)
        predictions = np.full(len(test), model.global_mean, dtype=np.float64)
        predictions[users >= 0] += np.asarray(model.u_biases)[users[users >= 0]]
        predictions[items >= 0] += np.asarray(model.i_biases)[items[items >= 0]]
        predictions[known] += ratings.dots(model.u_factors, model.i_factors, users[known], items[known])
        return predictions

    return seconds, predict


ratings.run("Cornac", "cornac", fit)
