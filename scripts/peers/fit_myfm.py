#!/usr/bin/env python3
"""Fits a Bayesian factorization machine with myFM. Called by compare_bayesian.py.

Usage: fit_myfm.py DATA --design mf|flipped --factors N --sweeps N [--seed N]

DATA is a folder that make_synthetic.py wrote, or the DATA.base and DATA.test of MovieLens. One line of JSON for the
fit: seconds of the whole fit with its set-up, from arrays in memory; seconds of a sweep, which is the difference to a fit of
a quarter of the sweeps; and the test RMSE of the mean over all but the first 5 sweeps, clipped to 1...5. myFM runs on
one thread.

mf: users and items. flipped: also the day, the items that the user rated and the users who rated the item, users and
items as relation blocks, as in myFM's example for MovieLens; who rated what is taken from training pairs alone.
"""
import argparse
import json
import os
from importlib import metadata

import myfm
import numpy as np
import ratings
from scipy import sparse


def one_hot(values, count):
    return sparse.csr_matrix((np.ones(len(values)), (np.arange(len(values)), values)), shape=(len(values), count))


def normalized(rows, columns, shape):
    """Which pairs there are, each row with weights (number of its pairs)^(-1/2)."""
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    matrix.data[:] = 1
    counts = np.asarray(matrix.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags(1 / np.sqrt(np.maximum(counts, 1))) @ matrix)


def load(data):
    """Training and test rows with the days of their times, or None where there are no times."""
    train, test = ratings.load(data)
    if os.path.isdir(data):
        return train, test, None, None
    days = [np.loadtxt(f"{data}.{part}", dtype=np.int64)[:, 3] // 86_400 for part in ("base", "test")]
    return train, test, *days


def features(design, train, test, train_days, test_days):
    """(X, relation blocks) of training and of test, and how many features each group has."""
    users, items = (int(max(getattr(part, side).max() for part in (train, test))) + 1 for side in ("users", "items"))
    if design == "mf":
        made = [(sparse.hstack([one_hot(part.users, users), one_hot(part.items, items)], format="csr"), [])
                for part in (train, test)]
        return made, [users, items]
    days = np.unique(train_days)
    # Day 0 is any that training has not.
    place = lambda part: np.where(np.isin(part, days), np.searchsorted(days, part) + 1, 0)
    of_users = sparse.hstack(
        [sparse.identity(users), normalized(train.users, train.items, (users, items))], format="csr")
    of_items = sparse.hstack(
        [sparse.identity(items), normalized(train.items, train.users, (items, users))], format="csr")
    made = [(one_hot(place(part_days), len(days) + 1),
             [myfm.RelationBlock(part.users.tolist(), of_users), myfm.RelationBlock(part.items.tolist(), of_items)])
            for part, part_days in ((train, train_days), (test, test_days))]
    return made, [len(days) + 1, users, items, items, users]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--design", choices=("mf", "flipped"), required=True)
    parser.add_argument("--factors", type=int, required=True)
    parser.add_argument("--sweeps", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    train, test, train_days, test_days = load(arguments.data)
    ((x, blocks), (x_test, blocks_test)), groups = features(arguments.design, train, test, train_days, test_days)
    target = train.ratings.astype(np.float64)

    def fit(sweeps):
        model = myfm.MyFMRegressor(rank=arguments.factors, random_seed=arguments.seed)
        seconds, _ = ratings.timed(lambda: model.fit(
            x, target, X_rel=blocks, n_iter=sweeps, n_kept_samples=max(sweeps - 5, 1), group_shapes=groups))
        return model, seconds

    short = max(arguments.sweeps // 4, 1)
    _, first = fit(short)
    model, seconds = fit(arguments.sweeps)
    print(json.dumps({
        "version": metadata.version("myfm"), "factors": arguments.factors, "sweeps": arguments.sweeps,
        "seconds": seconds, "each": (seconds - first) / max(arguments.sweeps - short, 1), "ratings": len(train),
        "rmse": ratings.rmse(model.predict(x_test, blocks_test), test),
    }), flush=True)


main()
